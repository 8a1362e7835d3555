"""Heads of terminals' logs at the centre: what follows, what does not, and the whole way there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from fleet.cli import main as fleet
from fleet.heads import Finding, Taking, accept
from fleet.heads.findings import WORDS
from fleet.heads.keeping import KEPT_DAYS
from fleet.heads.rules import Kept, Known, judge
from fleet.heads.taking import SILENT
from fleet.store import open_store
from fleet.store.model import Alarm, AuditHead, AuditLog, Terminal
from fleet.terminals import Intake, Level, finding
from fleet.terminals.raising import levels
from kiosk.audit import AuditLog as Log
from kiosk.audit import Event
from kiosk.audit.signed_head import SignedHead, Told, believed, instant, sign
from kiosk.cli import main as kiosk
from kiosk.crypto.certificates import Authority
from tests.broker import bus
from tests.fleet.test_taking_in import state
from tests.fleet_databases import engine, enrolled, postgres_url, url

__all__ = ["bus", "engine", "postgres_url", "url"]
AUTHORITY = Authority.create("terminals")
LEAF = AUTHORITY.client("T-1")
NOW = datetime.now(UTC)
NOTHING = Kept(digest_of=lambda _line: None, newest_below=lambda _line: None)


def line(number: int, of: str = "a") -> str:
    """Return the hash that stands for a line of a log."""
    return f"{of}{number:063x}"


@dataclass(frozen=True, kw_only=True)
class Story:
    """A log as it is told: which one, its end, its beginning."""

    of: str = "a"
    end: int = 100
    first: int = 1
    before: tuple[int, str] | None = None
    at: datetime = NOW
    run_s: int = 3600

    def head(self) -> SignedHead:
        """Return its head."""
        before = None
        if self.before is not None:
            before = Told(sequence=self.before[0], digest=line(*self.before))
        return SignedHead(
            terminal="T-1",
            sequence=self.end,
            digest=line(self.end, self.of),
            first=self.first,
            origin=line(self.first, self.of),
            before=before,
            at=instant(self.at),
            run_s=self.run_s,
        )

    def sent(self, now: datetime = NOW, leaf: Any = LEAF) -> bytes:
        """Return its letter."""
        return sign(self.head(), leaf.key, leaf.certificate).to_bytes(now)


KNOWN = Known(
    life=1,
    sequence=100,
    digest=line(100),
    first=1,
    origin=line(1),
    at=NOW,
    certified_from=NOW - timedelta(days=9),
)


@pytest.mark.parametrize(
    ("told", "known", "expected"),
    [
        (Story(), None, None),
        (Story(), KNOWN, None),
        (Story(end=140, before=(100, "a")), KNOWN, None),
        (Story(end=140), KNOWN, None),
        (Story(end=99), KNOWN, Finding.CUT),
        (Story(of="b"), replace(KNOWN, origin=line(1, "b")), Finding.REWRITTEN),
        (Story(end=140, before=(100, "b")), KNOWN, Finding.REWRITTEN),
        (Story(of="b", end=140), KNOWN, Finding.BEGUN_ANEW),
        (Story(of="b", end=5), KNOWN, Finding.BEGUN_ANEW),
        (Story(end=140), replace(KNOWN, first=50, origin=line(50)), Finding.BEGUN_ANEW),
        (Story(end=140, first=30), replace(KNOWN, first=50), Finding.REWRITTEN),
        (Story(of="b", end=140, first=50), replace(KNOWN, first=50), Finding.REWRITTEN),
        (Story(), replace(KNOWN, certified_from=NOW + timedelta(days=1)), Finding.FOREIGN),
        (Story(end=140, at=NOW + timedelta(hours=27), run_s=98_000), KNOWN, Finding.GAP),
        (Story(end=140, at=NOW + timedelta(days=27), run_s=600), KNOWN, None),
        (Story(end=140, at=NOW - timedelta(days=27), run_s=98_000), KNOWN, None),
    ],
)
def test_what_follows_and_what_does_not(
    told: Story, known: Known | None, expected: Finding | None
) -> None:
    """Each way in which a log can be tampered with, and each in which it only looks so."""
    letter = sign(told.head(), LEAF.key, LEAF.certificate)
    new = believed(letter, [AUTHORITY.certificate], NOW)
    assert judge(known, new, NOTHING, NOW) is expected


@pytest.mark.parametrize(("age", "expected"), [(179, Finding.TRIMMED_EARLY), (181, None)])
def test_lines_are_kept_for_six_months(age: int, expected: Finding | None) -> None:
    """What is removed for want of room has to be older."""
    told = Story(end=140, first=40, before=(100, "a"))
    new = believed(sign(told.head(), LEAF.key, LEAF.certificate), [AUTHORITY.certificate], NOW)
    kept = replace(NOTHING, newest_below=lambda _line: NOW - timedelta(days=age))
    assert judge(KNOWN, new, kept, NOW) is expected


def test_every_finding_has_words_and_steps() -> None:
    """An officer is never shown a code."""
    for one in Finding:
        words = WORDS[one]
        assert words.title
        assert all(step.endswith("。") for step in words.steps)


class Centre1:
    """What the centre makes of one terminal's heads, without a bus."""

    def __init__(self, engine: Engine, place: Path) -> None:
        self.engine = engine
        enrolled(engine, "T-1")
        (place / "ca.crt").write_bytes(AUTHORITY.issued.certificate)
        self.taking = Taking(engine, place / "ca.crt")

    def told(self, *stories: Story, leaf: Any = LEAF) -> list[str]:
        """Take heads; returns the open alarms."""
        for story in stories:
            self.taking.head("T-1", story.sent(leaf=leaf), fresh=False)
            self.taking.write()
        return self.alarms()

    def alarms(self) -> list[str]:
        """Return what is open."""
        with self.engine.connect() as connection:
            wanted = select(Alarm.fault).where(Alarm.ended_at.is_(None)).order_by(Alarm.id)
            return list(connection.scalars(wanted))

    def level(self) -> tuple[int, int]:
        """Return the terminal's level, and how many terminals are counted at that level."""
        with self.engine.connect() as connection:
            level = int(connection.scalar(select(Terminal.level)) or 0)
        return level, finding.counted(self.engine)[level]

    def rows(self) -> list[tuple[int, int, str]]:
        """Return kept heads: which log, which line, what was found."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(AuditHead).order_by(AuditHead.id))
            return [(row.life, row.sequence, row.finding) for row in rows]


@pytest.fixture
def centre1(tmp_path: Path) -> Iterator[Centre1]:
    """A centre that knows one terminal; rules see no difference between databases."""
    own = open_store(f"sqlite:///{tmp_path}/fleet.db").execution_options(writes=True)
    yield Centre1(own, tmp_path)
    own.dispose()


@pytest.fixture
def centre2(engine: Engine, tmp_path: Path) -> Centre1:
    """The same on each kind of database."""
    return Centre1(engine, tmp_path)


def test_a_log_that_grows_is_no_alarm(centre1: Centre1) -> None:
    """Also one whose newest head comes twice, as after a lost line."""
    told = centre1.told(
        Story(), Story(end=120, before=(100, "a")), Story(end=120, before=(100, "a"))
    )
    assert told == []
    assert centre1.rows() == [(1, 100, ""), (1, 120, "")]


def test_a_cut_log_is_one_alarm_until_somebody_explains_it(centre2: Centre1) -> None:
    """States of the terminal do not end it; an officer does; then it is held to what it is now."""
    told = centre2.told(Story(), Story(end=60), Story(end=70, before=(60, "a")))
    assert told == ["log.cut"]
    intake = Intake(centre2.engine)
    intake.state(state("T-1", faults=("log.gap", "ups.battery")))
    intake.write()
    assert centre2.alarms() == ["log.cut", "ups.battery"]
    with centre2.engine.begin() as connection:
        assert accept(connection, "T-1", "0021", "换过磁盘", NOW)
        assert not accept(connection, "T-1", "0021", "换过磁盘", NOW)
    assert centre2.alarms() == ["ups.battery"]
    assert centre2.told(Story(end=65)) == ["ups.battery", "log.cut"]
    assert [row[0] for row in centre2.rows()] == [1, 2, 2, 3]


def test_what_is_found_in_a_log_counts_in_the_terminals_level(centre2: Centre1) -> None:
    """Worse than low paper, better than a silent line; states leave it; explained, it is over."""
    low = state("T-1", 1, at=f"{NOW:%Y-%m-%dT%H:%M:%SZ}", faults=("receipt_printer.low",))
    told: list[int] = []
    intake = Intake(centre2.engine, lambda news: told.extend(int(x.values["level"]) for x in news))
    intake.state(low)
    intake.write()
    assert centre2.level() == (Level.SOON, 1)
    centre2.told(Story(), Story(end=120, before=(100, "a")), Story(end=200, before=(100, "b")))
    assert centre2.level() == (Level.SOME, 1)
    intake.state(low.model_copy(update={"sequence": 2}))
    intake.write()
    assert centre2.level() == (Level.SOME, 1)
    intake.here("T-1", here=False)
    intake.write()
    assert centre2.level() == (Level.GONE, 1)
    intake.here("T-1", here=True)
    intake.write()
    assert centre2.level() == (Level.SOME, 1)
    with centre2.engine.begin() as connection:
        assert accept(connection, "T-1", "0021", "换过磁盘", NOW)
    assert centre2.level() == (Level.SOON, 1)
    assert told == [Level.SOON, Level.SOME, Level.GONE, Level.SOME]


def test_one_line_with_two_hashes_is_found_by_a_later_head(centre1: Centre1) -> None:
    """Written anew with all its hashes and grown beyond, it meets no older head; it says so."""
    centre1.told(Story(), Story(end=120, before=(100, "a")))
    assert centre1.told(Story(end=200, before=(100, "b"))) == ["log.rewritten"]


def test_a_replaced_disk_begins_anew_without_alarm(centre1: Centre1) -> None:
    """When the office has let the machine in again since the old log; else it is one."""
    assert centre1.told(Story(), Story(of="b", end=3)) == ["log.begun_anew"]
    with centre1.engine.begin() as connection:
        accept(connection, "T-1", "0021", "重装", NOW)
        later = datetime.now(UTC) + timedelta(seconds=1)
        connection.execute(update(Terminal).values(enrolled_at=later))
    assert centre1.told(Story(of="c", end=3)) == []
    assert centre1.rows()[-1] == (3, 3, "replaced")


@pytest.mark.parametrize("who", ["authority", "name", "former key"])
def test_a_foreign_head_is_an_alarm_and_believed_by_nobody(centre1: Centre1, who: str) -> None:
    """Of another authority, of another terminal, of a certificate before the one in force."""
    leaf = {
        "authority": Authority.create("x").client("T-1"),
        "name": AUTHORITY.client("T-2"),
        "former key": LEAF,
    }[who]
    centre1.told(Story())
    if who == "former key":
        with centre1.engine.begin() as connection:
            soon = datetime.now(UTC) + timedelta(hours=1)
            connection.execute(update(AuditLog).values(certified_from=soon))
    assert centre1.told(Story(end=120), leaf=leaf) == ["log.foreign"]
    assert centre1.told(Story(end=110))[0] == "log.foreign"
    with centre1.engine.connect() as connection:
        known = connection.execute(select(AuditLog)).one()
    assert known.sequence in {100, 110}


def test_a_stranger_and_noise_change_nothing(centre1: Centre1) -> None:
    """A terminal that nobody enrolled; bytes that are no letter."""
    centre1.taking.head("T-9", Story().sent(), fresh=True)
    centre1.taking.head("T-1", b"{}", fresh=True)
    assert centre1.taking.write() == 2
    assert centre1.taking.unknown == 1
    assert (centre1.alarms(), centre1.rows()) == ([], [])


def test_a_wrong_clock_is_an_alarm_while_it_is_wrong(centre1: Centre1) -> None:
    """By letters that are sent now; one that the broker kept says nothing of the clock."""
    off = datetime.now(UTC) + timedelta(hours=2)

    def sent(end: int, now: datetime, *, fresh: bool) -> list[str]:
        centre1.taking.head("T-1", Story(end=end).sent(now), fresh=fresh)
        centre1.taking.write()
        return centre1.alarms()

    assert sent(100, off, fresh=False) == []
    assert sent(101, off, fresh=True) == ["log.clock"]
    assert sent(102, datetime.now(UTC), fresh=True) == []


def test_a_terminal_that_is_there_and_silent_is_an_alarm(centre2: Centre1) -> None:
    """Until it sends one; one that is away is another alarm's."""
    with centre2.engine.begin() as connection:
        connection.execute(update(Terminal).values(here=True, here_at=NOW - SILENT))
    later = NOW + timedelta(minutes=1)
    centre2.taking.look(later)
    assert centre2.alarms() == ["log.silent"]
    centre2.told(Story())
    centre2.taking.look(later)
    assert centre2.alarms() == []
    with centre2.engine.begin() as connection:
        connection.execute(update(Terminal).values(here=False))
    centre2.taking.look(later + SILENT)
    assert centre2.alarms() == []


