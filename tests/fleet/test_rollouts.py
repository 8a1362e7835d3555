"""Rollouts on both kinds of database, with a real repository: on by gates, back by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Engine

from fleet import journal
from fleet.cli import main
from fleet.errors import SourceRefused
from fleet.people import Role
from fleet.people.signing_in import add as add_person
from fleet.release import holding
from fleet.rollouts import carrier as carrying
from fleet.rollouts import facts, ledger, office, placing
from fleet.rollouts.counts import Counts
from fleet.rollouts.course import NEXT, Ask, Course, Event, IllegalStep, Ring, Step
from fleet.rollouts.office import NotAllowed, NotNow
from fleet.rollouts.standing import Standing
from kiosk.status.state import Day
from tests.fleet_databases import engine, postgres_url, url
from tests.releases.conftest import fleet, fleets, place
from tests.releases.repositories import Fleet
from tests.rollout_world import APPROVER, GROUPS, RELEASER, World, actions, peopled, world

__all__ = ["engine", "fleet", "fleets", "place", "postgres_url", "url", "world"]


@pytest.fixture
def both(engine: Engine, fleet: Fleet) -> World:
    """Three canaries, five early ones, ten more and twenty that come last."""
    return peopled(World(engine, fleet))


def test_a_good_release_goes_ring_by_ring(both: World) -> None:
    """By gates; beyond the first ring only when another person than who began it approves."""
    number = both.begun("good")
    assert both.published() == {"canary": "good"}
    assert len(both.checked) == 1  # one configuration for four rings is checked once
    both.say(*both.all_of("canary"), release="good")
    both.look()
    assert both.course(number).step is Step.WATCHING  # an hour is not over
    both.later(61)
    both.look(3)
    assert both.course(number).step is Step.ASKING
    assert both.published() == {"canary": "good"}
    with pytest.raises(NotAllowed):
        office.approve(both.engine, number, RELEASER)
    office.approve(both.engine, number, APPROVER)
    with pytest.raises(NotNow):
        office.approve(both.engine, number, APPROVER)
    both.look()
    assert set(both.published()) == {"canary", "early"}
    both.passed(number, (1, 2, 3))
    assert both.published() == dict.fromkeys(GROUPS, "good")
    assert both.course(number).step is Step.DONE
    assert both.nudged == list(GROUPS)
    assert not holding.held_releases(both.fleet.repository)
    assert actions(both) == [
        *("rollout_begun", "rollout_went_on", "rollout_passed", "rollout_approved"),
        *("rollout_went_on", "rollout_went_on", "rollout_went_on", "rollout_done"),
    ]
    journal.verify(both.engine)


BAD: dict[str, Callable[[World], None]] = {
    "rolled back": lambda both: both.say("canary-0", release="bad", step="rolled_back"),
    "refused": lambda both: both.say("canary-0", release="bad", step="refused"),
    "ill": lambda both: both.say(
        "canary-0", release="bad", faults=("shell.gone", "id_reader.gone")
    ),
    "lost": lambda both: (
        both.say("canary-0", release="bad"),
        both.gone("canary-0"),
        both.later(31),
    )[-1],
    "crashes": lambda both: both.say(
        "canary-1", release="bad", day=Day(visits=30, submitted=20, crashed=4)
    ),
    "abandoned": lambda both: (
        both.say("stable-0", day=Day(visits=300, submitted=280)),
        both.say("canary-1", release="bad", day=Day(visits=60, submitted=30)),
    )[-1],
}


@pytest.mark.parametrize("how", list(BAD))
def test_a_bad_release_comes_back_by_itself(world: World, how: str) -> None:
    """Whatever is bad about it in the first ring; nobody beyond the ring was offered it."""
    _comes_back(world, how)


def test_a_lost_terminal_is_seen_on_both_databases(both: World) -> None:
    """Times are compared by the database."""
    _comes_back(both, "lost")


def _comes_back(world: World, how: str) -> None:
    number = world.begun("bad")
    world.say("canary-1", "canary-2", release="bad")
    world.look()
    assert world.course(number).step is Step.WATCHING
    BAD[how](world)
    world.look()
    assert world.course(number).step is Step.STOPPING, world.course(number)
    world.look()
    course = world.course(number)
    assert course.step is Step.STOPPED
    assert course.why.startswith("gate ")
    assert world.published() == {}
    assert world.fleet.repository.groups() == ("canary",)
    assert not holding.held_releases(world.fleet.repository)
    told = {own for own, release in world.ordered("release_withdrawn") if release == "bad"}
    assert {"canary-1", "canary-2"} <= told <= set(world.all_of("canary"))
    assert actions(world)[-1] == "rollout_aborted"


def test_who_was_away_gives_it_back_when_it_comes(world: World) -> None:
    """Once an hour while it has it; not any more when it went back."""
    number = world.begun("bad")
    world.say("canary-1", release="bad")
    world.gone("canary-1")
    office.abort(world.engine, number, RELEASER, world.now)
    world.look(3)
    assert world.ordered("release_withdrawn") == set()
    world.say("canary-1", release="bad")
    world.look(3)
    assert world.ordered("release_withdrawn") == {("canary-1", "bad")}
    world.later(61)
    world.say("canary-1", release="bad", step="rolled_back")
    world.look()
    assert len(world.ordered("release_withdrawn")) == 1
    with pytest.raises(IllegalStep):
        office.resume(world.engine, number, RELEASER)


def test_who_does_not_go_back_keeps_nobody_else_from_it(
    both: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are: the next look asks the next ones; so it is with moves of ring."""
    monkeypatch.setattr(placing, "MOST", 2)
    number = both.begun("bad")
    both.say(*both.all_of("canary"), *both.all_of("early"), release="bad")
    office.abort(both.engine, number, RELEASER, both.now)
    both.look(1 + 4)
    assert len(both.ordered("release_withdrawn")) == 8
    both.say("stable-0", "stable-1", group="410700")  # another line: they obey no such order
    both.say(*both.all_of("wide"), group="stable")
    both.look(5)
    assert {name for name, _ in both.ordered("place")} == set(both.all_of("wide"))


