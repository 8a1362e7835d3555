"""What changed between two catalogues, line by line, for whoever reviews a change.

Records are compared by what names them (a thing by its code, a field by its key, a situation by its
code), so that a moved line is no change and a renamed one is told as gone and new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Final

from kiosk.catalogue.files import load
from kiosk.catalogue.inspection import jurisdictions
from kiosk.catalogue.listing import place_code
from kiosk.domain.catalogue import Catalogue, Thing
from kiosk.domain.effect import Effect, effect

_NAMES: Final = ("code", "key", "purpose", "value")
"""Members that name a record among its like."""


class ChangeKind(StrEnum):
    """What happened to a part."""

    NEW = "+"
    GONE = "-"
    CHANGED = "~"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed part: where it is, what it was, what it is."""

    kind: ChangeKind
    where: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Return ``~ things.newborn.minutes: 10 → 12``."""
        told = {
            ChangeKind.NEW: self.after,
            ChangeKind.GONE: self.before,
            ChangeKind.CHANGED: f"{self.before} → {self.after}",
        }[self.kind]
        return f"{self.kind} {self.where}" + (f": {told}" if told else "")


def changes(before: Catalogue, after: Catalogue) -> tuple[Change, ...]:
    """Return what differs, in the order of the parts; nothing for equal catalogues."""
    if before.version == after.version:
        return ()
    return tuple(_compared(_parts(before), _parts(after), ""))


def between(before: Path, after: Path, jurisdiction: str | None = None) -> Iterator[str]:
    """Yield the lines that tell a reviewer what differs between two configurations.

    ``jurisdiction`` is a name or code of the second one; without it all are compared.

    Raises:
        UnknownPlaceError: the second configuration has no such jurisdiction.
        CatalogueError: files are wrong.
    """
    old, new = jurisdictions(before), jurisdictions(after)
    wanted = (place_code(after, jurisdiction),) if jurisdiction else (*new, *old)
    for code in dict.fromkeys(wanted):
        if code not in old:
            yield f"{ChangeKind.NEW} {load(after, code).jurisdiction.name}（{code}）"
        elif code not in new:
            yield f"{ChangeKind.GONE} {load(before, code).jurisdiction.name}（{code}）"
        else:
            yield from report(load(before, code), load(after, code))


def report(before: Catalogue, after: Catalogue) -> Iterator[str]:
    """Yield the changes of one jurisdiction by thing, with what they do to its four figures."""
    every = changes(before, after)
    if every:
        yield f"{after.jurisdiction.name}（{after.jurisdiction.code}） {_versions(before, after)}"
    for (part, code), own in groupby(every, key=_heading):
        yield f"  {_called(before, after, code) if part in _OFFERED else part}"
        yield from (f"    {_under(change, part, code)}" for change in own)
        if part in _OFFERED:
            yield from (f"    {line}" for line in _figures(before, after, code))


_OFFERED: Final = ("things", "typical")


def _versions(before: Catalogue, after: Catalogue) -> str:
    return f"{before.short_version} → {after.short_version}"


def _heading(change: Change) -> tuple[str, str]:
    """Return what a change is told under: a thing with its code, or another part as a whole."""
    part, _, rest = change.where.partition(".")
    return part, rest.partition(".")[0] if part in _OFFERED else ""


def _under(change: Change, part: str, code: str) -> str:
    """Return a change without the names that its heading has told already."""
    head = f"{part}.{code}" if code else part
    rest = change.where.removeprefix(head).removeprefix(".").removeprefix("items.")
    return str(replace(change, where=rest or "."))


def _called(before: Catalogue, after: Catalogue, code: str) -> str:
    own = _thing(after, code) or _thing(before, code)
    return f"{own.name}（{code}）" if own else code


def _thing(catalogue: Catalogue, code: str) -> Thing | None:
    every = (*catalogue.typical, *catalogue.things)
    return next((own for own in every if own.code == code), None)


def _figures(before: Catalogue, after: Catalogue, code: str) -> Iterator[str]:
    """Yield how the figures move; nothing where they stay."""
    one, other = _thing(before, code), _thing(after, code)
    if one is None or other is None:
        return
    old, new = effect(one), effect(other)
    names = (own.name for own in fields(Effect) if getattr(old, own.name) != getattr(new, own.name))
    moved = [f"{name} {getattr(old, name)} → {getattr(new, name)}" for name in names]
    if moved:
        yield f"= {', '.join(moved)}"


def _parts(catalogue: Catalogue) -> dict[str, object]:
    """Return the parts of a catalogue that a reviewer reads, things without their whole fields."""
    whole = _plain(catalogue)
    if not isinstance(whole, dict):
        raise TypeError("a catalogue is a record")
    whole.pop("version")
    for part in _OFFERED:
        for thing in dict(whole[part]).values():
            for item in dict(thing["items"]).values():
                item["fields"] = list(item["fields"])
                papers = dict(item["materials"])
                item["materials"] = {key: own["name"] for key, own in papers.items()}
    return whole


def _plain(value: object) -> object:
    """Return records as mappings, and sequences of named records as mappings by their names."""
    if is_dataclass(value) and not isinstance(value, type):
        return {own.name: _plain(getattr(value, own.name)) for own in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(own) for key, own in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _named([(own, _plain(own)) for own in value])
    return value


def _named(pairs: list[tuple[object, object]]) -> object:
    """Return a mapping where every member has a name, else the list itself."""
    name = next((n for n in _NAMES if pairs and all(hasattr(own, n) for own, _ in pairs)), None)
    if name is None:
        return [own for _, own in pairs]
    return {str(getattr(record, name)): own for record, own in pairs}


def _compared(before: object, after: object, where: str) -> Iterator[Change]:
    if before == after:
        return
    before, after = _like(before, after), _like(after, before)
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _member(before, after, key, f"{where}.{key}" if where else key)
    elif isinstance(before, list) and isinstance(after, list):
        yield from (_one(ChangeKind.GONE, where, own) for own in before if own not in after)
        yield from (_one(ChangeKind.NEW, where, own) for own in after if own not in before)
        if sorted(map(str, before)) == sorted(map(str, after)):
            yield Change(ChangeKind.CHANGED, where, "", "another order")
    else:
        yield Change(ChangeKind.CHANGED, where, str(before), str(after))


def _like(value: object, other: object) -> object:
    """Return nothing as the kind of something that it is held against."""
    return {} if value == [] and isinstance(other, dict) else value


def _member(
    before: dict[str, object], after: dict[str, object], key: str, where: str
) -> Iterator[Change]:
    if key not in after:
        yield _one(ChangeKind.GONE, where, before[key])
    elif key not in before:
        yield _one(ChangeKind.NEW, where, after[key])
    else:
        yield from _compared(before[key], after[key], where)


def _one(kind: ChangeKind, where: str, own: object) -> Change:
    """Return a whole part that is new or gone; of a record its name is enough."""
    told = str(own.get("name", "")) if isinstance(own, dict) else str(own)
    gone = kind is ChangeKind.GONE
    return Change(kind, where, told if gone else "", "" if gone else told)
