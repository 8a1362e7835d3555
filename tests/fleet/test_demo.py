"""The fleet to try out: a day that could be one, and the whole of it from start to end, twice."""

from __future__ import annotations

import json
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from fleet.demo import day
from fleet.demo.places import NEWCOMER, SITES, Places
from fleet.store import open_store
from fleet.store.model import Terminal
from fleet.terminals.days import HALL
from tests.waiting import until

EVENING = datetime(2026, 11, 3, 23, 59, tzinfo=HALL)


def test_a_day_has_two_peaks_and_as_many_visits_as_it_should() -> None:
    """And none of them begins later than now."""
    chance = random.Random(7)  # noqa: S311
    visits = [at for _ in range(50) for at, _ in day.so_far(chance, 100, EVENING)]
    hours = [sum(at.hour == hour for at in visits) for hour in range(24)]
    assert 90 < len(visits) / 50 < 110
    assert max(hours) in hours[9:11]
    assert hours[12] < hours[10] > hours[22]
    assert max(visits) < EVENING


def test_a_visit_that_is_left_files_and_rates_nothing() -> None:
    """Most are finished."""
    chance = random.Random(8)  # noqa: S311
    visits = [day.a_visit(chance) for _ in range(500)]
    left = [one for one in visits if one.how != "finished"]
    assert 0 < len(left) < 100
    assert not [one for one in left if one.submits or one.grade]


@contextmanager
def running(state: Path) -> Iterator[list[str]]:
    """Run ``make fleet`` until the announcement; ends it as Ctrl-C does, and looks what is left."""
    words = [sys.executable, "-m", "fleet.demo.run", "--state", str(state)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if NEWCOMER in line:
            break
    own = psutil.Process(process.pid).children(recursive=True)
    try:
        yield said
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert not [one for one in own if one.is_running()]


def here(state: Path) -> int:
    """Return how many terminals the console knows to be connected with a release in force."""
    engine = open_store(Places(root=state).database)
    with engine.connect() as connection:
        wanted = select(func.count()).where(Terminal.here, Terminal.release != "")
        return connection.scalar(wanted) or 0


@pytest.mark.campaign
@pytest.mark.timeout(600)
def test_the_demonstration_starts_twice_and_leaves_nothing_running(tmp_path: Path) -> None:
    """All ten are in and follow releases; the accounts stay; one terminal waits with its code."""
    accounts = []
    for _ in range(2):
        with running(tmp_path) as said:
            until(lambda: here(tmp_path) >= len(SITES) - 1)  # one of them goes away now and then
            accounts.append(json.loads((tmp_path / "accounts.json").read_bytes()))
            assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", said[-1])
            assert any("otpauth://totp/" in line for line in said)
    assert accounts[0] == accounts[1]
