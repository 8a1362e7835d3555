"""Signing in for an enterprise: who may, with which code, and what is filed in its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.people.enterprises import CODE_LIFE, HEAD, Licences, SignIn, require_enterprise
from intake.records.store import Store
from intake.registers.holdings import ActsFor
from intake.service.problems import Refusal
from kiosk.domain.application import EnterpriseSignIn
from kiosk.domain.catalogue import Item, Mode, Status, Thing
from kiosk.domain.dictionary import Field, FieldKind
from kiosk.domain.envelope import Envelope
from kiosk.domain.form import Form, merge
from kiosk.domain.known import Known
from kiosk.gateway import IntakeRefused
from tests.intake_desk import DIVISION, TERMINAL, IntakeDesk

NAME = "新乡示例机械有限公司"
USCC = "91400701MA0000015L"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """One running intake for the whole file."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def code_of(desk: IntakeDesk, name: str = NAME) -> str:
    """Return what a scanner reads from the telephone that shows this enterprise's licence."""
    listed = desk.page("GET", "/ebl").text
    uscc = re.search(rf"{name}<br><span[^>]*>([0-9A-Z]{{18}})", listed)
    assert uscc
    return str(desk.page("POST", f"/ebl/{uscc[1]}/code").json()["text"])


def sign_in(desk: IntakeDesk, ref: str, token: str) -> EnterpriseSignIn:
    """Sign a person in with a code, as a terminal does."""
    return desk.client().enterprise_sign_in(
        desk.evidence(ref), desk.people[ref]["card"]["id_no"], jurisdiction=DIVISION, token=token
    )


def refused(desk: IntakeDesk, ref: str, token: str) -> str:
    """Return why a sign-in is refused; each refusal says what to do next."""
    with pytest.raises(IntakeRefused) as raised:
        sign_in(desk, ref, token)
    assert raised.value.problem.help
    return raised.value.problem.code


def test_a_code_signs_one_person_in_once(desk: IntakeDesk) -> None:
    """Who may act learns for whom and as what; the code is used up then."""
    code = code_of(desk)
    assert code.startswith(HEAD)
    made = sign_in(desk, "li-jianguo", code)
    assert (made.name, made.role) == (NAME, "legal_rep")
    assert refused(desk, "li-jianguo", code) == "LICENCE_CODE_USED"
    assert sign_in(desk, "chen-xiaoyun", code_of(desk)).role == "agent"


def test_a_person_who_may_not_act(desk: IntakeDesk) -> None:
    """A stranger is refused, as is whose authorisation has ended; the code stays good."""
    code = code_of(desk)
    assert refused(desk, "unmarried", code) == "MAY_NOT_ACT"
    assert refused(desk, "guo-anhe", code) == "MAY_NOT_ACT"
    assert sign_in(desk, "li-jianguo", code).role == "legal_rep"


def test_another_code_is_none(desk: IntakeDesk) -> None:
    """Whatever else is scanned is no licence."""
    assert refused(desk, "li-jianguo", "https://example.com/") == "LICENCE_CODE_UNKNOWN"


def test_the_telephone_shows_a_code(desk: IntakeDesk) -> None:
    """The page has a picture of the code; another site cannot ask for one."""
    listed = desk.page("GET", "/ebl").text
    address = re.findall(r'action="(/ebl/[0-9A-Z]{18})"', listed)[0]
    assert "<svg" in desk.page("POST", address).text
    assert desk.page("POST", address, headers={"origin": "http://evil"}).status_code == 403


def test_prefill_needs_the_sign_in_of_this_person(desk: IntakeDesk) -> None:
    """A sign-in of somebody else opens no data."""
    made = sign_in(desk, "li-jianguo", code_of(desk))
    number = desk.people["chen-xiaoyun"]["card"]["id_no"]
    with pytest.raises(IntakeRefused) as raised:
        desk.client().prefill(
            desk.evidence("chen-xiaoyun"),
            number,
            jurisdiction=DIVISION,
            thing="medical-expenses",
            items=["remote-care-filing"],
            consent=None,
            enterprise=made,
        )
    assert raised.value.problem.code == "NO_ENTERPRISE"


