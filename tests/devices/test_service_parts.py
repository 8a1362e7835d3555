"""The small parts of the service: status, evidence, ports, versions, and our own schemas."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from drivers.service.binding import BindingError, default_bindings, load_bindings
from drivers.service.client import _grace
from drivers.service.envelope import CompletionCode
from drivers.service.evidence import EvidenceKeyError, EvidenceSigner, id_hash, verify
from drivers.service.grace import LET_OUT_S, STOP_S
from drivers.service.interfaces import camera, id_reader
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec
from drivers.service.registry import SERVICES
from drivers.service.roles import Role, refusal
from drivers.service.status import device_word, difference, merged
from drivers.service.versions import Pins
from tests.devices.service_bench import pem
from tests.devices.service_schema import definitions

leaves = st.sampled_from(["online", "unknown", 1, True])
statuses = st.recursive(
    st.dictionaries(st.sampled_from("abc"), leaves, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), leaves | inner, max_size=3),
    max_leaves=8,
)


@given(statuses, statuses)
def test_a_difference_is_what_it_takes(before: dict[str, object], after: dict[str, object]) -> None:
    """Applying the difference gives the new status; equal ones have none."""
    assert prune(merged(before, difference(before, after))) == prune(after)
    assert difference(after, after) == {}


def prune(status: object) -> object:
    """Return a status without empty objects, which tell nothing."""
    if not isinstance(status, dict):
        return status
    inner = {key: prune(value) for key, value in status.items()}
    return {key: value for key, value in inner.items() if value != {}}


def test_only_what_changed_is_told() -> None:
    """Unchanged neighbours stay out; what is gone is told as null."""
    before = {"common": {"device": "online"}, "printer": {"paper": {"upper": "full"}}}
    after = {"common": {"device": "online"}, "printer": {"paper": {"upper": "low"}}}
    assert difference(before, after) == {"printer": {"paper": {"upper": "low"}}}
    assert difference(after, {"common": {"device": "online"}}) == {"printer": None}
    assert device_word(after) == "online"
    assert device_word({}) == "starting"


def test_evidence_says_who_when_where(tmp_path: Path) -> None:
    """The statement's fields, its hash, its time, and a nonce of its own."""
    key = Ed25519PrivateKey.generate()
    (tmp_path / "key.pem").write_bytes(pem(key))
    signer = EvidenceSigner.load(tmp_path / "key.pem", "T0001")
    at = datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    evidence, signature = signer.sign("visit", "400701199001010029", at)
    again, _ = signer.sign("visit", "400701199001010029", at)
    assert evidence["time"] == "2025-01-02T03:04:05Z"
    assert evidence["id_hash"] == id_hash("visit", "400701199001010029")
    assert "400701199001010029" not in json.dumps(evidence)
    assert evidence["nonce"] != again["nonce"]
    assert verify(evidence, signature, key.public_key())
    for field in evidence:
        assert not verify({**evidence, field: "other"}, signature, key.public_key())
    assert not verify(evidence, signature, Ed25519PrivateKey.generate().public_key())


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    """No file, no key, and a key of another algorithm are named."""
    (tmp_path / "noise.pem").write_bytes(b"noise")
    (tmp_path / "ec.pem").write_bytes(pem(generate_private_key(SECP256R1())))
    for name in ("missing.pem", "noise.pem", "ec.pem"):
        with pytest.raises(EvidenceKeyError, match=name):
            EvidenceSigner.load(tmp_path / name, "T0001")


def test_ports_by_default(tmp_path: Path) -> None:
    """Without a file every device has its link in the run directory."""
    assert default_bindings(tmp_path)["scanner"].port == str(tmp_path / "devices" / "scanner")


