"""One page of the merged form: what is known on top, what is left few and large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import fields
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import FormView, Text

_FEW_KNOWN: Final = 2
"""So many known facts leave room for the rows above the pad."""


def build(kit: Kit, view: FormView) -> Node:
    """Return the page; with elder letters it is one question."""
    alone = kit.elder and len(view.rows) == 1
    writing = view.input is not None
    rows = [
        fields.row(kit, own, alone=alone, brief=writing and not own.focused) for own in view.rows
    ]
    if kit.elder:
        facts = [fields.known(kit, fact) for fact in view.known]
        gap = 22 if view.input else 34
        return scaffold.page(
            kit, view, [*rows, *facts], title_size=72, over_title=_over(view), gap=gap
        )
    # Above the pad there is room for what is asked; what is known comes back with the room.
    known = _known(kit, view) if not writing or len(view.known) <= _FEW_KNOWN else None
    return scaffold.page(kit, view, [_left(kit, view), known, *rows], gap=16 if writing else 20)


def _over(view: FormView) -> Text | None:
    return text("screens.question.number", number=view.number, of=view.of) if view.of > 1 else None


def _known(kit: Kit, view: FormView) -> Node | None:
    if not view.known:
        return None
    return kit.grid([fields.known(kit, fact) for fact in view.known], 2, 20)


def _left(kit: Kit, view: FormView) -> Node | None:
    """Return the green line: so many facts are left, so many of them here."""
    if view.input is not None and not kit.upright:
        return None
    said = text("screens.form.left", n=view.left, here=len(view.rows))
    if not view.left:
        said = text("screens.form.none_left")
    made = kit.row(
        [
            kit.icon("sparkles", 44, look.JADE),
            kit.words(said, 33, look.INK, "bold", grow=1.0, leading=1.24),
            kit.words(text("screens.form.page", number=view.number, of=view.of), 30, look.JADE_INK),
        ],
        22,
        fill=look.JADE_WASH,
        border=look.JADE_LINE,
        border_width=kit.px(2),
        radius=kit.px(28),
        min_height=kit.px(92),
        pad=(kit.px(12), kit.px(30), kit.px(12), kit.px(30)),
    )
    return meaning(made, Role.STATUS, state=("done",))