def test_a_code_gets_old(tmp_path_factory: pytest.TempPathFactory) -> None:
    """After five minutes another code is needed."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('old')}/intake.db")
    licences, now = Licences(store.engine), datetime(2026, 11, 22, 9, tzinfo=UTC)
    code = licences.issue(USCC, NAME, now)
    later = now + CODE_LIFE + timedelta(seconds=1)

    def anybody(_id_no: str, _uscc: str) -> ActsFor:
        return ActsFor(enterprise={}, legal_rep=None, role="agent")

    with pytest.raises(Refusal) as raised:
        licences.sign_in(code, "1", terminal=TERMINAL, may_act=anybody, now=later)
    assert raised.value.code == "LICENCE_CODE_OLD"
    store.close()


# --- what is filed in an enterprise's name ----------------------------------------------------

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
FIELD = Field(
    key="ent.uscc", label="代码", kind=FieldKind.TEXT, sources=("e_business_licence", "user")
)
ITEM = Item(
    code="one",
    name="示例",
    departments=("市市监局",),
    fields=(FIELD,),
    mode=Mode.FILE,
    status=Status.OPEN,
)
THING = Thing(
    code="one", number=1, name="示例", audience="企业", theme="开办企业", lead="", items=(ITEM,)
)


def form(uscc: str) -> Form:
    """Return a form about an enterprise."""
    return merge((ITEM,), {"ent.uscc": Known(value=uscc, source="user")})


class Made:
    """One sign-in that was made."""

    def __init__(self, **changes: Any) -> None:
        given: dict[str, Any] = {"uscc": USCC, "name": NAME, "role": "agent"}
        given |= {"terminal": TERMINAL, "at": AT}
        self._made = SignIn(**given | changes)

    def made_with(self, token: str) -> SignIn | None:
        """Return it for its code."""
        return self._made if token == "known" else None


@pytest.mark.parametrize(
    ("told", "made", "uscc", "place"),
    [
        ({}, {}, USCC, ""),
        ({}, {"at": AT - timedelta(minutes=31)}, USCC, ""),
        (None, {}, USCC, "application.enterprise"),
        ({"token": "other"}, {}, USCC, "application.enterprise"),
        ({"role": "legal_rep"}, {}, USCC, "application.enterprise"),
        ({"uscc": "91400702MA0000011X"}, {}, USCC, "application.enterprise"),
        ({}, {"id_no": "another person"}, USCC, "application.enterprise"),
        ({}, {"terminal": "YD-2"}, USCC, "application.enterprise"),
        ({}, {"at": AT - timedelta(minutes=121)}, USCC, "application.enterprise"),
        ({}, {}, "91400702MA0000011X", "application.fields.ent.uscc"),
    ],
)
def test_a_filing_is_for_the_enterprise_of_the_sign_in(
    desk: IntakeDesk, told: dict[str, str] | None, made: dict[str, Any], uscc: str, place: str
) -> None:
    """Without one, with another person's, or about another enterprise it is refused."""
    given = {"uscc": USCC, "name": NAME, "role": "agent", "token": "known"}
    enterprise = None if told is None else EnterpriseSignIn(**given | told)  # type: ignore[arg-type]
    application = replace(desk.application(), enterprise=enterprise)
    sign_ins = Made(**{"id_no": application.applicant.id_no} | made)
    if not place:
        require_enterprise(application, THING, form(uscc), AT, sign_ins)
        return
    with pytest.raises(Refusal) as raised:
        require_enterprise(application, THING, form(uscc), AT, sign_ins)
    assert (raised.value.code, raised.value.field) == ("INVALID", place)


def test_an_enterprise_adds_a_member_and_nothing_else_changes(desk: IntakeDesk) -> None:
    """The envelope of a person has no such member; that of an enterprise comes back as it was."""
    application = desk.application()
    assert b"enterprise" not in Envelope(application=application).canonical()
    assert b"disputed" not in Envelope(application=application).canonical()
    own = EnterpriseSignIn(uscc=USCC, name=NAME, role="agent", token="known")
    envelope = Envelope(application=replace(application, enterprise=own))
    assert Envelope.parse(envelope.canonical()) == envelope