def test_a_whole_fleet_may_fall_silent(centre2: Centre1) -> None:
    """More terminals than a statement of either database takes names."""
    many = [f"X-{number}" for number in range(70_000)]
    with centre2.engine.begin() as connection:
        name = connection.scalar(select(Terminal.name))
        assert levels(connection, [*many, str(name)]).keys() == {name}
    assert finding.named(centre2.engine, [*many, str(name)]).keys() == {name}


def test_of_older_days_the_last_head_stays(centre2: Centre1) -> None:
    """And every one with a finding; a year and more."""
    centre2.told(Story())
    with centre2.engine.begin() as connection:
        one = dict(connection.execute(select(AuditHead)).one()._mapping)
        del one["id"]
        days = [NOW - timedelta(days=day, hours=hour) for day in (500, 10, 9) for hour in (9, 8)]
        rows = [
            {**one, "received_at": day, "sequence": number, "finding": ""}
            for number, day in enumerate(days, 1)
        ]
        rows[2]["finding"] = "gap"
        connection.execute(insert(AuditHead), rows)
        connection.execute(update(AuditLog).values(received_at=NOW - timedelta(days=1)))
    centre2.told(Story(end=101))
    kept = {sequence for _, sequence, _ in centre2.rows()}
    assert kept == {100, 101, 3, 4, 6}
    assert KEPT_DAYS > 365


