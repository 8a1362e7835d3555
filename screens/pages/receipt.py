"""What became of the submission, in the words that are true of it; and the last page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import FarewellView, Line, Notice, ReceiptView

_PAPER_ICONS = {
    "printing": "printer",
    "printed": "receipt-text",
    "failed": "triangle-alert",
    "unknown": "circle-question-mark",
    "none": "printer-x",
}


def build(kit: Kit, view: ReceiptView) -> Node:
    """Return the page: seal, number and code, paper, what happens next."""
    seal = None
    if view.seal is not None:
        picture = Picture(name="seal", text=kit.say(view.seal), colour=look.SEAL)
        seal = blocks.picture(kit, picture, 190, 190)
        if not kit.theme.portrait:
            seal = _on_paper(kit, seal)
    paper = _paper(kit, view.print_notice, view.printing)
    take = blocks.notice(kit, view.card_notice) if view.card_notice else None
    told = [paper, take] if view.outcome != "refused" else [take]
    done = 1 if view.outcome == "submitted" else 0
    stages = blocks.timeline(kit, view.stages, done) if view.stages else None
    items = blocks.rows(kit, [_item(kit, line) for line in view.items])
    left = [_number(kit, view), *told]
    right = [items if view.items else None, _next(kit, stages)]
    body = [scaffold.two(kit, left, right, 22)]
    return scaffold.page(kit, view, body, title_size=66, gap=22, beside=seal)


def _on_paper(kit: Kit, seal: Node) -> Node:
    inset = kit.px(18)
    return kit.column(
        [seal],
        fill=look.PAPER,
        radius=kit.px(32),
        pad=(inset, inset, inset, inset),
        width=kit.px(226),
    )


def _number(kit: Kit, view: ReceiptView) -> Node | None:
    if view.number is None:
        return None
    hint = text("screens.receipt.scan") if view.qr else None
    upright = kit.theme.portrait
    lines = kit.column(
        [
            kit.words(view.number_label, 30, look.INK_2),
            kit.words(view.number, 46 if upright else 36, look.INK, "serif", leading=1.3),
            kit.words(hint, 29, look.INK_2, balance=True) if hint else None,
        ],
        4,
        grow=1.0,
    )
    side = 276 if upright else 220
    code = blocks.picture(kit, Picture(name="qr", text=view.qr), side, side) if view.qr else None
    made = kit.row([code, lines], 34)
    return meaning(kit.card([made], (20, 30)), Role.STATUS, value=view.number)


def _item(kit: Kit, line: Line) -> Node:
    if kit.theme.portrait or line.aside is None:
        return blocks.row(kit, line, bold=True)
    edge = kit.px(28)
    words = [kit.words(line.name, 31, look.INK, "bold"), kit.words(line.aside, 27, look.INK_2)]
    return meaning(kit.column(words, 4, pad=(kit.px(14), edge, kit.px(14), edge)), Role.ROW)


def _paper(kit: Kit, told: Notice | None, printing: str) -> Node | None:
    return (
        blocks.notice(kit, told, _PAPER_ICONS[printing], narrow=not kit.theme.portrait)
        if told
        else None
    )


def _next(kit: Kit, stages: Node | None) -> Node | None:
    if stages is None:
        return None
    return kit.column([blocks.heading(kit, text("screens.receipt.next")), stages], 12)


def farewell(kit: Kit, view: FarewellView) -> Node:
    """Return the last page: take the card, or goodbye."""
    left = kit.say(text("screens.farewell.seconds", n=view.seconds))
    count = kit.words(left, 34, look.INK_2, align="center")
    upright = kit.theme.portrait
    if view.card_left:
        picture = Picture(name="card-lift", text=kit.say(text("screens.card.area")))
        label = kit.say(text("screens.card.picture.lift"))
        body = [blocks.panel(kit, picture, label), count]
    else:
        side = kit.px(360)
        disc = kit.column([], width=side, height=side, radius=side // 2, fill=look.JADE_WASH)
        mark = kit.stack([disc, kit.icon("check", 200, look.JADE)])
        body = [kit.space(0.7), kit.row([mark], justify="center"), kit.space(), count]
    if upright:
        body.append(kit.space(0.3 if view.card_left else 0.12, 8))
    return scaffold.page(kit, view, body, title_size=84, middle=True, gap=36)
