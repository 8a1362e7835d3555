"""Random visits: whatever happens in whatever order, the promises hold."""

from __future__ import annotations

from copy import copy
from datetime import date
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.receipt import Outcome, Printed
from kiosk.journey import facts as f
from kiosk.journey.intents import TICKETED, TOUCHES, Intent, touch
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import TABLE, IllegalIntent, Journey
from kiosk.journey.observe import observed
from kiosk.journey.present_page import present
from kiosk.journey.rehearsal import Rehearsal
from kiosk.journey.script import Outcome as ScriptOutcome
from kiosk.journey.script import Step, load
from kiosk.journey.states import PERSONAL, State
from kiosk.journey.view import FormView, Text
from kiosk.journey.world import Someone
from kiosk.translation import Translator
from tests.journeys.stage import PUBLIC, SCRIPTS, catalogue, context, people, world

PEOPLE = list(people().values())
ZH = Translator(strict=True)
CONDITIONS = [*f.Condition, *[f.Condition.READY] * 12]
STEPS = 250


_CASE = f.Progress(application_no="4107", thing="x", as_of="x", items=())
_OTHER = f.Progress(application_no="4108", thing="y", as_of="x", items=())


@cache
def _asked(ref: str) -> tuple[f.Prefill, ...]:
    """What the registers tell of a person for every thing, whole and not at all."""
    who = people()[ref]
    return tuple(
        f.Prefill(values=got.values, sources=got.sources)
        for thing in catalogue().things
        for got in (who.ask(thing.code, thing.open_items, thing.role_of(who.person.sex), {}, ""),)
    )


def _prefills(who: Someone) -> tuple[f.Prefill, ...]:
    ref = next(ref for ref, own in people().items() if own is who)
    return (*_asked(ref), *_asked(ref), f.Prefill(values={}, sources={}))


def _facts(kind: K, rng: Random) -> f.Fact | None:
    """Return a fact that this kind of intent may carry."""
    who = rng.choice(PEOPLE)
    code = rng.choice(
        [b"x", b"\x00\x1b", b"A" * 4096, f"{PUBLIC}/p/L0020261122AAAA.{'0' * 16}".encode()]
    )
    troubles = {
        K.CARD_TROUBLE: (
            "unreadable",
            "removed",
            "unsupported",
            "reader_failed",
            "reader_absent",
        ),
        K.PREFILL_TROUBLE: ("unreachable", "garbled", "refused"),
        K.STORE_TROUBLE: (
            *("disk_full", "too_large", "damaged", "agent_down", "unanswered"),
            *("reading_old", "clock_moved"),
        ),
        K.CODE_TROUBLE: ("timeout", "invalid", "scanner_failed"),
        K.PROGRESS_TROUBLE: ("unreachable", "garbled", "not_arrived"),
        K.CAPTURE_TROUBLE: ("camera_absent", "camera_failed", "frozen", "black"),
    }
    if kind in troubles:
        return f.Trouble(reason=rng.choice(troubles[kind]))
    made: dict[K, f.Fact] = {
        K.SHOWN: f.Shown(how=rng.choice([None, "crashed"]), local_no=rng.choice([None, "L1"])),
        K.TODAY: f.Today(day=date(2026, 11, rng.randint(1, 30))),
        K.DEVICES: f.Devices(
            id_reader=rng.choice(CONDITIONS),
            scanner=rng.choice(CONDITIONS),
            printer=rng.choice(CONDITIONS),
            camera=rng.choice(CONDITIONS),
            sheets=rng.choice(CONDITIONS),
        ),
        K.TERMINAL: f.Terminal(
            power=rng.choice([*[f.Power.MAINS] * 60, *f.Power]), opened=rng.random() < 0.01
        ),
        K.INTAKE: rng.choice([*[f.Intake.UP] * 9, *f.Intake]),
        K.CARD_READ: f.Card(person=who.person, evidence=who.evidence),
        K.CODE_READ: f.Code(data=code),
        K.PRINTED: f.Print(printed=rng.choice(list(Printed))),
        K.PREFILLED: rng.choice(_prefills(who)),
        K.GUIDE_PRINTED: f.Print(printed=rng.choice(list(Printed))),
        K.SIGHT: f.Sight(
            found=rng.random() < 0.8, complete=True, sharp=True, glare_free=True, lit=True
        ),
        K.TAKEN: f.Taken(
            picture=f"p{rng.random()}",
            sha256="0" * 64,
            size=1,
            width=1,
            height=1,
            faults=rng.choice([(), (), (), ("dark",), ("cut", "blurred")]),
        ),
        K.NUMBER_READ: f.CardRead(number=rng.choice(["", "9156000000000000000"])),
        K.STROKE: f.Stroke(points=((0.1, 0.1, 0.0), (0.9, 0.9, 0.3))),
        K.MINE: f.Mine(applications=rng.choice([(), (_CASE,), (_CASE, _OTHER)])),
        K.STORED: f.Stored(local_no="L1", code="x"),
        K.ANSWERED: rng.choice(
            [
                f.Answer(outcome=Outcome.SUBMITTED, application_no="4107", items=(("a", "1"),)),
                f.Answer(outcome=Outcome.STORED),
                f.Answer(outcome=Outcome.REFUSED, reason="x"),
            ]
        ),
        K.PROGRESS: f.Progress(application_no="4107", thing="x", as_of="x", items=()),
    }
    return made.get(kind)


