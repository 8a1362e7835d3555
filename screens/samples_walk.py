"""Every page in every state worth looking at, made by walking the real journey.

Used by the gallery, the geometry tests and the pictures of the documentation.  The person is of
the synthetic population (unassigned division prefix 40).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from kiosk.catalogue import files as catalogue_files
from kiosk.domain.application import AGENT, EnterpriseSignIn
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.domain.identity import Evidence, Person, SignedEvidence
from kiosk.domain.known import Known
from kiosk.domain.receipt import Outcome, Printed
from kiosk.domain.roster import Contact, Helped
from kiosk.journey import context as contexts
from kiosk.journey import facts as f
from kiosk.journey.context import Context, Site
from kiosk.journey.intents import Intent, IntentKind, touch
from kiosk.journey.machine import Journey
from kiosk.journey.present_page import PAGES, present
from kiosk.journey.states import State
from kiosk.journey.view import text
from screens import standing
from screens.fonts import ROOT
from screens.sample import Sample
from screens.standing import out_of_service
from standards.sex import Sex

if TYPE_CHECKING:
    from kiosk.domain.catalogue import Catalogue
    from kiosk.journey.view import AnyView

K = IntentKind
NOW: Final = datetime(2026, 11, 22, 14, 32, tzinfo=UTC)
TODAY: Final = date(2026, 11, 22)
SITE: Final = Site(
    service="新乡市政务服务",
    place="红旗区政务服务中心 3 号机",
    help_phone="12345",
    help_hours="24 小时有人接",
    public_url="http://127.0.0.1:8080",
)
PERSON: Final = Person(
    name="陈晓芸",
    sex=Sex.parse("女"),
    nation="01",
    birth_date=date(1990, 1, 1),
    address="虚构省示例市样本区静心路 18 号",
    id_no="40070119900101002X",
    issuer="示例市公安局",
    valid_from=date(2018, 3, 1),
    valid_to=date(2038, 3, 1),
)
EVIDENCE: Final = SignedEvidence(
    evidence=Evidence(
        visit="v", terminal="t", id_hash="0", time="2026-11-22T14:32:00+08:00", method="", nonce=""
    ),
    signature="",
)
LOCAL_NO: Final = "L0020261122A7K3"
CODE: Final = f"http://127.0.0.1:8080/p/{LOCAL_NO}.5f0c92d1a84be673"
NUMBER: Final = "41070020261122000017"
CARD: Final = f.Card(person=PERSON, evidence=EVIDENCE)
PREFILL: Final = f.Prefill(
    values={
        "insurance.region": Known(value="410700", source="share:医保"),
        "insurance.status": Known(value="1", source="share:医保"),
    },
    sources={"share:医保": "ok", "account": "none", "profile": "none"},
)
STORED: Final = f.Stored(local_no=LOCAL_NO, code=CODE)
_LINE: Final = "政务服务便民热线"
_NIGHT: Final = Helped(
    contact=Contact(name="红旗区政务服务中心综合咨询台", phone="0373-0000001", hours=()),
    opens=datetime(2026, 12, 10, 8, 30, tzinfo=LEGAL_TIME),
    days=18,
    certain=False,
)
"""The longest that is said of who can help."""


class Walk:
    """A visit that is walked step by step."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Start a visit on the attract page with everything in order."""
        self.journey = Journey(Context(site=SITE, catalogue=catalogue, today=TODAY))
        ready = f.Condition.READY
        self.happens(K.DEVICES, f.Devices(id_reader=ready, scanner=ready, printer=ready))
        self.happens(K.INTAKE, f.Intake.UP)

    @property
    def view(self) -> AnyView:
        """What is seen now."""
        return present(self.journey)

    def touch(self, *targets: str) -> Walk:
        """Touch one thing after another."""
        for target in targets:
            self.journey.apply(touch(target))
        return self

    def happens(self, kind: IntentKind, fact: f.Fact | None = None) -> Walk:
        """Let something happen that is not a touch."""
        awaited = self.journey.context.awaited
        self.journey.apply(Intent(kind=kind, ticket=awaited, fact=fact))
        return self

    def at_card(self) -> Walk:
        """Go to the card page."""
        return self.touch("begin", "open_thing:medical-expenses", "start")

    def at_consent(self) -> Walk:
        """Go on with a card that was read."""
        return self.at_card().happens(K.CARD_SEEN).happens(K.CARD_READ, CARD)

    def at_first_question(self) -> Walk:
        """Agree, and get what the sources gave."""
        return self.at_consent().touch("agree").happens(K.PREFILLED, PREFILL)

    def answer(self, until: State) -> Walk:
        """Answer question after question up to the page ``until``."""
        answers = {
            State.CHOICE: ("choose:filing.kind:long_term_resident", "next"),
            State.PROVINCE: ("province:33",),
            State.PLACE: ("place:330100", "next"),
            State.DATE: ("date:+9", "next"),
            State.DIGITS: (*(f"digit:{d}" for d in "13900004007"), "next"),
        }
        while self.journey.page is not until:
            self.touch(*answers[self.journey.page])
        return self

    def submitted(self, outcome: Outcome, reason: str | None = None) -> Walk:
        """Submit, and get an answer."""
        self.at_first_question().answer(State.REVIEW).touch("submit").happens(K.STORED, STORED)
        sent = outcome is Outcome.SUBMITTED
        item = self.journey.context.thing.open_items[0].code if self.journey.context.thing else ""
        answer = f.Answer(
            outcome=outcome,
            application_no=NUMBER if sent else None,
            items=((item, f"{NUMBER}01"),) if sent else (),
            reason=reason,
        )
        return self.happens(K.ANSWERED, answer)

    def printed(self, printed: Printed) -> Walk:
        """Let the printer say what became of the slip."""
        return self.happens(K.PRINTED, f.Print(printed=printed))


