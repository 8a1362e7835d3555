"""The questions of the form: one a page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node
from screens.widgets import buttons, calendar, digits
from screens.widgets.kit import Kit, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.journey.view import (
        ChoiceView,
        DateView,
        DigitsView,
        DivisionView,
        QuestionView,
        Text,
    )

ICONS: Final = {
    "resettled_retiree": "house-heart",
    "long_term_resident": "house",
    "posted_worker": "briefcase",
    "referred_patient": "ambulance",
    "other_temporary": "luggage",
}
"""Pictures of well-known answers; an answer without one has none."""


def _over(view: QuestionView) -> Text | None:
    if view.of < 2:
        return None
    return text("screens.question.number", number=view.number, of=view.of)


def _over_place(view: DivisionView) -> Text | None:
    """Return the small line of the page of places: it names the province."""
    if not view.province:
        return _over(view)
    return text("screens.question.place", number=view.number, of=view.of, province=view.province)


def _why(kit: Kit, view: QuestionView) -> Node | None:
    if view.why is None:
        return None
    return kit.row(
        [kit.icon("info", 36, look.DEEP_2), kit.words(view.why, 29, look.INK_2, grow=1.0)], 16
    )


def _page(
    kit: Kit,
    view: QuestionView,
    body: Sequence[Node | None],
    gap: float = 26,
    over: Text | None = None,
    *,
    turns: bool = True,
) -> Node:
    parts = [_why(kit, view), *body]
    over = over or _over(view)
    return scaffold.page(kit, view, parts, title_size=68, over_title=over, gap=gap, turns=turns)


def choice(kit: Kit, view: ChoiceView) -> Node:
    """Return the page of a choice of a few: large cards, one line of explanation each."""
    many = len(view.options) > 4
    upright = kit.theme.portrait
    high = (196 if many else 220) if upright else (138 if many else 168)
    cards = [
        buttons.choice_card(
            kit,
            replace(option, icon=option.icon or ICONS.get(option.target.rpartition(":")[2], "")),
            high=high,
        )
        for option in view.options
    ]
    return _page(kit, view, [kit.space(0, 8), kit.column(cards, 24 if upright else 18)])


def province(kit: Kit, view: DivisionView) -> Node:
    """Return the page of all provinces."""
    columns = 4 if kit.theme.portrait else 5
    high = 136 if kit.upright else 96
    tiles = [buttons.tile(kit, option, size=36, high=high) for option in view.options]
    return _page(kit, view, [kit.grid(tiles, columns, 16)])


def place(kit: Kit, view: DivisionView) -> Node:
    """Return the page of the places of one province."""
    columns = 3 if kit.theme.portrait else 4
    few = len(view.options) <= 6 * columns and kit.theme.portrait
    high, size = (132, 36) if few else (100, 33)
    tiles = [buttons.tile(kit, option, size=size, high=high) for option in view.options]
    return _page(kit, view, [kit.grid(tiles, columns, 18)], over=_over_place(view))


def day(kit: Kit, view: DateView) -> Node:
    """Return the page of a day: quick choices and a month; lying, side by side."""
    quick = calendar.quick(kit, view)
    if kit.upright:
        return _page(kit, view, [quick, calendar.month(kit, view)], turns=False)
    side = kit.column([calendar.turner(kit, view), quick], 24, width=kit.px(330))
    body = kit.row([side, styled(calendar.days(kit, view), grow=1.0)], 28, align="start")
    return _page(kit, view, [body], turns=False)


def number(kit: Kit, view: DigitsView) -> Node:
    """Return the page of a number: what is typed, and the pad."""
    high = 148 if kit.upright else 84 if kit.elder else 112
    pad = digits.pad(kit, view, high)
    body = [kit.space(0.2, 8), digits.typed(kit, view), pad, kit.space(0.6)]
    return _page(kit, view, body, 22 if kit.upright else 14)
