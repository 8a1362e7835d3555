"""Samples of an enterprise's visit: its licence, its choice of items, what authorities check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kiosk.journey import view as v
from kiosk.journey.view import Action, text
from screens.sample import HELP, HOME, Sample, act, figure, frame, line, say

_THING: Final = "开办餐饮店"
_FIRM: Final = "新乡示例食品有限公司"
_USCC: Final = "91400703MA73HMM48K"
_MARKET: Final = text("source.share", authority="市场监管")
_FIRE: Final = text("source.share", authority="消防")
say(_THING, "Opening a restaurant")


def enterprise() -> Iterator[Sample]:
    """Yield the sign-in with a licence's code, then choice, consent and review of the thing."""
    yield from _signing_in()
    yield Sample(name="choose-changes", view=_choose())
    yield Sample(name="consent-checks", view=_consent())
    review = _review()
    yield Sample(name="review-checks", view=review)
    yield Sample(name="review-checks-whole", view=review, leaf=1)


def _bars(done: int, part: float, go: Action | None = None) -> v.Frame:
    return frame(done, part, go=go, thing=_THING)


def _signing_in() -> Iterator[Sample]:
    show = v.EnterpriseView(
        page="enterprise",
        frame=_bars(1, 0.4),
        title=text("enterprise.title.show"),
        lead=text("enterprise.lead.show"),
        phase="show",
        facts=(),
        other=None,
    )
    yield Sample(name="enterprise", view=show)
    asking = replace(
        show,
        phase="asking",
        title=text("enterprise.title.asking"),
        lead=text("enterprise.lead.asking"),
        frame=replace(show.frame, nav=(HOME, HELP)),
    )
    yield Sample(name="enterprise-asking", view=asking)
    wrong = v.Notice(
        kind="trouble",
        text=text("enterprise.trouble.not_allowed"),
        hint=text("enterprise.trouble.not_allowed_hint"),
        actions=(Action(target="retry", label=text("enterprise.retry")),),
    )
    stopped = replace(
        show,
        phase="stopped",
        title=text("enterprise.title.stopped"),
        lead=text("enterprise.lead.stopped"),
        notices=(wrong,),
    )
    yield Sample(name="enterprise-not-allowed", view=stopped)
    known = replace(
        show,
        phase="known",
        title=text("enterprise.title.known"),
        lead=text("enterprise.lead.known"),
        facts=(
            v.Line(name=text("enterprise.name"), aside=say(_FIRM)),
            v.Line(name=text("enterprise.uscc"), aside=say(_USCC)),
            v.Line(name=text("enterprise.you"), aside=text("enterprise.role.agent")),
        ),
        other=Action(target="again", label=text("enterprise.other")),
        frame=_bars(1, 0.4, Action(target="next", label=text("enterprise.next"))),
    )
    yield Sample(name="enterprise-known", view=known)


_LICENCE_CHECK: Final = say("企业营业执照信息核验", "Check of the business licence")
_FOOD: Final = say("食品经营许可", "Food licence")
_SIGN: Final = say("店招标牌设置备案", "Notice of the shop sign")
_SAFETY: Final = say("公众聚集场所投入使用、营业前消防安全检查", "Fire safety check before opening")


def _item(
    code: str,
    name: v.Text,
    department: v.Text,
    *,
    chosen: bool = True,
    why: v.Text | None = None,
    change: v.Text | None = None,
) -> v.ItemChoice:
    """Return an item; only one that a touch would change can be touched."""
    touch = Action(target=f"item:{code}", label=name, chosen=chosen) if change else None
    return v.ItemChoice(
        action=touch, name=name, department=department, chosen=chosen, why=why, change=change
    )


