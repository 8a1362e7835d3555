"""The files of maintenance mode in one directory of the agent; each is written whole or not at all.

::

    key            the key of card hashes, 32 bytes            made at set-up, never in a release
    code.key       the key of one-time codes, 32 bytes         the console has a copy
    staff.json     the list of staff                           `kiosk staff`
    tries.json     tries that stand against cards              before each PIN is judged
    codes.json     the window of each person's last code
    service.json   out of service, since when, in which words
    check.json     the last opening checks, by date and work number
    station.json   sound and brightness
    touch.json     matrices of touch panels, by the names of their devices

Nobody reads them but the agent's own user and root. What root writes here it writes as the user
whose the state directory is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.crypto.ownership import as_owner
from kiosk.crypto.provision import write_private
from kiosk.maintenance import attempts
from kiosk.maintenance.staff import (
    KEY_BYTES,
    Staff,
    StaffError,
    as_document,
    from_document,
    new_key,
)

FOLDER: Final = "maintenance"
_CODES: Final = "codes.json"
_LONGEST: Final = 1 << 20


class Keeping:
    """The directory; values in, values out."""

    def __init__(self, state: Path) -> None:
        """Take the agent's state directory; nothing is made before something is kept."""
        self.folder = state / FOLDER
        self._state = state

    def make(self) -> None:
        """Make the directory and both keys; what is there stays.

        Raises:
            OSError: it cannot be written.
        """
        self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in ("key", "code.key"):
            if not (self.folder / name).exists():
                self._write(name, new_key())

    def key(self, name: str = "key") -> bytes:
        """Return a key.

        Raises:
            StaffError: it is not there; nobody was ever added here.
        """
        with suppress(OSError):
            found = (self.folder / name).read_bytes()
            if len(found) == KEY_BYTES:
                return found
        raise StaffError("no staff were ever added here: kiosk staff add")

    def staff(self) -> Staff:
        """Return the list of staff; empty when there is none.

        Raises:
            StaffError: the file is there and cannot be read.
        """
        document = self._read("staff.json")
        return Staff() if document is None else from_document(document)

    def keep_staff(self, staff: Staff) -> None:
        """Write the list."""
        self.make()
        self._write_json("staff.json", as_document(staff))

    def counts(self) -> attempts.Counts:
        """Return the tries; a file that cannot be read is a terminal that is locked."""
        if not (self.folder / "tries.json").exists():
            return attempts.Counts()
        try:
            return attempts.from_document(self._read("tries.json"))
        except StaffError:
            return attempts.from_document(None)

    def keep_counts(self, counts: attempts.Counts) -> None:
        """Write the tries; they are on the disk when this returns.

        Raises:
            OSError: they are not; nothing may be tried.
        """
        self._write_json("tries.json", {"tries": dict(counts.tries)})

    def used_codes(self) -> dict[str, int]:
        """Return the window of each person's last code.

        Raises:
            StaffError: the file is damaged; nobody knows which codes were used.
        """
        found = self._read(_CODES)
        if found is None:
            return {}
        if isinstance(found, dict) and all(type(window) is int for window in found.values()):
            return found
        raise StaffError(f"{self.folder / _CODES}: not the windows of codes")

    def keep_codes(self, used: Mapping[str, int]) -> None:
        """Write the windows of the last codes.

        Raises:
            OSError: they are not on the disk; no code may be taken.
        """
        self._write_json(_CODES, dict(used))

    def document(self, name: str) -> dict[str, object]:
        """Return a small file of the terminal's own as data; empty when there is none."""
        try:
            found = self._read(name)
        except StaffError:
            return {}
        return found if isinstance(found, dict) else {}

    def keep(self, name: str, document: dict[str, object]) -> None:
        """Write a small file."""
        self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write_json(name, document)

    def _read(self, name: str) -> object | None:
        path = self.folder / name
        try:
            if path.stat().st_size > _LONGEST:
                raise StaffError(f"{path}: far too long")
            found: object = json.loads(path.read_bytes())
            return found
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StaffError(f"{path}: {error}") from error

    def _write_json(self, name: str, document: object) -> None:
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
        self._write(name, text.encode())

    def _write(self, name: str, data: bytes) -> None:
        """Write a file whole."""
        with as_owner(self._state):
            self.folder.mkdir(exist_ok=True, mode=0o700)
            write_private(self.folder / name, data)
