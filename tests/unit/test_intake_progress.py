"""What the slip's page and the notices say of time: examples, rests, and who is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from intake.office.decisions import Act
from intake.office.promises import Promises
from intake.people import progress
from intake.receiving.catalogues import Catalogues
from intake.records.model import Application, Item
from intake.records.store import Store
from intake.service.services import Services
from kiosk.domain import promise
from tests.legal_time import china
from tests.newborn_filing import CONFIG, catalogue, filing, keep, taken_in

BIRTH, HOUSEHOLD = "birth-certificate", "household-registration"
MORNING = china("2026-11-30 09:00")


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    """The served catalogues, whose limits for a newborn are examples."""
    return Catalogues([CONFIG])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, catalogues: Catalogues) -> Iterator[Store]:
    """A store with their rules."""
    place: Path = tmp_path_factory.mktemp("progress")
    opened = Store(f"sqlite:///{place}/intake.db", rules=Promises(catalogues))
    yield opened
    opened.close()


def accepted(store: Store, *codes: str) -> Application:
    """Return an application under review."""
    made, files = filing(codes)
    keep(store, files)
    done = taken_in(store, made, MORNING)
    for act in (Act.RECEIVE, Act.ACCEPT, Act.REVIEW):
        done = do(store, done.items, act, MORNING)
    return done


def do(store: Store, items: Sequence[Item], act: Act, at: datetime) -> Application:
    """Do an act to items."""
    return store.act([item.no for item in items], act, "缺一页", now=at)


def read(application: Application, store: Store, catalogues: Catalogues, at: datetime) -> Any:
    """Return the page of the slip as it is read at a time."""
    services = SimpleNamespace(
        store=store, catalogues=catalogues, rules=Promises(catalogues), now=lambda: at
    )
    return progress.public(application, cast("Services", services))


def test_a_day_from_example_limits_says_so(store: Store, catalogues: Catalogues) -> None:
    """Page, whole and notice mark it; whoever plans by it knows that nobody has confirmed it."""
    done = accepted(store, BIRTH, HOUSEHOLD)
    told = read(done, store, catalogues, MORNING)
    assert all("（示例" in step.next for step in told.items)
    assert "（示例" in told.whole
    texts = [notice.text for notice in done.notices if notice.kind == "acceptance"]
    assert all("日（示例） 前办结" in text for text in texts)
    receipt = next(notice.text for notice in done.notices if notice.kind == "receipt")
    assert "示例" not in receipt


def test_what_is_left_is_told_only_where_nothing_else_is_waited_for(
    store: Store, catalogues: Catalogues
) -> None:
    """While the item that it needs is open, no one can say how long it takes after a supplement."""
    both = accepted(store, BIRTH, HOUSEHOLD)
    birth, household = both.items
    asked = do(store, [household], Act.REQUIRE_SUPPLEMENT, MORNING)
    assert "补齐后还有" not in read(asked, store, catalogues, MORNING).items[1].next
    granted = do(store, [birth], Act.GRANT, MORNING)
    assert "补齐后还有 3 个工作日办结" in read(granted, store, catalogues, MORNING).items[1].next


def test_a_decision_in_time_is_not_late_while_its_result_is_made(
    store: Store, catalogues: Catalogues
) -> None:
    """Days later neither the citizen nor the clerk reads that it is; a late one stays late."""
    weeks = china("2026-12-14 09:00")
    before = store.counts(weeks)["overdue"]
    done = do(store, accepted(store, BIRTH).items, Act.GRANT, china("2026-12-01 16:59"))
    assert not read(done, store, catalogues, weeks).items[0].late
    assert store.counts(weeks)["overdue"] == before
    late = do(store, accepted(store, BIRTH).items, Act.GRANT, china("2026-12-02 09:00"))
    assert read(late, store, catalogues, weeks).items[0].late
    assert store.counts(weeks)["overdue"] == before + 1


def test_needs_are_one_rule() -> None:
    """What an item requires without taking a product holds it back like what it takes."""
    restaurant = catalogue().thing("restaurant")
    made, _ = filing(())
    own = Application(
        thing="restaurant",
        jurisdiction="410700",
        catalogue_version=made.catalogue_version,
        items=[Item(code=item.code) for item in restaurant.items],
    )
    before = Promises(Catalogues([CONFIG])).predecessors(own)
    assert before == promise.predecessors(restaurant.items)
    assert "business-licence-check" in before["food-licence"]
