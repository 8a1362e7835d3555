"""The opening check and its grid, as views."""

from __future__ import annotations

from collections import Counter
from typing import Final

from kiosk.journey.view_parts import Action, Text, text
from kiosk.maintenance.check_moves import COLUMNS, ROWS
from kiosk.maintenance.context import Check, Context
from kiosk.maintenance.hall_time import hall_time
from kiosk.maintenance.opening_check import Result, Step
from kiosk.maintenance.present_parts import frame, way
from kiosk.maintenance.view import CheckState, CheckStep, StaffCheckView, StaffTouchView
from kiosk.translation import Translator

_STATES: Final[dict[Result, CheckState]] = {
    Result.PASSED: "passed",
    Result.FAILED: "failed",
    Result.SKIPPED: "skipped",
    Result.UNFINISHED: "unfinished",
}
_ENDS: Final[dict[tuple[str, ...], str]] = {
    (): "done",
    ("n",): "failed",
    ("left",): "unfinished",
    ("skipped",): "skipped",
    ("n", "left"): "both",
    ("n", "skipped"): "failed_skipped",
    ("left", "skipped"): "unfinished_skipped",
    ("n", "left", "skipped"): "all_three",
}
"""The words for how a check ended, by what there was of."""


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
        stopped=_step(own, own.now, words) if own.now is not None and own.stopped else None,
        ways=_ways(ctx),
        kept=_kept(ctx) if own.done else None,
    )


def _title(own: Check) -> Text:
    if own.now is not None:
        return text("staff.check.running", n=list(Step).index(own.now) + 1, of=len(Step))
    if not own.done:
        left = _left(own)
        return text("staff.check.rest", n=left) if left else text("staff.check.title")
    ends = Counter(own.results.values())
    return outcome(ends[Result.FAILED], ends[Result.UNFINISHED], ends[Result.SKIPPED])


def _left(own: Check) -> int:
    return sum(one is not Result.PASSED for one in own.results.values())


def _lead(own: Check) -> Text:
    return text("staff.check.rest_lead" if own.results else "staff.check.lead")


def outcome(failed: int, left: int, skipped: int) -> Text:
    """Return how a check ended: steps that failed, that nobody did, that were left out."""
    values = {"n": failed, "left": left, "skipped": skipped}
    named = {name: values[name] for name in values if values[name]}
    return text(f"staff.check.{_ENDS[tuple(named)]}", **named)


def _step(own: Check, step: Step, words: Translator) -> CheckStep:
    result = own.results.get(step)
    tries = own.now is step and not own.stopped
    if result is None or tries:
        return CheckStep(key=step.value, state="now" if tries else "waiting")
    passed = result is Result.PASSED
    return CheckStep(
        key=step.value,
        state=_STATES[result],
        told=_known(own.told.get(step), words),
        hint=None if passed else _hint(own, step, words),
        at=hall_time(own.kept[step])[1] if passed and step in own.kept else "",
        by=own.kept_by.get(step, "") if passed else "",
    )


def _hint(own: Check, step: Step, words: Translator) -> Text | None:
    """Return what to do about a step that did not pass: none that failed is without advice."""
    given = _known(own.hints.get(step), words)
    failed = own.results[step] is Result.FAILED
    return text(f"staff.check.{step.value}_hint") if given is None and failed else given


def _known(told: Text | None, words: Translator) -> Text | None:
    """Return a sentence that there are words for: a kept one may be of an older release."""
    return told if told is not None and words.has(told.key) else None


def _ways(ctx: Context) -> tuple[Action, ...]:
    own = ctx.check
    if own.now is None:
        return _begin(own)
    if own.stopped:
        return (way("again"), way("go_on"))
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
