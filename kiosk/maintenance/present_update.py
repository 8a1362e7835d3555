"""What the page of a release on a stick shows."""

from __future__ import annotations

from typing import Final, Literal

from kiosk.journey.view_parts import Notice, Text, plain, text
from kiosk.maintenance.context import Context
from kiosk.maintenance.facts import OnStick
from kiosk.maintenance.present_parts import frame, outcome, way
from kiosk.maintenance.view_parts import Fact
from kiosk.maintenance.view_update import StaffUpdateView, UpdateStep
from kiosk.translation import Translator

STEPS: Final = ("verify", "check", "trial")
"""What is done with a release, in order; the first was done when it is shown."""
AREAS: Final = ("things", "places", "calendar", "devices", "settings")
WORDS: Final = frozenset(
    {
        *("in_force", "known", "no_stick", "lost"),
        *("release.unreachable", "release.stale", "release.untrusted", "release.unusable"),
        "release.no_room",
    }
)
"""Why there is nothing to install; of any other word, that it could not be looked at."""
_NO_TROUBLE: Final = frozenset({"in_force", "no_stick", "known"})
Phase = Literal["looking", "found", "nothing", "installing", "done", "failed"]


def update(ctx: Context, _: Translator) -> StaffUpdateView:
    """Return the page."""
    found, phase = ctx.on_stick, _phase(ctx)
    offered = found is not None and found.word == "new"
    ways = [way("install")] if phase == "found" else []
    if phase in {"nothing", "failed"}:
        ways.append(way("again", words="stick.again"))
    return StaffUpdateView(
        frame=frame(ctx),
        title=text(f"stick.title.{phase}"),
        lead=text(f"stick.lead.{phase}") if phase in {"found", "installing"} else None,
        notices=_nothing(found) if phase == "nothing" else (),
        phase=phase,
        facts=_facts(found) if offered else (),
        changes=_changes(found) if offered else (),
        steps=_steps(ctx, phase) if offered else (),
        outcome=outcome(ctx.outcome),
        ways=tuple(ways),
    )


def _phase(ctx: Context) -> Phase:
    found = ctx.on_stick
    if ctx.outcome is not None:
        return "done" if ctx.outcome.well else "failed"
    if found is None:
        return "looking" if ctx.awaited else "failed"
    if found.word != "new":
        return "nothing"
    return "installing" if ctx.awaited else "found"


def _nothing(found: OnStick | None) -> tuple[Notice, ...]:
    word = found.word if found is not None and found.word in WORDS else "release.failed"
    key = f"stick.nothing.{word.removeprefix('release.')}"
    kind: Literal["trouble", "info"] = "info" if word in _NO_TROUBLE else "trouble"
    return (Notice(kind=kind, text=text(key), hint=text(f"{key}_hint")),)


def _facts(found: OnStick | None) -> tuple[Fact, ...]:
    if found is None:
        return ()
    now = plain(found.now) if found.now else text("stick.installed_with")
    return (
        Fact(key="release", value=plain(found.name)),
        Fact(key="made", value=plain(found.built or "-")),
        Fact(key="now", value=now),
    )


def _changes(found: OnStick | None) -> tuple[Text, ...]:
    changed = {} if found is None else found.changes
    told = [text(f"stick.changes.{area}", n=changed[area]) for area in AREAS if changed.get(area)]
    return tuple(told) or (text("stick.changes.none"),)


def _steps(ctx: Context, phase: Phase) -> tuple[UpdateStep, ...]:
    """Return how far it is, by what was said last of it."""
    if phase == "done":
        return tuple(UpdateStep(key=key, state="passed") for key in STEPS)
    if phase != "installing":
        return ()
    said = ctx.doing.key.removeprefix("stick.doing.") if ctx.doing is not None else "check"
    now = STEPS.index(said) if said in STEPS else 1
    return tuple(
        UpdateStep(key=key, state="passed" if at < now else "now" if at == now else "waiting")
        for at, key in enumerate(STEPS)
    )
