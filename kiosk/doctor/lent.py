"""Keys that systemd lends to a unit instead of leaving them in the agent's directory.

Root's doctor is no such unit, so it opens them itself (systemd-creds(1)), into memory alone.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

STORES: Final = (Path("/etc/credstore.encrypted"), Path("/etc/credstore"))
"""Where systemd keeps what it lends (systemd.exec(5), ``LoadCredential=``)."""
TIME_LIMIT: Final = 20.0


def held(path: Path) -> bool:
    """Say whether a file is there, or lent under its name."""
    places = (path, *(store / path.name for store in STORES))
    return any(one.exists() and one.stat().st_size > 0 for one in places)


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Offer a file that can be read, the lent one in place of one that is not there.

    Raises:
        FileNotFoundError: neither is there, or systemd does not open it for us.
    """
    encrypted, plain = (store / path.name for store in STORES)
    if path.exists() or not encrypted.exists():
        yield path if path.exists() or not plain.exists() else plain
        return
    memory = os.memfd_create(path.name)
    try:
        _decrypt(encrypted, memory)
        yield Path(f"/proc/self/fd/{memory}")
    finally:
        os.close(memory)


def _decrypt(encrypted: Path, into: int) -> None:
    command = ("systemd-creds", "decrypt", f"--name={encrypted.name}", str(encrypted), "-")
    try:
        subprocess.run(
            command, stdout=into, stderr=subprocess.DEVNULL, check=True, timeout=TIME_LIMIT
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise FileNotFoundError(f"{encrypted} was not opened") from error
