"""A simulated scanner of the Zebra family: SSI packets that want to be acknowledged, over a pty."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from drivers.scanner.symbology import ToldBy, mark_for
from drivers.scanner.zebra import (
    AGAIN,
    HOST,
    MORE,
    SCANNER,
    Opcode,
    Packet,
    PacketStream,
    Reason,
    encode,
)
from drivers.simulated.device import Surroundings
from drivers.simulated.faults import Fault, FaultKind
from drivers.simulated.scanner_module import SUPPORTED_FAULTS, Code, SimulatedModule

INFO: Final = b"YIDUAN SIMULATED SSI 1.0"

ROOM: Final = 240
"""Bytes of a code in one packet."""

ACKNOWLEDGE_S: Final = 0.3
"""How long it waits for an ACK before it sends a packet again; real ones wait 2 s by default."""

TRIES: Final = 3
"""How often a packet is sent at most (Zebra DS9908 guide p. 247)."""

PARAMETERS: Final = frozenset({0x8A, 0x88, 0x9F, 0xEC, 0xEE})


class SimulatedZebra(SimulatedModule):
    """One scanner behind `link`.

    Args:
        link: Symbolic link a driver opens.
        pace_baud: Line speed to imitate, in bits a second; None sends at once.
        seed: Where its chance begins.
    """

    def __init__(self, link: Path, pace_baud: int | None = None, *, seed: int = 0) -> None:
        self._stream = PacketStream(HOST)
        self._queue: list[Packet] = []
        self._tries = 0
        self._timer: threading.Timer | None = None
        super().__init__(link, pace_baud, faults=SUPPORTED_FAULTS | {FaultKind.CHECKSUM}, seed=seed)

    def close(self) -> None:
        """End the simulation and remove the link."""
        with self._lock:
            self._flush()
        super().close()

    def power_cycle(self) -> None:
        """Take its power away for a moment: settings and what waits to be sent are gone."""
        with self._lock:
            super().power_cycle()
            self._flush()

    @classmethod
    def simulated(cls, around: Surroundings) -> SimulatedZebra:
        """Build it from its entry of the file of simulated devices; it has no options."""
        return cls(around.link, around.baud, seed=around.seed)

    def _framed(self, code: Code) -> bytes:
        raise NotImplementedError  # codes go out in packets: `_send`

    def _foreign(self) -> bytes:
        return encode(Packet(opcode=0xB1, source=SCANNER, data=b"\0"))

    def _send(self, code: Code) -> None:
        """Queue the packets of a code; the next goes out when one is acknowledged."""
        kind = mark_for(ToldBy.PACKET, code.symbology)
        pieces = [code.payload[at : at + ROOM] for at in range(0, len(code.payload), ROOM)]
        for _ in range(code.repeat):
            for number, piece in enumerate(pieces, start=1):
                status = MORE if number < len(pieces) else 0
                self._queue.append(
                    Packet(
                        opcode=Opcode.DECODE_DATA, source=SCANNER, status=status, data=kind + piece
                    )
                )
        self._sent += 1
        if self._timer is None:
            self._transmit(self.faults.take(at_work=True))

    def _transmit(self, fault: Fault | None = None) -> None:
        """Send the first packet of the queue, and wait for its acknowledgement."""
        self._still()
        if not self._queue:
            return
        self._tries += 1
        first = self._queue[0]
        status = first.status | (AGAIN if self._tries > 1 else 0)
        packet = Packet(opcode=first.opcode, source=SCANNER, status=status, data=first.data)
        self._timer = threading.Timer(ACKNOWLEDGE_S, self._again)
        self._timer.daemon = True
        self._timer.start()
        self._answer(encode(packet), fault)

    def _again(self) -> None:
        with self._lock:
            if self._tries < TRIES:
                self._transmit()
            else:
                self._next()

    def _next(self) -> None:
        self._still()
        self._queue[:1] = []
        self._tries = 0
        self._transmit()

    def _flush(self) -> None:
        self._queue.clear()
        self._tries = 0
        self._still()

    def _still(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _hear(self, data: bytes) -> None:
        for packet in self._stream.feed(data):
            if isinstance(packet, Packet):
                self._serve(packet)

    def _serve(self, packet: Packet) -> None:
        match packet.opcode:
            case Opcode.ACK if self._queue:
                self._next()
            case Opcode.NAK if self._queue:
                self._again()
            case Opcode.ACK | Opcode.NAK:
                return
            case _:
                self._command(packet)

    def _command(self, packet: Packet) -> None:
        fault = self.faults.take(at_work=False)
        refusal = self._refusal(packet, fault)
        if refusal is not None:
            data, opcode = bytes([refusal]), Opcode.NAK
        elif packet.opcode == Opcode.REQUEST_REVISION:
            data, opcode = INFO, Opcode.REPLY_REVISION
        else:
            data, opcode = b"", Opcode.ACK
        self._answer(encode(Packet(opcode=opcode, source=SCANNER, data=data)), fault)
        if refusal is None:
            self._carry_out(packet)

    def _refusal(self, packet: Packet, fault: Fault | None) -> int | None:
        if fault and fault.kind is FaultKind.STATUS:
            return int(fault.detail, 16)
        known = {*Opcode} - {Opcode.DECODE_DATA, Opcode.REPLY_REVISION}
        numbers = packet.data[1::2] if packet.opcode == Opcode.PARAM_SEND else b""
        return Reason.DENIED if packet.opcode not in known or set(numbers) - PARAMETERS else None

    def _carry_out(self, packet: Packet) -> None:
        match packet.opcode:
            case Opcode.START:
                self._trigger(on=True)
            case Opcode.STOP:
                self._trigger(on=False)
            case Opcode.FLUSH:
                self._flush()
            case Opcode.PARAM_SEND:
                pairs = zip(packet.data[1::2], packet.data[2::2], strict=False)
                self._settings |= {f"{number:02X}": f"{value:02X}" for number, value in pairs}

    def _answer(self, data: bytes, fault: Fault | None) -> None:
        if fault and fault.kind is FaultKind.CHECKSUM:
            self._write(data[:-1] + bytes([data[-1] ^ 0x55]))
        else:
            super()._answer(data, fault)
