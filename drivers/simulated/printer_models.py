"""Kinds of printer the simulated one can be: what it answers, and what it knows.

Bits and commands are those of the makers' manuals named in `config/devices/printer-*.yaml`; this
module shares no table with the driver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drivers.simulated.printer_condition import Condition


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """One kind of printer.

    Attributes:
        names: model, firmware and serial number that ``GS I`` tells.
        process_ids: whether it knows ``GS ( H``; most Chinese boards do not.
        automatic: whether it knows ``GS a``.
        clears: whether it forgets its buffer on ``DLE DC4`` 8 and ``DLE ENQ`` 2.
        echoes: whether it knows ``ESC ACK``.
        full_status: whether ``DLE EOT 20`` is answered, as Custom's printers do.
        bare_status: whether ``DLE EOT 2`` alone is answered, by a byte without fixed bits, as
            Hwasung's HMK-830 does.
        presenter: who holds the slip out: nobody, the cut itself, or a command of its own.
        exit_bit: bit of the ``DLE EOT 4`` answer that tells of the presenter.
        exit_bit_when: whether that bit is set when a slip hangs there, or when none does.
    """

    names: tuple[str, str, str] | None = None
    process_ids: bool = False
    automatic: bool = False
    clears: bool = True
    echoes: bool = False
    full_status: bool = False
    bare_status: bool = False
    presenter: Literal["none", "at-cut", "by-command"] = "none"
    exit_bit: int = 0
    exit_bit_when: bool = True

    def status_answer(self, kind: int, now: Condition) -> bytes:
        """Return the answer to DLE EOT `kind`; nothing where that is not known."""
        if self.bare_status:
            return bytes((self._bare_byte(now),)) if kind == 2 else b""
        if kind == 20 and self.full_status:
            return self._full_status(now)
        return bytes((self.status_byte(kind, now),)) if 1 <= kind <= 4 else b""

    def status_byte(self, kind: int, now: Condition) -> int:
        """Return the DLE EOT answer to question `kind`, 1 to 4."""
        out, low = now.paper == "out", now.paper != "ok"
        mended = now.overheated or now.jammed
        exit_set = self.exit_bit and now.exit_holds == self.exit_bit_when
        bits = {
            1: 0x08 * now.stopped,
            2: 0x04 * now.cover_open
            | 0x20 * out
            | 0x40 * (now.cutter_fault or now.printer_error or mended),
            3: 0x04 * now.jammed
            | 0x08 * now.cutter_fault
            | 0x20 * now.printer_error
            | 0x40 * now.overheated,
            4: (0x20 if self.exit_bit else 0x60) * out
            | 0x0C * low
            | (self.exit_bit if exit_set else 0),
        }
        return 0x12 | bits[kind]

    def _bare_byte(self, now: Condition) -> int:
        paper = 0x01 * (now.paper == "out") | 0x08 * (now.paper != "ok")
        return paper | 0x02 * now.cover_open | 0x04 * now.jammed | 0x20 * now.cutter_fault

    def _full_status(self, now: Condition) -> bytes:
        """Return the answer to DLE EOT 20: paper, user, recoverable, unrecoverable."""
        paper = 0x01 * (now.paper == "out") | 0x04 * (now.paper != "ok") | 0x20 * now.exit_holds
        recoverable = 0x01 * now.overheated | 0x40 * now.jammed
        broken = 0x01 * now.cutter_fault | 0x04 * now.printer_error
        return bytes((0x10, 0x0F, paper, 0x02 * now.cover_open, recoverable, broken))

    def automatic_bytes(self, now: Condition) -> bytes:
        """Return the four automatic status bytes (GS a)."""
        first = 0x10 | 0x08 * now.stopped | 0x20 * now.cover_open
        second = 0x08 * now.cutter_fault | 0x20 * now.printer_error | 0x40 * now.overheated
        second |= 0x04 * now.jammed
        third = 0x03 * (now.paper != "ok") | 0x0C * (now.paper == "out")
        return bytes((first, second, third, 0x00))

    def name(self, number: int) -> bytes:
        """Return the GS I answer: 67 model, 65 firmware, 68 serial number."""
        if self.names is None or number not in (67, 65, 68):
            return b""
        return b"_" + self.names[(67, 65, 68).index(number)].encode() + b"\x00"

    def move_in_presenter(self, code: bytes, number: int, now: Condition) -> None:
        """Do GS e (Custom: 2 retract, 3 present, 5 eject) or GS R 0 (Citizen: collect)."""
        if code == b"\x1de" and number == 3:
            now.exit_holds = True
        elif (code, number) in ((b"\x1de", 2), (b"\x1dR", 0x30)):
            now.retracted += now.exit_holds
            now.exit_holds = False
        elif code == b"\x1de" and number == 5:
            now.exit_holds = False

    def paper_byte(self, now: Condition) -> int:
        """Return the GS r 1 answer."""
        return 0x0C * (now.paper == "out") | 0x03 * (now.paper != "ok")


MODELS: Final[Mapping[str, Model]] = {
    "epson": Model(
        names=("SIM-80", "1.04 ESC/POS", "SIM0000001"), process_ids=True, automatic=True
    ),
    "board": Model(),
    "plain-board": Model(clears=False),
    "echo": Model(echoes=True),
    "hwasung": Model(bare_status=True),
    "custom": Model(full_status=True, presenter="by-command"),
    "citizen-presenter": Model(presenter="at-cut", exit_bit=0x40, exit_bit_when=False),
    "citizen-retracting": Model(presenter="at-cut", exit_bit=0x40),
}
"""By the word that a file of simulated devices uses for `model`."""
