"""Moves of the opening check: step after step, each once, at the pace of the person.

Who has a step pass is led on at once.  A step that failed stays: its reason and what to do about it
are read, and the person says whether it is tried again or left as failed.  One that was left open,
or skipped, is nothing to read about and leads on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kiosk.journey.view_parts import Text, plain, text
from kiosk.maintenance import entry_moves
from kiosk.maintenance.context import Check, Context, Move, go, stay, ticket
from kiosk.maintenance.effects import BeginCheck, Effect, EndCheck, Examine, Stop, Try
from kiosk.maintenance.facts import Did, Examined, Words
from kiosk.maintenance.intents import Intent
from kiosk.maintenance.opening_check import BY_ITSELF, OPEN, Result, Step
from kiosk.maintenance.states import State
from kiosk.maintenance.targets import Touch

COLUMNS: Final = 4
ROWS: Final = 6
TOUCH_S: Final = 40
"""Seconds without a new cell after which the grid ends."""
PATIENCE_S: Final = 90
"""Seconds without a touch after which a step is left open; waits at devices end sooner."""


def open_check(ctx: Context, _: Intent) -> Move:
    """Show what will be tried; what passed earlier today is not asked for again."""
    return go(ctx, State.CHECK, check=today(ctx))


def today(ctx: Context) -> Check:
    """Return today's check as it is kept, if it left something to do; else a new one."""
    steps, times = ctx.looked.steps, ctx.looked.passed_at
    if not ctx.looked.failed and not ctx.looked.left:
        return Check()
    by, reasons = ctx.looked.passed_by, ctx.looked.reasons
    results = {step: Result(steps[step]) for step in Step if step in steps}
    why = {step: reasons[step] for step in results if step in reasons}
    return Check(
        results=results,
        told={step: text(key) for step, (key, _) in why.items() if key},
        hints={step: text(key) for step, (_, key) in why.items() if key},
        kept={step: times[step] for step in results if step in times},
        kept_by={step: by[step] for step in results if step in by},
    )


def begin(ctx: Context, _: Intent) -> Move | None:
    """Begin; the doctor looks at net, clock and disk meanwhile."""
    if ctx.check.now is not None:
        return None
    ctx = replace(ctx, check=Check(), examining=True)
    ctx, effects = _try(ctx, next(iter(Step)))
    return ctx, (BeginCheck(), Examine(), *effects)


def rest(ctx: Context, intent: Intent) -> Move | None:
    """Do what did not pass, and nothing else; what passed stays, with its time.

    While a check runs, the step now is done once more.
    """
    own = ctx.check
    if own.now is not None:
        return again(ctx, intent)
    passed = {step: one for step, one in own.results.items() if one is Result.PASSED}
    following = [step for step in Step if step not in passed]
    if not own.results or not following:
        return None
    told = {step: words for step, words in own.told.items() if step in passed}
    kept, kept_by = _signed(ctx, passed)
    looks = not set(BY_ITSELF).isdisjoint(following)
    check = Check(results=passed, told=told, kept=kept, kept_by=kept_by)
    ctx, effects = _try(replace(ctx, check=check, examining=looks), following[0])
    return ctx, (BeginCheck(), *((Examine(),) if looks else ()), *effects)


def _signed(ctx: Context, passed: Mapping[Step, Result]) -> tuple[dict[Step, str], dict[Step, str]]:
    """Return when steps passed and under whom, as far as the agent has kept this very check."""
    own, looked = ctx.check, ctx.looked
    same = {step.value: one.value for step, one in own.results.items()} == dict(looked.steps)
    at, by = dict(own.kept), dict(own.kept_by)
    if same:
        at |= {Step(step): when for step, when in looked.passed_at.items()}
        by |= {Step(step): who for step, who in looked.passed_by.items()}
    return _among(passed, at), _among(passed, by)


def _among(steps: Mapping[Step, Result], told: Mapping[Step, str]) -> dict[Step, str]:
    return {step: one for step, one in told.items() if step in steps}


def doing(ctx: Context, intent: Intent) -> Move | None:
    """Tell what a person has to do for the step."""
    if not isinstance(intent.fact, Words):
        return None
    asks = intent.argument == "asks"
    return stay(ctx, check=replace(ctx.check, doing=intent.fact.told, asks=asks))


