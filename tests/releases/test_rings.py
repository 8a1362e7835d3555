"""Rings: terminals move along their line and no further, and take a release once it is open."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet.errors import NotSigned, RepositoryRefused, SourceRefused
from fleet.release import holding
from fleet.release.publishing import publish
from kiosk.agent.reporting.orders import OrderFailed
from kiosk.agent.rollout_orders import rollout_acts
from kiosk.release.errors import Unreachable
from kiosk.release.placing import group_of_terminal
from kiosk.status.command import Command, Kind
from kiosk.status.rings import group_of, line_of, ring_by_lot, ring_of
from tests.releases.conftest import Terminal
from tests.releases.repositories import Fleet, passes
from tests.releases.web import Web

RINGS = ("canary", "early", "stable")


def built(fleet: Fleet, phone: str, name: str) -> dict[str, str]:
    """Stage a release for all rings under one name; returns the packs' digests by group."""
    for group in RINGS:
        fleet.build(phone, group=group, name=name)
    return {own.group: own.digest for own in holding.staged_parts(fleet.repository)}


def open_ring(fleet: Fleet, number: int, digests: dict[str, str]) -> None:
    """Publish a ring of the release ``second``."""
    holding.open_ring(fleet.repository, "second", number, fleet.online, digests.values())


@pytest.fixture
def digests(fleet: Fleet) -> dict[str, str]:
    """A release that is signed for three rings, and held."""
    own = built(fleet, "2", "second")
    with pytest.raises(NotSigned, match="canary 2: signed by nobody"):
        holding.rings_of(fleet.repository, "second")
    fleet.sign("zhang", "li")
    assert holding.rings_of(fleet.repository, "second") == RINGS
    holding.hold(fleet.repository, "second", RINGS)
    return own


def test_groups_are_rings_of_lines() -> None:
    """Everybody's line, and a place's own."""
    for line in ("", "410700", "jiao-zuo"):
        groups = [group_of(line, ring) for ring in range(4)]
        assert len(set(groups)) == 4
        assert [line_of(own) for own in groups] == [line] * 4
        assert [ring_of(own) for own in groups] == [0, 1, 2, 3]
    assert line_of("canary") != line_of("410700-canary")


def test_the_lot_is_always_the_same_and_as_large_as_was_said() -> None:
    """One terminal in a hundred, in twenty, in four; a larger share keeps who was in."""
    names = [f"410700-{number:05}" for number in range(20_000)]
    seen = Counter(map(ring_by_lot, names))
    assert [round(seen[ring] / len(names), 2) for ring in range(4)] == [0.01, 0.04, 0.20, 0.75]
    assert all(ring_by_lot(own, (0.02, 0.1, 0.5)) <= ring_by_lot(own) for own in names[:2000])


def test_what_is_held_is_published_ring_by_ring(
    fleet: Fleet, web: Web, terminal: Terminal, place: Path, digests: dict[str, str]
) -> None:
    """The daily renewal publishes none of it; a ring that is not open has nothing, and no alarm."""
    late = Terminal(place / "late", fleet.root, group="stable")
    publish(fleet.repository, fleet.online, passes)
    assert terminal.update(web.url).offer is not None
    assert terminal.phone == "1"
    open_ring(fleet, 0, digests)
    open_ring(fleet, 0, digests)  # broken off after it was published, and done again
    assert late.update(web.url).offer is None  # named by targets now, and still inside
    terminal.update(web.url)
    assert terminal.phone == "2"
    for number in (1, 2):
        open_ring(fleet, number, digests)
    late.update(web.url)
    assert late.phone == "2"
    assert [own.release for own in holding.published_parts(fleet.repository)] == ["second"] * 3


def test_a_publication_that_was_cut_short_is_done_again(
    fleet: Fleet, digests: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In force already, and what was held is still there: it is not published twice."""
    monkeypatch.setattr("fleet.release.repository.Repository.forget_staged", lambda _own: None)
    open_ring(fleet, 0, digests)
    monkeypatch.undo()
    number = fleet.repository.public.resolve().name
    open_ring(fleet, 0, digests)
    assert fleet.repository.public.resolve().name == number
    assert not holding.ring(fleet.repository, "second", 0).staged()


def test_only_what_was_checked_and_follows_is_published(
    fleet: Fleet, digests: dict[str, str]
) -> None:
    """Another pack than was checked, and a document that another one overtook."""
    with pytest.raises(SourceRefused, match="not the pack that was checked"):
        holding.open_ring(fleet.repository, "second", 0, fleet.online, ())
    fleet.release("9")
    with pytest.raises(RepositoryRefused, match="canary 2 does not follow 2"):
        open_ring(fleet, 0, digests)


def test_a_withdrawn_release_is_offered_no_more(
    fleet: Fleet, web: Web, terminal: Terminal, place: Path, digests: dict[str, str]
) -> None:
    """Who has it goes back by command; who has not finds nothing until the next one is there."""
    open_ring(fleet, 0, digests)
    terminal.update(web.url)
    holding.forget(fleet.repository, "second")
    holding.withdraw(fleet.repository, digests, fleet.online)
    holding.withdraw(fleet.repository, digests, fleet.online)
    assert fleet.repository.is_withdrawn("canary")
    other = Terminal(place / "other", fleet.root)
    with pytest.raises(Unreachable):
        other.update(web.url)
    acts = rollout_acts("canary", terminal.folder)
    acts[Kind.RELEASE_WITHDRAWN](order(Kind.RELEASE_WITHDRAWN, "another"))
    assert terminal.updating().finish().stage == "committed"
    acts[Kind.RELEASE_WITHDRAWN](order(Kind.RELEASE_WITHDRAWN, "second"))
    assert terminal.updating().finish().stage == "rolled_back"
    assert terminal.phone == "1"
    fleet.rotate("wang")  # signs anew what is published, and does not bring the pack back
    with pytest.raises(Unreachable):
        other.update(web.url)
    fleet.release("3")
    for own in (terminal, other):
        own.update(web.url)
        assert own.phone == "3"


def test_a_terminal_moves_along_its_line_and_no_further(terminal: Terminal) -> None:
    """And back to its own file's group when that is changed."""
    acts = rollout_acts("canary", terminal.folder)
    acts[Kind.PLACE](order(Kind.PLACE, "stable"))
    assert group_of_terminal(terminal.folder, "canary") == "stable"
    for group in ("410700", "410700-canary", "../etc"):
        with pytest.raises(OrderFailed):
            acts[Kind.PLACE](order(Kind.PLACE, group))
    assert group_of_terminal(terminal.folder, "canary") == "stable"
    assert group_of_terminal(terminal.folder, "early") == "early"
    (terminal.folder / "group.json").write_text('{"group": "410700", "home": "canary"}')
    assert group_of_terminal(terminal.folder, "canary") == "canary"


def order(kind: Kind, argument: str) -> Command:
    """Return a command of the rollouts."""
    now = datetime.now(UTC)
    return Command(
        id="c-00000001",
        to="T-0001",
        kind=kind,
        argument=argument,
        by="rollouts",
        issued_at=now,
        expires_at=now,
    )
