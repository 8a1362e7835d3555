"""Two configurations in plain words: settings by key, the catalogue by thing and item.

Settings and device files are compared here, key by key; the catalogue is compared by the terminal's
own ``kiosk catalogue diff``, which knows what a change means for a citizen.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from fleet.errors import SourceRefused
from kiosk.documents import DocumentError, read

_LAYERS: Final[Mapping[str, str]] = {
    "defaults.yaml": "every terminal",
    "group.yaml": "this group",
    "sites/*.yaml": "sites of kind {0}",
    "jurisdictions/*.settings.yaml": "jurisdiction {0}",
    "groups/*.yaml": "group {0}",
    "devices/*.yaml": "device {0}",
}
"""Files whose values are told one by one, and for whom they are."""
_BY_CATALOGUE: Final = ("catalogue", "jurisdictions", "calendars")


def differences(before: Path, after: Path) -> Iterator[str]:
    """Yield what differs between two configuration directories, one line a change.

    Raises:
        SourceRefused: one of them cannot be read.
    """
    told: set[Path] = set()
    for pattern, whom in _LAYERS.items():
        for inner in sorted(_names(before, pattern) | _names(after, pattern)):
            told.add(inner)
            name = whom.format(inner.name.split(".")[0])
            yield from _values(_flat(before / inner), _flat(after / inner), name)
    yield from _catalogue(before, after)
    for inner in sorted((_names(before, "**/*") | _names(after, "**/*")) - told):
        if inner.parts[0] not in _BY_CATALOGUE:
            yield from _file(before / inner, after / inner, inner)


def _names(folder: Path, pattern: str) -> set[Path]:
    return {path.relative_to(folder) for path in folder.glob(pattern) if path.is_file()}


def _flat(path: Path) -> dict[str, str]:
    """Return each plain value of a file by its dotted key."""
    if not path.exists():
        return {}
    try:
        return dict(_leaves(read(path).value, ""))
    except DocumentError as error:
        raise SourceRefused(str(error)) from error


def _leaves(value: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{at}.{key}" if at else str(key))
    elif at:
        yield at, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _values(old: Mapping[str, str], new: Mapping[str, str], whom: str) -> Iterator[str]:
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield f"+ {key} for {whom}: {new[key]}"
        elif key not in new:
            yield f"- {key} for {whom}: no longer set (was {old[key]})"
        elif old[key] != new[key]:
            yield f"~ {key} for {whom}: {old[key]} → {new[key]}"


def _catalogue(before: Path, after: Path) -> Iterator[str]:
    command = [sys.executable, "-P", "-m", "kiosk", "catalogue", "diff", str(before), str(after)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise SourceRefused(done.stderr.strip() or done.stdout.strip())
    lines = done.stdout.splitlines()
    yield from (line for line in lines if line.strip() and line != "nothing differs")


def _file(old: Path, new: Path, inner: Path) -> Iterator[str]:
    if not old.exists():
        yield f"+ file {inner}"
    elif not new.exists():
        yield f"- file {inner}"
    elif old.read_bytes() != new.read_bytes():
        yield f"~ file {inner}"