SELDOM = {
    State.WARNING: touch("finish"),
    State.CONSENT: touch("decline"),
    State.ATTRACT: Intent(kind=K.SHOWN, fact=f.Shown(how="crashed", local_no="L1")),
}
"""What luck alone would seldom do there."""
LEAVING = {
    *("home", "back", "finish", "decline", "cancel", "help", "size", "language"),
    *("print_guide", "print_sheet"),
}
ELSEWHERE = [kind for kind in K if kind not in TOUCHES]


def _intent(journey: Journey, rng: Random) -> Intent:
    """Return a touch of what is shown, or something that happens elsewhere; at times nonsense."""
    if rng.random() < 0.05:
        return Intent(kind=rng.choice(list(K)), argument=rng.choice(["", "x", "11", "+1", "a:b"]))
    if journey.page is State.FORM and rng.random() < 0.9:
        return touch(_answer(journey, rng))
    if journey.page in SELDOM and rng.random() < 0.3:
        return SELDOM[journey.page]
    if journey.page is State.SIGN and rng.random() < 0.5:
        return Intent(kind=K.STROKE, fact=_facts(K.STROKE, rng))
    targets = observed(present(journey))["targets"]
    assert isinstance(targets, list)
    onward = [own for own in targets if own not in LEAVING or rng.random() < 0.1]
    if onward and rng.random() < 0.7:
        return touch(_likely(onward, rng))
    rows = [kind for page, kind in TABLE if page is journey.page and kind not in TOUCHES]
    rows = [kind for kind in rows if kind is not K.TERMINAL or rng.random() < 0.1]
    kind = rng.choice([*rows, *(kind for kind in rows if kind in TICKETED), rng.choice(ELSEWHERE)])
    ticket = journey.context.awaited if kind in TICKETED else 0
    return Intent(kind=kind, ticket=ticket, fact=_facts(kind, rng))


WOMAN, MAN = "400701199005170024", "400701199110030711"
WRITTEN = {
    "pinyin": "牧野区样例街2号",
    "latin": "shk",
    "digits": "2026111406202026",
    "mobile": "15400000001",
    "id_number": WOMAN,
    "money": "123456",
    "account": "9156000000000000001",
}


def _answer(journey: Journey, rng: Random) -> str:
    """Answer the first open question of the page as a person would, or go on."""
    view = present(journey)
    assert isinstance(view, FormView)
    for row in view.rows:
        ways = [own.target for own in (*row.options, *row.suggestions)]
        if row.focused and view.input and (row.value is None or row.fault or not ways):
            wrong = row.fault and view.input.value
            named = row.key.endswith(("name", "head"))
            words = "沐辰" if named else WRITTEN[view.input.keyboard]
            words = MAN if words == WOMAN and row.key.startswith("father") else words
            anew = row.clear.target if row.clear else "erase"
            return rng.choice([anew, f"text:{words}"]) if wrong else f"text:{words}"
        if row.value is None or row.fault:
            return rng.choice([*ways, *([row.focus.target] if row.focus else [])])
    return "next"


