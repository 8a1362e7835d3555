"""The store promises exactly-once on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import StatementError

from intake.office.decisions import Act
from intake.office.listing import Wanted
from intake.people.own_applications import filed_by
from intake.receiving.filing import Filing, ItemLine
from intake.records.store import StillRunning, Store
from intake.service.problems import Refusal
from kiosk.domain.envelope import Attachment
from tests.intake_databases import postgres_url, store, url
from tests.newborn_filing import keep, taken_in

__all__ = ["postgres_url", "store", "url"]

NOW = datetime(2026, 11, 22, 6, 36, tzinfo=UTC)


def filing(**changes: object) -> Filing:
    """Return a filing of two items with fresh identifiers."""
    made = Filing(
        submission_id=str(uuid.uuid4()),
        body_digest=uuid.uuid4().hex * 2,
        local_no="L0001261122ABCD",
        slip_token=uuid.uuid4().hex[:16],
        thing="medical-expenses",
        thing_name="就医费用报销",
        items=(
            ItemLine(code="one", name="事项一", department="市医保局"),
            ItemLine(code="two", name="事项二", department="市民政局"),
        ),
        jurisdiction="410700",
        catalogue_version="v",
        terminal="YD-TEST-0001",
        applicant_name="孟䶮㛃",
        applicant_id_no="40071219900517558X",
        details={"fields": {}, "consents": [], "evidence": {}, "applicant": {}},
        attachments=(),
        envelope=b"{}",
        signature={},
        created_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_numbers_follow_each_other(store: Store) -> None:
    """Numbers count up within a day of China and begin again on the next."""
    first = taken_in(store, filing(), NOW)
    second = taken_in(store, filing(), NOW)
    tomorrow = taken_in(store, filing(), NOW + timedelta(hours=10))
    assert first.application_no == "41070020261122000001"
    assert second.application_no == "41070020261122000002"
    assert tomorrow.application_no == "41070020261123000001"
    assert [item.no[-2:] for item in first.items] == ["01", "02"]


def test_same_submission_same_numbers(store: Store) -> None:
    """Filing the same body again gives the first numbers and adds nothing."""
    one = filing()
    first, again = store.file(one, NOW), store.file(one, NOW + timedelta(days=400))
    assert first.new
    assert not again.new
    assert again.application_no == first.application_no
    assert again.received_at == NOW
    assert len(store.listed(Wanted()).applications) == 1


def test_other_body_is_refused_and_changes_nothing(store: Store) -> None:
    """The same submission id with another body is a conflict; the first stays as it is."""
    one = filing()
    before = taken_in(store, one, NOW)
    with pytest.raises(Refusal) as refused:
        store.file(replace(one, body_digest="0" * 64, applicant_name="别人"), NOW)
    assert refused.value.code == "IDEMPOTENCY_MISMATCH"
    kept = store.by_number(before.application_no)
    assert kept is not None
    assert kept.applicant_name == "孟䶮㛃"


def test_eight_threads_one_number(store: Store) -> None:
    """Eight filings of one body at the same moment give one application and one number."""
    one = filing()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: store.file(one, NOW), range(8)))
    assert {answer.application_no for answer in answers} == {"41070020261122000001"}
    assert [answer.new for answer in answers].count(True) == 1
    assert len(store.listed(Wanted()).applications) == 1
    own = store.by_number(answers[0].application_no)
    assert own is not None
    assert len(store.history(own.id)) == 1


def test_many_filings_at_once_have_distinct_numbers(store: Store) -> None:
    """Concurrent filings of different bodies get different numbers without a gap."""
    with ThreadPoolExecutor(8) as threads:
        filed = list(threads.map(lambda _: store.file(filing(), NOW), range(24)))
    numbers = sorted(answer.application_no for answer in filed)
    assert numbers == [f"41070020261122{n:06d}" for n in range(1, 25)]


def test_missing_material_leaves_nothing(store: Store) -> None:
    """An application whose material has not arrived is refused whole; with it, it is filed."""
    body = "%PDF-出院记录".encode()
    sha256 = hashlib.sha256(body).hexdigest()
    page = Attachment(name="出院记录", sha256=sha256, size=len(body), media_type="application/pdf")
    one = filing(attachments=(page,))
    with pytest.raises(Refusal, match="MATERIAL_MISSING"):
        store.file(one, NOW)
    assert store.listed(Wanted()).total == 0
    keep(store, [body, body])
    filed = taken_in(store, one, NOW)
    assert [kept.name for kept in filed.attachments] == ["出院记录"]
    assert filed.application_no.endswith("000001")


def test_slip_finds_only_with_its_token(store: Store) -> None:
    """Local number and token find an application together, neither alone nor swapped."""
    one = filing()
    store.file(one, NOW)
    assert store.by_slip(one.local_no, one.slip_token) is not None
    for local_no, token in (
        (one.local_no, "0" * 16),
        (one.local_no, ""),
        ("", one.slip_token),
        (one.slip_token, one.local_no),
    ):
        assert store.by_slip(local_no, token) is None


def test_two_submissions_cannot_share_a_slip(store: Store) -> None:
    """A second submission with the code of another's slip is refused."""
    one = filing()
    store.file(one, NOW)
    with pytest.raises(Refusal, match="INVALID"):
        store.file(filing(slip_token=one.slip_token), NOW)


