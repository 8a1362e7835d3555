"""Zebra's Simple Serial Interface (SSI). Pure.

::

    packet   length | opcode | source | status | data | checksum, high byte first
    length   of everything but the checksum
    source   4 host, 0 scanner
    status   bit 0 sent again, bit 1 more packets of this message follow, bit 3 for good
    checksum two's complement of the sum of all bytes before it, 16 bits

Every command is answered by ACK or NAK with a reason; a reply does not say to what, so one request
is out at a time. A packet with codes is acknowledged by the host, or it comes again (the scanner
tries three times). A packet sent again (bit 0) is heard only if the first was damaged: else it is
one we have, or one from before we listened.
Bit 3 is never set: parameters last until power-off.

A payload is inside a packet, so no code can imitate a reply, and line ends in it are data.
Not understood: the 0x73 segments of cordless models; they are `Damage.FOREIGN`.

Sources: SSI programmer's guide 72E-40451; Motorola SE955 guide p. 218 (start); Symbol SE-923 guide
p. 171 (decode data); Zebra DS9908 guide p. 247 (acknowledgement, three tries);
alvinnguyen-chipmunk/zebra-scanner-library ``ssi.h`` (opcodes, reasons, parameters, status bits).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from drivers.scanner.codec import (
    MAX_PAYLOAD,
    CommandReply,
    Damage,
    Event,
    Framing,
    Garbled,
    Overflow,
    Payload,
    Request,
    Verdict,
)
from drivers.scanner.symbology import ToldBy, by_ssi

HOST: Final = 0x04
SCANNER: Final = 0x00
AGAIN: Final = 0x01
MORE: Final = 0x02

_HEADER = 4
_CHECKSUM = 2
_LONGEST = 255
NO_BEEP: Final = 0xFF
_SETTING = re.compile(r"(?:F[012]:)?([0-9A-F]{2})=([0-9A-F]{2})")


class Opcode(enum.IntEnum):
    """What a packet is."""

    PARAM_SEND = 0xC6
    REQUEST_REVISION = 0xA3
    REPLY_REVISION = 0xA4
    ACK = 0xD0
    NAK = 0xD1
    FLUSH = 0xD2
    START = 0xE4
    STOP = 0xE5
    DECODE_DATA = 0xF3
    EVENT = 0xF6


class Reason(enum.IntEnum):
    """The first byte of a NAK."""

    RESEND = 0x01
    BAD_CONTEXT = 0x02
    DENIED = 0x06
    CANCEL = 0x0A


@dataclass(frozen=True, kw_only=True, slots=True)
class Packet:
    """One packet, checked."""

    opcode: int
    source: int
    status: int = 0
    data: bytes = b""


def encode(packet: Packet) -> bytes:
    """Return the bytes of a packet; its data holds at most 251 bytes."""
    length = _HEADER + len(packet.data)
    body = bytes([length, packet.opcode, packet.source, packet.status]) + packet.data
    return body + checksum(body)


def checksum(body: bytes) -> bytes:
    """Return the two checksum bytes of a packet's other bytes."""
    return (-sum(body) & 0xFFFF).to_bytes(2, "big")


def _from_host(opcode: Opcode, data: bytes = b"") -> bytes:
    return encode(Packet(opcode=opcode, source=HOST, data=data))


class PacketStream:
    """Cuts a line into packets of one source; what is none is skipped byte by byte.

    Used by the host for packets of the scanner, by the simulated scanner for those of the host.
    """

    def __init__(self, source: int) -> None:
        self._source = source
        self._buffer = bytearray()
        self._in_noise = False

    @property
    def begun(self) -> bool:
        """Whether a packet has begun and is not complete."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> list[Packet | Damage]:
        """Take bytes as they came; return packets, and one damage a run of what is none."""
        self._buffer += data
        found: list[Packet | Damage] = []
        while (one := self._next()) is not None:
            noise = isinstance(one, Damage)
            if not (noise and self._in_noise):
                found.append(one)
            self._in_noise = noise
        return found

    def end(self) -> list[Packet | Damage]:
        """Say that the line fell silent: a packet that was begun is cut short."""
        found: list[Packet | Damage] = [Damage.CUT_SHORT] if self._buffer else []
        self._in_noise = True
        while self._buffer:
            del self._buffer[0]
            found += self.feed(b"")
        self._in_noise = False
        return found

    def clear(self) -> None:
        """Forget what was begun."""
        self._buffer.clear()
        self._in_noise = False

    def _next(self) -> Packet | Damage | None:
        if not self._buffer:
            return None
        length = self._buffer[0]
        if length < _HEADER or (len(self._buffer) > 2 and self._buffer[2] != self._source):
            del self._buffer[0]
            return Damage.FOREIGN
        if len(self._buffer) < length + _CHECKSUM:
            return None
        body = bytes(self._buffer[:length])
        if checksum(body) != bytes(self._buffer[length : length + _CHECKSUM]):
            del self._buffer[0]
            return Damage.CHECKSUM
        del self._buffer[: length + _CHECKSUM]
        return Packet(opcode=body[1], source=body[2], status=body[3], data=body[_HEADER:])


class ZebraCodec:
    """The family of Zebra, Motorola and Symbol; see `drivers.scanner.codec.Codec`."""

    @property
    def name(self) -> str:
        """The family's name."""
        return "zebra"

    def receiver(self, framing: Framing, told_by: ToldBy, suffix: bytes = b"") -> _Receiver:
        """Return an ear for one line; packets need no framing and say the kind of code."""
        del framing, told_by, suffix
        return _Receiver()

    def identify(self) -> tuple[Request, ...]:
        """Ask for the revision."""
        return (Request(name="REVISION", data=_from_host(Opcode.REQUEST_REVISION)),)

    def configure(self, settings: Sequence[str]) -> Request | None:
        """Set parameters in memory, all in one exchange."""
        if not settings:
            return None
        data = bytearray([NO_BEEP])
        for setting in settings:
            data += bytes.fromhex(setting.replace(":", "").replace("=", ""))
        return Request(
            name="PARAM_SEND",
            data=_from_host(Opcode.PARAM_SEND, bytes(data)),
            settings=tuple(settings),
        )

    def check(self, setting: str) -> Request | None:
        """Return nothing: setting again costs no more than asking."""
        del setting
        return None

    def start(self) -> tuple[Request, ...]:
        """Drop what waits to be sent, then pull the trigger."""
        return (
            Request(name="FLUSH", data=_from_host(Opcode.FLUSH)),
            Request(name="START", data=_from_host(Opcode.START)),
        )

    def stop(self) -> Request | None:
        """Let the trigger go."""
        return Request(name="STOP", data=_from_host(Opcode.STOP), answered=False)

    def fault_of(self, setting: str) -> str | None:
        """Refuse what is no parameter number and value."""
        if _SETTING.fullmatch(setting):
            return None
        return "is not a parameter and a value in hexadecimal, such as 8A=08 or F0:00=01"


