"""What a sample is: a page in one state, and the words it is written with.

Samples are made by hand, so that a page can be looked at before the journey leads to it.  Their
words are data (:func:`~kiosk.journey.view.plain`) with English beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import Action, Figure, Frame, Line, Steps, Text, plain

if TYPE_CHECKING:
    from screens.input.composition import Composition
    from screens.standing import AnyPage

NOW: Final = datetime(2026, 11, 22, 14, 32, tzinfo=UTC)
TODAY: Final = date(2026, 11, 22)
ENGLISH: Final[dict[str, str]] = {}
"""English of the samples' own words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A page in one state."""

    name: str
    """File name of its picture, without the ending."""
    view: AnyPage
    leaf: int = 0
    composition: Composition | None = None
    """What stands on the pad."""
    training: bool = False
    """With the strip of a training over it."""
    now: datetime = NOW
    """What its clock shows."""


def say(words: str, english: str = "") -> Text:
    """Return words of a sample; without English they stay Chinese, as names do."""
    if english:
        ENGLISH[words] = english
    return plain(words)


def act(
    target: str,
    words: str,
    english: str = "",
    *,
    icon: str = "",
    chosen: bool = False,
    note: Text | None = None,
) -> Action:
    """Return a thing to touch."""
    return Action(target=target, label=say(words, english), icon=icon, chosen=chosen, note=note)


def line(words: str, english: str = "", aside: Text | None = None, paper: str = "") -> Line:
    """Return a line with a smaller word on its right, and perhaps a sample picture."""
    return Line(name=say(words, english), aside=aside, paper=paper)


def figure(label: Text, value: str, unit: Text, before: Text | None = None) -> Figure:
    """Return a large number."""
    return Figure(label=label, value=value, unit=unit, before=before)


HOME: Final = act("home", "首页", "Home", icon="house")
BACK: Final = act("back", "返回", "Back", icon="undo-2")
HELP: Final = act("help", "找人帮忙", "Get help", icon="hand-helping")
TOOLS: Final = (
    act("size", "大字", "Large", icon="a-large-small"),
    act("language", "EN", "中文", icon="languages"),
)
NEXT: Final = act("next", "下一步", "Next")
SERVICE: Final = "新乡市政务服务"
PLACE: Final = "红旗区政务服务中心 3 号机"
THING: Final = "新生儿出生"
ENGLISH.update(
    {
        SERVICE: "Xinxiang Government Services",
        PLACE: "Hongqi District Service Centre, No. 3",
        THING: "A child is born",
    }
)


def frame(
    done: int = -1,
    part: float = 0.5,
    *,
    go: Action | None = None,
    thing: str | None = THING,
    nav: tuple[Action, ...] = (HOME, BACK, HELP),
    tools: tuple[Action, ...] = TOOLS,
) -> Frame:
    """Return the bars of a page; ``done`` bars full, -1: no bars."""
    return Frame(
        service=SERVICE,
        place=PLACE,
        thing=thing,
        steps=Steps(done=done, part=part) if done >= 0 else None,
        nav=nav,
        go=go,
        tools=tools,
    )
