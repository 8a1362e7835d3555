"""One fault: what citizens lose by it, what to do, what was tried, whom to ring."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.pages.staff_blocks import TONES
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks
from screens.widgets.kit import WHOLE, Kit, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.journey.view import Text
    from kiosk.maintenance.view import StaffFaultView


def build(kit: Kit, view: StaffFaultView) -> Node:
    """Return the page; the lead, what citizens lose, stands in the colour of the fault."""
    body: list[Node | None] = [
        _loss(kit, view),
        *([staff_blocks.heading(kit, "staff.fault.steps")] if view.steps else []),
        _steps(kit, view.steps, view.pictures) if view.steps else None,
        staff_blocks.ways(kit, view.ways, 3 if len(view.ways) > 2 else 2),
        *(blocks.notice(kit, one) for one in view.notices),  # below: no button moves by it
    ]
    if view.tried:
        tried = [
            kit.row(
                [kit.icon("history", 34, look.INK_2), staff_blocks.sentence(kit, one, 30)],
                18,
                align="start",
            )
            for one in view.tried
        ]
        card = meaning(kit.card(tried, (22, 30), gap=12), Role.LIST)
        body += [staff_blocks.heading(kit, "staff.fault.tried"), card]
    if view.ring is not None:
        body += [staff_blocks.heading(kit, "staff.fault.ring"), _ring(kit, view)]
    return staff_frame.page(kit, replace(view, lead=None, notices=()), body, gap=20)


def _loss(kit: Kit, view: StaffFaultView) -> Node | None:
    """Return what citizens lose by it, in the colour of the fault."""
    if view.lead is None:
        return None
    said = [staff_blocks.sentence(kit, view.lead, 36, "bold")]
    icon = "" if view.tone == "fine" else staff_blocks.part_icon(view.part)
    return staff_blocks.banner(kit, TONES[view.tone], said, (view.tone,), icon)


def _steps(kit: Kit, steps: Sequence[Text], pictures: Sequence[str]) -> Node:
    shown = [
        _step(kit, number, words, pictures[number - 1] if number <= len(pictures) else "")
        for number, words in enumerate(steps, 1)
    ]
    return blocks.rows(kit, shown)


def _step(kit: Kit, number: int, words: Text, picture: str) -> Node:
    """Return a numbered sentence, with its picture where it has one."""
    mark = kit.words(str(number), 42, look.JADE, "serif", leading=1.1)
    said = kit.words(words, 36, look.INK, grow=1.0, leading=1.36)
    art = None
    if picture:
        art = blocks.picture(kit, Picture(name=picture), 240, 168, kit.say(words))
    edge, down = kit.px(34), kit.px(20)
    made = kit.row([mark, said, art], 28, pad=(down, edge, down, edge), min_height=kit.px(108))
    return meaning(made, Role.ROW, state=(WHOLE,))


def _ring(kit: Kit, view: StaffFaultView) -> Node:
    """Return whom to ring, below it the number and whether somebody answers, and which machine."""
    said: list[Node | None] = [kit.words(view.ring, 34, look.ON_DEEP, "bold", leading=1.34)]
    more = (*view.numbers, *([view.terminal] if view.terminal else []))
    said += [kit.words(one, 32, look.ON_DEEP, leading=1.34) for one in more]
    made = kit.row(
        [
            kit.icon("phone-call", 48, look.ON_DEEP),
            kit.column(said, 6, grow=1.0),
        ],
        28,
        fill=look.DEEP,
        radius=kit.px(28),
        min_height=kit.px(120),
        pad=(kit.px(22), kit.px(34), kit.px(22), kit.px(36)),
    )
    return meaning(made, Role.STATUS, state=("ring",))