def test_a_paused_rollout_is_judged_and_goes_no_further(world: World) -> None:
    """What is out can still come back by itself."""
    number = world.begun("slow")
    office.pause(world.engine, number, RELEASER, world.now)
    world.say(*world.all_of("canary"), release="slow")
    world.later(120)
    world.look(2)
    assert world.course(number).step is Step.PAUSED
    office.resume(world.engine, number, RELEASER, world.now)
    world.look(2)
    assert world.course(number).step is Step.ASKING  # the time since it was opened counts
    office.pause(world.engine, number, RELEASER, world.now)
    world.say("canary-0", release="slow", step="rolled_back")
    world.look(2)
    assert world.course(number).step is Step.STOPPED


def test_the_silent_neither_hold_it_up_nor_count_as_well(both: World) -> None:
    """Absent ones are left out, late ones after a while; too few answers, and persons are asked."""
    both.gone("canary-0")
    number = both.begun("quiet", longest_s=86400)
    both.say("canary-1", release="quiet")
    both.later(61)
    both.look()
    assert both.course(number).step is Step.WATCHING  # canary-2 is there and still may take it
    with both.engine.connect() as connection:
        ring = both.course(number).rings[0]
        limits = both.course(number).limits
        seen = facts.tally(connection, ring, "quiet", limits, both.now)
    assert (seen.well, seen.waiting, seen.absent) == (1, 1, 1)
    both.later(70)
    both.look()
    assert both.course(number).step is Step.WATCHING  # one of three is too few to stand for all
    both.later(1440)
    both.look()
    assert (both.course(number).step, both.course(number).why) == (Step.PAUSED, "overdue")
    both.say("canary-2", release="quiet")
    office.resume(both.engine, number, RELEASER, both.now)
    both.look(2)
    assert both.course(number).step is Step.ASKING


