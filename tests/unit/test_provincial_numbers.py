"""The province's numbers beside ours: kept once, found by whoever looks for them, in and out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from io import StringIO
from pathlib import Path

import pytest

from intake.cli import main
from intake.office.listing import Wanted
from intake.province.numbers import (
    COLUMNS,
    LinesError,
    ProvincialNumbers,
    items_under,
    read_lines,
)
from intake.receiving.catalogues import Catalogues
from intake.records.model import Application
from intake.records.store import Store
from intake.service.problems import Refusal
from tests.browser import Page, browser
from tests.clerk_desk import desk, filed
from tests.clerk_desk import store as clerk
from tests.intake_databases import postgres_url, store, url
from tests.intake_desk import IntakeDesk
from tests.unit.test_intake_store import filing
from tests.waiting import until

__all__ = ["browser", "clerk", "desk", "postgres_url", "store", "url"]

NOW = datetime(2026, 11, 22, 6, 36, tzinfo=UTC)
WHOLE, ITEM = "4107240001-2026-000123", "4107240001-2026-000123-1"
AT_THE_WINDOW = "SX-2026-0009"


def filed_now(store: Store, **changes: object) -> Application:
    """File an application; return it as it is kept."""
    made = filing(**changes)
    store.file(made, NOW)
    kept = store.by_slip(made.local_no, made.slip_token)
    assert kept is not None
    return kept


def found(store: Store, words: str, *codes: str) -> list[str]:
    """Return the numbers that the clerk's search finds."""
    return [
        one.application_no for one in store.listed(Wanted(words=words, codes=codes)).applications
    ]


def test_a_number_is_kept_and_found(store: Store) -> None:
    """Of the whole and of an item, with gaps and in small letters, whole or a part of it."""
    own, other = filed_now(store), filed_now(store)
    numbers = ProvincialNumbers(store.engine)
    assert numbers.keep(own.application_no, WHOLE, by="w", now=NOW) == own.application_no
    assert numbers.keep(own.items[1].no, "sx 4107 b", by="w", now=NOW) == own.application_no
    for words in (WHOLE, "4107240001", "SX4107B", "sx41 07b"):
        assert found(store, words) == [own.application_no]
    told = numbers.of([own.id, other.id])
    assert told == {(own.id, ""): WHOLE, (own.id, own.items[1].no): "SX4107B"}
    holder = numbers.holder(WHOLE)
    assert holder is not None
    assert holder.id == own.id
    assert numbers.holder("4107240001") is None
    assert [event.kind for event in store.history(own.id)].count("provincial.set") == 2


def test_a_number_is_changed_and_taken_away(store: Store) -> None:
    """Another number takes its place; an empty one leaves none."""
    own = filed_now(store)
    numbers = ProvincialNumbers(store.engine)
    for theirs in (WHOLE, ITEM, ITEM):
        numbers.keep(own.application_no, theirs, by="w", now=NOW)
    assert numbers.of([own.id]) == {(own.id, ""): ITEM}
    numbers.keep(own.application_no, "", by="w", now=NOW)
    assert numbers.of([own.id]) == {}


def test_a_number_belongs_to_one(store: Store) -> None:
    """Of another application it is refused and says so, and what was there stays."""
    own, other = filed_now(store), filed_now(store)
    numbers = ProvincialNumbers(store.engine)
    numbers.keep(own.application_no, WHOLE, by="w", now=NOW)
    numbers.keep(other.application_no, ITEM, by="w", now=NOW)
    with pytest.raises(Refusal, match="STATE_CONFLICT"):
        numbers.keep(other.application_no, WHOLE, by="w", now=NOW)
    assert numbers.of([own.id, other.id]) == {(own.id, ""): WHOLE, (other.id, ""): ITEM}
    for ours, theirs, code in (
        ("4" * 20, ITEM, "NOT_FOUND"),
        (own.application_no, "号", "INVALID"),
    ):
        with pytest.raises(Refusal, match=code):
            numbers.keep(ours, theirs, by="w", now=NOW)


