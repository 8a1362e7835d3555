"""Random visits: whatever happens in whatever order, the promises hold."""

from __future__ import annotations

from datetime import date
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
from kiosk.journey.states import PERSONAL, State
from kiosk.journey.view import Text
from kiosk.translation import Translator
from tests.journeys.stage import PUBLIC, catalogue, context, people

PEOPLE = list(people().values())
ZH = Translator(strict=True)
CONDITIONS = [*f.Condition, *[f.Condition.READY] * 12]
STEPS = 250


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
        K.STORE_TROUBLE: ("disk_full", "too_large", "damaged", "agent_down", "unanswered"),
        K.CODE_TROUBLE: ("timeout", "invalid", "scanner_failed"),
        K.PROGRESS_TROUBLE: ("unreachable", "garbled", "not_arrived"),
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
        ),
        K.INTAKE: rng.choice([*[f.Intake.UP] * 9, *f.Intake]),
        K.CARD_READ: f.Card(person=who.person, evidence=who.evidence),
        K.CODE_READ: f.Code(data=code),
        K.PRINTED: f.Print(printed=rng.choice(list(Printed))),
        K.PREFILLED: f.Prefill(values=who.values, sources=who.sources),
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


LEAVING = {"home", "back", "finish", "decline", "cancel", "help"}
ELSEWHERE = [kind for kind in K if kind not in TOUCHES]


def _intent(journey: Journey, rng: Random) -> Intent:
    """Return a touch of what is shown, or something that happens elsewhere; at times nonsense."""
    if rng.random() < 0.05:
        return Intent(kind=rng.choice(list(K)), argument=rng.choice(["", "x", "11", "+1", "a:b"]))
    targets = observed(present(journey))["targets"]
    assert isinstance(targets, list)
    onward = [own for own in targets if own not in LEAVING or rng.random() < 0.1]
    if onward and rng.random() < 0.7:
        return touch(_likely(onward, rng))
    rows = [kind for page, kind in TABLE if page is journey.page and kind not in TOUCHES]
    kind = rng.choice([*rows, *(kind for kind in rows if kind in TICKETED), rng.choice(ELSEWHERE)])
    ticket = journey.context.awaited if kind in TICKETED else 0
    return Intent(kind=kind, ticket=ticket, fact=_facts(kind, rng))


def _likely(targets: list[str], rng: Random) -> str:
    """Prefer the way on, so that walks get far."""
    on = [own for own in targets if own in {"start", "agree", "next", "submit", "continue"}]
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
    if journey.base is State.RECEIPT:
        assert ctx.stored is not None
        assert ctx.answer is not None
    if ctx.printing == "printed":
        assert ctx.copies


@settings(max_examples=20, deadline=None)
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


def test_whatever_is_offered_is_possible() -> None:
    """Every target on every page of many visits is legal there: no button is dead."""
    rng = Random(1)  # noqa: S311 - the same walk every time
    journey, unseen = Journey(context()), set(State) - {State.ENDED}
    for step in range(20_000):
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
            journey = Journey(context())
    assert not unseen


def test_rows_take_only_their_facts() -> None:
    """An intent with a fact of another kind is illegal."""
    journey = Journey(context())
    with pytest.raises(IllegalIntent):
        journey.apply(Intent(kind=K.SHOWN, fact=f.Intake.UP))
    assert len(TABLE) > len(State)
    assert catalogue().things
