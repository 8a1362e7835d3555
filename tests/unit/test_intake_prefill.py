"""Pre-fill over real mutual TLS: whose data is given, from where, and on what evidence."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from intake import population
from intake.registers.holdings import Population
from intake.registers.prefill import SOURCE_LIMIT_S, WRONG, Registers
from kiosk.catalogue import files as catalogue_files
from kiosk.crypto import provider
from kiosk.domain import faults
from kiosk.domain import form as forms
from kiosk.domain.catalogue import Thing
from kiosk.domain.dictionary import Field
from kiosk.domain.form import Counts
from kiosk.domain.identity import Person
from kiosk.domain.known import Known
from standards import canonical
from tests.intake_desk import CONFIG, DIVISION, ITEM, THING, IntakeDesk, problem_of


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """One running intake for the whole file."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def prefill_body(desk: IntakeDesk, ref: str, **changes: Any) -> dict[str, Any]:
    """Return a right pre-fill request for a person."""
    signed = desk.evidence(ref)
    consent = desk.catalogue.consents["data_fetch"].given(datetime.now(UTC).isoformat())
    body: dict[str, Any] = {
        "visit": signed.evidence.visit,
        "evidence": asdict(signed.evidence),
        "evidence_signature": signed.signature,
        "id_no": desk.people[ref]["card"]["id_no"],
        "thing": THING,
        "items": [ITEM],
        "consent": {"text_version": consent.text_version, "time": consent.time},
    }
    return body | changes


def test_prefill_gives_the_person_their_data(desk: IntakeDesk) -> None:
    """What the registers know comes back with its source, and the mobile number masked."""
    answer = desk.send("POST", "/v1/prefill", json=prefill_body(desk, "chen-xiaoyun")).json()
    record = desk.people["chen-xiaoyun"]
    assert answer["values"]["insurance.region"]["value"] == "410700"
    assert answer["values"]["insurance.region"]["source"] == "share:医保"
    assert answer["values"]["person.mobile"]["value"] == record["mobile"]
    assert answer["values"]["person.mobile"]["masked"] == f"154****{record['mobile'][-4:]}"
    assert answer["sources"] == {"account": "ok", "profile": "ok", "share:医保": "ok"}
    assert "person.name" not in answer["values"]


@pytest.mark.parametrize(
    ("ref", "sources"),
    [
        ("uninsured", {"account": "ok", "profile": "ok", "share:医保": "none"}),
        ("no-mobile", {"account": "none", "profile": "none", "share:医保": "ok"}),
    ],
)
def test_partial_answers(desk: IntakeDesk, ref: str, sources: dict[str, str]) -> None:
    """A register that knows nothing says so and takes nothing from the others."""
    answer = desk.send("POST", "/v1/prefill", json=prefill_body(desk, ref)).json()
    assert answer["sources"] == sources


@pytest.mark.parametrize("consent", [None, {"text_version": "data_fetch/0/x", "time": "t"}])
def test_no_consent_no_data(desk: IntakeDesk, consent: object) -> None:
    """Without consent to the present text every register is denied, and nothing is given."""
    body = prefill_body(desk, "chen-xiaoyun", consent=consent)
    answer = desk.send("POST", "/v1/prefill", json=body).json()
    assert answer["values"] == {}
    assert set(answer["sources"].values()) == {"denied"}