def test_events_are_in_order(store: Store) -> None:
    """Events are numbered as they happened and can be asked for from any of them on."""
    application = taken_in(store, filing(), NOW)
    start = store.last_event()
    store.act([application.items[0].no], Act.RECEIVE, now=NOW)
    store.note(application.id, "number.revealed", actor="窗口", now=NOW)
    happened = store.events_after(start)
    assert [one.kind for one in happened] == ["item.received", "number.revealed"]
    assert happened[0].id < happened[1].id


def test_a_persons_applications_come_newest_first(store: Store) -> None:
    """A person's own applications are found by identity number, and nobody else's."""
    own = [store.file(filing(), NOW).application_no for _ in range(3)]
    store.file(filing(applicant_id_no="400701198001010019"), NOW)
    mine = filed_by(store.engine, "40071219900517558X", "410700", limit=2)
    found = [one.application_no for one in mine]
    assert found == own[:0:-1]


def test_the_list_is_searched_and_paged(store: Store) -> None:
    """Number with gaps, item number, slip's number and name find; pages are newest first."""
    made = [taken_in(store, filing(applicant_name=f"王{chr(0x4E00 + n)}%"), NOW) for n in range(32)]
    store.file(filing(local_no="L0009261122WXYZ", applicant_name="别人"), NOW)
    first = made[0]
    number = first.application_no
    for words in (number, " ".join((number[:4], number[4:])), first.items[0].no, "王一%"):
        found = store.listed(Wanted(words=words))
        assert [one.application_no for one in found.applications] == [number], words
    assert store.listed(Wanted(words="l0009261122wxyz")).total == 1
    assert store.listed(Wanted(words="%")).total == 32
    page = store.listed(Wanted(words="王", page=2))
    assert (page.total, page.pages) == (32, 2)
    assert [one.application_no for one in page.applications] == [
        made[1].application_no,
        made[0].application_no,
    ]
    assert store.listed(Wanted(show="submitted", words="王")).total == 32
    assert store.listed(Wanted(show="completed", words="王")).total == 0


def test_a_file_is_given_with_its_own_application_only(store: Store) -> None:
    """The number of another application does not open a file."""
    body = b"\xff\xd8\xff-page"
    sha256 = hashlib.sha256(body).hexdigest()
    page = Attachment(name="a-1.jpg", sha256=sha256, size=len(body), media_type="image/jpeg")
    keep(store, [body])
    own = taken_in(store, filing(attachments=(page,)), NOW)
    other = taken_in(store, filing(), NOW)
    file = own.attachments[0].id
    given = store.attached(own.application_no, file)
    assert given is not None
    assert given[1] == body
    assert store.attached(other.application_no, file) is None


def test_times_come_back_aware(store: Store) -> None:
    """Times survive the database with their zone; a naive one is a mistake and says so."""
    application = taken_in(store, filing(), NOW)
    found = store.by_number(application.application_no)
    assert found is not None
    assert found.received_at == NOW
    with pytest.raises(StatementError, match="naive"):
        store.file(filing(), NOW.replace(tzinfo=None))


def test_held_lock_is_still_running(url: str, store: Store) -> None:
    """A filing that waits too long for another one is told so and can be repeated."""
    store.file(filing(), NOW)
    impatient = Store(url, lock_wait_s=0.1)
    other = create_engine(url)
    try:
        with other.connect() as connection:
            # A writer that has touched the day's number and has not finished.
            connection.execute(text("UPDATE number_sequence SET last = last + 0"))
            with pytest.raises(StillRunning):
                impatient.file(filing(), NOW)
            connection.rollback()
        assert impatient.file(filing(), NOW).new
    finally:
        other.dispose()
        impatient.close()