def test_ports_from_a_file(tmp_path: Path) -> None:
    """The file overlays the defaults."""
    file = tmp_path / "ports.yaml"
    file.write_text("devices: {id-reader: {port: /dev/serial/by-id/x, baudrate: 9600}}")
    bindings = load_bindings(tmp_path, file)
    assert bindings["id-reader"].port == "/dev/serial/by-id/x"
    assert bindings["id-reader"].options == {"baudrate": "9600"}
    assert bindings["scanner"] == default_bindings(tmp_path)["scanner"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("devices: {camera: {port: /dev/x}}", "devices.camera"),
        ("devices: {scanner: {prot: /dev/x}}", "devices.scanner.prot"),
        ("devices: {scanner: {port: 7}}", "devices.scanner.port"),
        ("devices: {scanner: {port: /dev/ttyUSB0}}", "devices.scanner.port"),
        ("devices: {scanner: {baudrate: fast}}", "devices.scanner.baudrate"),
        ("devices: {scanner: {baudrate: 7}}", "devices.scanner.baudrate"),
        ("devices: {scanner: {framing: none}}", "devices.scanner.framing"),
        ("devices: {document-camera: {port: /dev/video0}}", "devices.document-camera.port"),
        ("devices: {document-camera: {turn: 45}}", "devices.document-camera.turn"),
        ("devices: {document-camera: {width: 7}}", "devices.document-camera.width"),
        ("devices: {receipt-printer: {profile: ../x}}", "devices.receipt-printer.profile"),
        ("devices: {scanner: fast}", "devices.scanner"),
        ("devices: []", "devices"),
        ("ports: {}", "ports"),
        ("[", "ports.yaml"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, text: str, key: str) -> None:
    """The message says which file and which key."""
    file = tmp_path / "ports.yaml"
    file.write_text(text)
    with pytest.raises(BindingError) as caught:
        load_bindings(tmp_path, file)
    assert str(file) in str(caught.value)
    assert key in str(caught.value)


@pytest.mark.parametrize("spec", SERVICES, ids=lambda spec: spec.device)
@pytest.mark.parametrize(
    "moves",
    [
        "/dev/ttyUSB0",
        "/dev/ttyACM1",
        "/dev/video2",
        "/dev/hidraw0",
        "/dev/input/event3",
        "usb:/dev/usb/lp0",
        "hid-pos:/dev/hidraw0",
        "hid-keyboard:/dev/input/event3",
    ],
)
def test_no_device_is_bound_by_a_name_that_moves(
    tmp_path: Path, spec: ServiceSpec, moves: str
) -> None:
    """Two plugs that changed places would make one device read what was for another."""
    file = tmp_path / "ports.yaml"
    file.write_text(json.dumps({"devices": {spec.device: {"port": moves}}}))
    with pytest.raises(BindingError, match=f"{spec.device}.port: names a port that moves"):
        load_bindings(tmp_path, file)


def test_our_schemas_are_schemas() -> None:
    """Every schema file is valid, and covers every command and error of the extensions."""
    for schema in definitions().values():
        jsonschema.Draft202012Validator.check_schema(schema)
    error_codes = definitions()["XIdCard.Read.error"]["$defs"]["XIdCard.Read.error"]
    assert set(error_codes["properties"]["errorCode"]["enum"]) == set(id_reader.ReadError)
    camera_codes = definitions()["XCamera.error"]["$defs"]["XCamera.error"]
    assert set(camera_codes["properties"]["errorCode"]["enum"]) == set(camera.CameraError)
    for spec in SERVICES:
        for name in spec.commands():
            if name.startswith("X"):
                assert f"{name}.command" in definitions()
                assert f"{name}.completion" in definitions()


@pytest.mark.parametrize("spec", SERVICES, ids=lambda spec: spec.service)
def test_who_may_use_a_device(spec: ServiceSpec) -> None:
    """Visits while it serves citizens, maintenance while it is handed over, the agent never."""
    for command in spec.commands().values():
        may = {
            (role, handed_over)
            for role in Role
            for handed_over in (False, True)
            if refusal(role, command, handed_over=handed_over) is None
        }
        if command.at_once:
            assert (Role.SESSION, False) in may, command.name
        elif not command.in_service:
            assert may == {(Role.MAINTENANCE, True)}, command.name
        else:
            assert may == {(Role.SESSION, False), (Role.MAINTENANCE, True)}, command.name


def test_pins_are_a_connections_own() -> None:
    """What one connection pins binds no other, and a refused pin binds nobody."""
    read = CommandSpec(name="X.Read", versions=("1.0", "1.1", "2.0"))
    pins = Pins({"X.Read": read}, {"X.Event": "3.0"})
    assert pins.pin(1, {"commands": {"X.Read": 1}}).code is CompletionCode.SUCCESS
    assert [pins.takes(1, read, version) for version in ("1.0", "1.1", "2.0")] == [
        True,
        True,
        False,
    ]
    assert pins.takes(2, read, "2.0")
    refused = pins.pin(2, {"commands": {"X.Read": 1}, "events": {"X.Event": 2}})
    assert refused.code is CompletionCode.UNSUPPORTED_DATA
    assert pins.takes(2, read, "2.0")
    pins.forget(1)
    assert pins.takes(1, read, "2.0")
    assert not pins.takes(1, read, "9.0")


@pytest.mark.parametrize("spec", SERVICES, ids=lambda spec: spec.service)
def test_a_client_outwaits_every_command(spec: ServiceSpec) -> None:
    """A service is not called gone while its worker may still be stopping, or letting paper out."""
    for name, command in spec.commands().items():
        assert command.stop_grace_s == LET_OUT_S.get(name, command.stop_grace_s)
        assert _grace(name) >= command.stop_grace_s + 1.0, name
        assert name in LET_OUT_S or command.stop_grace_s <= STOP_S, name