def did(ctx: Context, intent: Intent) -> Move | None:
    """Take how a step ended, and do the next one."""
    if not isinstance(intent.fact, Did):
        return None
    return _ended(ctx, _result(intent.fact), intent.fact.told, intent.fact.hint)


def examined(ctx: Context, intent: Intent) -> Move | None:
    """Take what the doctor found: steps that need no person are done by it, whatever is open."""
    if not isinstance(intent.fact, Examined):
        return None
    ctx = replace(ctx, examined=intent.fact, examining=False)
    own = ctx.check
    if own.now is None:
        return ctx, ()
    passed = {step for step, one in own.results.items() if one is Result.PASSED}
    open_ones = [step for step in BY_ITSELF if step is not own.now and step not in passed]
    found = {step: by_itself(step, intent.fact) for step in open_ones}
    results = {step: _result(did) for step, did in found.items()}
    told = {step: did.told for step, did in found.items()}
    at = {step: own.seconds for step, did in found.items() if did.well}
    own = replace(own, results={**own.results, **results}, told={**own.told, **told})
    hints = {step: did.hint for step, did in found.items() if did.hint is not None}
    hints = {**own.hints, **hints}
    return stay(ctx, check=replace(own, passed_s={**own.passed_s, **at}, hints=hints))


def by_itself(step: Step, found: Examined) -> Did:
    """Return how a step ended that needs no person."""
    own = next((one for one in found.findings if one.check == BY_ITSELF[step]), None)
    if own is None:
        return Did(well=False, told=text("staff.tone.unknown"))
    well = own.verdict in {"ok", "attention"}
    hint = plain(own.fix) if own.fix and not well else None
    return Did(well=well, told=plain(own.told), hint=hint)


def _result(did: Did) -> Result:
    return Result.PASSED if did.well else Result.FAILED


def answer(ctx: Context, intent: Intent) -> Move | None:
    """Take what only a person can judge."""
    if not ctx.check.asks:
        return None
    well = intent.kind is Touch.YES
    told = text("staff.way.heard" if well else "staff.way.not_heard")
    return _ended(ctx, Result.PASSED if well else Result.FAILED, told)


def again(ctx: Context, _: Intent) -> Move | None:
    """Do the step now once more; what the doctor found is looked at anew."""
    now = ctx.check.now
    if now is None:
        return None
    looks = ctx.check.stopped and now in BY_ITSELF
    ctx, effects = _try(replace(ctx, examining=ctx.examining or looks), now)
    return ctx, (Stop(), *((Examine(),) if looks else ()), *effects)


def go_on(ctx: Context, _: Intent) -> Move | None:
    """Leave the step that failed as it is, and do the next one."""
    return _next(ctx) if ctx.check.stopped else None


def skip(ctx: Context, _: Intent) -> Move | None:
    """Leave the step now out; one that failed before stays failed."""
    if ctx.check.now is None or ctx.check.stopped:
        return None
    ctx, effects = _ended(ctx, Result.SKIPPED, None)
    return ctx, (Stop(), *effects)


def cell(ctx: Context, intent: Intent) -> Move | None:
    """Take a cell of the grid; when all were touched, go back to the check."""
    number = int(intent.argument) if intent.argument.isdigit() else -1
    if not 0 <= number < COLUMNS * ROWS:
        return None
    touched = ctx.touched | {number}
    ctx = replace(ctx, touched=touched, touch_s=TOUCH_S)
    return (ctx, ()) if len(touched) < COLUMNS * ROWS else grid_ended(ctx)


def leave_grid(ctx: Context, _: Intent) -> Move:
    """Give the grid up."""
    return grid_ended(ctx)


def grid_ended(ctx: Context) -> Move:
    """Close the grid; cells that were not felt are a fault of the glass, unless nobody began."""
    missing = COLUMNS * ROWS - len(ctx.touched)
    ctx = replace(ctx, page=State.CHECK, before=ctx.before[:-1])
    if not ctx.touched:
        return _ended(ctx, Result.UNFINISHED, None)
    told = text("upkeep.check.cells", n=missing) if missing else None
    return _ended(ctx, Result.FAILED if missing else Result.PASSED, told)


