"""The ten modules of the provincial platform: one port each, all of them in the client."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.gateway import IntakeClient, IntakeRefused, ports
from kiosk.gateway.ports import MODULES
from tests.intake_desk import DIVISION, ITEM, THING, IntakeDesk


def all_ports(client: IntakeClient) -> tuple[object, ...]:
    """Hold the client's methods against every port; mypy judges this."""
    identity: ports.IdentityPort = client
    cases: ports.CasePort = client
    items: ports.ItemPort = client
    users: ports.UserPort = client
    evaluations: ports.EvaluationPort = client
    process: ports.ProcessPort = client
    forms: ports.FormPort = client
    materials: ports.MaterialPort = client
    licences: ports.LicencePort = client
    seals: ports.SealPort = client
    first = (identity, cases, items, users, evaluations)
    return (*first, process, forms, materials, licences, seals)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("ports")) as running:
        yield running


def methods(port: type) -> set[str]:
    """Return the names of a port's methods."""
    return {name for name, _ in inspect.getmembers(port, inspect.isfunction) if name[0] != "_"}


def test_modules_are_those_of_the_document() -> None:
    """Ten, in its order; each method of a port has its calls, and the client has each method."""
    names = "身份认证、办件、事项、用户、评价、流程、表单、材料、电子证照、电子印章"
    assert "、".join(one.name for one in MODULES) == names
    for one in MODULES:
        assert methods(one.port) == set(one.calls), one.code
        assert all(callable(getattr(IntakeClient, name)) for name in one.calls)
    assert [one.code for one in MODULES if not one.offered] == ["seals"]


def test_every_call_of_the_api_belongs_to_a_port(desk: IntakeDesk) -> None:
    """And every call of a port is in the published document."""
    document = desk.send("GET", "/openapi.json").json()
    published = {
        f"{method.upper()} {path}" for path, own in document["paths"].items() for method in own
    }
    assert published == {call for one in MODULES for calls in one.calls.values() for call in calls}


def test_items_under_both_codes(desk: IntakeDesk) -> None:
    """Every item of the place's list, open or not."""
    told = desk.client().items(DIVISION)
    assert len(told) == sum(len(thing.items) for thing in desk.catalogue.things)
    own = next(one for one in told if (one.thing, one.item) == (THING, ITEM))
    assert own.open
    assert own.provincial_code == ""


def test_licences_after_a_consent(desk: IntakeDesk) -> None:
    """A person's own licences; none without a consent, none of somebody else."""
    id_no = desk.people["chen-xiaoyun"]["card"]["id_no"]
    given = desk.catalogue.consents["data_fetch"].given(datetime.now(UTC).isoformat())
    client, signed = desk.client(), desk.evidence("chen-xiaoyun")
    told = client.licences(signed, id_no, jurisdiction=DIVISION, consent=given)
    assert told.state == "ok"
    assert {one.kind for one in told.licences} >= {"居民身份证", "社会保障卡", "结婚证"}
    for consent in (None, replace(given, text_version="0" * 12)):
        denied = client.licences(signed, id_no, jurisdiction=DIVISION, consent=consent)
        assert (denied.state, denied.licences) == ("denied", ())
    other = desk.people["rare-name"]["card"]["id_no"]
    with pytest.raises(IntakeRefused, match="NO_EVIDENCE"):
        client.licences(signed, other, jurisdiction=DIVISION, consent=given)