def evidence_faults(desk: IntakeDesk) -> dict[str, dict[str, Any]]:
    """Return requests that are right but for their evidence."""
    right = prefill_body(desk, "chen-xiaoyun")
    old = desk.evidence("chen-xiaoyun", age=timedelta(minutes=31))
    early = desk.evidence("chen-xiaoyun", age=timedelta(minutes=-6))
    forged = base64.b64encode(bytes(64)).decode()
    changed = {**right["evidence"], "time": "2026-11-22T06:00:00Z"}
    other = desk.people["rare-name"]["card"]["id_no"]
    key = provider("international")
    stranger = key.load_signing_key(key.new_signing_key())
    signature = base64.b64encode(stranger.sign(canonical.dumps(right["evidence"]))).decode()
    return {
        "another person": {**right, "id_no": other},
        "another visit": {**right, "visit": "v2", "evidence": {**right["evidence"], "visit": "v2"}},
        "visit beside it": {**right, "visit": "v2"},
        "old": right
        | {"visit": old.evidence.visit, "evidence": asdict(old.evidence)}
        | {"evidence_signature": old.signature},
        "from tomorrow": right
        | {"visit": early.evidence.visit, "evidence": asdict(early.evidence)}
        | {"evidence_signature": early.signature},
        "forged": {**right, "evidence_signature": forged},
        "a stranger's key": {**right, "evidence_signature": signature},
        "changed time": {**right, "evidence": changed},
        "no time": {**right, "evidence": {**right["evidence"], "time": "soon"}},
        "naive time": {**right, "evidence": {**right["evidence"], "time": "2026-11-22T06:00:00"}},
        "other terminal": {**right, "evidence": {**right["evidence"], "terminal": "YD-2"}},
        "half a character": {**right, "evidence": {**right["evidence"], "nonce": "\ud800"}},
    }


def test_evidence_must_hold(desk: IntakeDesk) -> None:
    """Every kind of wrong evidence gets the same answer, byte for byte, and no data."""
    answers = set()
    for name, body in evidence_faults(desk).items():
        data = json.dumps(body)
        answer = desk.send(
            "POST", "/v1/prefill", data=data, headers={"content-type": "application/json"}
        )
        document = problem_of(answer)
        if name == "half a character" and document["code"] in {"MALFORMED", "INVALID"}:
            continue
        assert document["code"] == "NO_EVIDENCE", name
        answers.add(answer.text.replace('"visit"', '"evidence"'))
    assert len(answers) == 1


def test_unknown_person_is_nobody(desk: IntakeDesk) -> None:
    """Somebody whom no register knows gets empty answers, not an error."""
    desk.people["nobody"] = {"card": {"id_no": "400799199001010012", "name": "无"}}
    answer = desk.send("POST", "/v1/prefill", json=prefill_body(desk, "nobody")).json()
    sources = dict.fromkeys(("account", "profile", "share:医保"), "none")
    assert answer == {"values": {}, "sources": sources, "checks": {}}


def test_slow_source_is_given_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A register that is late is reported as late; the others' answers come."""
    place = tmp_path_factory.mktemp("slow")
    with IntakeDesk(state=place, options=("--slow-source", "share:医保=30")) as slow:
        answer = slow.send("POST", "/v1/prefill", json=prefill_body(slow, "chen-xiaoyun")).json()
        assert answer["sources"] == {"account": "ok", "profile": "ok", "share:医保": "timeout"}
        assert set(answer["values"]) == {"person.mobile"}
        assert slow.stop() == 0


