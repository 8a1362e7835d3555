"""Files of terminals: over the real bus in pieces, held against their digest, and bounded."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.attachments import Collector, Kept
from fleet.attachments.collecting import AT_ONCE
from fleet.attachments.keeping import MOST as KEPT
from fleet.bus import Centre, Ears
from kiosk.agent import machine_orders
from kiosk.agent.evidence import diagnostics
from kiosk.agent.maintenance import Upkeep
from kiosk.outbox import Outbox
from kiosk.outbox.report import FILE
from kiosk.status.attachment import MOST, PIECE, Attachment, AttachmentError, Piece, pieces
from kiosk.status.command import Done, Kind
from tests.broker import CENTRE, Bus, bus
from tests.fleet.test_bus import terminal
from tests.fleet.test_reporting import Hall, reporting
from tests.fleet.test_reporting import given as command_of
from tests.waiting import until

__all__ = ["bus"]
ZIP = Attachment(kind=Kind.DIAGNOSTICS, data=os.urandom(3 * PIECE + 5))


class Office:
    """A collector, what was asked for, and what came whole."""

    def __init__(self, place: Path) -> None:
        self.kept = Kept(place)
        self.asked: dict[tuple[str, str], Kind] = {}
        self.whole: list[tuple[str, str]] = []
        self.collector = Collector(
            self.kept,
            lambda terminal, command: self.asked.get((terminal, command)),
            lambda terminal, command: self.whole.append((terminal, command)),
        )

    def take(self, sent: Attachment, command: str, terminal: str = "T-1") -> None:
        """Take all pieces of a file."""
        for piece in pieces(command, sent):
            self.collector.take(terminal, piece)

    def read(self, command: str, terminal: str = "T-1") -> bytes | None:
        """Return what is kept."""
        return self.kept.read(terminal, command, Kind.DIAGNOSTICS)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office that asked T-1 for diagnostics."""
    own = Office(tmp_path)
    own.asked["T-1", "command-1"] = Kind.DIAGNOSTICS
    return own


def test_a_file_goes_over_the_bus(bus: Bus, office: Office) -> None:
    """Whole, under the name of the certificate, though no message of the bus holds so much."""
    office.asked["T-0301", "command-9"] = Kind.DIAGNOSTICS
    centre = Centre(bus.address(CENTRE), Ears(piece=office.collector.take), name="files")
    centre.start()
    try:
        with terminal(bus, "T-0301") as line:
            until(lambda: centre.connected)
            large = replace(ZIP, data=os.urandom(20 * PIECE + 1))
            assert line.attach("command-9", large)
            until(lambda: office.whole == [("T-0301", "command-9")], 60)
            with pytest.raises(AttachmentError):
                line.attach("command-9", replace(ZIP, data=bytes(MOST + 1)))
    finally:
        centre.stop()
    assert office.read("command-9", "T-0301") == large.data


def test_diagnostics_are_made_sent_and_answered(
    bus: Bus, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the agent's own act, over the bus; nothing of the bundle stays on the terminal."""
    monkeypatch.setattr(machine_orders, "examine", lambda *_: {})
    hall = Hall(bus, tmp_path, "T-0303")
    outbox = Outbox(tmp_path / FILE)
    act = diagnostics(Upkeep(state=tmp_path), outbox)
    hall.told = replace(hall.told, acts={Kind.DIAGNOSTICS: act})
    office.asked["T-0303", "bundle-0001"] = Kind.DIAGNOSTICS
    done: list[Done] = []
    ears = Ears(piece=office.collector.take, done=done.append)
    centre = Centre(bus.address(CENTRE), ears, name="bundles")
    centre.start()
    try:
        until(lambda: centre.connected)
        with reporting(bus, hall):
            command = command_of("bundle-0001", "T-0303", Kind.DIAGNOSTICS)
            centre.command("T-0303", command, good_for_s=60)
            until(lambda: done)
    finally:
        centre.stop()
        outbox.close()
    assert [(one.id, one.outcome) for one in done] == [("bundle-0001", "done")]
    with zipfile.ZipFile(io.BytesIO(office.read("bundle-0001", "T-0303") or b"")) as archive:
        assert {"doctor.json", "outbox.json", "audit.jsonl"} <= set(archive.namelist())
    assert not list(tmp_path.glob("diagnostics-*"))


def test_a_line_that_is_lost_is_told(bus: Bus) -> None:
    """The command is then answered as failed."""
    with terminal(bus, "T-0302") as line:
        pass
    assert not line.attach("command-9", ZIP)


def _foreign(office: Office) -> None:
    office.take(ZIP, "command-1", "T-2")


def _not_asked(office: Office) -> None:
    office.take(ZIP, "command-2")


def _another_kind(office: Office) -> None:
    office.take(replace(ZIP, kind=Kind.SCREENSHOT), "command-1")


def _changed(office: Office) -> None:
    for piece in pieces("command-1", ZIP):
        office.collector.take("T-1", replace(piece, data=bytes(len(piece.data))))


def _mixed(office: Office) -> None:
    first, *_ = pieces("command-1", ZIP)
    _, *rest = pieces("command-1", replace(ZIP, data=bytes(len(ZIP.data))))
    for piece in (first, *rest):
        office.collector.take("T-1", piece)


@pytest.mark.parametrize("attempt", [_foreign, _not_asked, _another_kind, _changed, _mixed])
def test_what_was_not_asked_for_is_not_kept(
    office: Office, attempt: Callable[[Office], None]
) -> None:
    """And does not stand in the way of what was."""
    attempt(office)
    assert office.collector.refused
    assert office.whole == []
    office.take(ZIP, "command-1")
    assert office.read("command-1") == ZIP.data


def test_repeated_pieces_do_no_harm_and_a_file_is_kept_once(office: Office) -> None:
    """The broker may bring a message twice; another file for the same command is refused."""
    for piece in pieces("command-1", ZIP):
        for _ in range(2):
            office.collector.take("T-1", piece)
    office.take(replace(ZIP, data=b"another"), "command-1")
    assert office.read("command-1") == ZIP.data
    assert office.whole == [("T-1", "command-1")]


def test_what_is_held_is_bounded(office: Office) -> None:
    """Files that were begun and never end go, the quietest first; so do old ones on the disk."""
    for number in range(AT_ONCE + 5):
        office.asked["T-1", f"command-{number}"] = Kind.DIAGNOSTICS
        office.collector.take("T-1", next(pieces(f"command-{number}", ZIP)))
    assert len(office.collector._halves) == AT_ONCE
    for number in range(KEPT + 3):
        office.take(ZIP, f"command-{number}")
    names = [f"command-{number}" for number in range(KEPT + 3)]
    assert office.kept.there("T-1", names) == frozenset(names[3:])
    assert office.kept.there("../T-1", names) == frozenset()


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_a_piece_or_refused(head: bytes, data: bytes) -> None:
    """Nothing else is raised."""
    with contextlib.suppress(AttachmentError):
        Piece.parse(head + b"\n" + data)


def test_a_piece_comes_back_as_it_was() -> None:
    """Even with line ends in it."""
    for piece in pieces("command-1", replace(ZIP, data=b"\n" * (PIECE + 1))):
        assert Piece.parse(piece.to_bytes()) == piece
