"""What became of the submission, in the words that are true of it; and the last page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.pages.paging import BREAK
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import FarewellView, Line, Notice, ReceiptView

_FEW: Final = 3
"""From more items on they stand close."""
_DONE: Final = ("check", look.JADE, look.JADE_WASH)
_GONE: Final = ("eraser", look.INK_2, look.GOLD_WASH)
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
    paper = _paper(kit, view.print_notice, view.printing) if view.outcome != "refused" else None
    take = _take(kit, view)
    many = len(view.items) > _FEW
    acted = blocks.rows(kit, [_item(kit, view.acted)]) if view.acted else None
    items = _items(kit, view, many=many)
    if kit.elder:
        blocks_ = [_number(kit, view), paper, take, acted, items, _next(kit, view)]
        return scaffold.page(kit, view, blocks_, title_size=66, gap=22, beside=seal)
    left = [_number(kit, view), paper, take]
    right = [acted, items, _next(kit, view)]
    gap = 16 if many else 22
    body = [scaffold.two(kit, left, right, gap)]
    if many and not kit.upright:
        body = [scaffold.two(kit, left, right[:2], gap), BREAK, *_there(right[2:])]
    return scaffold.page(kit, view, body, title_size=66, gap=gap, beside=seal)


def _there(nodes: list[Node | None]) -> list[Node]:
    return [node for node in nodes if node is not None]


def _take(kit: Kit, view: ReceiptView) -> Node | None:
    if view.card_notice is None:
        return None
    return blocks.notice(kit, view.card_notice, narrow=kit.elder)


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
    if kit.elder or not kit.upright:
        return _number_over_code(kit, view)
    hint = text("screens.receipt.scan") if view.qr else None
    lines = kit.column(
        [
            kit.words(view.number_label, 30, look.INK_2),
            kit.words(view.number, 46, look.INK, "serif", leading=1.3),
            kit.words(hint, 29, look.INK_2, balance=True) if hint else None,
        ],
        4,
        grow=1.0,
    )
    side = 220 if len(view.items) > _FEW else 276
    code = blocks.picture(kit, Picture(name="qr", text=view.qr), side, side) if view.qr else None
    made = kit.row([code, lines], 34)
    return meaning(kit.card([made], (20, 30)), Role.STATUS, value=view.number)


def _number_over_code(kit: Kit, view: ReceiptView) -> Node:
    """Return the same where a line is short: the code under the number."""
    side = 320 if kit.elder else 210
    code = blocks.picture(kit, Picture(name="qr", text=view.qr), side, side) if view.qr else None
    hint = text("screens.receipt.scan") if view.qr else None
    said = kit.words(hint, 29, look.INK, grow=1.0) if hint else None
    lines = [
        kit.words(view.number_label, 30, look.INK_2),
        kit.words(
            view.number,
            54 if kit.upright else 42 if kit.elder else 36,
            look.INK,
            "serif",
            leading=1.3,
        ),
        kit.row([code, said], 30),
    ]
    return meaning(kit.card(lines, (22, 28), gap=6), Role.STATUS, value=view.number or "")


def _items(kit: Kit, view: ReceiptView, *, many: bool) -> Node | None:
    if not view.items:
        return None
    if not many or kit.elder:
        return blocks.rows(kit, [_item(kit, line) for line in view.items])
    lines = [_line(kit, line) for line in view.items]
    return meaning(kit.card(lines, (14, 34), gap=0), Role.LIST)


def _line(kit: Kit, line: Line) -> Node:
    """Return one of many items: name left, number right, no rule between them."""
    name = kit.words(line.name, 31, look.INK, "bold", grow=1.0)
    number = kit.words(line.aside, 27, look.INK_2) if line.aside else None
    if kit.upright:
        return meaning(kit.row([name, number], 20, min_height=kit.px(52)), Role.ROW)
    edge = kit.px(8)
    lines = kit.column([kit.words(line.name, 30, look.INK, "bold"), number], 0)
    return meaning(kit.row([lines], pad=(edge, 0, edge, 0)), Role.ROW)


def _item(kit: Kit, line: Line) -> Node:
    if (kit.upright and not kit.elder) or line.aside is None:
        return blocks.row(kit, line, bold=True)
    edge = kit.px(28)
    words = [kit.words(line.name, 31, look.INK, "bold"), kit.words(line.aside, 27, look.INK_2)]
    lines = kit.column(words, 4, grow=1.0)  # in a row of its own: no leaf ends between the two
    return meaning(kit.row([lines], pad=(kit.px(14), edge, kit.px(14), edge)), Role.ROW)


def _paper(kit: Kit, told: Notice | None, printing: str) -> Node | None:
    return (
        blocks.notice(kit, told, _PAPER_ICONS[printing], narrow=not kit.theme.portrait)
        if told
        else None
    )


def _next(kit: Kit, view: ReceiptView) -> Node | None:
    """Return what happens next; the first step is behind us once the intake has answered."""
    if not view.stages:
        return None
    stages = blocks.timeline(kit, view.stages, 1 if view.outcome == "submitted" else 0)
    if len(view.items) > _FEW and not kit.elder:
        return stages
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
        icon, ink, wash = _DONE if view.done else _GONE
        disc = kit.column([], width=side, height=side, radius=side // 2, fill=wash)
        mark = kit.stack([disc, kit.icon(icon, 200, ink)])
        body = [kit.space(0.7), kit.row([mark], justify="center"), kit.space(), count]
    if upright:
        body.append(kit.space(0.3 if view.card_left else 0.12, 8))
    return scaffold.page(kit, view, body, title_size=84, middle=True, gap=36)
