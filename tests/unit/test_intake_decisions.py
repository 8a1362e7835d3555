"""What may be done with an item, by whom, in what order, by when, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.office.acts import words
from intake.office.decisions import TABLE, Act, Asks, Clock, Conflict, acts_from, transition
from intake.office.listing import GROUPS, RANK, Wanted, group_of
from intake.office.promises import Promises
from intake.people import notices
from intake.records.model import Application, Item, Notice, State
from intake.records.store import Store
from intake.service.problems import Refusal
from tests.acted_items import (
    BIRTH,
    FRIDAY,
    HOUSEHOLD,
    TO_REVIEW,
    VACCINE,
    by_code,
    do,
    filed,
    promises,
    seen,
    store,
)
from tests.intake_databases import postgres_url, url

__all__ = ["postgres_url", "promises", "store", "url"]

# --- the table ------------------------------------------------------------------------------------


def test_every_state_is_reached_and_every_end_is_an_end() -> None:
    """From 已提交 every state can be reached; nothing leads out of an end."""
    reached, found = {State.SUBMITTED}, {State.SUBMITTED}
    while found:
        found = {TABLE[state, act].to for state in found for act in acts_from(state)} - reached
        reached |= found
    assert reached == set(State)
    ends = {state for state in State if not acts_from(state)}
    assert ends == {State.NOT_ACCEPTED, State.COMPLETED, State.WITHDRAWN}
    assert set(RANK) == set(State)


def test_the_table_says_one_thing_of_each_state_and_act() -> None:
    """The promised time runs or rests by state; a decision against somebody says why."""
    clocks: dict[State, set[Clock]] = {}
    for row in TABLE.values():
        clocks.setdefault(row.to, set()).add(row.clock)
        assert row.notice in {*notices.kinds(), ""}
    assert all(len(clock) == 1 for clock in clocks.values())
    assert clocks[State.SUPPLEMENT_REQUIRED] == {Clock.PAUSED}
    assert clocks[State.ACCEPTED] == clocks[State.IN_REVIEW] == {Clock.RUNNING}
    asking = {act for (_, act), transition in TABLE.items() if transition.asks is not Asks.NOTHING}
    assert asking == {Act.REQUIRE_SUPPLEMENT, Act.NOT_ACCEPT, Act.REFUSE}
    assert {act for act in Act if words()[act].write} == asking
    decided = {State.DECIDED_GRANTED, State.DECIDED_REFUSED, State.COMPLETED}
    assert not any(Act.WITHDRAW in acts_from(state) for state in decided)


WALKS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(Act)), max_size=14)


@settings(max_examples=8, deadline=None)
@given(acts=WALKS)
def test_any_walk_follows_the_table(acts: list[tuple[int, Act]], walked: Store) -> None:
    """Whatever is tried: what the table has happens with its notice, the rest changes nothing."""
    follows(acts, walked)


@pytest.mark.campaign
@pytest.mark.timeout(1800)
@settings(max_examples=600, deadline=None)
@given(acts=WALKS)
def test_any_of_many_walks_follows_the_table(acts: list[tuple[int, Act]], walked: Store) -> None:
    """The same, of more walks."""
    follows(acts, walked)


def follows(acts: list[tuple[int, Act]], walked: Store) -> None:
    """Do act after act, and fail where one does another thing than the table says."""
    number = filed(walked, BIRTH, VACCINE).application_no
    for which, act in acts:
        before = seen(walked, number)
        item = before.items[which]
        allowed = transition(State(item.state), act, accepted=item.accepted_at is not None)
        waits = act is Act.GRANT and which == 1 and undecided(before.items[0])
        if allowed is None or waits:
            with pytest.raises(Conflict) as told:
                walked.act([item.no], act, "缺一页", now=FRIDAY)
            assert item.name in told.value.document().detail_zh
            assert snapshot(walked, number) == snapshot_of(before, walked)
            continue
        after = walked.act([item.no], act, "缺一页", now=FRIDAY)
        moved = after.items[which]
        assert moved.state == allowed.to.value
        assert len(after.notices) - len(before.notices) == bool(allowed.notice)
        assert bool(moved.supplement) == (allowed.to is State.SUPPLEMENT_REQUIRED)
        running = allowed.clock is Clock.RUNNING
        first = after.items[0]  # the other one needs it: its own day follows from this one's
        unsure = running and which == 1 and (first.due_at is None or first.accepted_at is None)
        rests = allowed.clock in {Clock.PAUSED, Clock.STOPPED}
        assert (moved.due_at is None) == rests or unsure
        assert len({notice.no for notice in after.notices}) == len(after.notices)
        assert after.standing == group_of(after)
        assert after.due_at == min(
            (one.owed_by for one in after.items if one.owed_by), default=None
        )


def undecided(item: Item) -> bool:
    """Tell whether an item may still give what the one behind it needs."""
    ended = {State.NOT_ACCEPTED, State.WITHDRAWN, State.COMPLETED}
    return not item.outcome and State(item.state) not in ended


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, promises: Promises) -> Iterator[Store]:
    """One store for all walks."""
    opened = Store(f"sqlite:///{tmp_path_factory.mktemp('walk')}/intake.db", rules=promises)
    yield opened
    opened.close()


def snapshot(store: Store, number: str) -> object:
    """Return everything an act may change."""
    return snapshot_of(seen(store, number), store)


def snapshot_of(application: Application, store: Store) -> object:
    """Return everything an act may change, of an application that was read."""
    rows = [
        (item.state, item.state_at, item.due_at, item.supplement, item.outcome, item.note)
        for item in application.items
    ]
    return rows, len(application.notices), len(store.history(application.id))


def test_a_reason_has_to_be_written(store: Store) -> None:
    """补正 without a text, or with one that prints nothing, is refused and changes nothing."""
    application = filed(store, BIRTH)
    before = snapshot(store, application.application_no)
    for nothing in ("", " \n\t\n", "\x00\x07"):
        with pytest.raises(Refusal, match="REASON_MISSING"):
            store.act([application.items[0].no], Act.REQUIRE_SUPPLEMENT, nothing, now=FRIDAY)
    assert snapshot(store, application.application_no) == before


# --- one item needs another -----------------------------------------------------------------------


def test_an_item_is_decided_after_the_one_it_needs(store: Store) -> None:
    """It is received, accepted and reviewed before (容缺预审), but granted only after."""
    application = filed(store, BIRTH, VACCINE)
    items = by_code(do(store, application.items, *TO_REVIEW))
    with pytest.raises(Conflict, match="PREDECESSOR_OPEN"):
        store.act([items[VACCINE].no], Act.GRANT, now=FRIDAY)
    assert any("容缺预审" in notice.text for notice in seen_notices(store, application))
    do(store, [items[BIRTH]], Act.GRANT, Act.COMPLETE)
    done = do(store, [items[VACCINE]], Act.GRANT)
    assert by_code(done)[VACCINE].state == State.DECIDED_GRANTED.value


def seen_notices(store: Store, application: Application) -> Sequence[Notice]:
    """Return the notices that were issued."""
    return seen(store, application.application_no).notices


def test_all_at_once_is_all_or_none(store: Store) -> None:
    """Granted together, makers go first whatever the order of numbers; one that can't stops all."""
    application = do(store, filed(store, BIRTH, VACCINE, HOUSEHOLD).items, *TO_REVIEW)
    items = by_code(application)
    with pytest.raises(Conflict):
        do(store, [items[HOUSEHOLD], items[VACCINE]], Act.GRANT)
    assert {item.state for item in seen(store, application.application_no).items} == {"in_review"}
    done = do(store, list(reversed(application.items)), Act.GRANT)
    assert {item.state for item in done.items} == {"decided_granted"}


