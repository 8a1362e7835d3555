"""A simulated social security card, its slot on a Unix socket, and its way into a virtual reader.

`VirtualCard` takes commands as a real card does.  `SimulatedSocialSlot` is a slot with it behind a
socket; `VirtualReaderCard` puts the same card into `vpcd`, the virtual reader of the vsmartcard
project, so that pcscd and everything above it is the real thing.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from drivers.simulated.device import Surroundings
from drivers.simulated.faults import Fault, FaultKind
from drivers.simulated.flaky import FlakyFaults
from drivers.social_card.codec import ENVIRONMENT, File, Item, SocialCard
from drivers.social_card.wire import ATR, OFF, ON, RESET, Receiver, framed

ANSWER_TO_RESET = bytes.fromhex("3b6d0000") + b"YIDUANTEST001"
"""No card maker's: direct convention, T=0, thirteen historical bytes (ISO/IEC 7816-3, 8.2)."""

SUPPORTED_FAULTS = frozenset(
    {
        FaultKind.FOREIGN,
        FaultKind.GARBAGE,
        FaultKind.LIFT,
        FaultKind.SILENCE,
        FaultKind.SPLIT,
        FaultKind.STATUS,
        FaultKind.TRUNCATED,
        FaultKind.UNPLUG,
    }
)
_BY_CHANCE = (FaultKind.LIFT, FaultKind.TRUNCATED, FaultKind.STATUS)

_OK, _NO_FILE, _NO_RECORD, _WRONG, _BLOCKED = (
    bytes.fromhex(words) for words in ("9000", "6a82", "6a83", "6a86", "6283")
)
EXAMPLE = SocialCard(
    number="400702199003050027",
    name="陈晓云",
    card_number="A40000001",
    expiry=dt.date(2040, 5, 1),
)
"""A synthetic card; division 40 is assigned to nobody."""


def _padded(value: bytes, length: int) -> bytes:
    return value.ljust(length, b"\x00")


def items_of(card: SocialCard) -> dict[Item, bytes]:
    """Return the items as a card holds them."""
    expiry = bytes.fromhex(card.expiry.strftime("%Y%m%d")) if card.expiry else b"\xff" * 4
    return {
        Item.EXPIRY: expiry,
        Item.CARD_NUMBER: _padded(card.card_number.encode("ascii"), 9),
        Item.NUMBER: _padded(card.number.encode("ascii"), 18),
        Item.NAME: _padded(card.name.encode("gb18030"), 30),
    }


@dataclass(kw_only=True)
class VirtualCard:
    """A card that takes commands.

    Attributes:
        items: What it holds; a bank's card holds nothing.
        manner: How it gives data: at once, after 61xx, or after 6Cxx.
        other_form: Whether it wants the other form of each question: P1 00, items by number.
        blocked: Whether its application is blocked.
    """

    items: Mapping[Item, bytes] = field(default_factory=lambda: items_of(EXAMPLE))
    manner: str = "direct"
    other_form: bool = False
    blocked: bool = False
    _file: File | None = None
    _chosen: bool = False
    _waiting: bytes = b""

    def reset(self) -> None:
        """Forget what was selected."""
        self._file, self._chosen, self._waiting = None, False, b""

    def answer(self, command: bytes) -> bytes:
        """Return the answer to a command, status words included."""
        match command[1:2]:
            case b"\xa4" if command[2:3] == b"\x04":
                return self._choose(command)
            case b"\xa4":
                return self._select(command)
            case b"\xb2":
                return self._read(command)
            case b"\xc0":
                data, self._waiting = self._waiting, b""
                return data + _OK if data else _WRONG
            case _:
                return b"\x6d\x00"

    def _choose(self, command: bytes) -> bytes:
        if command[5:] != ENVIRONMENT or not self.items:
            return _NO_FILE
        self._chosen = True
        return _BLOCKED if self.blocked else self._given(b"\x6f\x00", command)

    def _select(self, command: bytes) -> bytes:
        if not self._chosen or (command[2] == 0x02) is self.other_form:
            return _WRONG
        number = int.from_bytes(command[5:7], "big")
        if number not in set(File):
            return _NO_FILE
        self._file = File(number)
        return _OK

    def _read(self, command: bytes) -> bytes:
        by_number = command[3] == 0x04
        if by_number is not self.other_form:
            return _WRONG
        for item, value in self.items.items():
            asked = item.number if by_number else item.tag
            if item.file is self._file and asked == command[2]:
                return self._given(bytes([item.tag, len(value)]) + value, command)
        return _NO_RECORD

    def _given(self, data: bytes, command: bytes) -> bytes:
        match self.manner:
            case "61":
                self._waiting = data
                return bytes([0x61, len(data)])
            case "6c" if command[1] == 0xB2 and command[4] != len(data):
                return bytes([0x6C, len(data)])
            case _:
                return data + _OK


