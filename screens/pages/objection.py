"""A citizen says what is right: what the register says above, the line to write on below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey.view import FormRow, text
from screens.pages import scaffold
from screens.semantic import Node
from screens.widgets import fields
from screens.widgets.kit import Kit

if TYPE_CHECKING:
    from kiosk.journey.view import ObjectionView


def build(kit: Kit, view: ObjectionView) -> Node:
    """Return the page."""
    row = FormRow(
        key="objection",
        label=text("objection.right"),
        aside=None,
        kind="text",
        value=view.written,
        options=(),
        suggestions=(),
        focus=None,
        clear=view.clear,
        focused=True,
        fault=None,
        why=text("objection.why"),
    )
    body = [fields.known(kit, view.told), fields.row(kit, row, alone=kit.elder, brief=False)]
    return scaffold.page(kit, view, body, gap=26)
