"""A receipt printer that is not there: real bytes over a real pty, paper as pictures.

It behaves as an 80 mm printer with a Chinese font does:

- real-time commands (``DLE EOT``, ``DLE ENQ``, ``DLE DC4`` 8) act when they arrive, wherever they
  stand in the stream, even inside a picture;
- everything else waits in a receive buffer and is done in order, line by line; ``GS r``,
  ``GS ( H`` and ``ESC ACK`` are answered when their turn comes, so a printer that stopped never
  answers them;
- a stopped printer (paper out, cover open, fault) keeps its buffer and goes on when it can, unless
  it is cleared: the ghost slip a driver must prevent can really come out;
- a full receive buffer takes no more bytes;
- a slip in the presenter stays until somebody takes it or it is taken back.

Which of these it knows is its `Model`. Every sheet is read by `drivers.printer.paper`'s press and
kept as text and as a PNG.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from drivers.printer.commands import Command, CommandReader, Text
from drivers.printer.press import Press
from drivers.simulated.faults import Fault, FaultKind
from drivers.simulated.flakiness import Flakiness
from drivers.simulated.printer_condition import (
    Condition,
    ControlError,
    Plan,
    accident,
    read_control,
)
from drivers.simulated.printer_models import MODELS
from drivers.simulated.printer_tray import Tray
from drivers.simulated.pty_port import PtyPort

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from drivers.printer.commands import Token
    from drivers.simulated.device import Surroundings
    from drivers.simulated.printer_condition import Accident

RECEIVE_BUFFER = 65_536
"""Bytes the printer takes before it makes the host wait."""

DOTS_A_SECOND = 1200
"""Paper speed of a paced printer: 150 mm/s."""

_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
_CLEARED = b"\x37\x25\x00"
_RECOVER = b"\x10\x05\x02"
_CUTS = (b"\x1dV", b"\x1bi", b"\x1bm")
_GARBAGE = b"\xff\x93\x80"
_QUIET = ("silence", "garbage", "unplug", "stalled", "overheated")
"""Accidents after which a sheet can still come out whole."""


class SimulatedPrinter:
    """One printer behind a pty.

    Args:
        link: Symbolic link a driver opens.
        paper_dir: Where pictures of the sheets go; made when missing.
        pace_baud: Line speed to imitate, and with it a real paper speed; None is at once.
        model: A key of `MODELS`.
        seed: Where its chance begins.
        dots_a_second: Paper speed; None for the usual one when paced, 0 for a paper that takes
            no time.
    """

    def __init__(
        self,
        link: Path,
        paper_dir: Path,
        pace_baud: int | None = None,
        *,
        model: str = "epson",
        seed: int = 0,
        dots_a_second: int | None = None,
    ) -> None:
        if model not in MODELS:
            raise ControlError(f"unknown model {model!r}")
        self._model, self._model_name = MODELS[model], model
        usual = DOTS_A_SECOND if pace_baud is not None else 0
        self._dots_a_second = usual if dots_a_second is None else dots_a_second
        self._condition = Condition()
        lost, garbled = Fault(kind=FaultKind.SILENCE), Fault(kind=FaultKind.GARBAGE)
        self._flakiness = Flakiness([lost, garbled], seed)
        self._change = threading.Condition()
        self._tray = Tray(paper_dir)
        self._closed = False
        self._unplug_in: int | None = None
        self._power_up()
        self._port = PtyPort(link, pace_baud)
        self._port.start(self._on_bytes)
        self._head = threading.Thread(target=self._run, name=f"head {link.name}", daemon=True)
        self._head.start()

    @classmethod
    def simulated(cls, around: Surroundings) -> Self:
        """Make it as the file of simulated devices says; its option is ``model``.

        Raises:
            ControlError: there is no such model.
        """
        model = str(around.options.get("model", "epson"))
        return cls(around.link, around.papers, around.baud, model=model, seed=around.seed)

    def state(self) -> dict[str, object]:
        """Return the printer's state for the control page, JSON values only."""
        with self._change:
            return {
                "plugged": self._port.plugged,
                "model": self._model_name,
                "flaky": self._flakiness.chance,
                **self._condition.state(),
                "waiting_bytes": self._buffer.pending,
                "lines_on_sheet": self._press.lines_done,
                "papers": self._tray.count,
            }

    def papers(self) -> list[dict[str, object]]:
        """Return the sheets that came out, oldest first.

        Each: `id`, `text` (lines), `qr` (payloads of the QR codes the printer drew), `codes`
        (kind and payload of every code it drew), `png` (path), `bytes`, `cut`, `complete` (False
        when the printer stopped or was cleared in the middle), `unknown` (ignored commands).
        """
        return self._tray.papers()

    def control(self, command: Mapping[str, object]) -> None:
        """Do what the control page says.

        ``{"paper": "ok|low|out"}``, ``{"cover": "open|closed"}``, ``{"power": "on|off"}``,
        ``{"unplug": true}``, ``{"replug": true}``, ``{"take": true}`` (the slip in the presenter),
        ``{"fault": accident or "none"}``,
        ``{"slow_line_s": seconds}``, ``{"out_after_lines": n}``,
        ``{"fail_next": accident, "times": n}``,
        ``{"fail_during": accident, "after_lines": n, "times": n}``,
        ``{"flaky": chance, "seed": n}`` (an answer is lost or garbled by chance); several in one
        are done together.

        Raises:
            ControlError: the command is not known; nothing of it was done.
        """
        cable = [key for key in ("unplug", "replug") if command.get(key) is True]
        changes = read_control(command)
        if "flaky" in command:
            self._flakiness.control(command)
        with self._change:
            self._set_condition(changes)
            self._change.notify_all()
        if cable:
            (self.unplug if cable[0] == "unplug" else self.replug)()

    def unplug(self) -> None:
        """Pull the cable; the printer goes on printing what it has."""
        self._port.unplug()

    def unplug_after(self, received: int) -> None:
        """Let the cable be pulled when this many more bytes have arrived."""
        with self._change:
            self._unplug_in = received

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
        self._tray.close()

    # --- control

    def _set_condition(self, changes: Mapping[str, object]) -> None:
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
        self._automatic: bytes | None = None

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
                pull = self._unplug_in == 0
            if pull:
                self._unplug_in = None
                self._port.unplug()
                break
            if answer:
                self._reply(answer)
        with self._change:
            self._idle = False
            self._change.notify_all()

    def _has_room(self) -> bool:
        room = self._buffer.pending < RECEIVE_BUFFER and not self._condition.stalled
        return self._closed or room

    def _take(self, byte: int) -> bytes:
        """Buffer one byte and act at once when it completes a real-time command."""
        if self._unplug_in is not None:
            self._unplug_in -= 1
        self._buffer.feed(bytes((byte,)))
        self._recent = (self._recent + bytes((byte,)))[-len(_CLEAR) :]
        if self._recent[-3:-1] == b"\x10\x04":
            return self._model.status_answer(byte, self._condition)
        if self._model.clears and self._recent == _CLEAR:
            self._lose_buffer()
            return _CLEARED
        if self._model.clears and self._recent[-3:] == _RECOVER:
            self._lose_buffer()
        return b""

    def _reply(self, data: bytes) -> None:
        chance = self._flakiness.fault()
        if not self._condition.powered or self._condition.silent:
            return
        if chance is None or chance.kind is not FaultKind.SILENCE:
            self._port.write(_GARBAGE if self._condition.garbage or chance else data)

    # --- the head

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(self._has_work)
                if self._closed:
                    return
                answer = self._move_on() if self._can_print() else b""
                answer += self._news()
                self._change.notify_all()
            if answer:
                self._reply(answer)

    def _has_work(self) -> bool:
        return self._closed or self._can_print() or self._has_news()

    def _has_news(self) -> bool:
        known = self._automatic
        return known is not None and known != self._model.automatic_bytes(self._condition)

    def _news(self) -> bytes:
        """Return the automatic status when it is new."""
        if not self._has_news():
            return b""
        self._automatic = self._model.automatic_bytes(self._condition)
        return self._automatic

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
        moving = dots / self._dots_a_second if self._dots_a_second else 0.0
        return self._condition.slow_line_s + moving

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
        """Do what a command does beside printing; returns what is answered."""
        asked = token.parameters
        match token.code:
            case code if code in _CUTS:
                self._give_out(cut=True)
            case b"\x1de" | b"\x1dR" if self._model.presenter != "none":
                self._model.move_in_presenter(token.code, asked[0], self._condition)
            case b"\x1da" if self._model.automatic:
                self._automatic = b"" if asked[0] else None
            case b"\x1dr" if asked in (b"\x01", b"1"):
                return bytes((self._model.paper_byte(self._condition),))
            case b"\x1dI":
                return self._model.name(asked[0])
            case b"\x1b\x06" if self._model.echoes:
                return asked
            case b"\x1d(" if self._model.process_ids:
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
        self._broken_off = due.accident not in _QUIET
        self._befall(due.accident)
        return self._condition.stopped

    def _give_out(self, *, cut: bool) -> None:
        """End the sheet."""
        complete = cut and not self._broken_off
        self._tray.receive(self._press.take(), size=self._sheet_bytes, cut=cut, complete=complete)
        if cut and self._model.presenter == "at-cut":
            self._condition.exit_holds = True
        self._sheet_bytes, self._broken_off = 0, False


def _cuts(token: Token) -> bool:
    return isinstance(token, Command) and token.code in _CUTS


def _size(token: Token) -> int:
    if isinstance(token, Command):
        return len(token.code) + len(token.parameters)
    return len(token.data)
