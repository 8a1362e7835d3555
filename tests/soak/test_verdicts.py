"""What a soak would say of a terminal that loses, repeats or grows: it must be able to fail."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.campaign.verdict import Verdict
from tests.soak.citizen import ABANDONED, plan
from tests.soak.faults import FAULTS
from tests.soak.figures import SAMPLES, Figures, tables
from tests.soak.growth import WARM_UP_S, Growth, growths
from tests.soak.ledger import Ledger
from tests.soak.resources import Sample
from tests.soak.several import together
from tests.soak.slope import slope
from tests.soak.soak import Share
from tests.soak.terminal import is_stopped
from tests.waiting import until

MINUTE = 1 / 60


def _life(
    name: str = "agent",
    *,
    minutes: int = 90,
    an_hour: float = 0.0,
    base: float = 40.0,
    files: int = 0,
    life: str = "1",
) -> list[Sample]:
    """Return samples every ten seconds; the warm-up takes 20 MB more."""
    chance = np.random.default_rng(7)
    taken = []
    for second in range(0, minutes * 60, 10):
        warming = min(second / WARM_UP_S, 1.0)
        taken.append(
            Sample(
                at=1e9 + second,
                process=name,
                life=life,
                memory=base + 20 * warming + an_hour * second / 3600 + chance.normal(0, 0.02),
                files=20 + files * second // 3600,
                threads=5,
                sockets=8,
            )
        )
    return taken


def _only(taken: list[Sample]) -> Growth:
    (growth,) = growths(taken)
    return growth


def test_a_steady_process() -> None:
    """It is ok, whatever its warm-up took."""
    growth = _only(_life())
    assert growth.verdict == "ok"
    assert growth.slope is not None
    assert growth.slope.middle == pytest.approx(0.0, abs=0.02)


def test_leaked_memory() -> None:
    """It is told from noise."""
    assert _only(_life(an_hour=2.0)).verdict == "GROWS"


def test_leaked_files() -> None:
    """Files that stay open are growth too."""
    assert _only(_life(files=6)).verdict == "GROWS"


def test_a_short_life() -> None:
    """It says nothing."""
    assert _only(_life(minutes=9)).verdict == "open"


def test_the_other_end() -> None:
    """What is not ours is told and not judged."""
    assert _only(_life("intake", an_hour=50.0)).verdict == "–"


def test_several_lives() -> None:
    """Lives of other heights have one slope."""
    lives = [[(n * MINUTE, base + 0.8 * n * MINUTE) for n in range(30)] for base in (20.0, 90.0)]
    found = slope(lives)
    assert found is not None
    assert found.middle == pytest.approx(0.8)
    assert (found.low, found.high) == pytest.approx((0.8, 0.8))


def test_a_single_step() -> None:
    """It is no slope."""
    found = slope([[(n * MINUTE, 40.0 + (3.0 if n > 55 else 0.0)) for n in range(60)]])
    assert found is not None
    assert abs(found.middle) < 0.1


def test_figures(tmp_path: Path) -> None:
    """They are taken up again as they were kept."""
    before = Figures(keep=tmp_path, taken=_life(minutes=2), usable={"session: SIGKILL": [0.4, 0.2]})
    before.save()
    before.taken += _life("shell", minutes=1)
    before.save()
    with (tmp_path / SAMPLES).open("a") as samples:
        samples.write('{"at": 1.0, "proc')  # the power went here
    after = Figures(keep=tmp_path)
    after.resume()
    assert (after.taken, after.usable) == (before.taken, before.usable)
    assert "| session: SIGKILL | 2 |" in tables(after.usable, after.growths())


def test_several_terminals(tmp_path: Path) -> None:
    """They share a seed's visits, and what they found is put together."""
    shares = [Share(first=n, every=3) for n in range(3)]
    assert sorted(share.number(k) for share in shares for k in range(4)) == list(range(12))
    for number, kept in enumerate(places := [tmp_path / "1-of-2", tmp_path / "2-of-2"]):
        own = Verdict(name="soak", seed=5, done=7, seconds=10.0 + number)
        own.counts["visits"] = 7
        own.blame(f"lost: L{number}")
        own.save(kept)
        Figures(keep=kept, taken=_life(life=str(number)), usable={"fault": [0.1]}).save()
    verdict, figures = together(5, places)
    assert (verdict.counts["visits"], verdict.seconds, verdict.ok) == (14, 11.0, False)
    assert verdict.violations == ["lost: L0", "lost: L1"]
    assert _only(figures.taken).lives == 2
    assert figures.usable == {"fault": [0.1, 0.1]}


def test_plans() -> None:
    """A visit follows from seed and number, and can be played."""
    for number in range(100):
        drawn = [plan(random.Random(f"5:{number}"), storm=number < 40) for _ in range(2)]  # noqa: S311
        assert drawn[0] == drawn[1]
        (one, _) = drawn
        assert one.at < one.steps < len(one.script.steps)
        assert number < 40 or one.fault is None or not one.fault.storm
        if one.ends == ABANDONED:
            assert "agree" in [step.tap for step in one.script.steps[: one.steps]]


def test_faults() -> None:
    """Each has a name of its own in the figures."""
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_what_stands_still() -> None:
    """A stopped process is broken until it is replaced, though it is there and was ready."""
    with subprocess.Popen(["sleep", "60"]) as child:
        process = psutil.Process(child.pid)
        assert not is_stopped(process)
        process.suspend()
        until(lambda: is_stopped(process))
        process.kill()
    assert not is_stopped(process)


def _both_ends(state: Path, stored: list[str], filed: list[tuple[str, str]]) -> Ledger:
    (state / "audit").mkdir()
    events = [{"e": "submission_stored", "f": {"local_no": number}} for number in stored]
    (state / "audit" / "audit.log").write_text(
        "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events)
    )
    (state / "intake").mkdir()
    with closing(sqlite3.connect(state / "intake" / "intake.db")) as database:
        database.execute("create table application (local_no text, application_no text)")
        database.executemany("insert into application values (?, ?)", filed)
        database.commit()
    return Ledger(state, delivered_within=0.0)


def test_both_ends(tmp_path: Path) -> None:
    """They agree when all that was stored is there once."""
    ledger = _both_ends(tmp_path, ["L1", "L2"], [("L1", "41"), ("L2", "42")])
    ledger.shown, ledger.submits = {"L1": "41", "L2": None}, 2
    assert ledger.wrongs() == []


def test_lost(tmp_path: Path) -> None:
    """Neither what the agent acknowledged nor what a citizen saw may be lost."""
    ledger = _both_ends(tmp_path, ["L1"], [])
    ledger.shown, ledger.submits = {"L2": None}, 2
    assert ledger.wrongs() == ["lost: L1", "lost: L2"]


def test_twice(tmp_path: Path) -> None:
    """Nothing arrives twice, or under another number than was shown."""
    ledger = _both_ends(tmp_path, ["L1", "L2"], [("L1", "41"), ("L1", "43"), ("L2", "42")])
    ledger.shown, ledger.submits = {"L2": "99"}, 2
    assert ledger.wrongs() == ["twice: L1", "L2 was shown as 99 and is 42"]


def test_out_of_nothing(tmp_path: Path) -> None:
    """Nothing is filed that nobody submitted."""
    ledger = _both_ends(tmp_path, [], [("L1", "41")])
    assert ledger.wrongs() == ["1 applications of 0 submits"]
