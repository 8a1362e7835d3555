"""Two people who file for one child: the clerk is told on both pages, and nobody else is named."""

from __future__ import annotations

from typing import Any

from intake.office.children import MOST, keys
from intake.records.model import Application
from intake.records.store import Store
from tests.clerk_desk import desk, detail, filed, store
from tests.intake_desk import IntakeDesk
from tests.newborn_filing import VALUES

__all__ = ["desk", "store"]

FATHER = "400702198803120014"
TOLD = "同一个孩子还有一份："


def of_child(store: Store, applicant: str, fields: dict[str, str]) -> Application:
    """File an application with these fields alone."""
    answers = {key: {"value": value, "source": "user"} for key, value in fields.items()}
    details = {
        "applicant": {},
        "fields": answers,
        "consents": [],
        "evidence": {"evidence": {"time": "2026-11-27T09:00:00+08:00"}},
    }
    changes: dict[str, Any] = {"details": details, "applicant_id_no": applicant, "attachments": ()}
    return filed(store, "birth-certificate", **changes)[0]


def born(time: str, mother: str = "40071219900517558X") -> dict[str, str]:
    """Return what names a child by its mother and its time of birth."""
    return {"mother.id_no": mother, "newborn.birth_datetime": time}


def test_both_pages_name_the_other(desk: IntakeDesk, store: Store) -> None:
    """Mother and father filed: each page leads to the other one."""
    mothers, slip = filed(store)
    assert TOLD not in detail(desk, mothers)
    fathers, _ = filed(store, applicant_id_no=FATHER)
    for one, other in ((mothers, fathers), (fathers, mothers)):
        page = detail(desk, one)
        assert page.count(TOLD) == 1
        line = page.partition(TOLD)[2].partition("</p>")[0]
        assert f'href="/clerk/applications/{other.application_no}"' in line
    assert TOLD not in desk.page("GET", f"/p/{slip}").text


def test_what_names_a_child(store: Store) -> None:
    """The time with the mother, the certificate, or the child's number; less names nobody."""
    first = of_child(store, "a", born("2026-11-01T01:00") | {"birth.cert_no": "X41"})
    same = [
        of_child(store, "b", born("2026-11-01T01:00", "40071219900517558x")),
        of_child(store, "c", {"birth.cert_no": "x41"}),
    ]
    twin = of_child(store, "b", born("2026-11-01T01:07"))
    of_child(store, "b", {"newborn.birth_datetime": "2026-11-01T01:00"})
    of_child(store, "a", born("2026-11-01T01:00"))
    assert set(store.of_same_child(first)) == {one.application_no for one in same}
    assert store.of_same_child(twin) == []


def test_only_the_newest_are_named(store: Store) -> None:
    """However many there are, a page names a few."""
    made = [of_child(store, str(turn), born("2026-10-01T01:00")) for turn in range(MOST + 2)]
    newest = [one.application_no for one in reversed(made[1:])]
    assert store.of_same_child(made[0]) == newest[:MOST]


def test_a_key_is_no_persons_number() -> None:
    """What is kept to compare is a digest."""
    fields = {key: {"value": value, "source": source} for key, (value, source) in VALUES.items()}
    assert all(VALUES["mother.id_no"][0] not in key for key in keys({"fields": fields}))
    assert len(keys({"fields": fields})) == 1
    assert keys({"fields": {}}) == []
