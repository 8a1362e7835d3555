"""A store with the served catalogue's rules, and acts on items in it: fixtures to import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import pytest

from intake.office.decisions import Act
from intake.office.promises import Promises
from intake.receiving.catalogues import Catalogues
from intake.receiving.numbers import CHINA
from intake.records.model import Application, Item
from intake.records.store import Store
from tests.newborn_filing import CONFIG, filing, keep, taken_in

FRIDAY = datetime(2026, 11, 27, 16, 0, tzinfo=CHINA)
BIRTH, VACCINE, HOUSEHOLD, CARD = (
    "birth-certificate",
    "vaccination-certificate",
    "household-registration",
    "social-security-card",
)


@pytest.fixture(scope="module")
def promises() -> Promises:
    """The rules of the catalogue that is served."""
    return Promises(Catalogues([CONFIG]))


@pytest.fixture
def store(url: str, promises: Promises) -> Iterator[Store]:
    """A store with these rules on an empty database of each kind."""
    opened = Store(url, rules=promises)
    yield opened
    opened.close()


def filed(store: Store, *codes: str, at: datetime = FRIDAY) -> Application:
    """File a newborn application of these items."""
    made, files = filing(codes)
    keep(store, files)
    return taken_in(store, made, at)


def by_code(application: Application) -> dict[str, Item]:
    """Return the items by code."""
    return {item.code: item for item in application.items}


def do(store: Store, items: Sequence[Item], *acts: Act, at: datetime = FRIDAY) -> Application:
    """Do acts to items, one after another, with something written."""
    for act in acts:
        done = store.act([item.no for item in items], act, "理由", now=at)
    return done


TO_REVIEW = (Act.RECEIVE, Act.ACCEPT, Act.REVIEW)


def seen(store: Store, number: str) -> Application:
    """Return the application as it is stored now."""
    found = store.by_number(number)
    assert found is not None
    return found
