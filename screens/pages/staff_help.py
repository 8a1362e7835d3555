"""A citizen with a slip that says 已保存: find it, and what to tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.domain.application import grouped
from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.pages.staff_blocks import TONES
from screens.pages.staff_outbox import unseen
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks, keys
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.maintenance.view import SlipFound, StaffHelpView
    from screens.pages.staff_frame import Room


def build(kit: Kit, view: StaffHelpView) -> Node:
    """Return the page: how to find it, or what was found."""
    if view.found is not None:
        return staff_frame.page(kit, view, _found(kit, view.found), gap=24)
    area = kit.say(text("screens.card.area"))
    art = Picture(name="slip-show", text=area)
    panel = blocks.panel(kit, art, kit.say(view.title), least=300)

    def body(room: Room) -> list[Node | None]:
        typed = [_typed(kit, view), unseen(kit, "staff.help.unseen")]
        whole = [panel, *typed]
        return [*whole] if room.holds(whole) else [*typed]

    return staff_frame.page(kit, view, body, gap=22, pad=_pad(kit))


_ROWS: Final = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")


def _pad(kit: Kit) -> Node:
    """Return the pad of digits and letters, as large as those of a visit."""
    wide = 0 if kit.upright else kit.theme.width - kit.px(staff_frame.RAIL)
    size = keys.sizes(kit, big=False, width=wide)
    lines = [[_key(kit, letter, size) for letter in line] for line in _ROWS]
    half = keys.space(0.5)
    lines[2] = [half, *lines[2], half]
    erase = kit.say(text("staff.pin.erase"))
    delete = keys.icon_key(kit, "delete", "staff:erase", size.letter, label=erase, grow=2.0)
    lines[3] = [half, *lines[3], delete, half]
    return keys.ground(kit, [keys.row(kit, line, size) for line in lines], size)


def _key(kit: Kit, letter: str, size: keys.Sizes) -> Node:
    return keys.word_key(kit, letter, f"staff:key:{letter}", size.letter)


def _typed(kit: Kit, view: StaffHelpView) -> Node:
    """Return the number as far as it is typed."""
    name = kit.words(text("staff.help.number"), 28, look.INK_2, leading=1.2)
    number = kit.words(grouped(view.typed) + "▏", 54, look.INK, "serif", leading=1.2)
    hint = kit.words(text("staff.help.number_hint"), 26, look.INK_2, leading=1.2)
    find = staff_blocks.button(kit, view.find, kind="way") if view.find else None
    edge = kit.px(32)
    made = kit.row(
        [kit.column([name, number, hint], 2, grow=1.0), find],
        24,
        fill=look.CARD,
        border=look.DEEP_2,
        border_width=kit.px(4),
        radius=kit.px(28),
        min_height=kit.px(170),
        pad=(kit.px(18), edge, kit.px(18), edge),
    )
    return meaning(made, Role.STATUS, value=view.typed)


def _found(kit: Kit, found: SlipFound) -> list[Node | None]:
    paint = TONES[found.tone]
    number = kit.words(grouped(found.local_no), 42, look.DEEP, "serif", leading=1.2)
    state = [
        kit.words(found.told, 42, look.INK, "bold", leading=1.24),
        kit.words(found.reason, 30, look.INK, leading=1.34) if found.reason else None,
    ]
    age = kit.column(
        [
            kit.words(text("staff.help.age"), 26, look.INK_2, align="end", leading=1.2),
            kit.words(found.age, 38, look.DEEP, "serif", align="end", leading=1.2),
        ]
    )
    head = kit.row(
        [
            kit.column(
                [kit.words(text("staff.help.number"), 26, look.INK_2, leading=1.2), number],
                grow=1.0,
            ),
            age,
        ],
        24,
    )
    return [
        kit.card([head], (24, 32)),
        staff_blocks.banner(kit, paint, state, (found.tone,)),
        staff_blocks.heading(kit, "staff.help.say"),
        _say(kit, found),
        unseen(kit, "staff.help.unseen"),
    ]


def _say(kit: Kit, found: SlipFound) -> Node:
    """Return what to tell the citizen, large enough to be read out."""
    lines = [
        kit.row(
            [
                kit.icon("message-circle-more", 44, look.JADE),
                kit.words(words, 38, look.INK, grow=1.0, leading=1.4),
            ],
            26,
            align="start",
        )
        for words in found.say
    ]
    return meaning(kit.card(lines, (36, 36), gap=26), Role.LIST)
