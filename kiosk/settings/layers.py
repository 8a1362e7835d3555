"""Load settings: later layers win, each value remembers its layers, faults name their place.

The layers, lowest first::

    product        config/defaults.yaml
    site           config/sites/<site>.yaml
    jurisdiction   config/jurisdictions/<code>.settings.yaml
    group          config/group.yaml, which a release has for the group it was made for
    terminal       the files given to load(), in order: the terminal's own last

``site`` and ``jurisdiction`` name the second and third; the given files or the defaults set
them. Mappings are merged key by key, everything else is replaced. One value replaces another key's:
a ``help.phone`` that a lower layer's ``help.roster`` does not have is put in place of that roster,
or a hall's own number would be said nowhere; and ``help.hours`` from below the layer that brought
the number are empty, for they are another number's.

The configuration is that of the release in force, or the one that the program was installed with.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kiosk.documents import Document, DocumentError, DocumentFault, read
from kiosk.documents.validation import fault
from kiosk.settings.forms import UnknownForm, brought_up
from kiosk.settings.model import Origin, Settings
from kiosk.settings.secrets import looks_like

Location = tuple[str | int, ...]
OWN_ALONE = frozenset(
    {"terminal.id", "power.shutdown"}
    | {f"maintenance.{name}" for name in ("restart", "shut_down", "update")}
)
"""What only the terminal's own file may say, whoever signed a release: a machine's identity, and
the commands that its agent runs. An empty list names no command."""
RELEASES = "/var/lib/yiduan/releases"
"""Where releases lie on a terminal; ``YIDUAN_RELEASES`` names another place."""


class SettingsError(Exception):
    """Settings are refused; ``faults`` name file, line, key, problem and next step."""

    code = "problem.settings"

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def config_root() -> Path:
    """Return the configuration directory: the first that is there.

    ``YIDUAN_CONFIG`` as somebody set it; that of the release in force, as the path of its own
    generation, so that what is read stays one release; ``config`` beside the packages.
    """
    named = os.environ.get("YIDUAN_CONFIG")
    if named:
        return Path(named)
    released = releases_root() / "current" / "config"
    if released.is_dir():
        return released.resolve()
    return Path(__file__).resolve().parent.parent.parent / "config"


def releases_root() -> Path:
    """Return where releases lie on this terminal; on a desk there usually are none."""
    return Path(os.environ.get("YIDUAN_RELEASES", RELEASES))


def load(files: Sequence[Path] = (), *, root: Path | None = None) -> Settings:
    """Return the settings of the standard layers below ``root`` with ``files`` above them.

    Raises:
        SettingsError: a file is missing or not YAML, a key is unknown or missing, or a value
            is out of its range; all faults at once.
    """
    layers = _layers(files, root or config_root())
    merged: dict[str, object] = {}
    said: dict[str, list[Origin]] = {}
    for layer in layers:
        _merge(merged, _mapping(layer.document), layer, (), said)
    documents = [layer.document for layer in layers]
    try:
        settings = Settings.model_validate_json(json.dumps(merged), strict=True)
    except ValidationError as error:
        raise SettingsError(tuple(_fault(documents, own) for own in error.errors())) from error
    files = [own.document.path for own in layers]
    settings = _own_hours(_own_number(settings, said, files), said, files)
    settings.remember(said)
    return settings


def _own_number(settings: Settings, said: dict[str, list[Origin]], files: list[Path]) -> Settings:
    """Return the settings without a roster that a higher layer's number takes the place of."""
    phone, roster = said["help.phone"][-1], said.get("help.roster", [])
    known = {own.phone for own in settings.help.roster}
    if not known or settings.help.phone in known:
        return settings
    if files.index(phone.file) <= files.index(roster[-1].file):
        return settings
    roster.append(replace(phone, value=[]))
    told = settings.help.model_copy(update={"roster": ()})
    return settings.model_copy(update={"help": told})


def _own_hours(settings: Settings, said: dict[str, list[Origin]], files: list[Path]) -> Settings:
    """Return the settings without hours that a lower layer said, of another number."""
    hours, phones = said["help.hours"], said["help.phone"]
    same = takewhile(lambda own: own.value == phones[-1].value, reversed(phones))
    *_, brought = same
    if not hours[-1].value or files.index(hours[-1].file) >= files.index(brought.file):
        return settings
    hours.append(replace(brought, value=""))
    told = settings.help.model_copy(update={"hours": ""})
    return settings.model_copy(update={"help": told})