def catalogue() -> Catalogue:
    """Return the catalogue of the sample city."""
    return catalogue_files.load(ROOT / "config", "410700")


def walked() -> list[Sample]:
    """Return the pages from the submission on, and those of other visits."""
    known = catalogue()
    rooms = (_handed_over, _besides, _leaving, _machine)
    return [sample for room in rooms for sample in room(lambda: Walk(known))]


def _handed_over(walk: Callable[[], Walk]) -> Iterator[Sample]:
    sending = walk().at_first_question().answer(State.REVIEW).touch("submit")
    yield Sample(name="submitting", view=sending.view)
    yield Sample(name="submitting-stored", view=sending.happens(K.STORED, STORED).view)
    yield Sample(name="receipt-printing", view=walk().submitted(Outcome.SUBMITTED).view)
    for word, printed in (
        ("", Printed.YES),
        ("-failed", Printed.NO),
        ("-unknown", Printed.UNKNOWN),
    ):
        done = walk().submitted(Outcome.SUBMITTED).printed(printed)
        yield Sample(name=f"receipt{word}", view=done.view)
    done = walk().submitted(Outcome.SUBMITTED).printed(Printed.YES)
    yield Sample(name="receipt-enterprise", view=_of_enterprise(done.journey.context))
    stored = walk().submitted(Outcome.STORED).printed(Printed.YES)
    yield Sample(name="receipt-stored", view=stored.view)
    refused = walk().submitted(Outcome.REFUSED, "参保地的医保系统中没有找到您的有效参保记录")
    yield Sample(name="receipt-refused", view=refused.printed(Printed.YES).view)
    left = walk().submitted(Outcome.SUBMITTED).printed(Printed.YES)
    yield Sample(name="farewell-card", view=left.touch("finish").view)
    gone = walk().submitted(Outcome.SUBMITTED).printed(Printed.YES).happens(K.CARD_LIFTED)
    context = contexts.wiped(gone.journey.context)
    yield Sample(name="farewell", view=PAGES[State.FAREWELL](replace(context, seconds=8)))


