"""Pages that lie over a page, and pages without a visit: warning, help, trouble, out of service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import EMBLEM, MARGIN, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import EndedView, HelpView, Text, TroubleView, WarningView
    from screens.standing import OutView

_NIGHT = "#1B4353"
_DIGITS = 8.2
"""As many digits of a number stand on a line in their full size."""


def warning(kit: Kit, view: WarningView) -> Node:
    """Return the full-screen count-down: are you still there?"""
    upright = kit.theme.portrait
    side = 420 if upright else 380
    share = view.seconds / max(1, view.of)
    ring = blocks.picture(kit, Picture(name="ring", number=share, colour=_NIGHT), side, side)
    figure = kit.words(str(view.seconds), 176, look.CARD, "serif", align="center", leading=1.0)
    count = kit.column([kit.stack([ring, figure])], align="center")
    said = [
        kit.words(view.title, 108, look.CARD, "serif", align="center", role=Role.TITLE),
        kit.words(view.lead, 46, "#E6EDEE", align="center", balance=True, leading=1.6),
    ]
    go_on = buttons.primary(kit, view.go_on, high=208, size=76, icon="")
    go_on = styled(go_on, width=kit.px(820), radius=kit.px(48))
    leave = buttons.outlined(
        kit,
        view.leave,
        high=148,
        size=50,
        width=kit.px(820),
        fill=_NIGHT,
        border="#B9C8CC",
        ink=look.CARD,
        radius=kit.px(48),
    )
    ways = kit.column([go_on, leave], 34, align="center")
    if upright:
        body = [kit.space(1.0), count, kit.space(0, 90), *said, kit.space(0, 70), ways]
        body.append(kit.space(1.0))
        made = kit.column(body, 12, fill=_NIGHT, pad=(0, kit.px(60), 0, kit.px(60)))
    else:
        right = kit.column([kit.space(), *said, kit.space(0, 50), ways, kit.space()], 6, grow=2.0)
        left = kit.column([kit.space(), count, kit.space()], grow=1.0)
        made = kit.row([left, right], 40, align="stretch", fill=_NIGHT, pad=(0, 90, 0, 60))
    return meaning(made, Role.PAGE, kit.say(view.title), value=view.page)


def help_page(kit: Kit, view: HelpView) -> Node:
    """Return whom to ask, what to say, and where to turn when a thing cannot be done."""
    size = 124 * min(1.0, _DIGITS / len(view.phone))
    phone = kit.column(
        [
            kit.row(
                [
                    kit.icon("phone-call", 84, look.ON_DEEP),
                    kit.words(view.phone, size, look.ON_DEEP, "serif", leading=1.1),
                ],
                40,
            ),
            kit.words(view.answers, 38, look.ON_DEEP, leading=1.35) if view.answers else None,
            kit.words(view.hours, 32, look.ON_DEEP_2) if view.hours else None,
        ],
        12,
        fill=look.DEEP,
        radius=kit.px(40),
        pad=(kit.px(44), kit.px(52), kit.px(44), kit.px(56)),
    )
    say = _told(kit, "screens.help.say", view.say, "message-circle-more")
    cannot = _told(kit, "screens.help.cannot", view.cannot, "landmark")
    close = buttons.primary(kit, view.close, high=120, size=42, icon="")
    left, right = [phone, say], [cannot, kit.space(), close]
    if not (kit.upright or kit.elder):
        left, right = [phone, cannot, kit.space()], [say, kit.space(), close]
    return scaffold.page(kit, view, [scaffold.two(kit, left, right, 34)], title_size=72, gap=34)


def _told(kit: Kit, key: str, lines: tuple[Text, ...], icon: str) -> Node:
    rows = [
        kit.row([kit.icon(icon, 40, look.JADE), kit.words(words, 34, look.INK, grow=1.0)], 24)
        for words in lines
    ]
    card = meaning(kit.card(rows, (32, 36), gap=22), Role.LIST)
    return kit.column([blocks.heading(kit, text(key)), card], 16)


def trouble(kit: Kit, view: TroubleView) -> Node:
    """Return what happened to the visit before this one, and what was kept."""
    body: list[Node | None] = [kit.space(0, 20)]
    if view.local_no is not None:
        number = [
            kit.words(text("slip.local_no"), 32, look.INK_2),
            kit.words(view.local_no, 72, look.INK, "serif"),
            kit.words(text("screens.trouble.keep"), 31, look.INK_2),
        ]
        body.append(kit.card(number, (40, 44), gap=8))
    left = kit.say(text("screens.trouble.seconds", n=view.seconds))
    body += [scaffold.privacy(kit, "screens.trouble.privacy"), kit.space()]
    body += [kit.words(left, 32, look.INK_2), kit.space(0, 4)]
    return scaffold.page(kit, view, body, title_size=72, gap=32)


def out_of_service(kit: Kit, view: OutView) -> Node:
    """Return the page of a terminal that cannot serve anybody now."""
    upright = kit.theme.portrait
    edge, end = kit.px(96), kit.px(96 if upright else 72)
    made = kit.column(
        [
            kit.space(1.0),
            replace(kit.icon("wrench", 150 if upright else 110, look.GOLD_LIGHT), state=(EMBLEM,)),
            kit.space(0, 40 if upright else 10),
            kit.words(view.title, 108, look.ON_DEEP, "serif", balance=True, role=Role.TITLE),
            kit.space(0, 20),
            kit.words(view.lead, 44, look.ON_DEEP_2, balance=True, leading=1.6),
            kit.space(0, 50 if upright else 20),
            kit.words(text("screens.out.phone", phone=view.phone), 44, look.ON_DEEP),
            kit.words(view.answers, 38, look.ON_DEEP_2, leading=1.4) if view.answers else None,
            kit.words(view.opens, 38, look.ON_DEEP_2, leading=1.4) if view.opens else None,
            kit.space(1.4),
            kit.words(view.frame.service, 30, look.ON_DEEP_2),
        ],
        fill=look.DEEP,
        align="start",
        pad=(end, edge, end, edge),
    )
    return meaning(made, Role.PAGE, kit.say(view.title), value=view.page)


def ended(kit: Kit, view: EndedView) -> Node:
    """Return the empty page that is up while this process gives way to the next."""
    edge = kit.px(MARGIN)
    made = kit.column([], fill=look.DEEP, pad=(edge, edge, edge, edge))
    return meaning(made, Role.PAGE, value=view.page)