def test_a_broken_source_by_command(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The service can be told to play a register that sends nonsense."""
    place = tmp_path_factory.mktemp("broken")
    with IntakeDesk(state=place, options=("--broken-source", "share:医保=wrong")) as broken:
        answer = broken.send("POST", "/v1/prefill", json=prefill_body(broken, "chen-xiaoyun"))
        assert answer.json()["values"]["insurance.region"]["value"] == WRONG
        assert broken.stop() == 0


# --- a newborn: two parents, many registers --------------------------------------------------

TODAY = date(2026, 11, 22)
FATHER = "share:父亲授权"
MOTHER = "share:母亲授权"


@dataclass(frozen=True, kw_only=True)
class Family:
    """The registers of one population, and the thing they are asked for."""

    records: Population
    thing: Thing
    people: dict[str, dict[str, Any]]

    @property
    def fields(self) -> list[Field]:
        """The facts of all items, each once."""
        items = self.thing.open_items
        return list({field.key: field for item in items for field in item.fields}.values())

    def ask(self, ref: str, role: str, thing: str = "newborn", **faulty: Any) -> Any:
        """Return what the registers answer an applicant."""
        registers = Registers(self.records, **faulty)
        try:
            return registers.answer(
                self.people[ref]["card"]["id_no"],
                self.fields,
                consented=True,
                role=role,
                thing=thing,
            )
        finally:
            registers.close()

    def form(self, ref: str, role: str, values: dict[str, Known]) -> forms.Form:
        """Return the form of an applicant over their card and what was answered."""
        card = Person.from_card(self.people[ref]["card"]).known("2026-11-22T09:00:00+08:00", role)
        return forms.merge(self.thing.open_items, {**values, **card})


@pytest.fixture(scope="module")
def family() -> Family:
    """The population of one seed, and the real catalogue."""
    document = population.generate(7, 0)
    return Family(
        records=Population(document),
        thing=catalogue_files.load(CONFIG, DIVISION).thing("newborn"),
        people={one["ref"]: one for one in document["people"]},
    )


@pytest.mark.parametrize(
    ("ref", "role"),
    [
        ("chen-xiaoyun", "mother"),
        ("li-jianguo", "father"),
        ("rare-name", "mother"),
        ("long-name", "mother"),
    ],
)
def test_all_that_can_be_generated_is(family: Family, ref: str, role: str) -> None:
    """With both parents' word 37 facts are generated for either, and none of them is wrong."""
    answer = family.ask(ref, role)
    form = family.form(ref, role, answer.values)
    assert form.counts == Counts(boxes_before=99, merged=49, generated=37, produced=2, typed=10)
    told = {fault.code for fault in faults.faults(form, TODAY)}
    assert told == {"fault.empty"}
    assert "timeout" not in answer.sources.values()


def test_each_parents_data_are_that_parents(family: Family) -> None:
    """Mother or father at the terminal: names and numbers stay with whom they belong to."""
    couple = {"mother": "chen-xiaoyun", "father": "li-jianguo"}
    for role, ref in couple.items():
        form = family.form(ref, role, family.ask(ref, role).values)
        for parent, whose in couple.items():
            card = family.people[whose]["card"]
            assert form.field(f"{parent}.name").value == card["name"]
            assert form.field(f"{parent}.id_no").value == card["id_no"]
    values = family.ask("chen-xiaoyun", "mother").values
    assert values["father.name"].source == FATHER
    assert values["father.id_no"].masked.count("*") == 8
    assert "mother.name" not in values


def test_nothing_of_a_father_who_did_not_say_so(family: Family) -> None:
    """Without his authorisation no fact of his is told; the rest comes as ever."""
    answer = family.ask("zhao-min", "mother")
    assert answer.sources.pop(FATHER) == "denied"
    assert set(answer.sources.values()) == {"ok"}
    assert not [key for key in answer.values if key.startswith("father.")]
    assert "mother.ssc_no" in answer.values


def test_nothing_of_a_mother_who_did_not_say_so(family: Family) -> None:
    """A father alone gets the child's record, not her stay in hospital, her work, her insurance."""
    answer = family.ask("sun-zhiyuan", "father")
    for source in (MOTHER, "share:医保", "share:财政"):
        assert answer.sources[source] == "denied"
    hers = ("medical.", "insurance.region", "birth.delivery_mode", "payee.account_name")
    assert not [key for key in answer.values if key.startswith(hers)]
    assert {key for key in answer.values if key.startswith("mother.")} == {
        "mother.marriage_cert_no",
        "mother.relation_to_applicant",
    }
    assert answer.values["newborn.sex"].value in {"1", "2"}


def test_an_authorisation_is_for_one_thing(family: Family) -> None:
    """What was allowed for the newborn is not allowed for anything else."""
    assert family.ask("chen-xiaoyun", "mother", thing="other").sources[FATHER] == "denied"


def test_without_a_birth_the_rest_is_answered(family: Family) -> None:
    """A woman without a birth record: the hospital has nothing, her account does."""
    answer = family.ask("uninsured", "mother")
    assert answer.sources["share:卫健"] == "none"
    assert answer.sources["account"] == "ok"
    assert answer.values["insurance.region"].source == "derived:mother.household_address"


def test_an_unmarried_mother_has_nobody_to_ask(family: Family) -> None:
    """No father was named: his source has nothing, which is not a refusal."""
    assert family.ask("unmarried", "mother").sources[FATHER] == "none"


def test_the_parents_two_nations_are_offered(family: Family) -> None:
    """A Hui mother and a Han father: the child may be either, and no third."""
    form = family.form("ma-lan", "mother", family.ask("ma-lan", "mother").values)
    offered = [choice.label for choice in form.choices("newborn.ethnicity")]
    assert offered == ["汉族", "回族"]


def test_an_earlier_certificate_is_known(family: Family) -> None:
    """Whose child has a certificate gets its number; the others have none yet."""
    assert family.ask("ma-lan", "mother").values["birth.cert_no"].value.startswith("Z")
    assert "birth.cert_no" not in family.ask("chen-xiaoyun", "mother").values


def test_what_follows_is_not_asked(family: Family) -> None:
    """Account name, month, and vaccination unit follow from name, birth and residence."""
    values = family.ask("chen-xiaoyun", "mother").values
    assert values["payee.account_name"].value == "陈晓芸"
    assert values["insurance.start_month"].value == "2026-11"
    assert "牧野区" in family.people["chen-xiaoyun"]["residence_address"]
    unit = values["birth.vaccination_unit"]
    assert (unit.value, unit.source) == ("410711-jz", "derived:mother.residence_address")
    assert unit.editable


def test_the_next_register_has_it(family: Family) -> None:
    """Registers are tried in a field's order: with the first one silent the second answers."""
    values = family.ask("chen-xiaoyun", "mother").values
    assert values["mother.marriage_cert_no"].source == "e_licence:结婚证"
    assert values["mother.mobile"].source == "account"
    answer = family.ask("chen-xiaoyun", "mother", broken={"account": "silent"})
    assert answer.sources["account"] == "timeout"
    assert answer.values["mother.mobile"].source == "profile"


def test_a_silent_register_costs_its_own_facts_only(family: Family) -> None:
    """The time limit holds, and the facts of others are there."""
    begun = datetime.now(UTC)
    answer = family.ask("chen-xiaoyun", "mother", broken={"share:卫健": "silent"})
    assert (datetime.now(UTC) - begun).total_seconds() < SOURCE_LIMIT_S + 2
    assert answer.sources["share:卫健"] == "timeout"
    assert "newborn.sex" not in answer.values
    assert answer.values["mother.ssc_no"].value


def test_a_wrong_register_is_found_out(family: Family) -> None:
    """Whatever kind of field it is, nonsense from a register is a fault of the form."""
    for source in ("share:卫健", FATHER, "share:医保", "share:财政", "account", "share:人社"):
        answer = family.ask("chen-xiaoyun", "mother", broken={source: "wrong"})
        told = {key for key, known in answer.values.items() if known.source == source}
        assert told
        form = family.form("chen-xiaoyun", "mother", answer.values)
        wrong = {own.key for own in faults.faults(form, TODAY) if own.code != "fault.empty"}
        assert told <= wrong


def test_a_partial_register_leaves_gaps(family: Family) -> None:
    """Some of a register's facts come, the others are left to the citizen."""
    whole = family.ask("chen-xiaoyun", "mother").values
    part = family.ask("chen-xiaoyun", "mother", broken={"share:卫健": "partial"}).values
    assert 0 < len(whole) - len(part) < len(whole)
    assert set(part) < set(whole)


def test_prefill_takes_the_role(desk: IntakeDesk) -> None:
    """Over the wire: a mother's form has her mobile under her role, and the father's name."""
    codes = [item.code for item in desk.catalogue.thing("newborn").open_items]
    body = prefill_body(desk, "chen-xiaoyun", thing="newborn", items=codes, role="mother")
    answer = desk.send("POST", "/v1/prefill", json=body).json()
    assert answer["values"]["mother.mobile"]["source"] == "account"
    assert answer["values"]["father.name"]["value"] == desk.people["li-jianguo"]["card"]["name"]
    assert answer["sources"][FATHER] == "ok"
