"""A receipt printer that is not there: real bytes over a real pty, paper as pictures.

It behaves as an 80 mm printer with a Chinese font does:

- real-time commands (``DLE EOT``, ``DLE ENQ``, ``DLE DC4`` 8) act when they arrive, wherever they
  stand in the stream, even inside a picture;
- everything else waits in a receive buffer and is done in order, line by line; ``GS r`` and
  ``GS ( H`` are answered when their turn comes, so a printer that stopped never answers them;
- a stopped printer (paper out, cover open, fault) keeps its buffer and goes on when it can, unless
  it is cleared: the ghost slip a driver must prevent can really come out;
- a full receive buffer takes no more bytes.

Every sheet is read by `drivers.printer.paper`'s press and kept as text and as a PNG.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.printer.commands import Command, CommandReader, Text
from drivers.printer.paper import Paper
from drivers.printer.press import Press
from drivers.simulated.printer_condition import (
    DEFAULT_AFTER_LINES,
    Condition,
    ControlError,
    Plan,
    accident,
    choice,
    number,
)
from drivers.simulated.pty_port import PtyPort

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drivers.printer.commands import Token
    from drivers.simulated.printer_condition import Accident

RECEIVE_BUFFER = 65_536
"""Bytes the printer takes before it makes the host wait."""

DOTS_A_SECOND = 1200
"""Paper speed of a paced printer: 150 mm/s."""

KEPT_PAPERS = 50
"""Sheets kept; older ones and their pictures go."""

_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
_CLEARED = b"\x37\x25\x00"
_RECOVER = b"\x10\x05\x02"
_GARBAGE = b"\xff\x93\x80"


class SimulatedPrinter:
    """One printer behind a pty.

    Args:
        link: Symbolic link a driver opens.
        paper_dir: Where pictures of the sheets go; made when missing.
        pace_baud: Line speed to imitate, and with it a real paper speed; None is at once.
        process_ids: Whether it knows ``GS ( H``; most Chinese boards do not.
    """

    def __init__(
        self,
        link: Path,
        paper_dir: Path,
        pace_baud: int | None = None,
        *,
        process_ids: bool = True,
    ) -> None:
        paper_dir.mkdir(parents=True, exist_ok=True)
        self._paper_dir = paper_dir
        self._paced = pace_baud is not None
        self._process_ids = process_ids
        self._condition = Condition()
        self._change = threading.Condition()
        self._papers: list[dict[str, object]] = []
        self._unsaved: list[tuple[Paper, dict[str, object]]] = []
        self._printed = 0
        self._closed = False
        self._power_up()
        self._port = PtyPort(link, pace_baud)
        self._port.start(self._on_bytes)
        self._head = threading.Thread(target=self._run, name=f"head {link.name}", daemon=True)
        self._head.start()

    def state(self) -> dict[str, object]:
        """Return the printer's state for the control page, JSON values only."""
        with self._change:
            return {
                "plugged": self._port.plugged,
                **self._condition.state(),
                "waiting_bytes": self._buffer.pending,
                "lines_on_sheet": self._press.lines_done,
                "papers": self._printed,
            }

    def papers(self) -> list[dict[str, object]]:
        """Return the sheets that came out, oldest first.

        Each: `id`, `text` (lines), `qr` (payloads the printer drew), `png` (path), `bytes`,
        `cut`, `complete` (False when the printer stopped or was cleared in the middle),
        `unknown` (ignored commands).
        """
        with self._change:
            return [dict(paper) for paper in self._papers]

    def control(self, command: Mapping[str, object]) -> None:
        """Do what the control page says.

        ``{"paper": "ok|low|out"}``, ``{"cover": "open|closed"}``, ``{"power": "on|off"}``,
        ``{"unplug": true}``, ``{"replug": true}``, ``{"fault": accident or "none"}``,
        ``{"slow_line_s": seconds}``, ``{"out_after_lines": n}``,
        ``{"fail_next": accident, "times": n}``,
        ``{"fail_during": accident, "after_lines": n, "times": n}``; several in one are
        done together.

        Raises:
            ControlError: the command is not known; nothing of it was done.
        """
        cable = [key for key in ("unplug", "replug") if command.get(key) is True]
        with self._change:
            self._set_condition(command)
            self._change.notify_all()
        if cable:
            (self.unplug if cable[0] == "unplug" else self.replug)()

    def unplug(self) -> None:
        """Pull the cable; the printer goes on printing what it has."""
        self._port.unplug()

    def replug(self) -> None:
        """Put the cable in again."""
        self._port.replug()

    def close(self) -> None:
        """End the printer and its port."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._port.close()
        self._head.join(timeout=2.0)

    # --- control

    def _set_condition(self, command: Mapping[str, object]) -> None:
        changes = _read_control(command)
        condition = self._condition
        for key, value in changes.items():
            if key == "power":
                self._set_power(on=value == "on")
            elif key == "accident":
                self._befall(accident(value))
            elif key == "recover":
                condition.recover()
            elif key == "plan" and isinstance(value, Plan):
                condition.plans.append(value)
            else:
                setattr(condition, key, value)

    def _set_power(self, *, on: bool) -> None:
        if on and not self._condition.powered:
            self._power_up()
        elif not on:
            self._lose_buffer()
        self._condition.powered = on

    def _befall(self, what: Accident) -> None:
        if what == "unplug":
            self._port.unplug()
        elif what == "power-off":
            self._lose_buffer()
        self._condition.befall(what)

    def _power_up(self) -> None:
        self._buffer = CommandReader()
        self._press = Press()
        self._held: Token | None = None
        self._idle = True
        self._recent = b""
        self._sheet_bytes = 0
        self._broken_off = False

    def _lose_buffer(self) -> None:
        """Forget all data; what was on the paper already is a torn sheet."""
        self._buffer.clear()
        self._held = None
        self._idle = True
        self._press.forget_line()
        self._broken_off = True
        if not self._press.blank:
            self._give_out(cut=False)
        self._broken_off = False
        self._sheet_bytes = 0

    # --- the line

    def _on_bytes(self, data: bytes) -> None:
        """Take bytes from the port; the port's thread waits here while the buffer is full."""
        for byte in data:
            with self._change:
                if self._closed or not self._condition.powered:
                    return
                self._change.wait_for(self._has_room)
                answer = self._take(byte)
            if answer:
                self._reply(answer)
        with self._change:
            self._idle = False
            self._change.notify_all()

    def _has_room(self) -> bool:
        return self._closed or self._buffer.pending < RECEIVE_BUFFER

    def _take(self, byte: int) -> bytes:
        """Buffer one byte and act at once when it completes a real-time command."""
        self._buffer.feed(bytes((byte,)))
        self._recent = (self._recent + bytes((byte,)))[-len(_CLEAR) :]
        if self._recent[-3:-1] == b"\x10\x04" and 1 <= byte <= 4:
            return bytes((self._condition.status_byte(byte),))
        if self._recent == _CLEAR:
            self._lose_buffer()
            return _CLEARED
        if self._recent[-3:] == _RECOVER:
            self._lose_buffer()
        return b""

    def _reply(self, data: bytes) -> None:
        if self._condition.powered and not self._condition.silent:
            self._port.write(_GARBAGE if self._condition.garbage else data)

    # --- the head

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(self._has_work)
                if self._closed:
                    return
                answer = self._move_on() if self._can_print() else b""
                self._change.notify_all()
                sheets, self._unsaved = self._unsaved, []
            self._save(sheets)
            if answer:
                self._reply(answer)

    def _has_work(self) -> bool:
        return self._closed or bool(self._unsaved) or self._can_print()

    def _can_print(self) -> bool:
        return not self._idle and not self._condition.stopped

    def _move_on(self) -> bytes:
        """Do one step and let the time pass that the paper needs for it; returns an answer."""
        height = self._press.height
        answer = self._step()
        if rest := self._time_for(self._press.height - height):
            self._change.wait_for(lambda: self._closed, timeout=rest)
        return answer

    def _time_for(self, dots: int) -> float:
        """Return how long the paper takes to move this far, in seconds."""
        if dots <= 0:
            return 0.0
        return self._condition.slow_line_s + (dots / DOTS_A_SECOND if self._paced else 0.0)

    def _step(self) -> bytes:
        """Do one token, or let the accident happen that is due before it; returns an answer."""
        self._held = token = self._held or self._buffer.next()
        if token is None:
            self._idle = True
            return b""
        if self._accident_is_due(token):
            return b""
        self._held = None
        self._sheet_bytes += _size(token)
        self._press.execute(token)
        if isinstance(token, Command):
            return self._answer(token)
        return b""

    def _answer(self, token: Command) -> bytes:
        if token.code in (b"\x1dV", b"\x1bi", b"\x1bm"):
            self._give_out(cut=True)
        elif token.code == b"\x1dr" and token.parameters in (b"\x01", b"1"):
            return bytes((self._condition.paper_byte(),))
        elif token.code == b"\x1d(" and self._process_ids:
            asked = token.parameters
            if asked[:1] == b"H" and asked[3:5] == b"00" and len(asked) == 9:
                return b"\x37\x22" + asked[5:] + b"\x00"
        return b""

    def _accident_is_due(self, token: Token) -> bool:
        """Tell whether the head stops here; the first line of a job is line 0."""
        if self._press.blank and not isinstance(token, Text):
            return False
        plans = self._condition.plans
        due = next((p for p in plans if self._press.lines_done >= p.after_lines), None)
        if due is None or (due.accident == "cutter" and not _cuts(token)):
            return False
        due.times -= 1
        if due.times <= 0:
            plans.remove(due)
        self._broken_off = due.accident not in ("silence", "garbage", "unplug")
        self._befall(due.accident)
        return self._condition.stopped

    def _give_out(self, *, cut: bool) -> None:
        """End the sheet; the head's thread saves it without holding anybody up."""
        paper = Paper.of(self._press.take())
        self._printed += 1
        record: dict[str, object] = {
            "id": self._printed,
            "text": list(paper.text),
            "qr": list(paper.qr),
            "png": str(self._paper_dir / f"{self._printed}.png"),
            "bytes": self._sheet_bytes,
            "cut": cut,
            "complete": cut and not self._broken_off,
            "unknown": list(paper.unknown),
        }
        self._unsaved.append((paper, record))
        self._sheet_bytes, self._broken_off = 0, False

    def _save(self, sheets: list[tuple[Paper, dict[str, object]]]) -> None:
        """Write the pictures, then list the sheets; the oldest go."""
        for paper, record in sheets:
            Path(str(record["png"])).write_bytes(paper.png())
            with self._change:
                self._papers.append(record)
                gone, self._papers = self._papers[:-KEPT_PAPERS], self._papers[-KEPT_PAPERS:]
            for old in gone:
                Path(str(old["png"])).unlink(missing_ok=True)


def _cuts(token: Token) -> bool:
    return isinstance(token, Command) and token.code == b"\x1dV"


def _size(token: Token) -> int:
    if isinstance(token, Command):
        return len(token.code) + len(token.parameters)
    return len(token.data)


def _read_control(command: Mapping[str, object]) -> dict[str, object]:
    """Check a whole control command and return it as changes in the order they are done."""
    known = {"paper", "cover", "power", "unplug", "replug", "fault", "slow_line_s"}
    known |= {"out_after_lines", "fail_next", "fail_during", "after_lines", "times"}
    if strange := sorted(set(command) - known):
        raise ControlError(f"unknown command {strange[0]!r}")
    changes: dict[str, object] = {}
    if "fault" in command:
        changes |= {"recover": True} if command["fault"] == "none" else {}
        changes |= {} if changes else {"accident": accident(command["fault"])}
    if "paper" in command:
        changes["paper"] = choice(command, "paper", ("ok", "low", "out"))
    if "cover" in command:
        changes["cover_open"] = choice(command, "cover", ("open", "closed")) == "open"
    if "power" in command:
        changes["power"] = choice(command, "power", ("on", "off"))
    if "slow_line_s" in command:
        changes["slow_line_s"] = number(command, "slow_line_s", 0, 10)
    if plan := _read_plan(command):
        changes["plan"] = plan
    return changes


def _read_plan(command: Mapping[str, object]) -> Plan | None:
    times = int(number(command, "times", 1, 1000))
    if "out_after_lines" in command:
        lines = int(number(command, "out_after_lines", 0, 10_000))
        return Plan(accident="paper-out", after_lines=lines)
    if "fail_during" in command:
        lines = int(number(command, "after_lines", DEFAULT_AFTER_LINES, 10_000))
        return Plan(accident=accident(command["fail_during"]), after_lines=lines, times=times)
    if "fail_next" in command:
        return Plan(accident=accident(command["fail_next"]), after_lines=0, times=times)
    return None