def _likely(targets: list[str], rng: Random) -> str:
    """Prefer the way on, so that walks get far."""
    way = {"start", "agree", "next", "submit", "continue", "shoot", "keep"}
    on = [own for own in targets if own in way]
    return rng.choice(on if on and rng.random() < 0.5 else targets)


def _words(value: object) -> None:
    """Every text on the page has words in Chinese, with every value they need."""
    if isinstance(value, Text):
        assert ZH.text(value.key, **dict(value.values)) is not None
    elif isinstance(value, tuple):
        for part in value:
            _words(part)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            _words(getattr(value, name))


def _holds(journey: Journey) -> None:
    """What has to be true of every page at every moment."""
    ctx = journey.context
    if journey.base not in PERSONAL:
        assert ctx.card is None
        assert ctx.form is None
        assert ctx.prefill is None
        assert ctx.progress is None
        assert not ctx.captures
        assert not ctx.strokes
        assert ctx.mine is None
    if journey.base is State.RECEIPT:
        assert ctx.stored is not None
        assert ctx.answer is not None
    if ctx.printing == "printed":
        assert ctx.copies


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_random_visits(seed: int) -> None:
    """5000 steps of anything: nothing but IllegalIntent is raised, and it changes nothing."""
    rng = Random(seed)  # noqa: S311 - it chooses what happens, not keys
    journey = Journey(context())
    for _ in range(STEPS):
        before = (journey.page, journey.base, journey.context)
        intent = _intent(journey, rng)
        try:
            journey.apply(intent)
        except IllegalIntent:
            assert (journey.page, journey.base, journey.context) == before
        _holds(journey)
        if journey.page is State.ENDED:
            journey = Journey(context())
        elif journey.page is not before[0]:
            _words(present(journey))


_FAR = (
    *(("newborn", page) for page in (State.CONSENT, State.MATERIALS, State.DELIVERY, State.SIGN)),
    ("back-and-change", State.DATE),
    ("back-and-change", State.DIGITS),
    ("restaurant", State.ENTERPRISE),
    ("newborn-promised", State.COMMIT),
)
"""Pages that walks from the start seldom reach."""


@cache
def _on_the_way() -> tuple[Journey, ...]:
    """Visits that got as far as these pages."""
    found = []
    for name, page in _FAR:
        script = load(SCRIPTS[0].with_name(f"{name}.yaml"))
        until = [step.page for step in script.steps].index(page)
        steps = (*script.steps[:until], Step(page=page))
        part = script.model_copy(update={"steps": steps, "outcome": ScriptOutcome()})
        run = Rehearsal(part, world(), context)
        run.run()
        found.append(run.journey)
    return tuple(found)


def _begun(rng: Random) -> Journey:
    """A fresh visit, or one that is far on its way: walks from the start seldom get there."""
    return copy(rng.choice([*[Journey(context())] * 4, *_on_the_way()]))


def test_whatever_is_offered_is_possible() -> None:
    """Every target on every page of many visits is legal there: no button is dead."""
    rng = Random(1)  # noqa: S311 - the same walk every time
    journey, unseen = _begun(rng), set(State) - {State.ENDED}
    for step in range(25_000):
        targets = observed(present(journey))["targets"]
        assert isinstance(targets, list)
        for target in rng.sample(targets, min(6, len(targets))):
            assert journey.legal(touch(target)), (journey.page, target)
        unseen.discard(journey.page)
        if not unseen and step > 2000:
            break
        intent = _intent(journey, rng)
        if journey.legal(intent):
            journey.apply(intent)
        if journey.page is State.ENDED:
            journey = _begun(rng)
    assert not unseen


def test_rows_take_only_their_facts() -> None:
    """An intent with a fact of another kind is illegal."""
    journey = Journey(context())
    with pytest.raises(IllegalIntent):
        journey.apply(Intent(kind=K.SHOWN, fact=f.Intake.UP))
    assert len(TABLE) > len(State)
    assert catalogue().things
