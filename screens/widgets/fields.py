"""Fields of the form: what is known, what is written, what is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import layout
from screens import theme as look
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import FOCUSED, WHOLE, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Action, FormRow, KnownFact, Text


def written(
    kit: Kit, words: str, *, focused: bool, empty: Text | None = None, large: bool = False
) -> Node:
    """Return words that are being written, with the mark where the next ones go."""
    mark = kit.column([], width=kit.px(4), height=kit.theme.icon(44), fill=look.JADE)
    if not words:
        hint = kit.words(empty, 34, look.INK_2, grow=1.0, leading=1.2) if empty else kit.space()
        return kit.row([mark if focused else None, hint], 6, grow=1.0)
    shown = kit.words(words, 48 if large else 38, look.INK, leading=1.2)
    return kit.row([shown, mark if focused else None, kit.space(0.01)], 4, grow=1.0)


def known(kit: Kit, fact: KnownFact) -> Node:
    """Return a fact that is filled already, with where it came from."""
    label = kit.words(fact.label, 30, look.INK, leading=1.24)
    badge = kit.badge(fact.source, "done", "database")
    value = kit.column(
        [kit.words(fact.value, 36, look.INK, leading=1.2)],
        justify="center",
        min_height=kit.px(96),
        fill="#EFF4F0",
        border=look.JADE_LINE,
        border_width=kit.px(2),
        radius=kit.px(24),
        pad=(kit.px(12), kit.px(30), kit.px(12), kit.px(32)),
    )
    room = (kit.body_width - kit.px(20)) // (1 if kit.elder else 2)
    taken = layout.size(label, room)[0] + layout.size(badge, room)[0] + kit.px(16)
    fits = taken <= room
    head = kit.row([label, badge, kit.space()], 16)
    if not fits:
        head = kit.column([label, kit.row([badge, kit.space()])], 4)
    return meaning(kit.column([head, value], 8), Role.ROW, state=(WHOLE,))


def row(kit: Kit, own: FormRow, *, alone: bool = False, brief: bool = False) -> Node:
    """Return one fact that the citizen gives: its name, its field, what is wrong with it.

    ``alone``: it is the only question of the page, whose title names it already; all is larger.
    ``brief``: another one is being written; the word of help waits.
    """
    parts: list[Node | None] = [_aside(kit, own) if alone else _label(kit, own)]
    if own.kind == "choice":
        parts.append(_options(kit, own.options, alone=alone))
    else:
        parts.append(_field(kit, own, alone=alone))
        parts.append(_suggestions(kit, own.suggestions))
    if own.fault is not None:
        parts.append(_told(kit, own.fault, "circle-alert", look.SEAL_INK, "bold"))
    elif own.why is not None and not brief:
        parts.append(_told(kit, own.why, "info", look.INK_2, "sans"))
    state = (WHOLE, FOCUSED) if own.focused else (WHOLE,)
    whole = kit.column(parts, 16 if alone else 8)
    where = _where(kit, own, alone=alone)
    if where is not None:
        whole = kit.row([styled(whole, grow=1.0), where], 24)
    return meaning(whole, Role.GROUP, state=state)


def _where(kit: Kit, own: FormRow, *, alone: bool) -> Node | None:
    """Return the sample picture that shows where it is written, beside the one that is asked."""
    if not (own.focused or alone):
        return None
    large = alone and kit.upright
    return blocks.paper(kit, own.paper, 340 if large else 220, 240 if large else 160)


def _aside(kit: Kit, own: FormRow) -> Node | None:
    if own.aside is None or (own.focused and not kit.upright):
        return None  # a lying screen has no room for it over the pad
    return kit.words(own.aside, 30, look.INK_2, leading=1.24)


def _label(kit: Kit, own: FormRow) -> Node:
    name = kit.words(own.label, 33, look.INK, "bold", leading=1.24)
    if own.aside is None:
        return name
    aside = kit.words(own.aside, 27, look.INK_2, leading=1.24)
    return beside(kit, name, aside)


def beside(kit: Kit, name: Node, aside: Node) -> Node:
    """Set a smaller word at the right of a name, or under it where both do not fit."""
    room = kit.body_width
    wanted = layout.size(name, room)[0] + layout.size(aside, room)[0] + kit.px(30)
    if wanted > room:
        return kit.column([name, aside], 2)
    return kit.row([name, kit.space(), aside], 16, align="end")


def _field(kit: Kit, own: FormRow, *, alone: bool) -> Node:
    value = kit.say(own.value) if own.value else ""
    empty = text("screens.form.choose" if own.kind == "pick" else "screens.form.write")
    rim = look.SEAL if own.fault else look.JADE if own.focused else look.LINE_STRONG
    chevron = kit.icon("chevron-right", 38, look.INK_2) if own.kind == "pick" else None
    ends = (kit.px(10), kit.px(30), kit.px(10), kit.px(32))
    words = written(kit, value, focused=own.focused, empty=empty, large=alone)
    inner = kit.row([words, chevron], 16, grow=1.0, pad=ends)
    if own.focus is not None:
        inner = meaning(
            inner, Role.BUTTON, kit.say(own.label), target=own.focus.target, value=value
        )
    made = kit.row(
        [inner, _clear(kit, own.clear) if own.clear else None],
        align="stretch",
        fill=look.CARD,
        border=rim,
        border_width=kit.px(4 if own.focused or own.fault else 2),
        radius=kit.px(24),
        min_height=kit.theme.target(140 if alone and kit.upright else 100),
    )
    return made if own.focus else meaning(made, Role.STATUS, value=value)


def _clear(kit: Kit, action: Action) -> Node:
    """Return the mark that takes away all that is written, as large as any target."""
    side = kit.theme.target()
    mark = kit.row([kit.icon(action.icon, 44, look.INK_2)], justify="center")
    made = kit.column([mark], justify="center", width=side, height=side)
    return meaning(made, Role.BUTTON, kit.say(action.label), target=action.target)


def _options(kit: Kit, options: tuple[Action, ...], *, alone: bool) -> Node:
    """Return the few answers: two or three a line; alone, one a line and as large as it gets."""
    if alone:
        cards = [
            buttons.choice_card(kit, option, high=190 if kit.upright else 128) for option in options
        ]
        return kit.column(cards, 24 if kit.upright else 16)
    most = max((len(kit.say(option.label)) for option in options), default=0)
    columns = 1 if kit.elder else 3 if len(options) % 2 and most <= _SHORT else 2
    tiles = [buttons.tile(kit, option, size=36, high=96) for option in options]
    return kit.grid(tiles, min(columns, max(1, len(tiles))), 16)


_SHORT: Final = 6
"""Characters of an answer of which three stand side by side."""


def _suggestions(kit: Kit, suggestions: tuple[Action, ...]) -> Node | None:
    if not suggestions:
        return None
    pills = [_suggestion(kit, action) for action in suggestions]
    long = any(action.note is not None for action in suggestions)
    if long or (kit.elder and kit.upright):
        return kit.grid(pills, 1 if long and kit.elder else min(2, len(pills)), 14)
    return kit.row([*pills, kit.space()], 14)


def _suggestion(kit: Kit, action: Action) -> Node:
    across = kit.px(22)
    words = kit.words(action.label, 30, look.JADE_INK, leading=1.2, align="center")
    note = None
    if action.note is not None:
        note = kit.words(action.note, 24, look.INK_2, leading=1.2, align="center")
    made = kit.column(
        [words, note],
        justify="center",
        fill=look.JADE_WASH,
        border=look.JADE,
        border_width=kit.px(2),
        radius=kit.px(24),
        min_height=kit.theme.target(),
        min_width=kit.theme.target(140),
        pad=(kit.px(6), across, kit.px(6), across),
    )
    return meaning(made, Role.BUTTON, kit.say(action.label), target=action.target)


def _told(kit: Kit, words: Text, icon: str, ink: str, face: str) -> Node:
    said = kit.words(words, 29, ink, "bold" if face == "bold" else "sans", leading=1.24)
    return kit.row([kit.icon(icon, 34, ink), styled(said, grow=1.0)], 12)
