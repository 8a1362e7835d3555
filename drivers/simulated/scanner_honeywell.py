"""A simulated scanner of the Honeywell family: menu commands and any payload, over a pty."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from drivers.scanner.codec import Verdict
from drivers.scanner.honeywell import MENU, TRIGGER_OFF, TRIGGER_ON, command_reply
from drivers.scanner.symbology import ToldBy, mark_for
from drivers.simulated.device import Surroundings
from drivers.simulated.faults import FaultKind
from drivers.simulated.scanner_module import LONGEST_REQUEST, Code, SimulatedModule

INFO: Final = (
    b"Product Name: Yiduan simulated engine\r\nBoot Revision: : 1\r\n"
    b"Software Revision: 1.0\r\nSerial Number: 0000000001\r\nSupported IF: Serial\r\n"
)
"""What REVINF answers, in the lines of a real one."""

_REQUEST = re.compile(rb"\x16([TU])\r|\x16M\r([^.!]{0,400}[.!])")
_VALUES: Final[dict[str, str]] = {
    "TRGMOD": "[0-9]",
    "PAPHHF": "",
    "VSUFCR": "",
    "SUFBK2": "99([0-9A-F]{2})+",
    "PRECA2": "",
    "PREBK2": "99([0-9A-F]{2})+",
    "QRCENA": "[01]",
    "128ENA": "[01]",
    "PDFENA": "[01]",
}
"""What it can be set to."""

_TAG = 6


class SimulatedHoneywell(SimulatedModule):
    """One scanner behind `link`.

    Args:
        link: Symbolic link a driver opens.
        pace_baud: Line speed to imitate, in bits a second; None sends at once.
        suffix: What is sent after a payload while nothing else is set.
        lacks: Settings this engine does not know: whole, or by tag and sub-tag.
        seed: Where its chance begins.
    """

    def __init__(
        self,
        link: Path,
        pace_baud: int | None = None,
        *,
        suffix: bytes = b"\r",
        lacks: frozenset[str] = frozenset(),
        seed: int = 0,
    ) -> None:
        self._suffix = suffix
        self._lacks = lacks
        self._pending = b""
        super().__init__(link, pace_baud, seed=seed)

    @classmethod
    def simulated(cls, around: Surroundings) -> SimulatedHoneywell:
        """Build it from its entry of the file of simulated devices; it has no options."""
        return cls(around.link, around.baud, seed=around.seed)

    def _framed(self, code: Code) -> bytes:
        prefix = self._settings.get("PREBK2", "")
        told_by = {"995C81": ToldBy.AIM, "995C80": ToldBy.CODE_ID}.get(prefix, ToldBy.NOTHING)
        suffix = b"\r" if "VSUFCR" in self._settings else self._suffix
        if "SUFBK2" in self._settings:
            suffix = bytes.fromhex(self._settings["SUFBK2"][2:])
        return mark_for(told_by, code.symbology) + code.payload + suffix

    def _foreign(self) -> bytes:
        return command_reply(b"BEPLVL3!", Verdict.ACCEPTED)

    def _hear(self, data: bytes) -> None:
        self._pending += data
        end = 0
        for match in _REQUEST.finditer(self._pending):
            end = match.end()
            if match[0] in {TRIGGER_ON, TRIGGER_OFF}:
                self._trigger(on=match[0] == TRIGGER_ON)
            elif match[0].startswith(MENU):
                self._serve(match[2].decode("ascii", "replace"))
        self._pending = self._pending[end:][-LONGEST_REQUEST:]

    def _serve(self, text: str) -> None:
        fault = self.faults.take(at_work=False)
        storage, parts = text[-1], text[:-1].split(";")
        if fault and fault.kind is FaultKind.STATUS:
            refusal = Verdict.UNKNOWN_COMMAND if fault.detail == "05" else Verdict.BAD_VALUE
            verdicts = [refusal for _ in parts]
        else:
            verdicts = [self._set(part) for part in parts]
        echo = ";".join(self._valued(part) for part in parts) + storage
        info = INFO if parts == ["REVINF"] else b""
        self._answer(info + command_reply(echo.encode(), *verdicts), fault)

    def _set(self, part: str) -> Verdict:
        """Carry out one part of a command, and judge it."""
        tag, value = part[:_TAG], part[_TAG:]
        if part == "REVINF":
            return Verdict.ACCEPTED
        if tag not in _VALUES or {tag, part} & self._lacks:
            return Verdict.UNKNOWN_COMMAND
        if value == "?":
            return Verdict.ACCEPTED
        if not re.fullmatch(_VALUES[tag], value):
            return Verdict.BAD_VALUE
        if tag in {"PRECA2", "VSUFCR"}:
            self._settings.pop({"PRECA2": "PREBK2", "VSUFCR": "SUFBK2"}[tag], None)
        self._settings[tag] = value
        return Verdict.ACCEPTED

    def _valued(self, part: str) -> str:
        """Return a part as it is repeated: a query has its value."""
        if not part.endswith("?"):
            return part
        return part[:_TAG] + self._settings.get(part[:_TAG], "3")
