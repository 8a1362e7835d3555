"""What of an application is shown to whom: objections, papers, and groups under their titles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from intake.office import departments, filed
from intake.people.notices import without_personal_data
from intake.records.model import Application, Attachment, Event, HandedIn, Item, State
from intake.service.problems import Refusal
from kiosk.catalogue import files
from kiosk.domain import roles
from kiosk.domain.catalogue import Catalogue
from tests.newborn_filing import CONFIG, catalogue, filing

PAYMENT = "maternity-reimbursement"
WRITTEN = "新乡市试行区新华街88号3单元502"


def application(*codes: str, **changes: Any) -> Application:
    """Return an application as the database keeps it, with changed details."""
    made, _ = filing(codes)
    return Application(
        application_no="4107002026112700001",
        thing=made.thing,
        thing_name=made.thing_name,
        jurisdiction=made.jurisdiction,
        catalogue_version=made.catalogue_version,
        applicant_name=made.applicant_name,
        applicant_id_no=made.applicant_id_no,
        details=made.details | changes,
        items=[
            Item(
                position=place,
                code=one.code,
                name=one.name,
                department=one.department,
                no=f"41070020261127000010{place}",
                state=State.SUBMITTED,
            )
            for place, one in enumerate(made.items)
        ],
        attachments=[
            Attachment(
                id=place, name=one.name, sha256=one.sha256, size=one.size, media_type=one.media_type
            )
            for place, one in enumerate(made.attachments, 1)
        ],
    )


def objecting(key: str, words: str) -> Application:
    """Return an application whose applicant says that a register has something wrong."""
    fields = filing(())[0].details["fields"]
    return application(fields=fields | {key: fields[key] | {"disputed": words}})


def test_a_notice_hides_what_the_citizen_wrote() -> None:
    """Who has the slip does not read the value against which somebody objected, nor the right one.

    It is hidden whether the register's value is sensitive or not.
    """
    for key in ("mother.marriage_cert_no", "medical.cost_total", "newborn.sex"):
        own = objecting(key, WRITTEN)
        text = f"户籍地址应为{WRITTEN}，请核对"
        told = without_personal_data(text, filed.private_values(own, catalogue()))
        assert told == "户籍地址应为****，请核对"
    said = objecting("newborn.birth_weight_g", "其实是3450克，请看出院记录")
    text = "出生体重应为3450克，以出院记录为准"
    told = without_personal_data(text, filed.private_values(said, catalogue()))
    assert told == "出生体重应为****克，以出院记录为准"
    home = application().details["fields"]["mother.household_address"]["value"]
    assert home not in without_personal_data(home, filed.private_values(own, catalogue()))


def test_the_right_value_is_hidden_with_the_wrong_one_and_revealed_like_it() -> None:
    """The page and the department get neither in clear; the clerk asks for each by its name."""
    own, known = objecting("mother.marriage_cert_no", WRITTEN), catalogue()
    rows = [row for group in filed.groups(own, known) for row in group.fields]
    row = next(row for row in rows if row.key == "mother.marriage_cert_no")
    assert (row.hidden, row.disputed) == (True, "******")
    views = departments.of(own, known).values()
    assert WRITTEN not in str([departments.told(view, own, known) for view in views])
    assert filed.value_in_full(own, "disputed.mother.marriage_cert_no", known) == WRITTEN
    with pytest.raises(Refusal, match="NOT_FOUND"):
        filed.value_in_full(own, "disputed.mother.name", known)


def paper(own: Application) -> dict[str, Any]:
    """Return what the department that pays is told of the discharge record."""
    known = catalogue()
    told = departments.told(departments.of(own, known)[PAYMENT], own, known)
    return next(one for one in told["papers"] if one["key"] == "discharge_record")


def promising(kind: str, days: int, due: str) -> Application:
    """Return an application with a letter in place of the discharge record."""
    letter = {"material": "discharge_record", "kind": kind, "days": days, "due": due}
    letter |= {"text_version": "v", "time": datetime.now(UTC).isoformat()}
    without = [one | {"attachments": []} for one in filing((PAYMENT,))[0].details["materials"]]
    return application(PAYMENT, materials=without, commitments=[letter])


def test_a_department_learns_what_became_of_each_paper() -> None:
    """Its pages by digest; promised until a day; vouched for; received; or for the window."""
    told = paper(application(PAYMENT))
    digests = [one.sha256 for one in filing((PAYMENT,))[0].attachments[:2]]
    assert (told["came"], [page["sha256"] for page in told["pages"]]) == ("captured", digests)
    owed = promising("后补", 5, "2026-12-04")
    assert [paper(owed)[name] for name in ("came", "due", "pages")] == [
        *("promised", "2026-12-04", [])
    ]
    owed.handed_in.append(HandedIn(material="discharge_record", event=Event(kind="x")))
    assert paper(owed)["came"] == "received"
    assert [paper(promising("免交", 0, ""))[name] for name in ("came", "kind")] == [
        *("vouched", "免交")
    ]
    owed.handed_in, owed.details = [], owed.details | {"commitments": []}
    assert paper(owed)["came"] == "window"


def served() -> list[Catalogue]:
    """Return the catalogues of the places where things can be filed."""
    return [files.load(CONFIG, place) for place in ("410700", "140502")]


def test_every_group_of_values_has_a_title() -> None:
    """Nobody reads a code: whatever any thing asks or fetches stands under Chinese words."""
    keys = {key for one in served() for key in one.dictionary}
    keys |= {
        field.key
        for one in served()
        for thing in one.things
        for item in thing.items
        for field in item.fields
    }
    parts = {key.partition(".")[0] for key in keys}
    assert parts - set(roles.TITLES) == set()
    assert not any(title.isascii() for title in roles.TITLES.values())
    assert roles.title("quark") == "其他"
