"""A month to choose a day from."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kiosk.journey.view import Action, text
from screens import theme as look
from screens.semantic import Face, Node, Role
from screens.widgets import buttons
from screens.widgets.kit import TURN, Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import DateView

_MONDAY_FIRST = Calendar(0)


def quick(kit: Kit, view: DateView) -> Node:
    """Return the days that are chosen most: today, tomorrow, next Monday, next month."""
    monday = view.today + timedelta(days=7 - view.today.weekday())
    month = _add_months(view.today.replace(day=1), 1)
    named: dict[date, str] = {}
    for day, key in (
        (view.today, "screens.date.today"),
        (view.today + timedelta(days=1), "screens.date.tomorrow"),
        (monday, "screens.date.monday"),
        (month, "screens.date.month"),
    ):
        named.setdefault(day, key)
    tiles = [
        buttons.tile(
            kit,
            Action(
                target=view.target(day),
                label=text(key),
                chosen=day == view.chosen,
                note=text("screens.date.day", month=day.month, day=day.day),
            ),
            high=112,
        )
        for day, key in named.items()
        if view.first <= day <= view.last
    ]
    return kit.grid(tiles, max(1, len(tiles)), 18)


def month(kit: Kit, view: DateView) -> Node:
    """Return the month that is turned up, with arrows to the next and the one before."""
    shown = _add_months((view.chosen or view.first).replace(day=1), kit.leaf)
    first, last = view.first.replace(day=1), view.last.replace(day=1)
    shown = min(max(shown, first), last)
    days = list(_MONDAY_FIRST.itermonthdates(shown.year, shown.month))
    week = [
        kit.words(text(f"screens.weekday_short.{n}"), 27, look.INK_2, align="center")
        for n in range(7)
    ]
    head = kit.row(
        [
            _turn(kit, -1, "chevron-left", works=shown > first),
            kit.words(
                text("screens.date.month_title", year=shown.year, month=shown.month),
                42,
                look.DEEP,
                "serif",
                align="center",
                grow=1.0,
            ),
            _turn(kit, 1, "chevron-right", works=shown < last),
        ],
        12,
    )
    cells = [_day(kit, view, day, shown.month) for day in days]
    grid = kit.grid(cells, 7, 8)
    return kit.card([head, kit.grid(week, 7, 8), grid], (18, 22), gap=12)


def _add_months(first: date, months: int) -> date:
    years, month0 = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month0 + 1, 1)


def _turn(kit: Kit, way: int, icon: str, *, works: bool) -> Node:
    side = kit.theme.target(88)
    if not works:
        return kit.column([], width=side, height=side)
    made = kit.column(
        [kit.icon(icon, 48, look.DEEP_2)],
        justify="center",
        align="center",
        width=side,
        height=side,
        border=look.LINE_STRONG,
        border_width=kit.px(2),
        radius=kit.px(24),
    )
    label = kit.say(text("screens.date.next" if way > 0 else "screens.date.before"))
    return meaning(made, Role.BUTTON, label, target=f"{TURN}{way:+d}")


def _day(kit: Kit, view: DateView, day: date, month_shown: int) -> Node:
    high = kit.theme.target(100 if kit.theme.portrait else 84)
    if day.month != month_shown:
        return kit.column([], height=high)
    chosen, able = day == view.chosen, view.first <= day <= view.last
    today = day == view.today
    colour = look.CARD if chosen else look.INK if able else "#716D62"
    face: Face = "serif" if able else "sans"
    number = kit.words(str(day.day), 36 if able else 32, colour, face, align="center", leading=1.2)
    small = kit.words(text("screens.date.today"), 22, colour, align="center") if today and not kit.elder else None
    paint: dict[str, Any] = {}
    if able:
        paint = {
            "fill": look.JADE if chosen else look.CARD,
            "border": look.JADE if chosen else look.LINE_STRONG,
            "border_width": kit.px(2),
            "radius": kit.px(20),
        }
    made = kit.column([number, small], justify="center", height=high, **paint)
    if not able:
        return made
    label = kit.say(text("screens.date.day", month=day.month, day=day.day))
    state = ("chosen",) if chosen else ()
    return meaning(made, Role.CHOICE, label, target=view.target(day), state=state)
