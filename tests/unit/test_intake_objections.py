"""What reaches the clerk: objections, departments' own views; and what a place does not accept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from kiosk.domain.application import Answer
from tests.intake_desk import ITEM, THING, IntakeDesk, problem_of


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """One running intake for the whole file."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def objected(desk: IntakeDesk, key: str, words: str) -> dict[str, Answer]:
    """Return a right form with an objection to one value."""
    answers = desk.answers("chen-xiaoyun")
    return answers | {key: replace(answers[key], disputed=words)}


def test_an_objection_reaches_the_clerk(desk: IntakeDesk) -> None:
    """It stands beside the value and in the list of all objections, which holds no values."""
    fields = objected(desk, "insurance.status", "我已经恢复参保了")
    answer = desk.submit(desk.application(fields=fields))
    assert answer.status_code == 201
    number = answer.json()["application_no"]
    assert "我已经恢复参保了" in desk.page("GET", f"/clerk/applications/{number}").text
    listed = desk.page("GET", "/clerk/objections").json()
    assert [(one["application_no"], one["field"], one["source"]) for one in listed] == [
        (number, "insurance.status", "share:医保")
    ]


def test_an_objection_is_checked_before_the_grant(desk: IntakeDesk) -> None:
    """The grant waits for a result with words; the slip tells the result, not the words; once."""
    words = "我已经恢复参保了，请查"
    application = desk.application(fields=objected(desk, "insurance.status", words))
    answer = desk.submit(application).json()
    number, item = answer["application_no"], answer["items"][0]["no"]
    for act in ("receive", "accept", "review"):
        assert desk.page("POST", f"/clerk/items/{item}/{act}").status_code == 200
    page = desk.page("GET", f"/clerk/applications/{number}").text
    assert 'data-objection="insurance.status"' in page
    assert 'data-act="grant"' not in page
    assert problem_of(desk.page("POST", f"/clerk/items/{item}/grant"))["code"] == "OBJECTION_OPEN"
    slip = f"/p/{application.local_no}.{application.slip_token}"
    assert "还在核对，核对完才会准予" in desk.page("GET", slip).text

    def check(text: str, field: str = "insurance.status") -> requests.Response:
        body = {"field": field, "outcome": "upheld", "text": text}
        return desk.page("POST", f"/clerk/applications/{number}/objections", json=body)

    assert problem_of(check(" "))["code"] == "REASON_MISSING"
    assert problem_of(check("查过", "filing.kind"))["code"] == "NOT_FOUND"
    assert check(f"医保局已更正：{words}").status_code == 200
    assert problem_of(check("再查"))["code"] == "STATE_CONFLICT"
    told = desk.page("GET", slip).text
    assert "核对过了，确实不对" in told
    assert words not in told
    assert "医保局已更正" not in told
    page = desk.page("GET", f"/clerk/applications/{number}").text
    assert 'data-objection="' not in page
    assert "核对异议：确实不对" in page
    facts = desk.page("GET", f"/clerk/items/{item}/department").json()["facts"]
    assert {fact["checked"] for fact in facts if fact["disputed"]} == {"upheld"}
    assert desk.page("POST", f"/clerk/items/{item}/grant").status_code == 200


def test_the_slip_and_the_department_tell_of_it(desk: IntakeDesk) -> None:
    """Whoever holds the slip reads which value of whose; the department also the words."""
    application = desk.application(fields=objected(desk, "insurance.status", "我已经恢复参保了"))
    answer = desk.submit(application).json()
    told = desk.page("GET", f"/p/{application.local_no}.{application.slip_token}").text
    label = desk.catalogue.dictionary["insurance.status"].label
    assert "您提出 1 处不对" in told
    assert f"{label}（" in told
    assert "我已经恢复参保了" not in told
    views = [
        desk.page("GET", f"/clerk/items/{one['no']}/department").json() for one in answer["items"]
    ]
    said = {fact["disputed"] for view in views for fact in view["facts"]}
    assert said == {"", "我已经恢复参保了"}


def test_a_department_gets_its_own_and_nothing_more(desk: IntakeDesk) -> None:
    """The view of an item has the item's facts and papers, sensitive values hidden."""
    answer = desk.submit(desk.application()).json()
    view = desk.page("GET", f"/clerk/items/{answer['items'][0]['no']}/department").json()
    item = desk.catalogue.thing(THING).chosen((ITEM,))[0]
    assert [one["key"] for one in view["facts"]] == [own.key for own in item.fields]
    assert [one["key"] for one in view["papers"]] == [own.key for own in item.materials]
    number = desk.people["chen-xiaoyun"]["card"]["id_no"]
    assert number not in str(view)


@pytest.mark.parametrize("place", ["411523", "410103"])
def test_a_place_without_a_list_accepts_nothing(desk: IntakeDesk, place: str) -> None:
    """Its catalogue is served, and whatever is filed there is refused."""
    version = desk.client().catalogue_version(place).version
    answer = desk.submit(desk.application(jurisdiction=place, catalogue_version=version))
    assert problem_of(answer)["field"] == "application.thing"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("filing.kind", "不对"),
        ("person.name", "不对"),
        ("insurance.status", "1"),
        ("insurance.status", "长" * 201),
        ("insurance.status", " 已经恢复了"),
    ],
)
def test_what_cannot_be_disputed(desk: IntakeDesk, key: str, words: str) -> None:
    """One's own answer, the card, the same again, too many words, and what no terminal keeps."""
    answer = desk.submit(desk.application(fields=objected(desk, key, words)))
    assert problem_of(answer)["field"] == f"application.fields.{key}.disputed"
