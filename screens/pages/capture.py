"""The document camera: the live picture, and the picture that was taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Align, Node, Picture, Role, Style
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Action, CapturedView, CaptureView, Check, Text

DARK: Final = "#17232A"
"""The panel a picture lies on: dark, so that paper is the brightest thing on the page."""
_FIELD: Final = "#0E171C"
_READY: Final = "#46D3A8"
"""Light green on the dark panel: a picture taken now would do."""
_LOOKING: Final = "#D8E2E4"
_LIVE_RATIO: Final = 3 / 4
"""A document camera's picture is 4:3, lying."""
_SHOWN: Final = {"page": 1.0, "card": 0.5}
"""Which middle part of the camera's picture is shown: a card is small under it."""
_HINTS: Final = {"page": (0.66, 0.93), "card": (0.52, 0.45)}
"""Where to lay the thing, as shares of the shown picture's width and height."""


def live(kit: Kit, view: CaptureView) -> Node:
    """Return the page of the live picture: what is seen, whether it would do, the shutter."""
    panel = _upright_panel(kit, view) if kit.upright else _lying_panel(kit, view)
    promise = buttons.outlined(kit, view.commit, size=34) if view.commit else None
    tips = None if kit.elder or view.phase == "stopped" else _tips(kit, view)
    body: list[Node | None] = [panel, tips if kit.upright else None, kit.space(), promise]
    if not kit.upright:
        body = [panel, promise]
    return scaffold.page(kit, view, body, gap=24)


def _upright_panel(kit: Kit, view: CaptureView) -> Node:
    edge = kit.px(24)
    wide = 1080 - 2 * 48 - 2 * 24
    strip = kit.row([_pills(kit, view, 1 if kit.elder else 2), _shutter(kit, view)], 24)
    return _panel(kit, kit.column([_field(kit, view, wide), strip], 26), edge)


def _lying_panel(kit: Kit, view: CaptureView) -> Node:
    edge = kit.px(24)
    if view.phase == "stopped":
        return _panel(kit, _off(kit, kit.px(440)), edge)
    wide = 700 if view.notices or kit.elder else 890
    side = kit.column(
        [_pills(kit, view, 1), kit.space(), kit.row([_shutter(kit, view)], justify="center")],
        20,
        grow=1.0,
    )
    return _panel(kit, kit.row([_field(kit, view, wide), side], 30, align="stretch"), edge)


def _panel(kit: Kit, inner: Node, edge: int) -> Node:
    panel = kit.column(
        [inner], fill=DARK, radius=kit.px(40), pad=(edge, edge, edge, edge), grow=1.0
    )
    return kit.row([panel])  # in a row of its own: no leaf ends between picture and shutter


def _field(kit: Kit, view: CaptureView, wide: float) -> Node:
    """Return the live picture with the corners that say where to lay the thing."""
    width, height = kit.px(wide), kit.px(wide * _LIVE_RATIO)
    if view.phase == "stopped":
        return _off(kit, height)
    label = kit.say(text(f"pages.capture.picture.{view.kind}"))
    shown = Picture(name="live", number=_SHOWN[view.kind])
    style = Style(picture=shown, width=width, height=height)
    seen = Node(role=Role.IMAGE, hint=label, style=style)
    across, down = _HINTS[view.kind]
    colour = _READY if view.ready else _LOOKING
    hint = _corners(kit, round(width * across), round(height * down), colour)
    return styled(kit.stack([seen, hint]), width=width, height=height)


def _off(kit: Kit, height: int) -> Node:
    """Return what stands in place of the picture while there is no camera."""
    return kit.column(
        [kit.icon("camera-off", 180, look.DEEP_LINE)],
        justify="center",
        align="center",
        height=height,
        fill=_FIELD,
        radius=kit.px(20),
    )


def _corners(kit: Kit, width: int, height: int, colour: str) -> Node:
    """Return the four corners of a frame ``width`` × ``height`` dots large."""
    pairs = [
        kit.row(
            [_corner(kit, colour, side, down) for side in ("start", "end")],
            justify="stretch",
        )
        for down in (True, False)
    ]
    return kit.column(pairs, justify="stretch", width=width, height=height)