class _Receiver:
    """The host's ear; see `drivers.scanner.codec.Receiver`."""

    def __init__(self) -> None:
        self._stream = PacketStream(SCANNER)
        self._expected: Request | None = None
        self._message = bytearray()
        self._kind = -1
        """Code type of a message of several packets; -1 between messages."""
        self._too_long = False
        self._wants_again = False
        self._answers = bytearray()

    @property
    def in_record(self) -> bool:
        """Whether a packet, or a message of several, is not complete."""
        return self._stream.begun or self._kind >= 0

    def expect(self, request: Request | None) -> None:
        """Say which request an ACK or NAK belongs to."""
        self._expected = request

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes as they came, return what is complete."""
        return self._events(self._stream.feed(data))

    def idle(self) -> list[Event]:
        """The line was silent: what was begun was cut short, and is asked for again."""
        events = self._events(self._stream.end())
        if not events and self._kind >= 0:
            events = [Garbled(damage=Damage.CUT_SHORT)]
            self._kind = -1
        return events

    def reset(self) -> None:
        """Forget what was begun."""
        self._stream.clear()
        self._kind = -1
        self._wants_again = False

    def answers(self) -> bytes:
        """Return, once, the acknowledgements of what was received."""
        answers = bytes(self._answers)
        self._answers.clear()
        return answers

    def _events(self, found: list[Packet | Damage]) -> list[Event]:
        events: list[Event] = []
        for one in found:
            event = self._hear(one) if isinstance(one, Packet) else self._damaged(one)
            if event:
                events.append(event)
        return events

    def _damaged(self, damage: Damage) -> Garbled:
        if damage is not Damage.FOREIGN:
            self._wants_again = True
            self._answers += _from_host(Opcode.NAK, bytes([Reason.RESEND]))
        return Garbled(damage=damage)

    def _hear(self, packet: Packet) -> Event | None:
        match packet.opcode:
            case Opcode.ACK:
                return self._reply(Verdict.ACCEPTED)
            case Opcode.NAK:
                return self._reply(_verdict_of(packet.data[:1]))
            case Opcode.REPLY_REVISION:
                return CommandReply(
                    name="REVISION", verdict=Verdict.ACCEPTED, data=_revision(packet.data)
                )
            case Opcode.DECODE_DATA:
                self._answers += _from_host(Opcode.ACK)
                return self._decoded(packet)
            case Opcode.EVENT:
                self._answers += _from_host(Opcode.ACK)
                return None
            case _:
                return Garbled(damage=Damage.FOREIGN)

    def _reply(self, verdict: Verdict) -> CommandReply:
        asked = self._expected
        settings = asked.settings if asked and verdict is not Verdict.ACCEPTED else ()
        return CommandReply(name=asked.name if asked else "", verdict=verdict, refused=settings)

    def _decoded(self, packet: Packet) -> Event | None:
        if packet.status & AGAIN and not self._wants_again:
            return None
        self._wants_again = False
        if not packet.data:
            return Garbled(damage=Damage.FOREIGN)
        if self._kind < 0:
            self._message.clear()
            self._too_long = False
            self._kind = packet.data[0]
        self._message += packet.data[1:]
        if len(self._message) > MAX_PAYLOAD:
            self._message.clear()
            self._too_long = True
        return None if packet.status & MORE else self._message_end()

    def _message_end(self) -> Event | None:
        kind, self._kind = self._kind, -1
        if self._too_long:
            return Overflow()
        data = bytes(self._message)
        self._message.clear()
        if not data:
            return None
        return Payload(data=data, symbology=by_ssi(kind), mark=f"{kind:02X}")


def _verdict_of(reason: bytes) -> Verdict:
    if reason == bytes([Reason.RESEND]):
        return Verdict.UNCLEAR
    return Verdict.REFUSED


def _revision(text: bytes) -> bytes:
    """Return the revision with anything but printable ASCII as space."""
    return bytes(byte if 0x20 <= byte < 0x7F else 0x20 for byte in text).strip()
