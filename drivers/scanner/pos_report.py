"""A scanner of the HID point-of-sale class (usage page 0x8C): reports become payloads. Pure.

Two layouts of a 64-byte report are known; a report that begins with 2 and has an AIM identifier
is the first, any other is the second. In the first, some models have one byte more before the
identifier, and so before the data.

::

    02 | length | ] letter modifier | 56 bytes, zero padded | own id | 0 | bit 0: more follows
    length | 63 bytes, zero padded; a code ends with the first report that is not full

Nothing is sent: a module of this class looks whenever it is set to.

Sources: Access-IS LSR118 manual p. 68 and ATR110 manual p. 33, and the captured reports in
HenkVanAsselt/python_hon_usbhid (first layout, three sources agree);
@point-of-sale/webhid-barcode-scanner 1.2.2 (the same, and the byte more); and
linux22.com/archives/106927
(second layout, one source); USB HID point-of-sale usage tables 1.02.
"""

from __future__ import annotations

from typing import Final

from drivers.scanner.codec import (
    MAX_PAYLOAD,
    Damage,
    Event,
    Framing,
    Garbled,
    Overflow,
    Payload,
    Request,
)
from drivers.scanner.mute import MuteCodec
from drivers.scanner.symbology import ToldBy, by_aim, is_mark

REPORT: Final = 64
REPORT_ID: Final = 0x02
ROOM: Final = 56
PLAIN_ROOM: Final = 63

_MARK_AT = (2, 3)
_MARK = 3
_MORE = 63


def reports(data: bytes, mark: bytes = b"]Q1") -> bytes:
    """Return the reports of a module that read `data`, first layout; for the simulator."""
    pieces = [data[at : at + ROOM] for at in range(0, len(data), ROOM)] or [b""]
    out = b""
    for number, piece in enumerate(pieces, start=1):
        head = bytes([REPORT_ID, len(piece)]) + mark + piece.ljust(ROOM, b"\0")
        out += head + bytes([0, 0, number < len(pieces)])
    return out


class PosReportCodec(MuteCodec):
    """A module of the point-of-sale class; see `drivers.scanner.codec.Codec`."""

    @property
    def name(self) -> str:
        """The family's name."""
        return "hid-pos"

    def receiver(self, framing: Framing, told_by: ToldBy, suffix: bytes = b"") -> _Receiver:
        """Return an ear for reports, which say where a code ends and often its kind."""
        del framing, told_by, suffix
        return _Receiver()


class _Receiver:
    """The host's ear; see `drivers.scanner.codec.Receiver`."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._data = bytearray()
        self._mark = ""
        self._begun = False
        self._too_long = False

    @property
    def in_record(self) -> bool:
        """Whether a code of several reports is not complete."""
        return self._begun or bool(self._pending)

    def expect(self, request: Request | None) -> None:
        """Do nothing: there are no answers."""

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes as they came, return what is complete."""
        self._pending += data
        events: list[Event] = []
        while len(self._pending) >= REPORT:
            report = bytes(self._pending[:REPORT])
            del self._pending[:REPORT]
            if one := self._take(report):
                events.append(one)
        return events

    def idle(self) -> list[Event]:
        """No report came for a while.

        A code in the second layout that fills its last report to the brim ends here; any other is
        cut short.
        """
        whole = self._begun and not self._mark and not self._pending
        begun = self.in_record
        end = self._end() if whole else None
        self.reset()
        if end:
            return [end]
        return [Garbled(damage=Damage.CUT_SHORT)] if begun else []

    def reset(self) -> None:
        """Forget what was begun."""
        self._pending.clear()
        self._forget()

    def answers(self) -> bytes:
        """Return nothing: reports are not acknowledged."""
        return b""

    def _forget(self) -> None:
        """Forget the code that was begun, not the reports that are still to be looked at."""
        self._data.clear()
        self._mark = ""
        self._begun = self._too_long = False

    def _take(self, report: bytes) -> Event | None:
        at = _mark_at(report)
        marked = at > 0
        length = report[1] if marked else report[0]
        if length > (ROOM if marked else PLAIN_ROOM) or (
            self._begun and marked != bool(self._mark)
        ):
            self._forget()
            return Garbled(damage=Damage.FOREIGN)
        self._begun = True
        data_at = at + _MARK if marked else 1
        self._add(report[data_at : data_at + length])
        if marked:
            self._mark = self._mark or report[at : at + _MARK].decode("ascii")
        more = report[_MORE] & 1 if marked else length == PLAIN_ROOM
        return None if more else self._end()

    def _add(self, piece: bytes) -> None:
        self._data += piece
        if len(self._data) > MAX_PAYLOAD:
            self._data.clear()
            self._too_long = True

    def _end(self) -> Event | None:
        data, mark, too_long = bytes(self._data).rstrip(b"\r\n"), self._mark, self._too_long
        self._forget()
        if too_long:
            return Overflow()
        if not data:
            return None
        return Payload(data=data, symbology=by_aim(mark, len(data)), mark=mark)


def _mark_at(report: bytes) -> int:
    """Return where the AIM identifier of the first layout stands; 0 for the second layout."""
    if report[0] != REPORT_ID or report[1] > ROOM:
        return 0
    return next((at for at in _MARK_AT if is_mark(report[at : at + _MARK])), 0)
