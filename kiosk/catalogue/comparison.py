"""What changed between two catalogues, line by line, for whoever reviews a change.

Records are compared by what names them (a thing by its code, a field by its key, a situation by its
code), so that a moved line is no change and a renamed one is told as gone and new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Final

from kiosk.domain.catalogue import Catalogue

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


def _parts(catalogue: Catalogue) -> dict[str, object]:
    """Return the parts of a catalogue that a reviewer reads, things without their whole fields."""
    whole = _plain(catalogue)
    if not isinstance(whole, dict):
        raise TypeError("a catalogue is a record")
    whole.pop("version")
    for thing in whole["things"].values():
        for item in thing["items"].values():
            item["fields"] = list(item["fields"])
            item["materials"] = {key: own["name"] for key, own in item["materials"].items()}
    return whole


def _plain(value: object) -> object:
    """Return records as mappings, and sequences of named records as mappings by their names."""
    if is_dataclass(value) and not isinstance(value, type):
        return {own.name: _plain(getattr(value, own.name)) for own in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(own) for key, own in value.items()}
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
