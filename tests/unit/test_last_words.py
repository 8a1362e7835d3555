"""What a process says of an error that nobody caught."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TYPED = "13900001234"
"""Stands for what a citizen typed."""
CHILDREN = """
from kiosk.agent.nursery import Nursery
from tests.unit import test_last_words as works
if __name__ == "__main__":
    nursery = Nursery()
    for work in (works.fails, works.fails_in_a_thread, works.fails_where_nothing_is_raised):
        child = nursery.start(work)
        child.process.join()
        print(child.process.exitcode)
"""
WORKER = """
import threading
from drivers.service.process import tell_no_words
from tests.unit.test_last_words import fails
tell_no_words()
thread = threading.Thread(target=fails, args=(None,))
thread.start()
thread.join()
fails(None)
"""


def fails(_pipe: object) -> None:
    """Fail as a bug does."""
    raise KeyError(TYPED)


def fails_in_a_thread(pipe: object) -> None:
    """Fail where nobody waits for it."""
    thread = threading.Thread(target=fails, args=(pipe,))
    thread.start()
    thread.join()


def fails_where_nothing_is_raised(_pipe: object) -> None:
    """Fail in what the interpreter calls by itself."""

    class Forgotten:
        def __del__(self) -> None:
            raise KeyError(TYPED)

    Forgotten()


def _said(program: Path, text: str) -> tuple[list[str], list[dict[str, Any]]]:
    program.write_text(text)
    done = subprocess.run(
        [sys.executable, str(program)],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert TYPED not in done.stdout + done.stderr
    return done.stdout.split(), [json.loads(line) for line in done.stderr.splitlines()]


def test_a_child_of_the_agent_tells_its_places_only(tmp_path: Path) -> None:
    """Real children of the real nursery."""
    ended, said = _said(tmp_path / "parent.py", CHILDREN)
    assert ended == ["1", "0", "0"]
    assert [line["error"] for line in said] == ["KeyError"] * 3
    assert all(line["where"][-1].startswith("test_last_words.py:") for line in said)
    assert said[0]["where"][0].startswith("kiosk/channel/last_words.py:")


def test_a_device_process_tells_its_places_only(tmp_path: Path) -> None:
    """In a thread of it and outside."""
    _, said = _said(tmp_path / "worker.py", WORKER)
    assert [line["error"] for line in said] == ["KeyError", "KeyError"]
