"""Load settings: later layers win, each value remembers its layer, faults name their place.

The layers, lowest first::

    config/defaults.yaml
    config/sites/<site>.yaml
    config/jurisdictions/<code>.settings.yaml
    the files given to load(), in order: the terminal's own last

``site`` and ``jurisdiction`` name the second and third; the given files or the defaults set
them. Mappings are merged key by key, everything else is replaced.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kiosk.documents import Document, DocumentError, DocumentFault, read
from kiosk.documents.validation import fault
from kiosk.settings.model import Origin, Settings

Location = tuple[str | int, ...]


class SettingsError(Exception):
    """Settings are refused; ``faults`` name file, line, key, problem and next step."""

    code = "problem.settings"

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def config_root() -> Path:
    """Return the configuration directory: ``YIDUAN_CONFIG``, or ``config`` beside the packages."""
    named = os.environ.get("YIDUAN_CONFIG")
    return Path(named) if named else Path(__file__).resolve().parent.parent.parent / "config"


def load(files: Sequence[Path] = (), *, root: Path | None = None) -> Settings:
    """Return the settings of the standard layers below ``root`` with ``files`` above them.

    Raises:
        SettingsError: a file is missing or not YAML, a key is unknown or missing, or a value
            is out of its range; all faults at once.
    """
    layers = _layers(files, root or config_root())
    merged: dict[str, object] = {}
    origins: dict[str, Origin] = {}
    for layer in layers:
        _merge(merged, _mapping(layer), layer, (), origins)
    try:
        settings = Settings.model_validate_json(json.dumps(merged), strict=True)
    except ValidationError as error:
        raise SettingsError(tuple(_fault(layers, own) for own in error.errors())) from error
    settings.remember(origins)
    return settings


def _layers(files: Sequence[Path], root: Path) -> list[Document]:
    defaults = _read(root / "defaults.yaml")
    given = [_read(path) for path in files]
    below = [
        root / folder / name.format(choice)
        for key, folder, name in (
            ("site", "sites", "{}.yaml"),
            ("jurisdiction", "jurisdictions", "{}.settings.yaml"),
        )
        if (choice := _choice([defaults, *given], key)) is not None
    ]
    return [defaults, *(_read(path) for path in below if path.exists()), *given]


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
        problem = DocumentFault(
            file=path, line=1, key="", problem="not a mapping", hint="Write key: value lines"
        )
        raise SettingsError((problem,))
    return document


def _mapping(document: Document) -> dict[str, object]:
    return document.value if isinstance(document.value, dict) else {}


def _merge(
    below: dict[str, object],
    above: dict[str, object],
    layer: Document,
    at: Location,
    origins: dict[str, Origin],
) -> None:
    """Lay one mapping over another in place, noting the line of each plain value."""
    for key, value in above.items():
        path = (*at, key)
        if isinstance(value, dict):
            inner = below.get(key)
            merged: dict[str, object] = inner if isinstance(inner, dict) else {}
            below[key] = merged
            _merge(merged, value, layer, path, origins)
        else:
            below[key] = value
            origins[".".join(map(str, path))] = Origin(file=layer.path, line=layer.line(path))


def _fault(layers: Sequence[Document], detail: ErrorDetails) -> DocumentFault:
    """Name the place of a fault: the highest layer that has the key, or its nearest parent."""
    location: Location = tuple(detail["loc"])
    while location:
        for layer in reversed(layers):
            if location in layer.lines:
                return fault(layer, Settings, detail)
        location = location[:-1]
    return fault(layers[-1], Settings, detail)
