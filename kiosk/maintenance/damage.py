"""Files of maintenance mode that are there and cannot be read: each is told, none is guessed at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kiosk.maintenance.keeping import FOLDER
from kiosk.maintenance.staff import StaffError, from_document

LONGEST: Final = 1 << 20


def damaged(state: Path) -> Iterator[str]:
    """Yield the names of `CHECKED` whose file is there and is not whole, worst first.

    Raises:
        PermissionError: whoever asks may not read them.
    """
    for name in CHECKED:
        if is_damaged(state / FOLDER / f"{name}.json", CHECKED[name]):
            yield name


def is_damaged(file: Path, whole: Callable[[object], bool]) -> bool:
    """Say whether a file is there and cannot be read; one that is not there is not damaged.

    Raises:
        PermissionError: whoever asks may not read it.
    """
    try:
        if file.stat().st_size > LONGEST:
            return True
        return not whole(json.loads(file.read_bytes()))
    except FileNotFoundError:
        return False
    except PermissionError:
        raise
    except (OSError, ValueError, RecursionError):
        return True


def service_whole(document: object) -> bool:
    """Say whether it is what `kiosk.agent.service` keeps: nothing, or why it is out."""
    return document == {} or (
        isinstance(document, dict) and isinstance(document.get("reason"), str)
    )


def _staff_whole(document: object) -> bool:
    with suppress(StaffError):
        from_document(document)
        return True
    return False


def _tries_whole(document: object) -> bool:
    tries = document.get("tries") if isinstance(document, dict) else None
    return isinstance(tries, dict) and all(type(n) is int and n >= 0 for n in tries.values())


def _codes_whole(document: object) -> bool:
    return isinstance(document, dict) and all(type(window) is int for window in document.values())


CHECKED: Final[Mapping[str, Callable[[object], bool]]] = MappingProxyType(
    {"service": service_whole, "staff": _staff_whole, "tries": _tries_whole, "codes": _codes_whole}
)
"""What is looked at, by the file's name."""
