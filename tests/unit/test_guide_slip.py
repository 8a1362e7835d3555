"""The printed guide of a thing: what it says of what has to be brought."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from kiosk.domain.catalogue import Catalogue, Item, Thing
from kiosk.domain.commitments import Commitments
from kiosk.domain.guide_slip import GuideSlip, guide_slip
from kiosk.journey.context import Context, Site
from kiosk.journey.orders import print_guide
from kiosk.translation import Translator

CONFIG = Path(__file__).parents[2] / "config"
Printed = Callable[[Thing, tuple[Item, ...]], list[str]]


@pytest.fixture(scope="module")
def place() -> Catalogue:
    """A place with a list of what may be missing."""
    return load(CONFIG, "410700")


@pytest.fixture
def thing(place: Catalogue) -> Thing:
    """The birth of a child."""
    return place.thing("newborn")


@pytest.fixture
def printed(place: Catalogue) -> Printed:
    """Return the lines of the paper in Chinese, under the list of the place."""
    return partial(_printed, place.commitments)


def _printed(listed: Commitments | None, thing: Thing, items: tuple[Item, ...]) -> list[str]:
    """Return the lines of the paper in Chinese."""
    told = GuideSlip(
        service_name="政务服务",
        thing=thing,
        items=items,
        commitments=listed,
        address="",
        help=({"text": "咨询电话 12345"},),
        catalogue="c",
    )
    lines = guide_slip(told, Translator("zh").text).lines
    return ["".join(str(value) for value in line.values()) for line in lines]


def test_what_may_follow_is_said_with_its_days(thing: Thing, printed: Printed) -> None:
    """The discharge record may be promised, and the paper says so as the screen does."""
    lines = printed(thing, thing.open_items)
    assert "出院记录没带可以先办，提交后 5 个工作日内补交" in lines
    assert sum("补交" in line for line in lines) == 1


def test_nothing_is_said_where_nothing_may_follow(thing: Thing, printed: Printed) -> None:
    """Without the reimbursement no paper is asked that could be promised."""
    rest = tuple(item for item in thing.open_items if item.code != "maternity-reimbursement")
    assert not any("补交" in line for line in printed(thing, rest))


def test_the_card_is_brought_and_only_copies_are_spared(thing: Thing, printed: Printed) -> None:
    """Nobody leaves an ID card at home because of the paper: what is spared are copies."""
    lines = printed(thing, thing.open_items)
    bring = next(line for line in lines if line.startswith("要带"))
    assert "身份证" in bring
    assert "母亲名下的银行卡" in bring
    spared = next(line for line in lines if "母亲身份证" in line)
    assert spared.count("身份证") == spared.count("身份证复印件") == 4


def test_without_the_list_nothing_may_follow(thing: Thing) -> None:
    """A number of days beside the paper is no permission: the published list is."""
    assert not any("补交" in line for line in _printed(None, thing, thing.open_items))


@pytest.mark.parametrize("code", ["410103", "411523"])
def test_what_is_not_filed_here_is_told_as_on_the_page(code: str) -> None:
    """Its days and items are those of the page, not of nothing: none is open, all are told."""
    place = load(CONFIG, code)
    for thing in place.typical:
        ctx = Context(
            site=Site(service="s", place="p", help_phone="12345", public_url=""),
            catalogue=place,
            today=date(2026, 11, 22),
            thing=thing,
        )
        (effect,) = print_guide(ctx)
        assert effect.items == thing.told_items
        assert effect.items


def test_what_is_an_example_says_so(thing: Thing, printed: Printed) -> None:
    """One line is enough for all that no authority has confirmed."""
    assert sum("（示例）" in line for line in printed(thing, thing.open_items)) == 1
