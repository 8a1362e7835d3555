"""Errands of a device's page: what the log has of it, and its line recorded for the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from kiosk.channel import Refused
from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.facts import Did, History, Trouble
from kiosk.maintenance.intents import Said
from kiosk.session.errands import CHINA, start
from kiosk.session.maintenance.agent_desk import Lost
from kiosk.session.maintenance.bench import Answer, Gone
from kiosk.session.maintenance.errands import Errands, Table

CALL_S: Final = 5.0


class TraceErrands:
    """Asks the device's worker to record, and the agent to keep it."""

    def __init__(self, errands: Errands) -> None:
        self._errands, self._parts = errands, errands.parts

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {e.AskHistory: self.history, e.BeginTrace: self.begin, e.KeepTrace: self.keep}

    def history(self, effect: e.AskHistory) -> None:
        """Ask what the log has of a part; without an answer nothing is shown."""

        def work() -> None:
            try:
                told = self._parts.agent.call("history", part=effect.part)
            except (Refused, Lost):
                return
            self._errands.say(Said.HISTORY, history_of(effect.part, told))

        start("history", work, lambda: None)

    def begin(self, effect: e.BeginTrace) -> None:
        """Begin to record."""

        def work() -> Did:
            if self._call(effect.part, "XTrace.Start") is None:
                return Did(well=False, told=text("trace.not_begun"), hint=text("trace.gone_hint"))
            self._errands.say(Said.TRACED, argument=effect.part)
            self._parts.agent.audit("trace_began", device=effect.part)
            return Did(well=True, told=text("trace.began"), hint=text("trace.began_hint"))

        self._errands.run(effect.ticket, "trace", work)

    def keep(self, effect: e.KeepTrace) -> None:
        """End it once it is on the stick; without a stick it goes on."""

        def work() -> Did:
            part = effect.part
            answer = self._call(part, "XTrace.Read")
            if answer is None:  # its worker was replaced: what was recorded went with it
                self._errands.say(Said.TRACED)
                self._parts.agent.audit("trace_ended", device=part, result="lost")
                return Did(well=False, told=text("trace.lost"), hint=text("trace.lost_hint"))
            sheet = _sheet(part, self._parts.place.terminal, answer.payload)
            did = self._parts.agent.keep_trace(part, sheet.encode())
            if did.well:
                self._call(part, "XTrace.Stop")
                self._errands.say(Said.TRACED)
                self._parts.agent.audit("trace_ended", device=part, result="kept")
            return did

        self._errands.run(effect.ticket, "trace", work)

    def _call(self, part: str, command: str) -> Answer | None:
        number = self._errands.begin(part)
        try:
            answer = self._parts.bench.call((part, number), command, {}, CALL_S)
        except Gone:
            return None
        return None if answer.error else answer


def _sheet(part: str, terminal: str, told: Mapping[str, object]) -> str:
    """Return the file for the vendor: a line a piece, oldest first."""
    listed = told.get("frames")
    frames = listed if isinstance(listed, list) else []
    head = [
        f"# device {part}, terminal {terminal}",
        f"# {len(frames)} pieces, {told.get('dropped', 0)} older ones dropped; times in UTC",
        "# > to the device, < from it; bytes on the line; hexadecimal, as much as is kept",
    ]
    return "\n".join([*head, *map(_line, frames)]) + "\n"


def _line(frame: Mapping[str, object]) -> str:
    arrow = ">" if frame.get("to") == "device" else "<"
    return f"{frame.get('at')} {arrow} {frame.get('size')} {frame.get('hex')}".rstrip()


def history_of(part: str, told: Mapping[str, object]) -> History:
    """Return what the agent told of a part."""
    counts, troubles = told.get("counts"), told.get("troubles")
    return History(
        part=part,
        counts={str(k): int(v) for k, v in counts.items()} if isinstance(counts, Mapping) else {},
        troubles=tuple(_trouble(one) for one in (troubles if isinstance(troubles, list) else ())),
    )


def _trouble(one: Mapping[str, object]) -> Trouble:
    at = datetime.fromisoformat(str(one.get("at"))).astimezone(CHINA)
    today = at.date() == datetime.now(CHINA).date()
    times = one.get("times")
    return Trouble(
        at=f"{at:%H:%M}" if today else f"{at:%m-%d %H:%M}",
        event=str(one.get("event")),
        reason=str(one.get("reason")),
        times=times if isinstance(times, int) else 1,
    )