def _choose() -> v.ChooseView:
    """Return the choice with all that a row can say: needed by law, taken away, more and less."""
    market = say("市市场监管局", "Market")
    return v.ChooseView(
        page="choose",
        frame=_bars(0, 0.8, Action(target="next", label=text("choose.next"))),
        title=text("choose.title"),
        lead=text("choose.lead"),
        figures=(
            figure(say("要填", "To fill in"), "8", say("项", "facts")),
            figure(say("要带", "To bring"), "2", say("样", "papers")),
            figure(say("要等", "To wait"), "12", say("工作日", "days")),
        ),
        situations=(
            v.SituationBlock(
                code="guests",
                question=say("顾客进店里吃饭吗？", "Do guests eat inside?"),
                help=say("接待顾客的饭店，开业前要做消防检查", "If so, fire safety is checked"),
                options=(
                    act("situation:guests:public", "进店吃", "Inside"),
                    act("situation:guests:no-guests", "不接待顾客", "No guests", chosen=True),
                ),
            ),
        ),
        items=(
            _item(
                "licence", _LICENCE_CHECK, market, why=text("choose.why.law", name="食品经营许可")
            ),
            _item(
                "food",
                _FOOD,
                market,
                change=text(
                    "choose.change.less.typed_materials_days", typed=5, materials=1, days=9
                ),
            ),
            _item(
                "sign",
                _SIGN,
                say("市城市管理局", "City"),
                chosen=False,
                change=text("choose.change.more.typed_materials", typed=4, materials=1),
            ),
            _item(
                "fire",
                _SAFETY,
                say("市消防救援支队", "Fire service"),
                chosen=False,
                why=say("不接待顾客的店，开业前不用做这项检查", "Not needed without guests"),
            ),
        ),
        bring=(
            line("身份证", "ID card", say("要本人的，没过期的", "Your own, still valid")),
            line("店面布局图", "Plan of the premises", say("在这里拍照", "Photographed here")),
        ),
        number=1,
        of=1,
    )


def _consent() -> v.ConsentView:
    """Return what is fetched, and what authorities are asked to check."""
    asks = say("营业执照是不是有效，经营范围里有没有餐饮", "Whether the licence holds for meals")
    return v.ConsentView(
        page="consent",
        frame=_bars(1, 0.6),
        title=text("consent.title"),
        lead=text("consent.lead", name="李建国"),
        person="李建国",
        fetches=(
            v.Line(
                name=say("企业名称、统一社会信用代码、住所", "Name, code and address"),
                aside=text("source.e_business_licence"),
            ),
            v.Line(name=asks, aside=_MARKET),
            v.Line(
                name=say("有没有没改正的消防隐患", "Whether fire safety was faulted"), aside=_FIRE
            ),
        ),
        terms=(
            say("只用来办这一件事，不作他用。", "Used for this matter only."),
            say("不同意也能办，由您自己填。", "Without it you fill it in yourself."),
        ),
        reuse=None,
        reuse_terms=(),
        agree=Action(target="agree", label=text("consent.agree"), icon="check"),
        decline=Action(target="decline", label=text("consent.decline")),
    )


def _told(label: v.Text, value: v.Text, source: v.Text) -> v.ReviewRow:
    return v.ReviewRow(label=label, value=value, source=source, by_citizen=False, change=None)


def _review() -> v.ReviewView:
    """Return a form whose checks are one found, one that is made up for later."""
    found = say(
        "市场监管部门已核验：营业执照是不是有效，经营范围里有没有餐饮，查到了，不用您填表。",
        "Checked: the licence is valid and covers meals. Nothing to fill in.",
    )
    rows = (
        _told(_LICENCE_CHECK, found, _MARKET),
        _told(_SAFETY, text("review.check_later"), _FIRE),
    )
    firm = (
        _told(text("enterprise.name"), say(_FIRM), text("source.e_business_licence")),
        _told(text("enterprise.uscc"), say(_USCC), text("source.e_business_licence")),
    )
    return v.ReviewView(
        page="review",
        frame=_bars(3, 0.8, Action(target="next", label=text("review.sign"))),
        title=text("review.title"),
        lead=text("review.lead", generated=9, typed=8),
        rows=(*firm, *rows),
        groups=(
            v.ReviewGroup(
                title=say("您的企业", "Enterprise"), summary=say(f"{_FIRM}  {_USCC}"), rows=firm
            ),
            v.ReviewGroup(
                title=text("review.checked_title"),
                summary=text("review.checked", n=2, done=1),
                rows=rows,
            ),
            v.ReviewGroup(
                title=text("review.items_title"), summary=text("review.items", n=4), rows=()
            ),
        ),
        filled_for_you=9,
        filled_by_you=8,
        statement=(),
    )
