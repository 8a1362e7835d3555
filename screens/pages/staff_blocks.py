"""Blocks of maintenance mode: how it is with a part, figures, buttons, outcomes, questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_frame
from screens.semantic import Face, Node, Role
from screens.widgets.kit import HEADS, WHOLE, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Action, Text
    from kiosk.maintenance.view import Count, Fact, Health, Outcome, Question, StaffView, Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class Paint:
    """How a tone looks; its words are always there too."""

    ink: str
    mark: str
    """Of icons."""
    icon: str
    fill: str
    rim: str


TONES: Final[Mapping[Tone, Paint]] = MappingProxyType(
    {
        "fine": Paint(
            ink=look.JADE_INK,
            mark=look.JADE,
            icon="circle-check",
            fill=look.JADE_WASH,
            rim=look.JADE_LINE,
        ),
        "soon": Paint(
            ink=look.GOLD_INK,
            mark=look.GOLD_INK,
            icon="triangle-alert",
            fill=look.GOLD_WASH,
            rim=look.GOLD_LINE,
        ),
        "trouble": Paint(
            ink=look.SEAL_INK,
            mark=look.SEAL,
            icon="circle-x",
            fill=look.SEAL_WASH,
            rim=look.SEAL_LINE,
        ),
        "off": Paint(
            ink=look.INK_2, mark=look.INK_2, icon="circle-minus", fill=look.CARD, rim=look.LINE
        ),
        "unknown": Paint(
            ink=look.INK_2,
            mark=look.INK_2,
            icon="circle-question-mark",
            fill=look.CARD,
            rim=look.LINE,
        ),
    }
)
ICONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id_reader": "id-card",
        "social_card": "credit-card",
        "scanner": "scan-qr-code",
        "camera_scanner": "qr-code",
        "receipt_printer": "receipt-text",
        "a4_printer": "printer",
        "document_camera": "camera",
        "face_camera": "scan-face",
        "keypad": "keyboard",
        "panel": "lightbulb",
        "ups": "battery-charging",
        "touch": "pointer",
        "display": "monitor",
        "sound": "volume-2",
        "check": "list-checks",
        "intake": "wifi",
        "clock": "clock",
        "disk": "hard-drive",
        "outbox": "inbox",
        "settings": "sliders-horizontal",
        "catalogue": "book-open",
        "keys": "key-round",
        "heat": "thermometer",
        "memory": "memory-stick",
        "audit": "scroll-text",
    }
)
"""Of parts."""
_WAY_ICONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "begin": "play",
        "check": "list-checks",
        "report": "file-text",
        "out": "circle-pause",
        "serve": "circle-play",
        "stop": "circle-pause",
        "outbox": "inbox",
        "help": "life-buoy",
        "system": "settings",
        "train": "graduation-cap",
        "test": "stethoscope",
        "reset": "rotate-ccw",
        "trace": "activity",
        "calibrate": "crosshair",
        "paper": "receipt-text",
        "paper_done": "printer",
        "retry": "send",
        "export": "hard-drive-download",
        "set_clock": "clock",
        "restart": "rotate-ccw",
        "shut_down": "power",
        "update": "usb",
        "install": "download",
        "diagnostics": "package",
        "recovery_card": "ticket",
        "print": "printer",
        "pdf": "file-down",
        "again": "rotate-ccw",
        "skip": "skip-forward",
        "go_on": "arrow-right",
        "test_battery": "battery-charging",
        "yes": "check",
        "no": "x",
        "find": "search",
        "by_code": "rectangle-ellipsis",
        "by_card": "id-card",
        "part": "stethoscope",
    }
)


def part_icon(key: str) -> str:
    """Return the icon of a part."""
    return ICONS.get(key, "cpu")


def part_name(key: str) -> Text:
    """Return what staff call a part."""
    return text(f"faults.name.{key}")


def way_icon(action: Action) -> str:
    """Return the icon of a touch of staff."""
    name = action.target.removeprefix("staff:").partition(":")[0]
    return action.icon or _WAY_ICONS.get(name, "")


def told(kit: Kit, health: Health, size: float = 27, lines: int = 0) -> Node:
    """Return how it is: an icon and words of one colour, at most so many ``lines``."""
    paint = TONES[health.tone]
    words = kit.words(health.told, size, paint.ink, grow=1.0, leading=1.24, lines=lines)
    return kit.row([kit.icon(paint.icon, size + 3, paint.mark), words], 10)


def heading(kit: Kit, key: str) -> Node:
    """Return the heading of a section."""
    made = kit.words(text(key), 34, look.INK, "serif", leading=1.28, role=Role.HEADING)
    return meaning(kit.row([made]), Role.GROUP, state=(HEADS,))


def counts(kit: Kit, shown: Sequence[Count], columns: int = 4) -> Node | None:
    """Return the figures side by side."""
    if not shown:
        return None
    made = [_count(kit, own) for own in shown]
    return kit.grid(made, min(columns, len(made)), 18)


def _count(kit: Kit, shown: Count) -> Node:
    label = kit.words(text(f"staff.count.{shown.key}"), 27, look.INK_2, leading=1.24)
    ink = TONES[shown.tone].ink if shown.tone in {"soon", "trouble"} else look.DEEP
    long = len(shown.value) > _LONG_VALUE
    value = kit.words(shown.value, 42 if long else 54, ink, "serif", leading=1.2)
    made = kit.card([label, kit.space(), value], (18 if kit.upright else 12, 26), gap=2)
    return meaning(made, Role.STATUS, state=(shown.tone,))


_LONG_VALUE: Final = 6


def button(kit: Kit, action: Action, *, high: float = 104, kind: str = "plain") -> Node:
    """Return a button: ``plain`` white, ``way`` green, ``grave`` red."""
    fill, rim, ink = {
        "way": (look.JADE, look.JADE, look.CARD),
        "grave": (look.SEAL, look.SEAL, look.CARD),
    }.get(kind, (look.CARD, look.DEEP_2, look.DEEP))
    if action.chosen:
        fill, rim, ink = look.DEEP, look.DEEP, look.CARD
    icon = way_icon(action)
    edge = kit.px(16)
    words = kit.words(action.label, 33, ink, "bold", leading=1.16, balance=True)
    note = kit.words(action.note, 24, look.INK_2, leading=1.2) if action.note else None
    made = kit.row(
        [
            kit.icon(icon, 36, ink) if icon else None,
            kit.column([words, note], 2) if note else words,
        ],
        16,
        justify="center",
        min_height=kit.theme.target(high),
        min_width=kit.theme.target(),
        pad=(kit.px(8), edge, kit.px(8), edge),
        fill=fill,
        border=rim,
        border_width=kit.px(3),
        radius=kit.px(28),
    )
    state = ("chosen",) if action.chosen else ()
    return meaning(made, Role.BUTTON, kit.say(action.label), target=action.target, state=state)


def ways(
    kit: Kit, actions: Sequence[Action], columns: int, *, high: float = 104, first: str = "plain"
) -> Node | None:
    """Return buttons in lines of ``columns``; the ``first`` one may be the way on."""
    if not actions:
        return None
    made = [
        button(kit, own, high=high, kind=first if number == 0 else "plain")
        for number, own in enumerate(actions)
    ]
    return kit.grid(made, min(columns, len(made)), 18)


def outcome(kit: Kit, shown: Outcome | None) -> Node | None:
    """Return what became of what was just done."""
    if shown is None:
        return None
    paint = TONES[shown.tone]
    said = kit.words(shown.told, 34, look.INK, "bold", leading=1.28)
    hint = kit.words(shown.hint, 30, look.INK, leading=1.34) if shown.hint else None
    return banner(kit, paint, [said, hint], (shown.tone,))


def banner(
    kit: Kit, paint: Paint, said: Sequence[Node | None], state: tuple[str, ...], icon: str = ""
) -> Node:
    """Return a coloured block: an icon and what it says."""
    made = kit.row(
        [kit.icon(icon or paint.icon, 52, paint.mark), kit.column(said, 4, grow=1.0)],
        26,
        fill=paint.fill,
        border=paint.rim,
        border_width=kit.px(2),
        radius=kit.px(28),
        min_height=kit.px(104),
        pad=(kit.px(18), kit.px(30), kit.px(18), kit.px(32)),
    )
    return meaning(made, Role.STATUS, state=state)


def working(kit: Kit, doing: Text | None, icon: str = "hourglass") -> Node | None:
    """Return what runs now and what the person must do."""
    if doing is None:
        return None
    said = [kit.words(doing, 36, look.INK, "bold", leading=1.28)]
    paint = Paint(ink=look.INK, mark=look.DEEP_2, icon=icon, fill=look.CARD, rim=look.DEEP_LINE)
    return banner(kit, paint, said, ("doing",))


def facts(kit: Kit, shown: Sequence[Fact], columns: int = 2) -> Node | None:
    """Return names and values, small, in columns."""
    if not shown:
        return None
    made = [_fact(kit, fact) for fact in shown]
    return kit.card([kit.grid(made, min(columns, len(made)), 28, row_gap=kit.px(14))], (24, 32))


def _fact(kit: Kit, fact: Fact) -> Node:
    name = kit.words(text(f"staff.fact.{fact.key}"), 27, look.INK_2, leading=1.24)
    value = kit.words(fact.value, 33, look.INK, leading=1.24)
    return meaning(kit.column([name, value]), Role.ROW)


def line(
    kit: Kit, icon: str, paint: Paint, said: Sequence[Node | None], right: Node | None = None
) -> Node:
    """Return a row of a list: an icon, what it says, and what stands on its right."""
    edge, down = kit.px(30), kit.px(16)
    made = kit.row(
        [kit.icon(icon, 38, paint.mark), kit.column(said, 2, grow=1.0), right],
        24,
        min_height=kit.px(84),
        pad=(down, edge, down, edge),
    )
    return meaning(made, Role.ROW, state=(WHOLE,))


def sentence(kit: Kit, words: Text | str, size: float = 33, face: Face = "sans") -> Node:
    """Return running words."""
    return kit.words(words, size, look.INK, face, leading=1.34)


def question(kit: Kit, view: StaffView, asked: Question) -> Node:
    """Return the page that asks before something is done to the whole machine."""
    mark = look.SEAL if asked.grave else look.DEEP_2
    icon = kit.icon("triangle-alert" if asked.grave else "circle-question-mark", 120, mark)
    title = kit.words(
        asked.title, 62, look.DEEP, "serif", align="center", balance=True, role=Role.HEADING
    )
    said = kit.words(asked.told, 36, look.INK, align="center", balance=True, leading=1.5)
    yes = button(kit, asked.yes, high=132, kind="grave" if asked.grave else "way")
    no = button(kit, asked.no, high=132)
    answers = kit.grid([no, yes], 2, 24)
    edge = kit.px(56)
    card = kit.card(
        [
            kit.column([icon], align="center"),
            kit.space(0, 16),
            title,
            kit.space(0, 8),
            said,
            kit.space(0, 40),
            answers,
        ],
        (56, 56),
        gap=8,
    )
    card = meaning(styled(card, pad=(edge, edge, edge, edge)), Role.GROUP, kit.say(asked.title))
    return staff_frame.page(kit, view, [kit.space(), card, kit.space(1.4)])
