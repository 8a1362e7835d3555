"""What a person asks about their own applications, and what they say of them afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import pytest
import requests

from tests.intake_desk import DIVISION, IntakeDesk, problem_of


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def asks_for_own(desk: IntakeDesk, ref: str, card: str, **changes: Any) -> requests.Response:
    """Ask for somebody's applications with somebody's card."""
    signed = desk.evidence(card)
    body = {
        "visit": signed.evidence.visit,
        "evidence": asdict(signed.evidence),
        "evidence_signature": signed.signature,
        "id_no": desk.people[ref]["card"]["id_no"],
        "jurisdiction": DIVISION,
    }
    return desk.send("POST", "/v1/applications/mine", json={**body, **changes})


def test_own_applications(desk: IntakeDesk) -> None:
    """Newest first and bounded; nobody else's, and nothing without a fresh card."""
    numbers = [desk.submit(desk.application("rare-name")).json()["application_no"] for _ in "123"]
    desk.submit(desk.application())
    told = asks_for_own(desk, "rare-name", "rare-name").json()["applications"]
    assert [one["application_no"] for one in told] == numbers[::-1]
    assert {item["state_text"] for one in told for item in one["items"]} == {"已提交"}
    assert {item["supplement"] for one in told for item in one["items"]} == {""}
    other = problem_of(asks_for_own(desk, "rare-name", "chen-xiaoyun"))
    assert other["code"] == "NO_EVIDENCE"
    assert problem_of(asks_for_own(desk, "rare-name", "rare-name", visit="v"))["field"] == "visit"


def evaluates(desk: IntakeDesk, slip: str, **changes: Any) -> requests.Response:
    """Evaluate the application of a slip."""
    body = {"visit": "v", "key": str(uuid.uuid4()), "slip": slip, "satisfaction": 5, "options": []}
    return desk.send("POST", "/v1/evaluations", json={**body, **changes})


def test_an_evaluation_and_one_follow_up(desk: IntakeDesk) -> None:
    """Once for its key, twice for an application, and only by who holds the slip."""
    application = desk.application()
    slip = f"{application.local_no}.{application.slip_token}"
    assert problem_of(evaluates(desk, slip))["code"] == "NOT_ARRIVED"
    desk.submit(application)
    key = str(uuid.uuid4())
    first = evaluates(desk, slip, key=key, options=["510", "511"])
    assert (first.status_code, first.json()["assess_number"]) == (201, 1)
    again = evaluates(desk, slip, key=key, options=["510", "511"])
    assert (again.status_code, again.text) == (200, first.text)
    other = evaluates(desk, slip, key=key, satisfaction=1)
    assert problem_of(other)["code"] == "IDEMPOTENCY_MISMATCH"
    assert evaluates(desk, slip, satisfaction=2).json()["assess_number"] == 2
    assert problem_of(evaluates(desk, slip))["code"] == "ALREADY_EVALUATED"
    assert problem_of(evaluates(desk, slip[:-1] + "!"))["code"] == "NOT_ARRIVED"


@pytest.mark.parametrize(
    "changes",
    [
        {"satisfaction": 0},
        {"satisfaction": 6},
        {"satisfaction": True},
        {"pf": 4},
        {"key": "1"},
        {"options": ["差 评"]},
        {"options": ["1"] * 21},
        {"application_no": "41"},
    ],
)
def test_evaluations_of_another_shape(desk: IntakeDesk, changes: dict[str, Any]) -> None:
    """Only the five grades, the codes and the one channel there are."""
    assert problem_of(evaluates(desk, "L.0", **changes))["code"] == "INVALID"


def test_evaluations_that_race(desk: IntakeDesk) -> None:
    """Eight at once: two are kept, and the same key never twice."""
    application = desk.application()
    desk.submit(application)
    slip = f"{application.local_no}.{application.slip_token}"
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: evaluates(desk, slip), range(8)))
    kept = sorted(one.json()["assess_number"] for one in answers if one.status_code == 201)
    assert kept == [1, 2]
    assert {problem_of(one)["code"] for one in answers if one.status_code != 201} == {
        "ALREADY_EVALUATED"
    }