def test_an_explained_break_is_where_a_log_has_to_begin(
    centre2: Centre1, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before somebody has explained it, no log holds both; afterwards the new one is enough."""
    log = Log(tmp_path / "audit" / "audit.log")
    log.append(Event("agent_started"), entries=0)
    log.close()
    own = Story(end=log.head.sequence).head()
    short = own.model_copy(update={"digest": log.head.digest, "origin": log.head.digest})
    centre2.told(Story())
    letter = sign(short, LEAF.key, LEAF.certificate).to_bytes(NOW)
    centre2.taking.head("T-1", letter, fresh=False)
    centre2.taking.write()
    assert centre2.alarms() == ["log.begun_anew"]
    out = tmp_path / "told.json"
    export = ["heads", "export", "T-1", "--db", url, "--out", str(out)]
    verify = ["audit", "verify", "--state", str(tmp_path), "--heads", str(out)]
    assert fleet(export) == 0
    assert kiosk(verify) == 1
    assert fleet(["heads", "accept", "T-1", "--db", url, "--by", "0021", "--why", "换盘"]) == 0
    assert fleet(export) == 0
    assert kiosk(verify) == 0
    capsys.readouterr()
    assert fleet(["heads", "list", "T-1", "--db", url]) == 0
    assert "begun_anew 0021: 换盘" in capsys.readouterr().out
    assert fleet(["heads", "accept", "T-1", "--db", url, "--by", "0021", "--why", "x"]) == 1
