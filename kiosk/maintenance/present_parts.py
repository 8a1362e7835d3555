"""What the pages of maintenance mode share: bars, buttons, how a thing is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk.journey.view_parts import Action, Notice, Text, plain, text
from kiosk.maintenance.context import WARN_S, Context
from kiosk.maintenance.facts import Did
from kiosk.maintenance.faults import Fault, Loses, told
from kiosk.maintenance.view_parts import Count, Health, Outcome, StaffFrame, Tone
from kiosk.translation import Translator

TONE_OF_LOSS: Final[Mapping[Loses, Tone]] = {
    Loses.ALL: "trouble",
    Loses.SOME: "trouble",
    Loses.SOON: "soon",
}
BACK: Final = text("staff.back")
_STEPS: Final = {"reset": "reset", "restart": "restart", "outOfOrder": "out_of_order"}


def frame(
    ctx: Context, *, back: Text | None = BACK, leave: bool = True, go: Action | None = None
) -> StaffFrame:
    """Return the bars; ``leave`` stands on every page once somebody is known."""
    nav = [] if back is None else [Action(target="staff:back", label=back)]
    if leave and ctx.person is not None:
        nav.append(Action(target="staff:leave", label=text("staff.leave")))
    person = ctx.person
    left = ctx.idle_seconds - ctx.idle_s
    return StaffFrame(
        service=ctx.place.service,
        place=ctx.place.place,
        thing=None,
        steps=None,
        nav=tuple(nav),
        go=go,
        role=None if person is None else person.role.value,
        work_no="" if person is None else person.work_no,
        leaves_in_s=left if person is not None and left <= WARN_S else None,
    )


def way(name: str, argument: str = "", *, words: str = "", chosen: bool = False) -> Action:
    """Return a button of staff; its words are ``staff.way.<name>`` unless told otherwise."""
    target = f"staff:{name}:{argument}" if argument else f"staff:{name}"
    return Action(target=target, label=text(words or f"staff.way.{name}"), chosen=chosen)


def notices(*given: Notice) -> tuple[Notice, ...]:
    """Return them."""
    return given


def part_name(key: str) -> Text:
    """Return what staff call a part."""
    return text(f"faults.name.{key}")


def device_health(
    status: Mapping[str, object] | None, fault: Fault | None, words: Translator
) -> Health:
    """Return how a device is: by its worst fault, or well."""
    if fault is not None:
        return Health(tone=TONE_OF_LOSS[fault.loses], told=plain(told(fault, words).title))
    common = status.get("common") if status is not None else None
    word = common.get("device") if isinstance(common, Mapping) else None
    tone: Tone = "fine" if word in {"online", "deviceBusy"} else "unknown"
    return Health(tone=tone, told=text(f"staff.tone.{tone}"))


def unknown(*keys: str, words: Translator) -> tuple[Count, ...]:
    """Return figures that nobody could be asked for."""
    told = words.text("staff.tone.unknown")
    return tuple(Count(key=key, value=told, tone="unknown") for key in keys)


def lost(ctx: Context) -> tuple[Notice, ...]:
    """Return the block that says that the agent does not answer; none while it does."""
    gone = "faults.agent.gone"
    told = Notice(kind="trouble", text=text(f"{gone}.title"), hint=text(f"{gone}.loss"))
    return (told,) if ctx.looked.lost else ()


def failed(ctx: Context, words: str = "") -> tuple[Notice, ...]:
    """Return the block that says that what was asked for was not done, and why."""
    did = ctx.outcome
    if did is None or did.well:
        return ()
    if words:
        return (Notice(kind="trouble", text=text(words), hint=did.told),)
    return (Notice(kind="trouble", text=did.told, hint=did.hint),)


def outcome(did: Did | None) -> Outcome | None:
    """Return how something ended."""
    if did is None:
        return None
    return Outcome(tone="fine" if did.well else "trouble", told=did.told, hint=did.hint)


def body(step: object) -> str:
    """Return a step of the host's ladder as a key."""
    return _STEPS.get(str(step), "reopen")


def age(seconds: int) -> Text:
    """Return how long something waits."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= length:
            return text(f"staff.wait.{unit}", n=seconds // length)
    return text("staff.wait.seconds", n=seconds)