def test_a_failed_maker_is_told_to_those_that_need_it(store: Store) -> None:
    """Refusing, not accepting or withdrawing marks the items behind, and only them."""
    application = filed(store, BIRTH, VACCINE, "medical-insurance")
    items = by_code(do(store, application.items, *TO_REVIEW))
    after = by_code(do(store, [items[BIRTH]], Act.REFUSE))
    assert items[BIRTH].name in after[VACCINE].note
    assert "不予许可" in after[VACCINE].note
    assert after["medical-insurance"].note == after[BIRTH].note == ""


@pytest.mark.parametrize(
    "failing",
    [(Act.NOT_ACCEPT,), (Act.ACCEPT, Act.REVIEW, Act.REFUSE, Act.COMPLETE), (Act.WITHDRAW,)],
)
def test_what_a_failed_maker_owed_may_be_supplied(store: Store, failing: tuple[Act, ...]) -> None:
    """However it failed: who grants the item behind it says what took its place; the note stays."""
    application = filed(store, BIRTH, VACCINE)
    items = by_code(do(store, application.items, Act.RECEIVE))
    do(store, [items[VACCINE]], Act.ACCEPT, Act.REVIEW)
    do(store, [items[BIRTH]], *failing)
    before = snapshot(store, application.application_no)
    with pytest.raises(Refusal, match="REASON_MISSING"):
        store.act([items[VACCINE].no], Act.GRANT, " ", now=FRIDAY)
    assert snapshot(store, application.application_no) == before
    done = store.act([items[VACCINE].no], Act.GRANT, "医院原件已核对", now=FRIDAY)
    vaccine = by_code(done)[VACCINE]
    assert vaccine.state == State.DECIDED_GRANTED.value
    assert items[BIRTH].name in vaccine.note
    grant = next(notice.text for notice in done.notices if notice.kind == "grant")
    assert "已经另行提供：医院原件已核对" in grant