@dataclass(frozen=True, slots=True)
class _Layer:
    """A document, and what it is called among the layers."""

    name: str
    document: Document


def _layers(files: Sequence[Path], root: Path) -> list[_Layer]:
    defaults = _read(root / "defaults.yaml")
    given = [_read(path) for path in files]
    site, code = (_choice([defaults, *given], key) for key in ("site", "jurisdiction"))
    between = (
        (f"site {site}", root / "sites" / f"{site}.yaml"),
        (f"jurisdiction {code}", root / "jurisdictions" / f"{code}.settings.yaml"),
        ("group", root / "group.yaml"),
    )
    layers = [
        _Layer("product", defaults),
        *(_Layer(name, _read(path)) for name, path in between if path.exists()),
        *(_Layer("terminal", own) for own in given),
    ]
    looks = (*(_secrets(own.document) for own in layers), *map(_out_of_place, layers))
    if faults := tuple(fault for found in looks for fault in found):
        raise SettingsError(faults)
    return layers


def _out_of_place(layer: _Layer) -> Iterator[DocumentFault]:
    """Look for what no release may say: which machine this is, and what commands it runs."""
    if layer.name == "terminal":
        return
    for path, value in _leaves(layer.document.value, ()):
        key = ".".join(str(part) for part in path if isinstance(part, str))
        if key in OWN_ALONE:
            yield DocumentFault(
                file=layer.document.path,
                line=layer.document.line(path),
                key=key,
                problem=f"only the terminal's own file may say this (here: {value!r})",
                hint="Leave it out here",
            )


def _secrets(document: Document) -> Iterator[DocumentFault]:
    """Look for values that look like secrets."""
    for path, value in _leaves(document.value, ()):
        if what := looks_like(value):
            yield DocumentFault(
                file=document.path,
                line=document.line(path),
                key=".".join(map(str, path)),
                problem=f"looks like {what}; settings hold none",
                hint="Keep it in a file that only its user reads, and name the file here",
            )


def _leaves(value: object, at: Location) -> Iterator[tuple[Location, object]]:
    inner: Iterable[tuple[str | int, object]]
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        yield at, value
        return
    for key, own in inner:
        yield from _leaves(own, (*at, key))


def _choice(documents: Sequence[Document], key: str) -> str | None:
    """Return the last layer's plain name for ``key``; a wrong one is left to validation."""
    names = [value for own in documents if isinstance(value := _mapping(own).get(key), str)]
    return names[-1] if names and names[-1].isalnum() else None


def _read(path: Path) -> Document:
    try:
        document = read(path)
    except DocumentError as error:
        raise SettingsError(error.faults) from error
    if not isinstance(document.value, dict):
        raise _single(path, "not a mapping", "Write key: value lines")
    try:
        return replace(document, value=brought_up(document.value))
    except UnknownForm as error:
        raise _single(path, str(error), "Update this terminal's software first") from error


def _single(path: Path, problem: str, hint: str) -> SettingsError:
    return SettingsError((DocumentFault(file=path, line=1, key="", problem=problem, hint=hint),))


def _mapping(document: Document) -> dict[str, object]:
    return document.value if isinstance(document.value, dict) else {}


def _merge(
    below: dict[str, object],
    above: dict[str, object],
    layer: _Layer,
    at: Location,
    said: dict[str, list[Origin]],
) -> None:
    """Lay one mapping over another in place, noting the line of each plain value."""
    for key, value in above.items():
        path = (*at, key)
        if isinstance(value, dict):
            inner = below.get(key)
            merged: dict[str, object] = inner if isinstance(inner, dict) else {}
            below[key] = merged
            _merge(merged, value, layer, path, said)
        else:
            below[key] = value
            document = layer.document
            origin = Origin(
                file=document.path, line=document.line(path), layer=layer.name, value=value
            )
            said.setdefault(".".join(map(str, path)), []).append(origin)


def _fault(layers: Sequence[Document], detail: ErrorDetails) -> DocumentFault:
    """Name the place of a fault: the highest layer that has the key, or its nearest parent."""
    location: Location = tuple(detail["loc"])
    while location:
        for layer in reversed(layers):
            if location in layer.lines:
                return fault(layer, Settings, detail)
        location = location[:-1]
    return fault(layers[-1], Settings, detail)
