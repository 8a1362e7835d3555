"""Which release of a stick staff confirmed: left by the agent for the unit that installs.

Sticks are changed between a look and the installation, by hand or by what poses as a stick. The
agent writes down what was on the screen when somebody said yes; the unit installs that or nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from kiosk.release import durable
from kiosk.release.errors import Unusable

_FILE: Final = "confirmed"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def confirm(folder: Path, digest: str) -> None:
    """Write down what was confirmed.

    Args:
        folder: of releases; made where there is none yet.
        digest: SHA-256 of the release's pack, hexadecimal, as it was signed and shown.

    Raises:
        OSError: the disk does not take it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    durable.put(folder / _FILE, digest.encode())


def confirmed(folder: Path) -> str:
    """Return the digest that was confirmed last.

    Raises:
        Unusable: nothing was.
    """
    try:
        digest = (folder / _FILE).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise Unusable("no release was confirmed") from error
    if not _DIGEST.fullmatch(digest):
        raise Unusable("no release was confirmed")
    return digest