def _of_enterprise(ctx: Context) -> AnyView:
    """Return the receipt of somebody who filed for an enterprise and objected to a value."""
    code, name = "91400700MA0000001X", "示例市样本区静心路第一餐饮服务有限公司"
    firm = EnterpriseSignIn(uscc=code, name=name, role=AGENT, token="")
    form = ctx.form
    if form is None:
        raise AssertionError("a receipt without a form")
    said = (replace(form.fields[0], disputed="不对"), *form.fields[1:])
    return PAGES[State.RECEIPT](replace(ctx, enterprise=firm, form=replace(form, fields=said)))


def _besides(walk: Callable[[], Walk]) -> Iterator[Sample]:
    scan = walk().touch("begin", "open_progress")
    yield Sample(name="progress_scan", view=scan.view)
    scan.happens(K.CODE_READ, f.Code(data=CODE.encode()))
    yield Sample(name="progress_scan-asking", view=scan.view)
    lost = walk().touch("begin", "open_progress")
    lost.happens(K.CODE_READ, f.Code(data=CODE.encode()))
    lost.happens(K.PROGRESS_TROUBLE, f.Trouble(reason="not_arrived"))
    yield Sample(name="progress_scan-not-arrived", view=lost.view)
    found = f.Progress(
        application_no=NUMBER,
        thing="就医费用报销",
        as_of="11月22日 15:10",
        items=(
            f.Standing(
                name="基本医疗保险参保人员异地就医备案",
                number=f"{NUMBER}01",
                state="received",
                state_text="已收件",
                at="11月22日 14:50",
            ),
        ),
    )
    yield Sample(name="progress_show", view=scan.happens(K.PROGRESS, found).view)
    idle = walk().at_first_question()
    yield Sample(name="warning", view=idle.happens(K.IDLE).view)
    yield Sample(name="help", view=walk().at_card().touch("help").view)
    broke = f.Shown(how="crashed", local_no=LOCAL_NO)
    yield Sample(name="trouble", view=_shown(walk, broke).view)
    out = out_of_service(SITE.service, SITE.help_phone)
    yield Sample(name="out-of-service", view=out)
    yield Sample(name="out-of-service-night", view=standing.said(out, _NIGHT))
    line = Helped(contact=Contact(name=_LINE, phone="12345", hours=()))
    opens = text("screens.out.opens", name="大厅服务台", month="10", day="8", time="08:30")
    away = replace(standing.said(out, line), opens=opens, answers=text("help.always", name=_LINE))
    yield Sample(name="out-of-service-holiday", view=away)
    yield Sample(name="trouble-nothing", view=_shown(walk, f.Shown(how="crashed")).view)


def _shown(walk: Callable[[], Walk], shown: f.Shown) -> Walk:
    return walk().happens(K.SHOWN, shown)


def _leaving(walk: Callable[[], Walk]) -> Iterator[Sample]:
    """After 首页: the question, and the last page of a form that is not known to be filed."""
    asked = replace(walk().at_first_question().journey.context, seconds=20, leaving=True)
    for name in ("warning-home", "warning-unsure"):
        yield Sample(name=name, view=PAGES[State.WARNING](asked))
        asked = replace(asked, unanswered=True)
    for ending in ("given_up", "unsure", "power", "opened"):
        gone = replace(asked, seconds=8, ending=ending, card_on=False)
        yield Sample(name=f"farewell-{ending}".replace("_", "-"), view=PAGES[State.FAREWELL](gone))


def _machine(walk: Callable[[], Walk]) -> Iterator[Sample]:
    """The machine itself is not well: in a visit, and when nobody is there."""
    battery, opened = f.Terminal(power=f.Power.BATTERY), f.Terminal(opened=True)
    yield Sample(name="consent-battery", view=walk().at_consent().happens(K.TERMINAL, battery).view)
    yield Sample(name="attract-battery", view=walk().happens(K.TERMINAL, battery).view)
    yield Sample(name="attract-opened", view=walk().happens(K.TERMINAL, opened).view)
    night = f.Today(day=TODAY, helped=_NIGHT)
    yield Sample(name="attract-night", view=walk().happens(K.TODAY, night).view)
    asked = walk().at_consent().happens(K.TODAY, night).touch("help")
    yield Sample(name="help-night", view=asked.view)
