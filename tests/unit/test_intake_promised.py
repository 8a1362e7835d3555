"""A paper that was promised is handed in at the window, and nothing that needs it goes before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from intake.office.decisions import Act, Conflict
from intake.office.waiting import promised
from intake.records.model import Application
from intake.records.store import Store
from intake.service.problems import Refusal
from tests.clerk_desk import desk, detail, filed, promising, store
from tests.intake_desk import IntakeDesk, problem_of

__all__ = ["desk", "store"]

PAYMENT, BIRTH = "maternity-reimbursement", "birth-certificate"
PAPER = "discharge_record"
BUTTON = f'data-paper="{PAPER}"'


def reviewed(store: Store, *codes: str) -> tuple[Application, str]:
    """Return an application under review, with its slip; its discharge record is still owed."""
    application, slip = promising(store, *codes)
    numbers = [item.no for item in application.items]
    for act in (Act.RECEIVE, Act.ACCEPT, Act.REVIEW):
        application = store.act(numbers, act, now=datetime.now(UTC))
    return application, slip


def number_of(application: Application, code: str) -> str:
    """Return the number of the item with this code."""
    return next(item.no for item in application.items if item.code == code)


def hand_in(desk: IntakeDesk, application: Application, material: str = PAPER) -> int:
    """Say at the window that a paper has come; return the status of the answer."""
    path = f"/clerk/applications/{application.application_no}/hand-in"
    return desk.page("POST", path, json={"material": material}).status_code


def test_what_is_owed_holds_back_the_grant(desk: IntakeDesk, store: Store) -> None:
    """Granting names the paper and says what to do; the page says it before anybody tries."""
    application, _ = reviewed(store, PAYMENT)
    item = application.items[0].no
    page = detail(desk, application)
    assert "承诺后补，收到才能准予：出院记录" in page
    assert 'data-act="grant"' not in page
    problem = problem_of(desk.page("POST", f"/clerk/items/{item}/grant"))
    assert problem["code"] == "PAPER_OWED"
    assert "出院记录" in problem["detail_zh"]
    assert "承诺的材料已收到" in problem["help"]
    kept = store.by_number(application.application_no)
    assert kept is not None
    assert kept.items[0].state == "in_review"
    assert len(kept.notices) == len(application.notices)


def test_only_items_that_use_it_wait(store: Store) -> None:
    """The others are granted; together with one that waits, none is."""
    application, _ = reviewed(store, PAYMENT, BIRTH)
    numbers, now = [item.no for item in application.items], datetime.now(UTC)
    with pytest.raises(Conflict, match="PAPER_OWED"):
        store.act(numbers, Act.GRANT, now=now)
    done = store.act([number_of(application, BIRTH)], Act.GRANT, now=now)
    assert {item.code: item.state for item in done.items} == {
        BIRTH: "decided_granted",
        PAYMENT: "in_review",
    }
    refused = store.act([number_of(application, PAYMENT)], Act.REFUSE, "没有补交", now=now)
    assert {item.outcome for item in refused.items} == {"decided_granted", "decided_refused"}


def test_the_day_that_was_signed_is_the_day_that_is_told(desk: IntakeDesk, store: Store) -> None:
    """Clerk and citizen read the letter's day, not one that today's calendar would give."""
    application, slip = promising(store, PAYMENT, kind="后补", due="2036-03-14")
    for page in (detail(desk, application), desk.page("GET", f"/p/{slip}").text):
        assert "承诺后补，最迟 2036年3月14日" in page


def test_a_paper_is_handed_in_at_the_window(desk: IntakeDesk, store: Store) -> None:
    """Page and history say when and to whom, the citizen owes no more, and it is granted."""
    application, slip = reviewed(store, PAYMENT)
    assert BUTTON in detail(desk, application)
    assert "您承诺后补的" in desk.page("GET", f"/p/{slip}").text
    assert hand_in(desk, application) == 200
    page = detail(desk, application)
    assert BUTTON not in page
    materials = page.partition('id="materials"')[2].partition("</section>")[0]
    assert "承诺的材料已收到，" in materials
    assert "受理窗口" in materials
    assert "出院记录 承诺的材料已收到" in page.partition('id="history"')[2]
    assert "您承诺后补的" not in desk.page("GET", f"/p/{slip}").text
    events = store.history(application.id)
    assert (events[-1].kind, events[-1].actor) == ("material.handed_in", "受理窗口")
    item = application.items[0].no
    assert desk.page("POST", f"/clerk/items/{item}/grant").status_code == 200


def test_it_is_handed_in_once(desk: IntakeDesk, store: Store) -> None:
    """Of eight who note it at once one does; the others are told, and one event is kept."""
    application, _ = promising(store, PAYMENT)

    def note(_: int) -> str:
        try:
            store.hand_in(application.application_no, PAPER, now=datetime.now(UTC))
        except Conflict as conflict:
            return conflict.told
        return ""

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(note, range(8)))
    assert told.count("") == 1
    assert all("“出院记录”已经记为收到" in one for one in told if one)
    assert hand_in(desk, application) == 409
    kinds = [event.kind for event in store.history(application.id)]
    assert kinds.count("material.handed_in") == 1


def test_nothing_else_is_handed_in(desk: IntakeDesk, store: Store) -> None:
    """A paper nobody promised, one that was photographed, and an unknown number are not found."""
    application, _ = promising(store, PAYMENT)
    shown, _ = filed(store, PAYMENT)
    assert hand_in(desk, application, "bank_card") == 404
    assert hand_in(desk, shown) == 404
    with pytest.raises(Refusal, match="NOT_FOUND"):
        store.hand_in("41070020261122999999", PAPER, now=datetime.now(UTC))
    path = f"/clerk/applications/{application.application_no}/hand-in"
    foreign = desk.page(
        "POST", path, json={"material": PAPER}, headers={"origin": "https://elsewhere.example"}
    )
    assert problem_of(foreign)["code"] == "FOREIGN_PAGE"


@pytest.mark.parametrize("kind", ["免交", "实质审查后置", "豁免"])
def test_what_was_vouched_for_is_not_owed(desk: IntakeDesk, store: Store, kind: str) -> None:
    """A paper that never comes is told to the clerk, holds nothing back, and is not asked for."""
    application, slip = promising(store, PAYMENT, kind=kind)
    assert promised(application) == {}
    page = detail(desk, application)
    assert "承诺" in page
    assert BUTTON not in page
    assert "收到才能准予" not in page
    assert "您承诺后补的" not in desk.page("GET", f"/p/{slip}").text
