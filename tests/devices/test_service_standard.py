"""Our messages against the names and values of the standard's own JSON Schema (release 2021-1)."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from drivers.service.adapter import WorkerPlan, make_adapter
from drivers.service.envelope import CompletionCode, Refusal
from drivers.service.interfaces import barcode_reader, camera, id_reader, printer, vendor_mode
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.offer import Offer, ServiceSpec, capabilities
from drivers.service.interfaces.service_publisher import PUBLISHER, services
from drivers.service.interfaces.vendor_mode import VENDOR_MODE
from drivers.service.registry import SERVICES

STANDARD = Path(__file__).parent / "fixtures" / "xfs4iot-2021-1.json"
OFFERS: tuple[Offer, ...] = (*SERVICES, PUBLISHER, VENDOR_MODE)
LATER = {CompletionCode.AUTHORISATION_REQUIRED}
"""Codes that 2021-1 lacks; it spells this one with a z."""


@cache
def standard() -> dict[str, Any]:
    """Return the schema's parts."""
    document: dict[str, Any] = json.loads(STANDARD.read_text())
    return document


@cache
def registry() -> Registry[Any]:
    """Return the schemas where their references look for them."""
    parts = {"schemas": {"2021-01": standard()["schemas"]}, "messages": standard()["messages"]}
    resources = [
        (f"https://xfs4iot.com/{name}", Resource.from_contents(part, DRAFT202012))
        for name, part in parts.items()
    ]
    return Registry().with_resources(resources)


def words(schema: str, *path: str) -> set[str]:
    """Return the values of a property; ``notSupported`` is told by leaving the property out."""
    node = standard()["schemas"][schema]
    for step in path:
        node = node["properties"][step]
    return set(node["enum"]) - {"notSupported"}


def validate(reference: str, payload: object) -> None:
    """Fail unless a payload is what the standard says, such as ``schemas#/2021-01/…``."""
    schema = {"$ref": f"https://xfs4iot.com/{reference}"}
    plain = json.loads(json.dumps(payload))
    jsonschema.Draft202012Validator(schema, registry=registry()).validate(plain)


@pytest.mark.parametrize(
    ("ours", "path"),
    [
        (DeviceWord, ("Common.StatusProperties", "device")),
        (id_reader.Media, ("CardReader.Status", "media")),
        (barcode_reader.Scanner, ("BarcodeReader.Status", "scanner")),
        (printer.Paper, ("Printer.PaperSupply",)),
        (camera.Cameras, ("Camera.CamerasState",)),
        (camera.Media, ("Camera.MediaState",)),
        (vendor_mode.Mode, ("VendorMode.Status", "service")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else value.__name__,
)
def test_our_status_words_are_the_standards(ours: type[StrEnum], path: tuple[str, ...]) -> None:
    """Each word we may say is one of the standard's for that property."""
    assert set(ours) <= words(*path)


def test_our_codes_are_the_standards() -> None:
    """Completion codes, and the refusals of an acknowledgement."""
    assert set(CompletionCode) - words("Common.CompletionCodeEnum") == LATER
    acknowledge = standard()["messages"]["Common.Acknowledge"]
    assert set(Refusal) == set(acknowledge["properties"]["status"]["enum"]) - {"ok"}


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.service or "publisher")
def test_our_messages_are_the_standards(offer: Offer) -> None:
    """Every name without our X is in the standard, and is there what it is here."""
    names = standard()["names"]
    for interface in offer.all_interfaces():
        for name in interface.commands:
            kinds = names.get(name.name, ["command"] if name.name.startswith("X") else [])
            assert "command" in kinds, name.name
        for event in interface.events:
            kinds = set(names.get(event, {"event"} if event.startswith("X") else ()))
            assert kinds & {"event", "unsolicited"}, event


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.service or "publisher")
def test_status_and_capabilities_validate(offer: Offer) -> None:
    """The payloads of every service fit the standard's schemas (our own objects are extra)."""
    status = {"common": {"device": DeviceWord.STARTING}, **offer.unknown}
    validate("schemas#/2021-01/Common.Status", status)
    described = capabilities(offer, {"serialNumber": "1"})
    interfaces = described["interfaces"]
    assert isinstance(interfaces, list)
    known = words("Common.Interface", "name")  # without our X, ServicePublisher and Biometric
    described["interfaces"] = [one for one in interfaces if one["name"] in known]
    validate("schemas#/2021-01/Common.Caps", described)


@pytest.mark.parametrize("spec", SERVICES, ids=lambda spec: spec.service)
def test_a_closed_device_validates(spec: ServiceSpec) -> None:
    """So does the status of a device that is not there."""
    plan = WorkerPlan(device=spec.device, adapter=spec.adapter, port="nowhere")
    lost = make_adapter(plan).lost()
    validate("schemas#/2021-01/Common.Status", {"common": {"device": DeviceWord.NO_DEVICE}, **lost})


@pytest.mark.parametrize(
    ("message", "payload"),
    [
        ("ServicePublisher.ServiceDetailEvent", services(["wss://192.0.2.7:5846/xfs4iot/v1.0/X/"])),
        ("Common.SetVersionsCommand", {"commands": {"Common.Status": 2}}),
        ("Common.SetTransactionStateCommand", {"state": "active", "transactionID": "7"}),
        ("Common.GetTransactionStateCompletion", {"state": "inactive"}),
        ("VendorMode.RegisterCommand", {"appName": "desk"}),
        ("VendorMode.ModeExitedEvent", {"connectedApplications": ["desk"]}),
        (
            "Common.ErrorEvent",
            {"eventId": "hardware", "action": "maintenance", "vendorDescription": "no answer"},
        ),
    ],
)
def test_what_the_host_says_itself(message: str, payload: object) -> None:
    """Its own payloads fit; the time limit, which moved to the header, is added for 2021-1."""
    assert message in standard()["messages"]
    extra = {"timeout": 0} if message.endswith("Command") else {}
    validate(f"messages#/{message}", {**(payload if isinstance(payload, dict) else {}), **extra})


def test_a_wrong_payload_would_be_noticed() -> None:
    """The schema says no to a word that is none."""
    with pytest.raises(jsonschema.ValidationError):
        validate("schemas#/2021-01/Common.Status", {"common": {"device": "fine"}})
