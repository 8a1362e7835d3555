"""When a citizen leaves, their data leaves: a scan of memory and files after the visit."""

from __future__ import annotations

import json
import os
from pathlib import Path

import psutil
import pytest

from tests.e2e.desk import Desk
from tests.waiting import until

pytestmark = pytest.mark.e2e


def _marks(desk: Desk) -> dict[str, list[bytes]]:
    """Return what must not be found: name, number, mobile, address, in both encodings."""
    people = json.loads((desk.stack.state / "population" / "population.json").read_text())["people"]
    person = next(p for p in people if p["ref"] == "chen-xiaoyun")
    texts = {
        "id_no": person["card"]["id_no"],
        "mobile": person["mobile"],
        "address": person["card"]["address"],
    }
    return {name: [text.encode(), text.encode("utf-16-le")] for name, text in texts.items()}


def _in_memory(pid: int, marks: dict[str, list[bytes]]) -> set[str]:
    """Return which marks stand in a process's readable memory (needs root)."""
    found: set[str] = set()
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if "r" not in rights or "[v" in line:
                continue
            low, high = (int(x, 16) for x in span.split("-"))
            try:
                memory.seek(low)
                data = memory.read(high - low)
            except (OSError, OverflowError, ValueError):
                continue
            found |= {name for name, forms in marks.items() if any(f in data for f in forms)}
    return found


def _processes(desk: Desk) -> list[psutil.Process]:
    """Every process of the terminal; the simulators and the intake play the world outside."""
    found: list[psutil.Process] = []
    for name in ("shell", "devices", "agent"):
        process = desk.process(name)
        found += [process, *process.children(recursive=True)]
    return found


def _in_files(places: list[Path], marks: dict[str, list[bytes]]) -> set[tuple[str, str]]:
    found = set()
    for place in places:
        for path in place.rglob("*"):
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                for name, forms in marks.items():
                    if any(form in data for form in forms):
                        found.add((str(path), name))
    return found


@pytest.mark.skipif(os.getuid() != 0, reason="reading other processes' memory needs root")
@pytest.mark.parametrize("end", ["finished", "killed", "abandoned"])
def test_nothing_of_a_citizen_is_left(desk: Desk, end: str) -> None:
    """After the visit ended: no process of the terminal and no file of it holds the data."""
    marks = _marks(desk)
    if end == "finished":
        desk.play()
    else:
        desk.play_until("review")
        holds = [p for p in _processes(desk) if _in_memory(p.pid, marks)]
        assert holds, "the scan finds nothing where the data must be: it proves nothing"
        if end == "killed":
            desk.kill_session()
        else:
            desk.player.tap("home")
            desk.player.devices.do("id-reader", lift=True)
    try:
        desk.usable()
    except AssertionError:
        print((desk.stack.logs / "shell.log").read_text()[-3000:], desk.process("shell").status())
        raise
    desk.nothing_lost_nothing_twice()
    until(lambda: not any(_holding(desk, marks)), timeout=10)
    state = desk.stack.state
    places = [state / "outbox", state / "audit", state / "logs", state / "keys", desk.stack.run]
    places = [p for p in places if p.exists() and p != desk.stack.papers]
    assert {f for f in _in_files(places, marks) if "/papers/" not in f[0]} == set()


def _holding(desk: Desk, marks: dict[str, list[bytes]]) -> list[tuple[str, set[str]]]:
    held = []
    for process in _processes(desk):
        try:
            found = _in_memory(process.pid, marks)
        except OSError:
            continue
        if found:
            held.append((" ".join(process.cmdline()), found))
    return held