def _corner(kit: Kit, colour: str, side: Align, down: bool) -> Node:
    arm, stroke = kit.px(64), kit.px(8)
    paint: dict[str, Any] = {"fill": colour, "radius": stroke // 2}
    flat = kit.column([], width=arm, height=stroke, **paint)
    upright = kit.column([], width=stroke, height=arm, **paint)
    end: Align = "start" if down else "end"
    style = Style(flow="stack", align=side, justify=end, width=arm, height=arm)
    return replace(kit.stack([flat, upright]), style=style)


def _pills(kit: Kit, view: CaptureView, columns: int) -> Node:
    if view.phase == "stopped":
        return kit.column([], grow=1.0)
    made = kit.grid([_pill(kit, check) for check in view.checks], columns, 14, grow=1.0)
    return meaning(made, Role.LIST)


def _pill(kit: Kit, check: Check) -> Node:
    """Return one thing a picture needs: gold while it is wanting, green once it is so."""
    ink = look.CARD if check.ok else look.GOLD_LIGHT
    made = kit.row(
        [
            kit.icon("check" if check.ok else "circle-alert", 36, ink),
            kit.words(check.label, 30, ink, "bold" if check.ok else "sans", grow=1.0),
        ],
        14,
        min_height=kit.px(68),
        pad=(kit.px(8), kit.px(20), kit.px(8), kit.px(22)),
        fill=look.JADE if check.ok else "#2A3A43",
        radius=kit.px(34),
    )
    return meaning(made, Role.STATUS, state=("ok",) if check.ok else ())


def _shutter(kit: Kit, view: CaptureView) -> Node | None:
    """Return the large round button; while a picture is taken it is a turning ring."""
    if view.phase == "taking":
        side = 168
        ring = blocks.picture(kit, Picture(name="spinner", colour=DARK), side, side)
        return _labelled(kit, ring, text("pages.capture.taking"))
    if view.shoot is None:
        return None
    side = kit.px(168)
    disc = kit.column(
        [kit.icon("camera", 84, look.DEEP)],
        justify="center",
        align="center",
        width=side,
        height=side,
        radius=side // 2,
        fill=look.CARD,
        border=_READY if view.ready else look.DEEP_LINE,
        border_width=kit.px(12),
    )
    made = _labelled(kit, disc, view.shoot.label)
    label = kit.say(view.shoot.label)
    return meaning(made, Role.BUTTON, label, target=view.shoot.target)


def _labelled(kit: Kit, shown: Node, words: Text) -> Node:
    label = kit.words(words, 32, look.ON_DEEP, "bold", align="center")
    return kit.column([shown, label], 8, align="center", min_width=kit.px(220))


def _tips(kit: Kit, view: CaptureView) -> Node:
    """Return how to lay the thing, in three short lines, beside what it looks like."""
    lines = [
        kit.row(
            [
                kit.icon(icon, 42, look.DEEP_2),
                kit.words(text(f"pages.capture.tip.{view.kind}.{number}"), 31, look.INK, grow=1.0),
            ],
            20,
        )
        for number, icon in enumerate(("maximize", "lightbulb", "hand"), 1)
    ]
    told = meaning(kit.column(lines, 16, pad=(kit.px(8), 0, 0, kit.px(8))), Role.LIST)
    shown = blocks.paper(kit, view.paper, 260, 190)
    return told if shown is None else kit.row([styled(told, grow=1.0), shown], 24)


def captured(kit: Kit, view: CapturedView) -> Node:
    """Return the page of the picture that was taken.

    Keeping it is the way on; where it will not do, the way on is to take it again.
    """
    again = _with_icon(view.again, "rotate-ccw")
    failed = view.keep is None and not view.reading
    failed = failed or any(told.kind == "trouble" for told in view.notices)
    go, other = (again, view.keep) if failed else (view.keep or view.frame.go, again)
    shown = replace(view, frame=replace(view.frame, go=go))
    others = [way for way in (other, view.more) if way is not None]
    picture = _straightened(kit, view)
    rest = [_number(kit, view), kit.space(), _ways(kit, others)]
    if kit.upright:
        return scaffold.page(kit, shown, [picture, *rest], gap=26)
    beside = kit.row(
        [kit.column([picture], width=picture.style.width), kit.column(rest, 26, grow=1.0)],
        32,
        align="stretch",
        grow=1.0,
    )
    return scaffold.page(kit, shown, [beside], gap=24)


def _straightened(kit: Kit, view: CapturedView) -> Node:
    """Return the picture as large as the page allows, in its own proportion."""
    wide, high = _room(kit, view)
    scale = min(wide / max(1, view.width), high / max(1, view.height))
    label = kit.say(text("pages.captured.picture", material=kit.say(view.material)))
    art = blocks.picture(
        kit,
        Picture(name=f"photo:{view.picture}"),
        view.width * scale,
        view.height * scale,
        label,
    )
    edge = kit.px(28)
    panel = _panel(kit, kit.row([art], justify="center"), edge)
    return panel if kit.upright else styled(panel, width=art.style.width + 2 * edge)


def _room(kit: Kit, view: CapturedView) -> tuple[float, float]:
    """Return the units there are for the picture."""
    told = 170 * len(view.notices) + (330 if view.kind == "card" else 0)
    if not kit.upright:
        wide = 400 if kit.elder else 460 if view.kind == "card" else 540
        return wide, (600 if kit.elder else 680) - (250 if kit.elder else 170) * len(view.notices)
    return 920, (880 if kit.elder else 1080) - told


def _number(kit: Kit, view: CapturedView) -> Node | None:
    """Return the number that was read, in groups, to be compared with the card."""
    if view.reading:
        ring = blocks.picture(kit, Picture(name="spinner", colour=look.CARD), 96, 96)
        said = kit.words(text("pages.captured.reading"), 36, look.INK, grow=1.0)
        return meaning(kit.card([kit.row([ring, said], 30)]), Role.STATUS)
    if view.number is None:
        return None
    parts = [
        kit.words(text("pages.captured.number"), 30, look.INK_2),
        kit.words(view.number, _number_size(kit), look.INK, "serif", leading=1.3),
        kit.words(view.bank, 32, look.INK_2) if view.bank else None,
        kit.row(
            [
                kit.icon("list-checks", 44, look.GOLD_INK),
                kit.words(text("pages.captured.compare"), 36, look.INK, "bold", grow=1.0),
            ],
            16,
            pad=(kit.px(14), 0, 0, 0),
        ),
    ]
    made = kit.card(parts, (26, 36), gap=6, border=look.JADE, border_width=kit.px(4))
    return meaning(made, Role.STATUS, value=kit.say(view.number))


def _number_size(kit: Kit) -> float:
    """Return a size in which 19 digits in groups stand on one line."""
    if not kit.upright:
        return 36 if kit.elder else 48
    return 54 if kit.elder else 72


def _ways(kit: Kit, ways: list[Action]) -> Node | None:
    made = [buttons.outlined(kit, _with_icon(way, "plus"), size=34) for way in ways]
    if not made:
        return None
    if kit.elder or not kit.upright:
        return kit.column(made, 18)
    return kit.row([styled(way, grow=1.0) for way in made], 20, align="stretch")


def _with_icon(action: Action, icon: str) -> Action:
    return action if action.icon else replace(action, icon=icon)