def leave(ctx: Context, _: Intent) -> Move:
    """Go back; a check that was begun ends, and what nobody did is told as not done."""
    effects: tuple[Effect, ...] = (Stop(),)
    if ctx.check.now is not None:
        ctx, more = finish(ctx)
        effects += more
    *under, page = ctx.before
    return stay(ctx, *effects, page=page, before=tuple(under), awaited=0, check=Check())


def leave_maintenance(ctx: Context, intent: Intent) -> Move:
    """Leave; a check that runs is ended and kept first, and who touches once more leaves."""
    if ctx.check.now is None:
        return entry_moves.leave(ctx, intent)
    ctx, effects = finish(ctx)
    return ctx, (Stop(), *effects)


def tick(ctx: Context) -> Move:
    """Let a second pass for the check and its grid."""
    if ctx.check.now is None:
        return ctx, ()
    own = replace(ctx.check, seconds=ctx.check.seconds + 1, step_s=ctx.check.step_s + 1)
    ctx = replace(ctx, check=own)
    if ctx.page is not State.TOUCH:
        return (ctx, ()) if own.step_s < PATIENCE_S else _left_open(ctx)
    ctx = replace(ctx, touch_s=ctx.touch_s - 1)
    return grid_ended(ctx) if ctx.touch_s <= 0 else (ctx, ())


def _left_open(ctx: Context) -> Move:
    ctx, effects = _ended(ctx, Result.UNFINISHED, None)
    return ctx, (Stop(), *effects)


def finish(ctx: Context) -> Move:
    """End the check; what nobody did is not done, which is not the same as left out."""
    results = {step: ctx.check.results.get(step, Result.UNFINISHED) for step in Step}
    done = replace(
        ctx.check, results=results, now=None, doing=None, asks=False, stopped=False, done=True
    )
    ago = tuple((step, done.seconds - at) for step, at in done.passed_s.items())
    end = EndCheck(
        results=tuple(results.items()), seconds=done.seconds, ago=ago, reasons=_reasons(done)
    )
    return stay(ctx, end, check=done, awaited=0)


def _reasons(own: Check) -> tuple[tuple[Step, tuple[str, str]], ...]:
    """Return why steps failed, where words alone tell it: no value leaves this page."""
    failed = [step for step, result in own.results.items() if result is Result.FAILED]
    why = {step: (_key(own.told.get(step)), _key(own.hints.get(step))) for step in failed}
    return tuple((step, keys) for step, keys in why.items() if any(keys))


def _key(told: Text | None) -> str:
    return "" if told is None or told.values else told.key


def _ended(ctx: Context, result: Result, told: Text | None, hint: Text | None = None) -> Move:
    own = ctx.check
    now = own.now
    if now is None:
        return ctx, ()
    if result in OPEN and own.results.get(now) is Result.FAILED:
        return _next(ctx)
    own = replace(
        own,
        results={**own.results, now: result},
        told=_with(own.told, now, told),
        hints=_with(own.hints, now, hint),
        passed_s={**own.passed_s, now: own.seconds} if result is Result.PASSED else own.passed_s,
    )
    if result is not Result.FAILED:
        return _next(replace(ctx, check=own))
    own = replace(own, stopped=True, step_s=0, doing=None, asks=False)
    return stay(ctx, check=own, awaited=0)


def _with(told: Mapping[Step, Text], step: Step, words: Text | None) -> dict[Step, Text]:
    """Return what is told of every step; nothing stays of how this one ended before."""
    others = {own: one for own, one in told.items() if own is not step}
    return others if words is None else {**others, step: words}


def _next(ctx: Context) -> Move:
    ctx = replace(ctx, check=replace(ctx.check, doing=None, asks=False, stopped=False))
    following = [step for step in Step if step not in ctx.check.results]
    return _try(ctx, following[0]) if following else finish(ctx)


def _try(ctx: Context, step: Step) -> Move:
    fresh = step is Step.SCAN and Step.PRINT in ctx.check.passed_s
    doing = text("upkeep.test.scan") if step is Step.SCAN and not fresh else None
    own = replace(ctx.check, now=step, doing=doing, asks=False, stopped=False, step_s=0)
    ctx = replace(ctx, check=own)
    if step is Step.TOUCH:
        return go(ctx, State.TOUCH, touched=frozenset(), touch_s=TOUCH_S)
    ctx, number = ticket(ctx)
    return ctx, (Try(ticket=number, step=step, fresh=fresh),)
