"""The opening check: the step of now large with its picture, all steps beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.pages.staff_blocks import TONES
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks
from screens.widgets.kit import WHOLE, Kit, meaning, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.maintenance.view import CheckStep, StaffCheckView, Tone

_PICTURES: Final = {
    "card": "card-put",
    "print": "staff-print",
    "scan": "slip-show",
    "capture": "staff-page",
    "sound": "staff-sound",
    "touch": "staff-touch",
    "network": "staff-network",
    "clock": "staff-clock",
    "space": "staff-disk",
}
_STEP_ICONS: Final = {
    "card": "id-card",
    "print": "receipt-text",
    "scan": "scan-qr-code",
    "capture": "camera",
    "sound": "volume-2",
    "touch": "pointer",
    "network": "wifi",
    "clock": "clock",
    "space": "hard-drive",
}
_STATES: Final = {
    "waiting": ("circle", look.INK_2, look.INK_2),
    "now": ("circle-play", look.DEEP_2, look.DEEP),
    "passed": ("circle-check", look.JADE, look.JADE_INK),
    "failed": ("circle-x", look.SEAL, look.SEAL_INK),
    "skipped": ("circle-minus", look.INK_2, look.INK_2),
    "unfinished": ("circle-dashed", look.INK_2, look.INK_2),
}
"""Icon, its colour, the colour of the words."""


def build(kit: Kit, view: StaffCheckView) -> Node:
    """Return the page before, during and after the check.

    While it runs the title says what to do, and how far it is stands over the picture.
    """
    if view.stopped is not None:
        why = view.stopped.told or text("staff.check.state.failed")
        return staff_frame.page(
            kit, replace(view, title=why), _stopped(kit, view, view.stopped), gap=22
        )
    now = next((step for step in view.steps if step.state == "now"), None)
    if view.phase == "running" and now is not None:
        do = view.told or text(f"staff.check.{now.key}_do")
        return staff_frame.page(kit, replace(view, title=do), _running(kit, view, now), gap=22)
    make = _done if view.phase == "done" else _ready
    return staff_frame.page(kit, view, make(kit, view), gap=22)


def _ready(kit: Kit, view: StaffCheckView) -> list[Node | None]:
    more = kit.words(text("staff.check.more"), 30, look.INK_2, leading=1.34)
    begin = staff_blocks.ways(kit, view.ways, 2, high=132, first="way")
    hints = None if kit.upright else _hints(kit, view.steps)
    return [_steps(kit, view.steps, large=True), hints, more, kit.space(), begin]


def _running(kit: Kit, view: StaffCheckView, now: CheckStep) -> list[Node | None]:
    return _on_the_way(kit, view, [_now(kit, now, view)])


def _stopped(kit: Kit, view: StaffCheckView, step: CheckStep) -> list[Node | None]:
    """Return what to do about the step that failed, large; its reason is the title."""
    name = kit.say(text(f"staff.check.{step.key}"))
    state = kit.say(text("staff.check.state.failed"))
    said = [kit.words(f"{name} · {state}", 30, look.SEAL_INK, "bold", leading=1.24)]
    if step.hint is not None:
        said.append(kit.words(step.hint, 40, look.INK, "bold", leading=1.34))
    banner = staff_blocks.banner(kit, TONES["trouble"], said, ("stopped",))
    return _on_the_way(kit, view, [banner, kit.space()], first="way")


def _on_the_way(
    kit: Kit, view: StaffCheckView, shown: list[Node | None], first: str = "plain"
) -> list[Node | None]:
    """Return a page of a check that runs; its buttons stand at the bottom, whatever is over them.

    So they are under the same finger at every step, however many lines it has to read.
    """
    ways = staff_blocks.ways(kit, view.ways, 3, first=first)
    if kit.upright:
        return [_far(kit, view), *shown, _steps(kit, view.steps, columns=3), ways]
    left = kit.column([_far(kit, view), *shown, ways], 22, grow=1.7)
    right = styled(_steps(kit, view.steps), grow=1.0)
    return [kit.row([left, right], 28, align="stretch", grow=1.0)]


def _done(kit: Kit, view: StaffCheckView) -> list[Node | None]:
    states = {step.state for step in view.steps}
    kept = None
    if view.kept is not None:
        said = [staff_blocks.sentence(kit, view.kept, 34, "bold")]
        if states != {"passed"}:
            said.append(staff_blocks.sentence(kit, text("staff.check.next"), 30))
        tone: Tone = "trouble" if "failed" in states else "soon"
        paint = TONES["fine" if states == {"passed"} else tone]
        kept = staff_blocks.banner(kit, paint, said, ("kept",), "clipboard-check")
    first = "way" if len(view.ways) > 1 else "plain"
    ways = staff_blocks.ways(kit, view.ways, 2, first=first)
    hints = None if kit.upright else _hints(kit, view.steps)
    return [kept, _steps(kit, view.steps, large=True), hints, kit.space(), ways]


def _hints(kit: Kit, steps: Sequence[CheckStep]) -> Node | None:
    """Return what to do about the steps that did not pass, where tiles have no room for it."""
    rows = [_hint(kit, step) for step in steps if step.hint is not None]
    return blocks.rows(kit, rows) if rows else None


def _hint(kit: Kit, step: CheckStep) -> Node:
    name = kit.words(text(f"staff.check.{step.key}"), 30, look.INK, "bold", leading=1.2)
    hint = kit.words(step.hint, 28, look.INK, grow=1.0, leading=1.3)
    edge, down = kit.px(28), kit.px(10)
    made = kit.row([name, hint], 24, min_height=kit.px(64), pad=(down, edge, down, edge))
    return meaning(made, Role.ROW)


def _far(kit: Kit, view: StaffCheckView) -> Node:
    """Return the bar of the steps that are over; it tells no time."""
    over = sum(step.state not in {"waiting", "now"} for step in view.steps)
    bar = blocks.bars(kit, over / max(1, len(view.steps)), 1, 14, look.JADE)
    step = kit.words(view.title, 30, look.INK, "bold", leading=1.2)
    return kit.row([step, styled(bar, grow=1.0)], 24)


def _now(kit: Kit, step: CheckStep, view: StaffCheckView) -> Node:
    """Return the picture of the step of now."""
    do = view.told or text(f"staff.check.{step.key}_do")
    area = kit.say(text("screens.card.area")) if step.key == "card" else ""
    art = Picture(name=_PICTURES[step.key], text=area)
    panel = blocks.panel(kit, art, kit.say(do), least=420 if kit.upright else 360)
    return meaning(panel, Role.GROUP, state=("now", WHOLE))


def _steps(kit: Kit, steps: Sequence[CheckStep], columns: int = 1, *, large: bool = False) -> Node:
    """Return every step with its state: a list, or closer in ``columns``."""
    if columns > 1:
        return meaning(kit.grid([_tile(kit, step) for step in steps], columns, 14), Role.LIST)
    if large and not kit.upright:
        return meaning(kit.grid([_tile(kit, step) for step in steps], 3, 18), Role.LIST)
    return blocks.rows(kit, [_row(kit, step, large=large) for step in steps])


def _state(kit: Kit, step: CheckStep) -> str:
    by = "_by" if step.by else ""
    told = text(f"staff.check.state.passed_at{by}", time=step.at, no=step.by) if step.at else None
    state = kit.say(told or text(f"staff.check.state.{step.state}"))
    return f"{state} · {kit.say(step.told)}" if step.told else state


def _row(kit: Kit, step: CheckStep, *, large: bool) -> Node:
    mark, ink, words = _STATES[step.state]
    name = kit.words(text(f"staff.check.{step.key}"), 33, look.INK, leading=1.2)
    told = kit.words(_state(kit, step), 28 if large else 24, words, leading=1.24)
    edge = kit.px(30 if large else 22)
    hint = kit.words(step.hint, 26, look.INK, leading=1.3) if large and step.hint else None
    line = kit.row([styled(name, grow=1.0), told], 20)
    said = [kit.column([line, hint], 6, grow=1.0)] if large else []
    close = None if large else kit.column([name, told], grow=1.0)
    made = kit.row(
        [kit.icon(_STEP_ICONS[step.key], 38, look.DEEP_2), *said, close, kit.icon(mark, 38, ink)],
        22,
        min_height=kit.px(104 if large and kit.upright else 88),
        pad=(kit.px(8), edge, kit.px(8), edge),
    )
    return meaning(made, Role.ROW, state=(step.state,))


def _tile(kit: Kit, step: CheckStep) -> Node:
    mark, ink, words = _STATES[step.state]
    name = kit.words(text(f"staff.check.{step.key}"), 30, look.INK, leading=1.2)
    told = kit.words(_state(kit, step), 24, words, leading=1.24)
    edge, now = kit.px(20), step.state == "now"
    made = kit.row(
        [kit.icon(mark, 40, ink), kit.column([name, told], grow=1.0)],
        16,
        min_height=kit.px(104),
        pad=(kit.px(10), edge, kit.px(10), edge),
        fill=look.CARD,
        border=look.DEEP_2 if now else look.LINE,
        border_width=kit.px(3 if now else 2),
        radius=kit.px(22),
    )
    return meaning(made, Role.ROW, state=(step.state,))
