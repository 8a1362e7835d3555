"""Every page in every state worth looking at, made by walking the real journey.

Used by the gallery, the geometry tests and the pictures of the documentation.  The person is of
the synthetic population (unassigned division prefix 40).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from kiosk.domain import catalogue_files
from kiosk.domain.identity import Evidence, Person, SignedEvidence
from kiosk.domain.known import Known
from kiosk.domain.receipt import Outcome, Printed
from kiosk.journey import context as contexts
from kiosk.journey import facts as f
from kiosk.journey.context import Context, Site
from kiosk.journey.intents import Intent, IntentKind, touch
from kiosk.journey.machine import Journey
from kiosk.journey.present_page import PAGES, present
from kiosk.journey.states import State
from kiosk.journey.view import HomeView, text
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


def samples() -> list[Sample]:
    """Return all samples, in the order of a visit."""
    known = catalogue()
    rooms = (_before, _signing_in, _asking, _handed_over, _besides)
    return [sample for room in rooms for sample in room(lambda: Walk(known))]


def _before(walk: Callable[[], Walk]) -> Iterator[Sample]:
    yield Sample(name="attract", view=walk().view)
    yield Sample(name="home", view=walk().touch("begin").view)
    yield Sample(name="home-down", view=_down(walk).view)
    yield Sample(name="home-many", view=_many(walk().touch("begin").view))
    guide = walk().touch("begin", "open_thing:medical-expenses")
    yield Sample(name="guide", view=guide.view)
    yield Sample(name="guide-rules", view=guide.view, leaf=1)
    yield Sample(name="guide-down", view=_down(walk).touch("open_thing:medical-expenses").view)


_NAMES: Final = (
    *("新生儿出生 baby", "教育入学 graduation-cap", "退休 wallet", "社会保障卡 id-card"),
    *("残疾人服务 accessibility", "公积金贷款 house", "退役军人 medal", "申请公租房 building-2"),
    *("留学服务 plane", "身后一件事 flower-2", "灵活就业 briefcase"),
)


def _many(view: AnyView) -> AnyView:
    """Return the home page of a city that has more to offer."""
    if not isinstance(view, HomeView):
        raise TypeError(view.page)
    first = view.things[0]
    more = [
        replace(
            first,
            name=name,
            icon=icon,
            action=replace(first.action, target=f"open_thing:{icon}"),
            fill=number + 3,
            bring=number % 3,
            available=number != 4,
            why=None if number != 4 else text("offer.planned"),
        )
        for number, (name, icon) in enumerate(name.split() for name in _NAMES)
    ]
    return replace(view, things=(first, *more))


def _down(walk: Callable[[], Walk]) -> Walk:
    broken, out = f.Condition.BROKEN, f.Condition.OUT
    devices = f.Devices(id_reader=broken, scanner=f.Condition.READY, printer=out)
    return walk().touch("begin").happens(K.DEVICES, devices)


def _signing_in(walk: Callable[[], Walk]) -> Iterator[Sample]:
    yield Sample(name="card", view=walk().at_card().view)
    yield Sample(name="card-reading", view=walk().at_card().happens(K.CARD_SEEN).view)
    for reason in ("unreadable", "left", "reader_failed"):
        wrong = f.Trouble(reason=reason)
        yield Sample(
            name=f"card-{reason}", view=walk().at_card().happens(K.CARD_TROUBLE, wrong).view
        )
    old = replace(PERSON, valid_to=date(2024, 5, 1))
    late = walk().at_card().happens(K.CARD_READ, replace(CARD, person=old))
    yield Sample(name="card-expired", view=late.view)
    yield Sample(name="consent", view=walk().at_consent().view)
    yield Sample(name="declined", view=walk().at_consent().touch("decline").view)
    yield Sample(name="fetching", view=walk().at_consent().touch("agree").view)
    lost = walk().at_consent().touch("agree")
    lost.happens(K.PREFILL_TROUBLE, f.Trouble(reason="unreachable"))
    yield Sample(name="fetching-unreachable", view=lost.view)


def _asking(walk: Callable[[], Walk]) -> Iterator[Sample]:
    first = walk().at_first_question()
    for page in (State.CHOICE, State.PROVINCE, State.PLACE, State.DATE, State.DIGITS):
        first = walk().at_first_question().answer(page)
        yield Sample(name=page.value, view=first.view)
        if page is State.CHOICE:
            first.touch("choose:filing.kind:long_term_resident")
        elif page is State.PLACE:
            first.touch("place:330100")
        elif page is State.DATE:
            first.touch("date:+9")
        elif page is State.DIGITS:
            first.touch(*(f"digit:{digit}" for digit in "1390000"))
        else:
            continue
        yield Sample(name=f"{page.value}-chosen", view=first.view)
    first = walk().at_first_question().answer(State.PROVINCE).touch("province:53")
    yield Sample(name="place-long", view=first.view)
    days = walk().at_first_question().answer(State.DATE)
    yield Sample(name="date-next-month", view=days.view, leaf=1)
    full = walk().at_first_question().answer(State.DIGITS)
    full.touch(*(f"digit:{digit}" for digit in "13900004007"))
    yield Sample(name="digits-full", view=full.view)
    yield Sample(name="review", view=walk().at_first_question().answer(State.REVIEW).view)


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
    stored = walk().submitted(Outcome.STORED).printed(Printed.YES)
    yield Sample(name="receipt-stored", view=stored.view)
    refused = walk().submitted(Outcome.REFUSED, "参保地的医保系统中没有找到您的有效参保记录")
    yield Sample(name="receipt-refused", view=refused.printed(Printed.YES).view)
    left = walk().submitted(Outcome.SUBMITTED).printed(Printed.YES)
    yield Sample(name="farewell-card", view=left.touch("finish").view)
    gone = walk().submitted(Outcome.SUBMITTED).printed(Printed.YES).happens(K.CARD_LIFTED)
    context = contexts.wiped(gone.journey.context)
    yield Sample(name="farewell", view=PAGES[State.FAREWELL](replace(context, seconds=8)))


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
    yield Sample(name="out-of-service", view=out_of_service(SITE.service, SITE.help_phone))
    yield Sample(name="trouble-nothing", view=_shown(walk, f.Shown(how="crashed")).view)


def _shown(walk: Callable[[], Walk], shown: f.Shown) -> Walk:
    return walk().happens(K.SHOWN, shown)
