"""Samples of the pages where a visit begins: attract, home, search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kiosk.journey import view as v
from screens.input.composition import Composition
from screens.input.engine import Candidate, Reading
from screens.sample import HELP, HOME, Sample, act, frame, say

_TILES: Final = (
    ("新生儿出生", "A child is born", "baby", 10, 2, 8),
    ("教育入学", "Starting school", "graduation-cap", 5, 1, 3),
    ("退休", "Retirement", "wallet", 9, 2, 5),
    ("社会保障卡", "Social security card", "id-card", 4, 0, 2),
    ("就医费用报销", "Medical expenses", "stethoscope", 4, 0, 3),
    ("残疾人服务", "Disability services", "accessibility", 5, 1, 4),
    ("公积金贷款", "Housing fund loan", "house", 8, 3, 6),
    ("退役军人", "Veterans", "medal", 11, 2, 5),
    ("申请公租房", "Public rental housing", "building-2", 8, 2, 4),
    ("身后一件事", "After a death", "flower-2", 7, 3, 5),
    ("灵活就业", "Self-employment", "briefcase", 6, 0, 3),
    ("外籍来华工作许可", "Work permits for foreigners", "plane", 8, 4, 6),
)
_PLANNED: Final = say("这里还不能办，可以看看说明", "Not here yet; you can read the guide")
_TITLE: Final = say("今天想办哪件事？", "What would you like to do today?")
_LEAD: Final = say(
    "一次告知、一张表、一套材料，24 小时都能办",
    "One notice, one form, one set of papers, day and night",
)


def tile(number: int) -> v.ThingTile:
    """Return one thing; only the first and the fifth can be filed here."""
    name, english, icon, fill, bring, minutes = _TILES[number]
    here = number in {0, 4}
    say(name, english)
    return v.ThingTile(
        action=act(f"open_thing:thing-{number}", name),
        name=name,
        items=fill // 2 + 2,
        here=fill // 2 + 2 if here else 0,
        fill=fill,
        bring=bring,
        minutes=minutes if here else 0,
        icon=icon,
        available=here,
        why=None if here else _PLANNED,
    )


_SEARCH: Final = act("search", "比如：孩子上户口", "For example: register a baby", icon="search")
_AUDIENCES: Final = (
    act("audience:个人", "个人办事", "For you", chosen=True),
    act("audience:企业", "企业办事", "For enterprises"),
)
_THEMES: Final = (
    act("theme:all", "全部", "All", chosen=True),
    act("theme:birth", "出生教育", "Birth, school"),
    act("theme:work", "工作退休", "Work, pension"),
    act("theme:health", "看病就医", "Health"),
    act("theme:home", "住房", "Housing"),
)
_SERVICES: Final = (
    act("open_progress", "查进度", "Progress", icon="clock"),
    act("by_card", "我的申报", "My applications", icon="id-card"),
)
_NAV: Final = (HELP,)


def _home(count: int, *, themes: bool = True) -> v.HomeView:
    return v.HomeView(
        page="home",
        frame=frame(thing=None, nav=_NAV),
        title=_TITLE,
        lead=_LEAD,
        search=_SEARCH,
        audiences=_AUDIENCES if themes else (),
        themes=_THEMES if themes else (),
        things=tuple(tile(number) for number in range(count)),
        services=_SERVICES,
    )


def beginning() -> Iterator[Sample]:
    """Yield attract, home in its sizes, and search."""
    begin = act("begin", "摸一下屏幕，开始", "Touch the screen to start", icon="pointer")
    yield Sample(
        name="attract",
        view=v.AttractView(
            page="attract",
            frame=frame(thing=None, nav=(), tools=()),
            title=say("大事小情，一次办好", "Many matters, one visit"),
            lead=say(
                "24 小时都在。\n只要身份证，不用会打字。", "Day and night.\nYour ID card is enough."
            ),
            things=tuple(name for name, *_ in _TILES[:7]),
            begin=begin,
        ),
    )
    home = _home(9)
    yield Sample(name="home", view=home)
    yield Sample(name="home-few", view=_home(2, themes=False))
    yield Sample(name="home-many", view=_home(12))
    told = v.Notice(
        kind="info",
        text=say("打印机现在打不出凭条", "The printer cannot print slips now"),
        hint=say(
            "可以照常办。办完请用手机拍下屏幕上的编号和二维码。",
            "You can go on. Take a picture of the number and the code at the end.",
        ),
    )
    yield Sample(name="home-down", view=replace(home, notices=(told,)))
    yield from _searching()


def _searching() -> Iterator[Sample]:
    search = v.SearchView(
        page="search",
        frame=frame(thing=None, nav=(HOME, HELP)),
        title=say("想办什么？", "What are you looking for?"),
        things=tuple(tile(number) for number in range(6)),
        examples=(
            say("孩子上户口", "register a baby"),
            say("看病报销", "medical bills"),
            say("xse"),
        ),
        input=v.Input(field="search", keyboard="pinyin", value=""),
    )
    yield Sample(name="search", view=search)
    written = v.Input(field="search", keyboard="pinyin", value="孩子")
    found = replace(search, input=written, things=(tile(0), tile(1)))
    yield Sample(name="search-written", view=found, composition=composed())
    none = replace(search, input=replace(written, value="遛狗"), things=())
    yield Sample(name="search-none", view=none)


def composed() -> Composition:
    """Return what stands on the pad while somebody writes 出生."""
    return Composition(letters="chush", reading=_reading())


def _reading() -> Reading:
    words = ("出生", "出省", "楚圣", "出声", "出", "初", "处", "楚")
    candidates = tuple(Candidate(words=word, letters=5) for word in words)
    return Reading(syllables=("chu", "sh"), candidates=candidates)
