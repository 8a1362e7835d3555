"""How a trial ends: by what the log says, and by who answers on the terminal's sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kiosk.audit import AuditLog, Event
from kiosk.release import course as courses
from kiosk.release.course import NEXT, Course, IllegalMove, Stage
from kiosk.release.errors import Unusable
from kiosk.release.health import AuditHealth, State, Verdict
from kiosk.release.offer import Offer
from kiosk.release.reasons import Reason
from tests.releases.conftest import Terminal
from tests.releases.repositories import Fleet
from tests.releases.web import Web

BEFORE = (datetime.now(UTC) - timedelta(minutes=1)).isoformat(timespec="seconds")
OFFER = Offer(group="g", name="n", version=1, length=1, digest="d")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    """A terminal's log."""
    own = AuditLog(tmp_path / "audit" / "audit.log")
    yield own
    own.close()


@pytest.fixture
def answering() -> Iterator[Path]:
    """A socket on which somebody answers."""
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as own:
        own.bind(f"{folder}/agent.sock")
        own.listen()
        yield Path(folder) / "agent.sock"


def test_well(log: AuditLog, answering: Path, tmp_path: Path) -> None:
    """Nothing bad was said and everybody answers; one crash may be chance."""
    log.append(Event("session_crashed"), slot=1, status=1)
    assert AuditHealth(tmp_path / "audit", [answering]).look(BEFORE) == Verdict(State.WELL)


def test_ill(log: AuditLog, answering: Path, tmp_path: Path) -> None:
    """Sessions refuse the settings, or crash again."""
    health = AuditHealth(tmp_path / "audit", [answering])
    for _ in range(2):
        log.append(Event("session_hung"), slot=1)
    assert health.look(BEFORE) == Verdict(State.ILL, "session_hung ×2", Reason.HUNG)
    log.append(Event("settings_refused"), file="thing.yaml", line=3)
    assert health.look(BEFORE).state is State.ILL


def test_what_was_before_the_trial_does_not_count(
    log: AuditLog, answering: Path, tmp_path: Path
) -> None:
    """An old illness is none of the new release."""
    log.append(Event("settings_refused"), file="thing.yaml", line=3)
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="seconds")
    assert AuditHealth(tmp_path / "audit", [answering]).look(later).state is State.WELL


def test_who_does_not_answer_is_not_well(log: AuditLog, tmp_path: Path) -> None:
    """A release under which a process never comes up is not committed."""
    verdict = AuditHealth(log and tmp_path / "audit", [tmp_path / "agent.sock"]).look(BEFORE)
    assert verdict == Verdict(State.UNKNOWN, "agent.sock does not answer", Reason.SILENT)


def test_who_is_silent_for_a_minute_in_a_row_is_ill(log: AuditLog, tmp_path: Path) -> None:
    """A trial does not leave a dead screen until its end; who answers between is counted anew."""
    now = [1000.0]
    audit, path = log and tmp_path / "audit", tmp_path / "agent.sock"
    health = AuditHealth(audit, [path], clock=lambda: now[0])

    def looked(seconds: float) -> State:
        now[0] += seconds
        return health.look(BEFORE).state

    assert [looked(0), looked(30), looked(29)] == [State.UNKNOWN] * 3
    with socket.socket(socket.AF_UNIX) as own:
        own.bind(str(path))
        own.listen()
        assert looked(5) is State.WELL
    assert [looked(0), looked(59), looked(1)] == [State.UNKNOWN, State.UNKNOWN, State.ILL]
    assert health.look(BEFORE) == Verdict(State.ILL, "agent.sock does not answer", Reason.SILENT)


def test_ill_or_unknown_goes_back_and_is_not_tried_again(
    fleet: Fleet, terminal: Terminal, web: Web
) -> None:
    """The reason is kept, and however often it is offered, the next release is what is taken."""
    for verdict in (Verdict(State.ILL, "hung"), Verdict(State.UNKNOWN, "silent")):
        fleet.release(f"bad {verdict.why}")
        terminal.health.verdict = verdict
        course = terminal.update(web.url)
        assert (course.stage, course.why) == (Stage.ROLLED_BACK, verdict.why)
        assert terminal.phone == "1"
        assert terminal.update(web.url) == course
    terminal.health.verdict = Verdict(State.WELL)
    fleet.release("2")
    assert terminal.update(web.url).stage is Stage.COMMITTED
    assert terminal.phone == "2"


def test_refused_by_the_check_never_begins(fleet: Fleet, terminal: Terminal, web: Web) -> None:
    """Nor is it checked twice; two generations are kept."""
    fleet.release("2")
    terminal.refuses = Unusable
    checked = len(terminal.checked)
    for _ in range(3):
        course = terminal.update(web.url)
        assert (course.stage, course.why, terminal.phone) == (Stage.REFUSED, "not usable", "1")
    assert len(terminal.checked) == checked + 1
    terminal.refuses = None
    for phone in ("3", "4", "5"):
        fleet.release(phone)
        terminal.update(web.url)
        assert terminal.phone == phone
    kept = sorted(own.name for own in (terminal.folder / "generations").iterdir())
    assert kept == ["4", "5"]
    assert terminal.updating().back("staff").stage is Stage.ROLLED_BACK
    assert terminal.phone == "4"


def test_new_keys_are_followed_from_the_root_of_installation(
    fleet: Fleet, terminal: Terminal, web: Web
) -> None:
    """A person gets new keys, another loses theirs; the terminal is not touched."""
    fleet.rotate("wang")
    terminal.update(web.url)
    fleet.revoke("li")
    fleet.build("2")
    fleet.sign("zhang", "wang")
    fleet.publish()
    terminal.update(web.url)
    assert terminal.phone == "2"
    fleet.build("3")
    with pytest.raises(Exception, match="no key of li"):
        fleet.sign("li")


def test_a_poll_that_finds_nothing_is_small(terminal: Terminal, web: Web) -> None:
    """At most 1 kB on the line, both ways, and nothing is written or checked."""
    terminal.update(web.url)
    web.sent, web.asked = 0, []
    checked = list(terminal.checked)
    terminal.update(web.url)
    assert web.asked == ["/metadata/2.root.json", "/metadata/timestamp.json"]
    assert web.sent <= 1024
    assert terminal.checked == checked


@pytest.mark.parametrize("stage", list(Stage))
def test_only_the_tables_moves_are_made(stage: Stage) -> None:
    """Any other raises and changes nothing."""
    course = Course(stage=stage, offer=OFFER)
    for after in Stage:
        if after in NEXT[stage]:
            assert course.to(after, "t").stage is after
        else:
            with pytest.raises(IllegalMove):
                course.to(after, "t")
    assert course.stage is stage


def test_a_course_is_read_as_it_was_kept(tmp_path: Path) -> None:
    """With its offer and what was refused; a spoilt file is a fresh start."""
    course = Course(offer=OFFER).begun(OFFER, 3, "t").to(Stage.REFUSED, "u", why="为什么")
    assert courses.read(tmp_path) == Course()
    assert courses.read(courses.keep(tmp_path, course) and tmp_path) == course
    assert course.refused == ("d",)
