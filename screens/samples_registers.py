"""Samples of what registers and searches say: an objection, a conflict, why a thing was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kiosk.journey import view as v
from kiosk.journey.view import Action, text
from screens.sample import HELP, HOME, Sample, frame, say
from screens.samples_home import tile

_ADDRESS: Final = say("户籍地址", "Registered address")
_POLICE: Final = text("source.share", authority="公安")
_TOLD: Final = say("虚构省示例市样本区静心路 18 号 3 号楼 2 单元 501 室")
_RIGHT: Final = "静心路 81 号"
_CLEAR: Final = Action(target="clear", label=text("form.clear"), icon="circle-x")


def registers() -> Iterator[Sample]:
    """Yield the pages on which what is recorded meets what is said."""
    yield from _objecting()
    yield Sample(name="review-registers", view=_review())
    yield Sample(name="search-reasons", view=_search())


def _objecting() -> Iterator[Sample]:
    empty = v.ObjectionView(
        page="objection",
        frame=frame(3, 0.8),
        title=text("objection.title", label="户籍地址"),
        lead=text("objection.lead"),
        told=v.KnownFact(label=_ADDRESS, value=_TOLD, source=_POLICE),
        written=None,
        clear=None,
        input=v.Input(field="objection.person.address", keyboard="pinyin", value=""),
    )
    yield Sample(name="objection", view=empty)
    keep = Action(target="next", label=text("objection.keep"))
    written = replace(
        empty,
        frame=frame(3, 0.8, go=keep),
        written=say(_RIGHT),
        clear=_CLEAR,
        input=v.Input(field="objection.person.address", keyboard="pinyin", value=_RIGHT),
    )
    yield Sample(name="objection-written", view=written)


def _take(field: str, place: int) -> Action:
    return Action(target=f"take:{field}:{place}", label=text("review.take"))


def _review() -> v.ReviewView:
    """Return a short form with an objection, two registers that differ, and a way to object."""

    def row(
        label: v.Text,
        value: str,
        source: v.Text,
        change: tuple[str, str],
        says: v.Text | None = None,
        *others: v.Text,
    ) -> v.ReviewRow:
        target, key = change
        kind, _, field = target.partition(":")
        return v.ReviewRow(
            label=label,
            value=say(value),
            source=source,
            by_citizen=source.key == "source.user",
            change=Action(target=target, label=text(key)) if target else None,
            says=says,
            others=tuple(
                v.OtherValue(words=words, take=_take(field, place) if kind else None)
                for place, words in enumerate(others)
            ),
        )

    mobile, account = say("手机号", "Mobile"), text("source.account")
    birth = say("出生日期", "Born on")
    hospital = say("住院费用总额", "Hospital costs")
    insurance = text("source.share", authority="医保")
    other = text("review.other_share", words="4,210.00 元", authority="卫健")
    return v.ReviewView(
        page="review",
        frame=frame(4, 0.1, go=Action(target="submit", label=text("review.submit"), icon="send")),
        title=text("review.title"),
        lead=text("review.lead", generated=4, typed=1),
        rows=(
            row(birth, "1990年1月1日", text("source.id_card"), ("", ""), None),
            row(
                _ADDRESS,
                _TOLD.values[0][1],
                _POLICE,
                ("withdraw:person.address", "review.withdraw"),
                text("review.says", words=_RIGHT),
            ),
            row(
                mobile,
                "154 **** 0001",
                account,
                ("change:person.mobile", "review.change"),
                None,
                text("review.other_profile", words="154 **** 0008"),
                text("review.other_share", words="154 **** 0009", authority="医保"),
            ),
            row(
                hospital,
                "4,120.00 元",
                insurance,
                ("object:stay.costs", "review.object"),
                None,
                other,
            ),
        ),
        groups=(),
        filled_for_you=4,
        filled_by_you=1,
        statement=(say("以上内容是真的，由我提交。", "This is true, and I hand it in."),),
    )


def _search() -> v.SearchView:
    """Return what one word finds: by another name, by an item inside, by its introduction."""
    found = (
        replace(tile(0), found=text("search.reason.word", words="孩子上户口")),
        replace(tile(3), found=text("search.reason.item", words="社会保障卡申领")),
        replace(tile(1), found=text("search.reason.intro", words="孩子上小学、初中，一次报好名")),
    )
    return v.SearchView(
        page="search",
        frame=frame(thing=None, nav=(HOME, HELP)),
        title=text("search.title"),
        lead=text("search.found", n=len(found)),
        things=found,
        examples=(),
        input=v.Input(field="query", keyboard="pinyin", value="孩子"),
    )