def test_a_ring_is_still_compared_when_the_next_one_is_open(both: World) -> None:
    """What the next one had done before leaves the comparison with it."""
    both.say("early-0", day=Day(visits=900, submitted=880))
    number = both.begun("slowly")
    both.passed(number, (0,))
    assert both.course(number).at == 1
    both.say("stable-0", day=Day(visits=300, submitted=280))
    both.say("canary-0", release="slowly", day=Day(visits=60, submitted=30))
    both.look()
    assert both.course(number).why == "gate done canary"


def test_few_failures_among_many_do_not_stop_it(both: World) -> None:
    """One of a later ring may fail, two may not; who failed is named."""
    number = both.begun("mixed")
    both.passed(number, (0,))
    both.say("early-0", "early-1", "early-2", release="mixed")
    both.say("early-3", release="mixed", step="refused")
    both.later(61)
    both.look()
    course = both.course(number)
    assert course.step is Step.WATCHING  # three of four that did not fail are not 95 %
    with both.engine.connect() as connection:
        told = facts.failed(connection, course.rings[1], "mixed", course.limits, both.now)
    assert [(row.name, own) for row, own in told] == [("early-3", Standing.REFUSED)]
    both.say("early-4", release="mixed", step="rolled_back")
    both.look(2)
    assert both.course(number).step is Step.STOPPED
    assert set(both.fleet.repository.groups()) == {"canary", "early"}
    assert len(both.ordered("release_withdrawn")) == 6  # three canaries, three early ones


def test_a_second_person_lets_it_skip_and_come_back(world: World) -> None:
    """Neither who began it nor who asked."""
    number = world.begun("hot")
    office.ask(world.engine, number, Ask.SKIP, "0023")
    for same in (RELEASER, "0023"):
        with pytest.raises(NotAllowed):
            office.approve(world.engine, number, same)
    office.approve(world.engine, number, APPROVER)
    world.look()
    assert set(world.published()) == {"canary", "early"}
    assert world.course(number).skipped == (0,)
    world.passed(number, (1, 2, 3))
    world.say(*world.all_of("canary"), release="hot")
    assert world.course(number).step is Step.DONE
    with pytest.raises(IllegalStep):
        office.abort(world.engine, number, RELEASER)
    with pytest.raises(NotNow):
        office.ask(world.engine, number, Ask.SKIP, RELEASER)
    office.ask(world.engine, number, Ask.BACK, RELEASER)
    office.approve(world.engine, number, APPROVER)
    world.look(2)
    assert world.course(number).step is Step.STOPPED
    assert world.published() == {}
    assert len(world.ordered("release_withdrawn")) == 38


def test_what_is_not_fit_never_goes_out(world: World) -> None:
    """Refused by the terminal's own check; its documents are not kept."""

    def refuse(_pack: Path) -> None:
        raise SourceRefused("defaults.yaml:3: no")

    world.check = refuse
    world.release("unfit")
    number = world.begin("unfit")
    world.look(2)
    assert world.course(number).step is Step.STOPPED
    assert world.course(number).why == "unfit defaults.yaml:3: no"
    assert world.fleet.repository.targets("canary").signed.version == 1
    assert not holding.held_releases(world.fleet.repository)


def test_what_another_publication_overtook_waits_for_a_person(world: World) -> None:
    """It is not forced, and not lost."""
    world.release("first")
    number = world.begin("first")
    world.look()
    world.fleet.release("hotfix")
    world.look()
    course = world.course(number)
    assert course.step is Step.PAUSED
    assert course.why.startswith("unpublished canary 2 does not follow 2")
    assert world.published() == {"canary": "release-6"}
    office.abort(world.engine, number, RELEASER, world.now)
    world.look()
    assert world.published() == {"canary": "release-6"}  # the other one is not withdrawn


def test_what_makes_no_sense_is_not_begun(world: World) -> None:
    """Not signed, gone through before, or in each other's way."""
    with pytest.raises(NotNow):
        world.begin("nothing")
    world.release("all", ("stable",))
    with pytest.raises(NotNow, match="第一圈有 20 台，最多只能 3 台"):
        world.begin("all")
    world.fleet.repository.forget_staged()
    number = world.begun("one")
    world.release("two", ("canary",))
    with pytest.raises(NotNow, match="canary"):
        world.begin("two")
    office.abort(world.engine, number, RELEASER, world.now)
    world.look()
    assert world.begin("two") == number + 1
    world.look(2)
    assert world.published() == {"canary": "two"}
    with pytest.raises(ledger.NoRollout):
        office.pause(world.engine, 99, RELEASER)


