"""The opening check and its grid, as views."""

from __future__ import annotations

from typing import Final

from kiosk.journey.view_parts import Action, Text, text
from kiosk.maintenance.check_moves import COLUMNS, ROWS
from kiosk.maintenance.context import Check, Context
from kiosk.maintenance.hall_time import hall_time
from kiosk.maintenance.opening_check import OPEN, Result, Step
from kiosk.maintenance.present_parts import frame, way
from kiosk.maintenance.view import CheckState, CheckStep, StaffCheckView, StaffTouchView
from kiosk.translation import Translator

_STATES: Final[dict[Result, CheckState]] = {
    Result.PASSED: "passed",
    Result.FAILED: "failed",
    Result.SKIPPED: "skipped",
    Result.UNFINISHED: "unfinished",
}


def check(ctx: Context, words: Translator) -> StaffCheckView:
    """Return the page of the opening check."""
    own = ctx.check
    running = own.now is not None
    return StaffCheckView(
        frame=frame(ctx),
        title=_title(own),
        lead=None if running or own.done else _lead(own),
        phase="running" if running else "done" if own.done else "ready",
        steps=tuple(_step(own, step, words) for step in Step),
        told=own.doing,
        ways=_ways(ctx),
        kept=_kept(ctx) if own.done else None,
    )


def _title(own: Check) -> Text:
    if own.now is not None:
        return text("staff.check.running", n=list(Step).index(own.now) + 1, of=len(Step))
    if not own.done:
        left = _left(own)
        return text("staff.check.rest", n=left) if left else text("staff.check.title")
    failed = sum(result is Result.FAILED for result in own.results.values())
    return outcome(failed, sum(result in OPEN for result in own.results.values()))


def _left(own: Check) -> int:
    return sum(one is not Result.PASSED for one in own.results.values())


def _lead(own: Check) -> Text:
    return text("staff.check.rest_lead" if own.results else "staff.check.lead")


def outcome(failed: int, left: int) -> Text:
    """Return how a check ended: so many steps failed, so many were not done."""
    if failed and left:
        return text("staff.check.both", n=failed, left=left)
    if left:
        return text("staff.check.unfinished", n=left)
    return text("staff.check.failed", n=failed) if failed else text("staff.check.done")


def _step(own: Check, step: Step, words: Translator) -> CheckStep:
    state: CheckState = "now" if own.now is step else "waiting"
    result = own.results.get(step)
    if result is not None:
        state = _STATES[result]
    passed = result is Result.PASSED
    return CheckStep(
        key=step.value,
        state=state,
        told=_known(own.told.get(step), words),
        hint=None if passed or result is None else _known(own.hints.get(step), words),
        at=hall_time(own.kept[step])[1] if passed and step in own.kept else "",
        by=own.kept_by.get(step, "") if passed else "",
    )


def _known(told: Text | None, words: Translator) -> Text | None:
    """Return a sentence that there are words for: a kept one may be of an older release."""
    return told if told is not None and words.has(told.key) else None


def _ways(ctx: Context) -> tuple[Action, ...]:
    own = ctx.check
    if own.now is None:
        return _begin(own)
    if own.asks:
        yes = way("yes", words="staff.way.heard")
        return (yes, way("no", words="staff.way.not_heard"), way("again"))
    return (way("again"), way("skip"))


def _begin(own: Check) -> tuple[Action, ...]:
    """Return the ways into a check: what did not pass first, where something did not."""
    left = _left(own)
    if not left:
        return (way("begin", words="staff.way.check_all" if own.done else ""),)
    rest = Action(target="staff:again", label=text("staff.check.rest_way", n=left))
    return (rest, way("begin", words="staff.way.check_all"))


def _kept(ctx: Context) -> Text | None:
    if ctx.looked.checked is None:
        return None
    at, by = ctx.looked.checked
    day, clock = hall_time(at)
    signed = {"date": day, "time": clock, "no": by}
    others = sorted({*ctx.looked.passed_by.values()} - {by})
    if not others:
        return text("staff.check.kept", **signed)
    return text("staff.check.kept_together", **signed, others="、".join(others))


def grid(ctx: Context, _: Translator) -> StaffTouchView:
    """Return the page of the grid."""
    return StaffTouchView(
        frame=frame(ctx, leave=False),
        title=text("staff.touch.title"),
        columns=COLUMNS,
        rows=ROWS,
        touched=ctx.touched,
        seconds_left=ctx.touch_s,
    )