def test_a_grant_of_what_lacks_nothing_asks_for_nothing(store: Store) -> None:
    """A text that nobody asked for is not in the decision."""
    application = do(store, filed(store, BIRTH).items, *TO_REVIEW)
    done = store.act([application.items[0].no], Act.GRANT, "闲话", now=FRIDAY)
    assert not any("闲话" in notice.text for notice in done.notices)


def test_items_of_two_applications_are_not_one_act(store: Store) -> None:
    """Numbers that do not belong together, or to nobody, are not found."""
    one, other = filed(store, BIRTH), filed(store, BIRTH)
    for numbers in ([one.items[0].no, other.items[0].no], [one.items[0].no, "410700"], ["x"]):
        with pytest.raises(Refusal, match="NOT_FOUND"):
            store.act(numbers, Act.RECEIVE, now=FRIDAY)


# --- two clerks at once ---------------------------------------------------------------------------


def test_eight_clerks_one_decision(store: Store) -> None:
    """Of eight who grant or refuse the same item at once, one does; the others are told the end."""
    application = filed(store, BIRTH)
    item = do(store, application.items, *TO_REVIEW).items[0]

    def decide(turn: int) -> str:
        try:
            do(store, [item], Act.GRANT if turn % 2 else Act.REFUSE)
        except Conflict as conflict:
            return conflict.told
        return ""

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(decide, range(8)))
    now = seen(store, application.application_no)
    assert told.count("") == 1
    word = State(now.items[0].state).text
    assert all(word in one for one in told if one)
    kinds = [notice.kind for notice in now.notices]
    assert len(set(kinds) & {"grant", "refusal"}) == 1
    assert len(kinds) == 3


def test_a_maker_refused_meanwhile_stops_the_grant(store: Store) -> None:
    """However two clerks meet, nothing is granted without the product it needs."""
    for _ in range(6):
        application = filed(store, BIRTH, VACCINE)
        items = by_code(do(store, application.items, *TO_REVIEW))
        tries = ((items[BIRTH], Act.REFUSE), (items[VACCINE], Act.GRANT), (items[BIRTH], Act.GRANT))

        def attempt(one: tuple[Item, Act]) -> None:
            try:
                store.act([one[0].no], one[1], "理由" if one[1] is Act.REFUSE else "", now=FRIDAY)
            except Refusal:
                return

        with ThreadPoolExecutor(3) as threads:
            list(threads.map(attempt, tries))
        after = by_code(seen(store, application.application_no))
        if after[VACCINE].outcome:
            assert after[BIRTH].outcome == "decided_granted"


# --- the list -------------------------------------------------------------------------------------


def test_an_application_is_in_every_tab_where_an_item_is(store: Store) -> None:
    """Counts, lists and the live row agree after each act; two items in one tab count once."""
    filed(store, BIRTH)
    application = filed(store, BIRTH, VACCINE)
    first, second = application.items

    def tabs() -> set[str]:
        now = seen(store, application.application_no)
        counts = store.counts(FRIDAY)
        for group in GROUPS:
            listed = [one.id for one in store.listed(Wanted(show=group.key)).applications]
            assert counts[group.key] == len(listed) == len(set(listed))
            assert Wanted(show=group.key).has(now) == (now.id in listed)
        return {group.key for group in GROUPS if Wanted(show=group.key).has(now)}

    assert tabs() == {"submitted"}
    do(store, [first], Act.REQUIRE_SUPPLEMENT)
    assert tabs() == {"supplement", "submitted"}
    do(store, [first], Act.SUPPLIED, Act.RECEIVE)
    do(store, [second], Act.WITHDRAW)
    assert tabs() == {"received", "closed"}
    do(store, [first], Act.NOT_ACCEPT)
    assert tabs() == {"closed"}
    assert store.counts(FRIDAY)["closed"] == 1


# --- notices --------------------------------------------------------------------------------------


def test_notices_say_what_they_must(store: Store) -> None:
    """Each names item, time or reason; a decision against somebody says what can be done."""
    item = filed(store, BIRTH).items[0]
    do(store, [item], Act.RECEIVE, Act.ACCEPT, Act.REVIEW)
    done = do(store, [item], Act.REFUSE, Act.COMPLETE)
    texts = {notice.kind: notice.text for notice in done.notices}
    assert list(texts) == ["receipt", "acceptance", "refusal", "completion"]
    assert all(item.name in words for words in texts.values())
    assert "11月30日 17:00" in texts["receipt"]
    assert "从 2026年11月27日 起计算" in texts["acceptance"]
    assert "容缺预审" not in texts["acceptance"]
    assert "理由：理由" in texts["refusal"]
    assert "行政复议" in texts["refusal"]
    assert [notice.no for notice in done.notices] == [f"{item.no}-{n:03d}" for n in range(1, 5)]