def test_terminals_come_to_know_their_ring(both: World) -> None:
    """By lot; only those who tell another one are told, once an hour; a line is never left."""
    counted = placing.by_lot(both.engine, "", (0.1, 0.3, 0.6), APPROVER, keep_first=True)
    assert counted[0] == 3
    assert sum(counted.values()) == 38
    assert placing.by_lot(both.engine, "", (0.1, 0.3, 0.6), APPROVER, keep_first=True) == counted
    assert len(both.all_of("canary")) == 3
    name = both.all_of("early")[0]
    both.say(name, group="stable")
    both.say("canary-0", group="canary")
    both.say("canary-1", group="410700")
    both.look(3)
    assert both.ordered("place") == {(name, "early")}
    both.say(name, group="early")
    both.later(61)
    both.look()
    assert len(both.ordered("place")) == 1
    both.begun("moving")
    with pytest.raises(placing.OnTheMove):
        placing.by_lot(both.engine, "", (0.9, 0.95, 1), APPROVER, keep_first=False)
    with pytest.raises(ValueError, match="shares"):
        placing.by_lot(both.engine, "", (0.5, 0.1, 2), APPROVER, keep_first=False)


def test_the_command_does_what_the_pages_do(
    world: World, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the same proof of who it is, and the same rules."""
    password = place / "password"
    password.write_text("correct horse battery\n")
    factors = {
        name: add_person(world.engine, name, role, "correct horse battery", must_change=False)
        for name, role in {RELEASER: Role.RELEASER, APPROVER: Role.APPROVER}.items()
    }
    database = f"--db=sqlite:///{place}/fleet.db"

    used: dict[str, int] = {}

    def command(person: str, *words: str, again: bool = False) -> int:
        """Give a command with the next code that counts, or with the last one again."""
        if not again:
            used[person] = max(used.get(person, 0) + 1, int(time.time()) // 30 - 1)
        code = pyotp.TOTP(factors[person]).generate_otp(used[person])
        proof = (f"--person={person}", f"--password-file={password}", f"--code={code}")
        return main(["rollout", *words, *proof, database])

    world.release("first")
    where = f"--repository={world.fleet.repository.path}"
    assert command(APPROVER, "begin", "first", where) == 1
    assert command(RELEASER, "begin", "first", where, "--soak=30") == 0
    assert command(RELEASER, "pause", "1", again=True) == 1  # a code serves once
    assert "not signed in" in capsys.readouterr().err
    assert command(APPROVER, "approve", "1") == 1
    world.look(2)
    assert command(RELEASER, "skip", "1") == 0
    assert command(APPROVER, "approve", "1") == 0
    assert command(RELEASER, "abort", "1") == 0
    capsys.readouterr()
    assert main(["rollout", "status", "1", database]) == 0
    told = capsys.readouterr().out
    assert "1 first: stopping person" in told
    assert "    wait soaked 0 min ≥ 30 min" in told


def test_the_table_is_all_there_is() -> None:
    """Whatever is not in it raises; a course survives the table's JSON."""
    rings = (Ring(group="canary", elsewhere={"stable": Counts(visits=3)}), Ring(group="stable"))
    for step in Step:
        for event in Event:
            course = Course(step=step, rings=rings, at=0)
            if (step, event) in NEXT:
                assert course.to(event).step is NEXT[step, event]
                assert Course.from_json(course.to(event).to_json()) == course.to(event)
            else:
                with pytest.raises(IllegalStep):
                    course.to(event)
    with pytest.raises(IllegalStep):
        Course(step=Step.ASKING, rings=rings, at=1).to(Event.APPROVED)
    assert carrying.LOOK_S <= 5
