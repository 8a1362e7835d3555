"""The card through real PC/SC: pcscd, its virtual reader `vpcd`, and pyscard.

Nothing here is ours but the card at one end and the slot at the other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.errors import DeviceError, TransportLost
from drivers.service.adapters.social_card import SocialCardAdapter
from drivers.service.interfaces.common import DeviceWord
from drivers.simulated.social_card import (
    ANSWER_TO_RESET,
    EXAMPLE,
    VirtualCard,
    VirtualReaderCard,
)
from drivers.social_card.device import CardProblem, ReadFailure, SocialCardReader
from drivers.social_card.pcsc import PcscSlot
from kiosk.desk.part import free_port
from tests.waiting import PATIENCE_S, until

LIBRARY = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
DAEMON = shutil.which("pcscd") or "/usr/sbin/pcscd"

pytest.importorskip("smartcard", reason="pcsc: pyscard is not installed (extra pcsc)")
pytestmark = [
    pytest.mark.skipif(
        not (Path(DAEMON).exists() and LIBRARY.exists()),
        reason="pcsc: pcscd or its virtual reader is not installed (apt: pcscd vsmartcard-vpcd)",
    ),
    pytest.mark.skipif(os.geteuid() != 0, reason="pcsc: only root can start pcscd"),
    pytest.mark.skipif(
        Path("/run/pcscd/pcscd.comm").exists(), reason="pcsc: a pcscd of this machine is running"
    ),
]


class Service:
    """A pcscd with one virtual reader, which can be restarted."""

    def __init__(self, place: Path) -> None:
        self.port = free_port()
        self._file = place / "reader.conf"
        self._file.write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{self.port:X}\n'
            f"LIBPATH {LIBRARY}\nCHANNELID 0x{self.port:X}\n"
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it and wait until the reader is there."""
        self._process = subprocess.Popen(
            [DAEMON, "--foreground", "--config", str(self._file)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: Path("/run/pcscd/pcscd.comm").exists())
        until(self._ready)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
        self._process = None

    def put(self, card: VirtualCard) -> VirtualReaderCard:
        """Put a card into the reader, and wait until pcscd sees it."""
        put = VirtualReaderCard(card, self.port)
        slot = PcscSlot("Virtual PCD")
        until(slot.present)
        slot.close()
        return put

    def take_out(self, put: VirtualReaderCard) -> None:
        """Take a card out, and wait until pcscd sees that."""
        put.close()
        slot = PcscSlot("Virtual PCD")
        until(lambda: not slot.present())
        slot.close()

    def _ready(self) -> bool:
        try:
            PcscSlot("Virtual PCD").close()
        except DeviceError:
            return False
        return True


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Lend one."""
    made = Service(tmp_path_factory.mktemp("pcsc"))
    yield made
    made.stop()


def read(slot: PcscSlot, reader: SocialCardReader | None = None) -> object:
    """Read the card that is there."""
    there = reader or SocialCardReader(slot)
    there._forgotten = False  # it was put in for us
    return there.read(5e9, cancelled=threading.Event(), on_progress=lambda _: None)


@pytest.mark.parametrize(("manner", "other_form"), [("direct", False), ("61", True), ("6c", False)])
def test_a_card_is_read(service: Service, manner: str, other_form: bool) -> None:
    """In every manner a card can have."""
    put = service.put(VirtualCard(manner=manner, other_form=other_form))
    slot = PcscSlot("")
    assert slot.model.startswith("Virtual PCD")
    assert slot.power_on() == ANSWER_TO_RESET
    assert read(slot) == EXAMPLE
    slot.close()
    service.take_out(put)


def test_a_card_that_is_pulled_out(service: Service) -> None:
    """In the middle of a read."""
    taken: list[VirtualReaderCard] = []

    class Pulled(VirtualCard):
        def _read(self, command: bytes) -> bytes:
            taken[0].close()
            return super()._read(command)

    taken.append(service.put(Pulled()))
    slot = PcscSlot("")
    failure = read(slot)
    assert isinstance(failure, ReadFailure)
    assert failure.problem is CardProblem.CARD_REMOVED
    until(lambda: not slot.present())
    slot.close()


def test_a_reader_that_is_not_there(service: Service) -> None:
    """Is a lost port."""
    with pytest.raises(TransportLost):
        PcscSlot("Some Other Reader")


def test_it_survives_a_restart_of_the_service(service: Service) -> None:
    """The slot is lost with pcscd, and back with it; pyscard's own monitor would be dead."""
    adapter = SocialCardAdapter("pcsc:", {})
    adapter.open()
    assert adapter.state().word is DeviceWord.ONLINE
    service.stop()
    with pytest.raises(TransportLost):
        adapter.poll(_Nobody())
    adapter.close()
    with pytest.raises(TransportLost):
        adapter.open()
    service.start()
    adapter.open()
    put = service.put(VirtualCard())
    adapter.poll(_Nobody())
    assert "present" in str(adapter.state().status)
    adapter.close()
    service.take_out(put)


class _Nobody:
    """Hears no events."""

    def __call__(self, name: str, payload: object = None) -> None:
        """Drop it."""

    def state(self) -> None:
        """Drop it."""
