"""At a glance: what to do first, then today's figures, then every part, then the ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.pages.staff_blocks import TONES
from screens.semantic import Node, Role
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.journey.view import Action
    from kiosk.maintenance.view import Part, StaffGlanceView, Task
    from screens.pages.staff_frame import Room

_TASKS: Final = 2
"""So many tasks have a line each on a lying screen; of more, those after the first share lines."""


def build(kit: Kit, view: StaffGlanceView) -> Node:
    """Return the page: what is to do stands at the top, all that has its place at the bottom.

    What is found while somebody reads moves neither a part nor a button; where it is crowded, tasks
    stand closer before a second leaf is begun.
    """

    def body(room: Room) -> list[Node | None]:
        made = _body(kit, view, small=False)
        return made if room.holds(made) else _body(kit, view, small=True)

    return staff_frame.page(kit, view, body, gap=24 if kit.upright else 16)


def _body(kit: Kit, view: StaffGlanceView, *, small: bool) -> list[Node | None]:
    tasks = [_task(kit, task, small=small or number > 0) for number, task in enumerate(view.tasks)]
    if not kit.upright and len(tasks) > _TASKS:
        tasks = [tasks[0], kit.grid(tasks[1:], 2, 18)]
    if not tasks and view.parts:
        tasks = [_fine(kit, "looking" if view.looking else "fine")]
    return [
        *tasks,
        kit.space(),
        staff_blocks.counts(kit, view.counts),
        _parts(kit, view.parts),
        _ways(kit, view.ways),
    ]


def _fine(kit: Kit, how: str) -> Node:
    """Return that there is nothing to do, or that it is not known yet: of one size."""
    title = "staff.glance.looking" if how == "looking" else "staff.glance.fine_told"
    said = [
        kit.words(text(title), 42, look.INK, "bold", leading=1.24),
        kit.words(text(f"staff.glance.{how}_more"), 30, look.INK, leading=1.3),
    ]
    paint = TONES["unknown" if how == "looking" else "fine"]
    return staff_blocks.banner(kit, paint, said, (how,), "hourglass" if how == "looking" else "")


def _task(kit: Kit, task: Task, *, small: bool) -> Node:
    """Return one thing to do: what is so, what citizens lose by it, and the one way on."""
    paint = TONES[task.tone]
    said = [
        kit.words(task.title, 34 if small else 42, look.INK, "bold", leading=1.24),
        kit.words(task.told, 27 if small else 30, look.INK, leading=1.32),
    ]
    grave = "grave" if task.tone == "trouble" else "plain"
    way = task.action
    right = staff_blocks.button(kit, way, high=88 if small else 104, kind=grave) if way else None
    down, edge = kit.px(10 if small else 30), kit.px(36)
    made = kit.row(
        [
            kit.icon(staff_blocks.part_icon(task.part), 52 if small else 68, paint.mark),
            kit.column(said, 6, grow=1.0),
            right,
        ],
        32,
        fill=paint.fill,
        border=paint.rim,
        border_width=kit.px(2),
        radius=kit.px(28),
        min_height=kit.px(104 if small else 190),
        pad=(down, edge, down, edge),
    )
    return meaning(made, Role.STATUS, state=(task.tone, "task"))


def _parts(kit: Kit, parts: Sequence[Part]) -> Node | None:
    """Return every part: always in as many columns."""
    return kit.grid([_part(kit, own) for own in parts], 4, 18) if parts else None


def _part(kit: Kit, part: Part) -> Node:
    paint = TONES[part.health.tone]
    still = part.health.tone in {"fine", "off", "unknown"}
    ink = look.DEEP_2 if still else paint.mark
    label = staff_blocks.part_name(part.key)
    name = kit.row(
        [
            kit.icon(staff_blocks.part_icon(part.key), 28, ink),
            kit.words(label, 27, look.INK, grow=1.0, leading=1.2),
        ],
        10,
    )
    told = staff_blocks.told(kit, part.health, 24, lines=2)
    rim = look.LINE_STRONG if part.action else look.LINE
    down, edge = kit.px(14), kit.px(13)
    made = kit.column(
        [name, kit.space(), told],
        8,
        fill=look.CARD if still else paint.fill,
        border=look.SEAL if part.health.tone == "trouble" else rim,
        border_width=kit.px(2),
        radius=kit.px(26),
        min_height=kit.theme.target(112),
        pad=(down, edge, down, edge),
    )
    if part.action is None:
        return meaning(made, Role.STATUS, kit.say(label), state=(part.health.tone,))
    return meaning(
        made,
        Role.BUTTON,
        kit.say(label),
        value=kit.say(part.health.told),
        target=part.action.target,
        state=(part.health.tone,),
    )


def _ways(kit: Kit, actions: Sequence[Action]) -> Node | None:
    """Return the buttons: upright the first two large and three in a line, or two in a line."""
    count, high = len(actions), 88
    if not kit.upright:
        return staff_blocks.ways(kit, actions, _COLUMNS.get(count, 4), high=high)
    if (count - 2) % 3 or count < 5:
        return staff_blocks.ways(kit, actions, 2, high=high)
    first = staff_blocks.ways(kit, actions[:2], 2, high=high)
    return kit.column([first, staff_blocks.ways(kit, actions[2:], 3, high=high)], 18)


_COLUMNS: Final = {5: 5, 6: 3}
"""Of so many buttons on a lying screen; of others four."""
