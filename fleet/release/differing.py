"""Two configurations in plain words: settings by key, the catalogue by thing and item.

Settings and device files are compared here, key by key; the catalogue is compared by the terminal's
own ``kiosk catalogue diff``, which knows what a change means for a citizen.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One change.

    Attributes:
        sign: ``+`` new, ``-`` gone, ``~`` changed; empty: a line of the catalogue's own words.
        what: a key, a file, or that line.
        whom: for whom it is, as a key of files' kinds and a name; empty beside a file or line.
        before: the value that was; None: none.
        after: the value that is; None: none.
    """

    sign: str
    what: str
    whom: str = ""
    before: str | None = None
    after: str | None = None

    def __str__(self) -> str:
        """Return one line."""
        if not self.sign:
            return self.what
        if not self.whom:
            return f"{self.sign} file {self.what}"
        kind, _, name = self.whom.partition(" ")
        head = f"{self.sign} {self.what} for {_LAYERS[kind].format(name)}"
        if self.before is None:
            return f"{head}: {self.after}"
        if self.after is None:
            return f"{head}: no longer set (was {self.before})"
        return f"{head}: {self.before} → {self.after}"


def differences(before: Path, after: Path) -> Iterator[Difference]:
    """Yield what differs between two configuration directories.

    Raises:
        SourceRefused: one of them cannot be read.
    """
    told: set[Path] = set()
    for pattern in _LAYERS:
        for inner in sorted(_names(before, pattern) | _names(after, pattern)):
            told.add(inner)
            whom = f"{pattern} {inner.name.split('.')[0]}"
            yield from _values(_flat(before / inner), _flat(after / inner), whom)
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


def _values(old: Mapping[str, str], new: Mapping[str, str], whom: str) -> Iterator[Difference]:
    for key in sorted(old.keys() | new.keys()):
        was, own = old.get(key), new.get(key)
        if was != own:
            sign = "+" if was is None else "-" if own is None else "~"
            yield Difference(sign=sign, what=key, whom=whom, before=was, after=own)


def _catalogue(before: Path, after: Path) -> Iterator[Difference]:
    if not any((own / "catalogue").is_dir() for own in (before, after)):
        return
    command = [sys.executable, "-P", "-m", "kiosk", "catalogue", "diff", str(before), str(after)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise SourceRefused(done.stderr.strip() or done.stdout.strip())
    lines = done.stdout.splitlines()
    told = (line for line in lines if line.strip() and line != "nothing differs")
    yield from (Difference(sign="", what=line) for line in told)


def _file(old: Path, new: Path, inner: Path) -> Iterator[Difference]:
    if not old.exists():
        yield Difference(sign="+", what=str(inner))
    elif not new.exists():
        yield Difference(sign="-", what=str(inner))
    elif old.read_bytes() != new.read_bytes():
        yield Difference(sign="~", what=str(inner))