class SimulatedSocialSlot:
    """A slot behind a Unix socket at `surroundings.link`.

    Commands: ``{"insert": true}`` or ``{"insert": {"number", "name", "card_number", "expiry"}}``,
    ``{"insert": "bank"|"blocked"|"mute"}``, ``{"manner": "direct"|"61"|"6c"}``,
    ``{"other_form": true}``, ``{"take_out": true}``, ``{"unplug": true}``, ``{"replug": true}``,
    and faults; ``lift`` pulls the card out before the answer.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._link = surroundings.link
        self._link.parent.mkdir(parents=True, exist_ok=True)
        self.faults = FlakyFaults(SUPPORTED_FAULTS, _BY_CHANCE, surroundings.seed)
        self._lock = threading.RLock()
        self._card: VirtualCard | None = None
        self._mute = False
        self._asked = 0
        self._manner, self._other_form = "direct", False
        self._listener: socket.socket | None = None
        self._clients: set[socket.socket] = set()
        self._plug_in()

    @property
    def asked(self) -> int:
        """How many commands the cards were given."""
        return self._asked

    def state(self) -> dict[str, object]:
        """Return what the control page shows; of the card only that it is there."""
        with self._lock:
            return {
                "plugged": self._listener is not None,
                "card": self._card is not None,
                "mute": self._mute,
                "asked": self._asked,
                "faults": self.faults.waiting(),
                "flaky": self.faults.chance,
            }

    def control(self, command: Mapping[str, object]) -> None:
        """Do what a person at the slot or a fault would."""
        acts: dict[str, Callable[[object], None]] = {
            "insert": self._insert,
            "manner": self._set_manner,
            "other_form": self._set_form,
            "take_out": lambda _: self._take_out(),
            "unplug": lambda _: self._unplug(),
            "replug": lambda _: self._plug_in(),
        }
        with self._lock:
            for name, act in acts.items():
                if name in command:
                    act(command[name])
                    return
            if not self.faults.add(command):
                raise ValueError("not understood: " + ", ".join(sorted(command)))

    def close(self) -> None:
        """End the simulation and remove the socket."""
        with self._lock:
            self._unplug()

    def _insert(self, what: object) -> None:
        items = items_of(_card_from_json(what)) if isinstance(what, Mapping) else items_of(EXAMPLE)
        if not isinstance(what, Mapping) and what not in {True, "bank", "blocked", "mute"}:
            raise ValueError("insert is true, a card, bank, blocked or mute")
        self._mute = what == "mute"
        self._card = VirtualCard(
            items={} if what == "bank" else items,
            manner=self._manner,
            other_form=self._other_form,
            blocked=what == "blocked",
        )

    def _set_manner(self, manner: object) -> None:
        if manner not in {"direct", "61", "6c"}:
            raise ValueError("manner is direct, 61 or 6c")
        self._manner = str(manner)

    def _set_form(self, other: object) -> None:
        self._other_form = bool(other)

    def _take_out(self) -> None:
        self._card = None

    def _plug_in(self) -> None:
        if self._listener is not None:
            return
        self._link.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self._link))
        self._listener.listen()
        _run(self._accept, self._listener)

    def _unplug(self) -> None:
        if self._listener is None:
            return
        self._link.unlink(missing_ok=True)
        for end in (self._listener, *self._clients):
            _hang_up(end)
        self._listener = None
        self._clients.clear()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                self._clients.add(client)
                _run(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        receiver = Receiver()
        with contextlib.suppress(OSError), client:
            while data := client.recv(4096):
                for message in receiver.receive(data):
                    with self._lock:
                        self._take(client, message)

    def _take(self, client: socket.socket, message: bytes) -> None:
        if message in {OFF, ON, RESET}:
            if self._card is not None:
                self._card.reset()
            return
        if message == ATR:
            client.sendall(framed(ANSWER_TO_RESET if self._card else b""))
            return
        self._asked += 1
        fault = self.faults.take(at_work=message[1:2] == b"\xb2")
        if fault is not None and fault.kind is FaultKind.LIFT:
            self._take_out()
        self._send(client, self._answer(message, fault), fault)

    def _answer(self, command: bytes, fault: Fault | None) -> bytes:
        if self._card is None:
            return b""
        match fault.kind if fault else None:
            case FaultKind.STATUS:
                return bytes([0x69, int(fault.detail or "82", 16) if fault else 0])
            case FaultKind.FOREIGN:
                return bytes([0x3F, 0x01, 0x00]) + _OK
            case FaultKind.GARBAGE:
                return b"\xff" * 40 + _OK
            case FaultKind.TRUNCATED:
                return self._card.answer(command)[:1]
            case _:
                return b"\x6f\x00" if self._mute else self._card.answer(command)

    def _send(self, client: socket.socket, answer: bytes, fault: Fault | None) -> None:
        data = framed(answer)
        match fault.kind if fault else None:
            case FaultKind.SILENCE:
                return
            case FaultKind.SPLIT:
                for at in range(len(data)):
                    client.sendall(data[at : at + 1])
            case FaultKind.UNPLUG:
                client.sendall(data[: int(fault.detail or len(data) // 2) if fault else 0])
                self._unplug()
            case _:
                client.sendall(data)


class VirtualReaderCard:
    """A card in `vpcd`: connected is put in, closed is taken out.

    Args:
        card: What is put in.
        port: Where `vpcd` listens on this machine; 35963 is its first slot.
    """

    def __init__(self, card: VirtualCard, port: int = 35963) -> None:
        self._card = card
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._socket.settimeout(None)
        _run(self._serve, self._socket)

    def close(self) -> None:
        """Take the card out."""
        _hang_up(self._socket)

    def _serve(self, reader: socket.socket) -> None:
        receiver = Receiver()
        with contextlib.suppress(OSError):
            while data := reader.recv(4096):
                for message in receiver.receive(data):
                    if message == ATR:
                        reader.sendall(framed(ANSWER_TO_RESET))
                    elif message in {OFF, ON, RESET}:
                        self._card.reset()
                    else:
                        reader.sendall(framed(self._card.answer(message)))


def _run(what: Callable[[socket.socket], None], on: socket.socket) -> None:
    threading.Thread(target=what, args=(on,), name="simulated social card", daemon=True).start()


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def _card_from_json(what: Mapping[str, object]) -> SocialCard:
    try:
        expiry = what.get("expiry")
        return SocialCard(
            number=str(what["number"]),
            name=str(what["name"]),
            card_number=str(what["card_number"]),
            expiry=dt.date.fromisoformat(str(expiry)) if expiry else None,
        )
    except KeyError as error:
        raise ValueError(f"a card has {error}") from error
