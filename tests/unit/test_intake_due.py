"""By when an item is due: working time, rests for supplements, chains of items."""

from __future__ import annotations

from datetime import timedelta

from intake.office.decisions import Act
from intake.office.listing import OVERDUE, Wanted
from intake.records.store import Store
from kiosk.domain.calendar import NOTHING_KNOWN
from tests.acted_items import (
    BIRTH,
    FRIDAY,
    HOUSEHOLD,
    TO_REVIEW,
    by_code,
    do,
    filed,
    promises,
    seen,
    store,
)
from tests.intake_databases import postgres_url, url
from tests.legal_time import china

__all__ = ["postgres_url", "promises", "store", "url"]


def test_each_step_is_due_in_working_time(store: Store) -> None:
    """2 working hours, 1 working day, then the promised days from acceptance on."""
    application = filed(store, HOUSEHOLD)
    assert application.items[0].due_at == china("2026-11-30 10:00")
    received = china("2026-11-30 09:30")
    done = do(store, application.items, Act.RECEIVE, at=received)
    assert done.items[0].due_at == china("2026-12-01 17:00")
    accepted = do(store, application.items, Act.ACCEPT, at=china("2026-12-01 10:00")).items[0]
    assert accepted.accepted_at == china("2026-12-01 10:00")
    assert accepted.due_at == china("2026-12-04 17:00")
    reviewed = do(store, application.items, Act.REVIEW, at=china("2026-12-02 10:00")).items[0]
    assert reviewed.due_at == accepted.due_at
    assert store.counts(china("2026-12-04 17:01"))["overdue"] == 1
    assert store.counts(china("2026-12-04 16:59"))["overdue"] == 0
    for now, late in (("2026-12-04 17:01", 1), ("2026-12-04 16:59", 0)):
        wanted = Wanted(show=OVERDUE, now=china(now))
        assert store.listed(wanted).total == late
        assert wanted.has(seen(store, application.application_no)) == bool(late)
    do(store, application.items, Act.WITHDRAW)
    assert store.counts(china("2027-01-01 00:00"))["overdue"] == 0


def test_the_time_rests_while_something_is_missing(store: Store) -> None:
    """Nothing is due during 补正; what was given in is checked anew, with its own two hours."""
    application = filed(store, BIRTH)
    asked = do(store, application.items, Act.REQUIRE_SUPPLEMENT)
    assert (asked.items[0].due_at, asked.items[0].supplement) == (None, "理由")
    later = FRIDAY + timedelta(days=10)
    again = do(store, application.items, Act.SUPPLIED, at=later).items[0]
    assert (again.state, again.supplement) == ("submitted", "")
    assert again.due_at == NOTHING_KNOWN.after_hours(later, 2)


def test_a_clock_rests_while_a_department_waits_for_the_citizen(store: Store) -> None:
    """After acceptance too a supplement is asked; the item goes on where it was, days later."""
    accepted = china("2026-11-30 23:59")
    items = do(
        store, filed(store, HOUSEHOLD).items, Act.RECEIVE, at=china("2026-11-30 09:00")
    ).items
    item = do(store, items, Act.ACCEPT, Act.REVIEW, at=accepted).items[0]
    assert item.due_at == china("2026-12-03 17:00")
    asked = do(store, items, Act.REQUIRE_SUPPLEMENT, at=china("2026-12-02 10:00"))
    assert (asked.items[0].state, asked.items[0].due_at) == ("supplement_required", None)
    assert "不计入办理时限" in asked.notices[-1].text
    assert asked.notices[-1].issuer == item.department
    given_in = do(store, items, Act.SUPPLIED, at=china("2026-12-04 16:00")).items[0]
    assert (given_in.state, given_in.accepted_at) == ("accepted", accepted)
    assert given_in.due_at == china("2026-12-08 17:00")


def test_a_supplement_hides_no_delay(store: Store) -> None:
    """Who asks for a supplement after the promised day stays late."""
    items = filed(store, HOUSEHOLD, at=china("2026-11-20 09:00")).items
    do(store, items, *TO_REVIEW, at=china("2026-11-20 10:00"))
    asked = do(store, items, Act.REQUIRE_SUPPLEMENT, at=china("2026-11-30 10:00"))
    assert asked.items[0].due_at == china("2026-11-25 17:00")
    assert store.counts(china("2026-11-30 10:00"))["overdue"] == 1


def test_a_chain_is_promised_together(store: Store) -> None:
    """What needs another is due no sooner; in a year not announced a day is an estimate."""
    items = by_code(filed(store, BIRTH, HOUSEHOLD, at=china("2026-12-30 09:00")))
    both, at = list(items.values()), china("2026-12-30 10:00")
    do(store, both, Act.RECEIVE, at=at)
    done = do(store, [items[HOUSEHOLD]], Act.ACCEPT, at=at)
    assert by_code(done)[HOUSEHOLD].due_at is None
    assert f"要等“{items[BIRTH].name}”的期限定下来" in done.notices[-1].text
    done = do(store, [items[BIRTH]], Act.ACCEPT, at=china("2027-01-04 10:00"))
    first, then = (by_code(done)[code].due_at for code in (BIRTH, HOUSEHOLD))
    assert first is not None
    assert then is not None
    assert then >= first
    assert "2027 年的放假安排这里还没有，按周一至周五估算" in done.notices[-1].text
    do(store, [items[BIRTH]], Act.REQUIRE_SUPPLEMENT, at=china("2027-01-04 11:00"))
    resting = by_code(seen(store, done.application_no))
    assert resting[BIRTH].due_at is resting[HOUSEHOLD].due_at is None
