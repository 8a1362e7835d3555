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
            high=112 if kit.upright else 88,
        )
        for day, key in named.items()
        if view.first <= day <= view.last
    ]
    columns = max(1, len(tiles)) if kit.upright else 1
    return kit.grid(tiles, columns, 18)


def shown_month(kit: Kit, view: DateView) -> date:
    """Return the first day of the month that is turned up."""
    month = _add_months((view.chosen or view.first).replace(day=1), kit.leaf)
    return min(max(month, view.first.replace(day=1)), view.last.replace(day=1))


def month(kit: Kit, view: DateView) -> Node:
    """Return the month that is turned up, with arrows to the next and the one before."""
    return kit.card([turner(kit, view), *_weeks(kit, view)], (18, 22), gap=12)


def days(kit: Kit, view: DateView) -> Node:
    """Return the days alone, for a lying screen, where the arrows stand beside them."""
    return kit.card(_weeks(kit, view), (10, 18), gap=4)


def turner(kit: Kit, view: DateView) -> Node:
    """Return the name of the month between its arrows."""
    shown = shown_month(kit, view)
    before = _turn(kit, -1, "chevron-left", works=shown > view.first.replace(day=1))
    after = _turn(kit, 1, "chevron-right", works=shown < view.last.replace(day=1))
    name = kit.words(
        text("screens.date.month_title", year=shown.year, month=shown.month),
        42 if kit.upright else 36,
        look.DEEP,
        "serif",
        align="center",
        leading=1.24,
        grow=1.0 if kit.upright else 0.0,
    )
    if kit.upright:
        return kit.row([before, name, after], 12)
    return kit.column([name, kit.row([before, kit.space(), after])], 10)


def _weeks(kit: Kit, view: DateView) -> list[Node]:
    shown = shown_month(kit, view)
    week = [
        kit.words(text(f"screens.weekday_short.{n}"), 27, look.INK_2, align="center", leading=1.16)
        for n in range(7)
    ]
    gap = 4 if kit.elder and not kit.upright else 8
    cells = [
        _day(kit, view, day, shown.month)
        for day in _MONDAY_FIRST.itermonthdates(shown.year, shown.month)
    ]
    return [kit.grid(week, 7, gap), kit.grid(cells, 7, gap)]


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
    small = (
        kit.words(text("screens.date.today"), 22, colour, align="center")
        if today and not kit.elder
        else None
    )
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
