"""Searching the memory and the files of a terminal for what must not be there any more."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil

from tests.e2e.desk import Desk

Marks = Mapping[str, Sequence[bytes]]
"""What is searched for: by a name, the forms it may have."""

JPEG_OF_A_PAGE = b"\xff\xc0\x00\x11\x08\x06\xda\x04\xd8"
"""Start of frame of a baseline JPEG of 1754 lines of 1240 dots (ITU-T T.81, B.2.2)."""
_INTO_IT = 40_000
"""Bytes from there to the middle of the picture's data: all pictures begin alike."""
_LONG_ENOUGH = 32


def of_text(**texts: str) -> dict[str, list[bytes]]:
    """Return marks of texts: as UTF-8, and as Python keeps those that are not ASCII."""
    return {
        name: [text.encode()] if text.isascii() else [text.encode(), text.encode("utf-16-le")]
        for name, text in texts.items()
    }


def of_files(files: Mapping[str, bytes]) -> dict[str, list[bytes]]:
    """Return marks of files: some bytes of the middle of each."""
    middles = {name: len(body) // 2 for name, body in files.items()}
    return {name: [files[name][at : at + _LONG_ENOUGH]] for name, at in middles.items()}


def of_the_page_in(process: psutil.Process) -> dict[str, list[bytes]]:
    """Return the mark of the photographed page that a process holds.

    Nobody tells a test what was photographed before it is filed, so it is found where it must be.
    """
    for data in _readable(process.pid):
        at = data.find(JPEG_OF_A_PAGE)
        while at >= 0:
            mark = data[at + _INTO_IT : at + _INTO_IT + _LONG_ENOUGH]
            if len(set(mark)) > _LONG_ENOUGH // 2:
                return {"photographed page": [bytes(mark)]}
            at = data.find(JPEG_OF_A_PAGE, at + 1)
    raise AssertionError("the session holds no photographed page: the scan would prove nothing")


def processes(desk: Desk) -> list[psutil.Process]:
    """Every process of the terminal; the simulators and the intake play the world outside."""
    found: list[psutil.Process] = []
    for name in ("shell", "devices", "agent"):
        process = desk.process(name)
        found += [process, *process.children(recursive=True)]
    return found


def holding(desk: Desk, marks: Marks) -> list[tuple[str, set[str]]]:
    """Return the command lines of the processes that hold marks, and which."""
    held = []
    for process in processes(desk):
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            found = in_memory(process.pid, marks)
            if found:
                held.append((" ".join(process.cmdline())[:80], found))
    return held


def in_memory(pid: int, marks: Marks) -> set[str]:
    """Return which marks stand in a process's memory (needs root)."""
    found: set[str] = set()
    for data in _readable(pid):
        found |= _in(data, marks)
    return found


def in_files(places: Sequence[Path], marks: Marks) -> set[tuple[str, str]]:
    """Return which files below some places hold which marks."""
    paths = [path for place in places for path in place.rglob("*")]
    regular = [path for path in paths if path.is_file() and not path.is_symlink()]
    return {(str(path), name) for path in regular for name in _in(path.read_bytes(), marks)}


def _in(data: bytes, marks: Marks) -> set[str]:
    return {name for name, forms in marks.items() if any(form in data for form in forms)}


def _readable(pid: int) -> Iterator[bytes]:
    """Give every readable piece of memory, but for files of the disk that nobody can write to."""
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            span, rights, _, device, *_ = line.split()
            if "r" not in rights or "[v" in line or not (device.startswith("00:") or "w" in rights):
                continue
            low, high = (int(x, 16) for x in span.split("-"))
            with contextlib.suppress(OSError, OverflowError, ValueError):
                memory.seek(low)
                yield memory.read(high - low)
