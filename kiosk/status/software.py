"""The software that a release needs, as its signed document names it: pure.

::

    "custom": {"name": …, "software": {"version": "0.2.0", "length": 265918104, "digest": "…"}}
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MOST: Final = 600 * 1024 * 1024
"""Bytes of a package; a larger one is refused before it is fetched."""
VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+~]{0,39}")
"""A version of Debian's without epoch and revision; it becomes the name of a directory."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class SoftwareUnnamed(ValueError):
    """A document does not name its software as it has to; its author must act."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Software:
    """A package: its version, its bytes and their SHA-256."""

    version: str
    length: int
    digest: str

    @property
    def path(self) -> str:
        """Where it is, below the published targets."""
        return f"software/{self.digest}.deb"

    @classmethod
    def named(cls, told: object) -> Software | None:
        """Return what a document names; None: nothing.

        Raises:
            SoftwareUnnamed: not in this shape, or too large.
        """
        match told:
            case None:
                return None
            case {"version": str(version), "length": int(length), "digest": str(digest)}:
                whole = VERSION.fullmatch(version) and _DIGEST.fullmatch(digest)
                if whole and 0 < length <= MOST:
                    return cls(version=version, length=length, digest=digest)
        raise SoftwareUnnamed("the software is not named as it has to be")