def test_a_file_is_taken_in_whole_or_not_at_all(store: Store) -> None:
    """Every line that is wrong is told with its number."""
    own = filed_now(store)
    numbers = ProvincialNumbers(store.engine)
    head = ",".join(COLUMNS)
    right = f"{own.application_no},{WHOLE}"
    wrong = f"\ufeff{head}\n{right}\n{'4' * 20},X-1234\n{own.items[0].no},{WHOLE}\n"
    with pytest.raises(LinesError) as told:
        numbers.take_in(read_lines(StringIO(wrong)), by="f", now=NOW)
    assert [line.partition(":")[0] for line in str(told.value).splitlines()] == ["line 3", "line 4"]
    assert numbers.of([own.id]) == {}
    assert numbers.take_in(read_lines(StringIO(f"{head}\n{right}\n")), by="f", now=NOW) == 1
    assert numbers.of([own.id]) == {(own.id, ""): WHOLE}
    for text in ("", "a,b\n", f"{head}\n1,2,3\n"):
        with pytest.raises(LinesError, match=r"line [12]: "):
            read_lines(StringIO(text))


@pytest.mark.browser
def test_a_clerk_keeps_a_number(desk: IntakeDesk, clerk: Store, browser: Page) -> None:
    """The dialog asks, and does not say that it is for good; what is wrong is told."""
    application, _ = filed(clerk, "maternity-reimbursement")
    browser.open(f"{desk.page_url}/clerk/applications/{application.application_no}")
    for written, shown in (("号", "#trouble"), (AT_THE_WINDOW, "#provincial .number")):
        browser.click("[data-provincial]")
        until(lambda: browser.run("document.getElementById('confirm').open"))
        assert browser.run("document.getElementById('confirm-final').hidden")
        browser.run(f"document.getElementById('confirm-text').value = '{written}'")
        browser.click("#confirm-yes")
        script = f"document.querySelector('{shown}')?.textContent"
        until(partial(browser.run, script))
    assert browser.run("document.querySelector('#provincial .number').textContent") == AT_THE_WINDOW


class OneItem(Catalogues):
    """The accepted catalogues, in which each item has the same code of the province."""

    def every(self) -> Iterator[object]:  # type: ignore[override]
        """Yield them."""
        for one in (own for own in super().every() if own.things):
            items = (replace(one.things[0].items[0], provincial_code="Sx-0017"),)
            yield replace(one, things=(replace(one.things[0], items=items),))


def test_an_item_is_found_by_the_provinces_code(store: Store) -> None:
    """The code leads to our item, and that to its applications."""
    from tests.intake_desk import CONFIG

    codes = items_under(OneItem([CONFIG]), "sx-0017")
    assert len(codes) >= 1
    line = replace(filing().items[0], code=codes[0])
    own = filed_now(store, items=(line,))
    filed_now(store)
    assert found(store, "sx-0017", *codes) == [own.application_no]
    assert items_under(OneItem([CONFIG]), "sx-0018") == ()


def test_clerk_citizen_and_command(
    desk: IntakeDesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Set at the window, it is on the page, in the search, in the progress, and in the export."""
    answer = desk.submit(own := desk.application())
    number = answer.json()["application_no"]
    item = answer.json()["items"][0]["no"]
    page = {"origin": desk.page_url}
    kept = desk.page("POST", f"/clerk/numbers/{number}", json={"number": WHOLE}, headers=page)
    assert kept.json() == {"application_no": number, "no": number, "number": WHOLE}
    foreign = {"origin": "http://elsewhere.example"}
    refused = desk.page("POST", f"/clerk/numbers/{item}", json={"number": "X"}, headers=foreign)
    assert refused.status_code == 403
    detail = desk.page("GET", f"/clerk/applications/{number}", params={"q": WHOLE}).text
    assert f'<span class="number">{WHOLE}</span>' in detail
    assert f'id="row-{number}"' in detail
    assert "记下省里的编号" in detail
    slip = f"{own.local_no}.{own.slip_token}"
    told = desk.client().progress(slip)
    assert (told.provincial_no, told.items[0].provincial_no) == (WHOLE, "")
    assert WHOLE in desk.page("GET", f"/p/{slip}").text
    by_theirs = desk.client().progress(f"{WHOLE}.{own.slip_token}")
    assert by_theirs.application_no == number
    mine = desk.client().mine(
        desk.evidence("chen-xiaoyun"), own.applicant.id_no, jurisdiction="410700"
    )
    assert mine[0].provincial_no == WHOLE
    database = ("--db", f"sqlite:///{desk.state}/intake.db")
    lines = tmp_path / "numbers.csv"
    lines.write_text(f"{','.join(COLUMNS)}\n{item},{ITEM}\n")
    assert main(["numbers", "import", *database, str(lines)]) == 0
    assert capsys.readouterr().out == "kept: 1\n"
    assert main(["numbers", "export", *database]) == 0
    exported = capsys.readouterr().out.splitlines()
    assert exported[0] == ",".join(COLUMNS)
    assert {f"{number},{WHOLE}", f"{item},{ITEM}"} <= set(exported)
