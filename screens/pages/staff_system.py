"""The whole machine: network, time, sound, brightness; restart, update, diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.semantic import Node, Role
from screens.widgets import blocks
from screens.widgets.kit import WHOLE, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Action
    from kiosk.maintenance.view import Setting, StaffSystemView

_ICONS: Final = {
    "network": "network",
    "intake": "server",
    "clock": "clock",
    "sound": "volume-2",
    "brightness": "sun",
    "disk": "hard-drive",
    "software": "package",
    "settings": "sliders-horizontal",
    "stick": "usb",
    **dict.fromkeys(("year", "month", "day"), "calendar"),
    **dict.fromkeys(("hour", "minute"), "clock"),
}

_HEADINGS: Final = {"staff_clock": "staff.clock.ways"}


def build(kit: Kit, view: StaffSystemView) -> Node:
    """Return the page, or the question that stands before anything grave."""
    if view.question is not None:
        return staff_blocks.question(kit, view, view.question)
    ways = [
        staff_blocks.heading(kit, _HEADINGS.get(view.page, "staff.system.ways")),
        staff_blocks.ways(kit, view.ways, 2, high=100),
    ]
    rows = blocks.rows(kit, [_setting(kit, own) for own in view.settings])
    said = [  # under everything that can be touched: nothing moves when it comes
        kit.space(),
        staff_blocks.working(kit, view.doing),
        staff_blocks.outcome(kit, view.outcome),
    ]
    if kit.upright:
        return staff_frame.page(kit, view, [rows, *ways, *said])
    halves = [kit.column([rows], grow=1.25), kit.column(ways, 20, grow=1.0)]
    body = kit.row(halves, 28, align="start")
    return staff_frame.page(kit, view, [body, *said])


def _setting(kit: Kit, own: Setting) -> Node:
    name = kit.words(text(f"staff.setting.{own.key}"), 33, look.INK, leading=1.2)
    told = staff_blocks.told(kit, own.health, 26)
    edge, down = kit.px(28), kit.px(12)
    made = kit.row(
        [
            kit.icon(_ICONS.get(own.key, "cpu"), 40, look.DEEP_2),
            kit.column([name, _level(kit, own.share) or told], 4, grow=1.0),
            *_adjust(kit, own),
        ],
        24,
        min_height=kit.px(92),
        pad=(down, edge, down, edge),
    )
    return meaning(made, Role.ROW, kit.say(text(f"staff.setting.{own.key}")), state=(WHOLE,))


def _level(kit: Kit, share: float | None) -> Node | None:
    """Return the bar of a volume or brightness with its share in words."""
    if share is None:
        return None
    bar = styled(blocks.bars(kit, share, 1, 12), grow=1.0)
    return kit.row([bar, kit.words(f"{round(share * 100)}%", 26, look.INK_2, leading=1.2)], 16)


def _adjust(kit: Kit, own: Setting) -> list[Node]:
    made = [
        _small(kit, action, icon)
        for action, icon in ((own.less, "minus"), (own.more, "plus"))
        if action is not None
    ]
    if own.action is not None:
        made.append(staff_blocks.button(kit, own.action, high=84))
    return made


def _small(kit: Kit, action: Action, icon: str) -> Node:
    side = kit.theme.target(84)
    made = kit.row(
        [kit.icon(icon, 40, look.DEEP)],
        justify="center",
        width=side,
        height=side,
        fill=look.CARD,
        border=look.DEEP_2,
        border_width=kit.px(3),
        radius=kit.px(24),
    )
    return meaning(made, Role.BUTTON, kit.say(action.label), target=action.target)
