"""The host's file: what it may hold, how it complains, and its published schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from drivers.service.binding import BindingError, load_bindings
from drivers.service.host_file import (
    SecretsError,
    read_host_file,
    read_secrets,
    read_secrets_file,
    schema_text,
)
from drivers.service.roles import Role

CONFIG = Path(__file__).resolve().parents[2] / "config"
EXAMPLE = CONFIG / "terminals" / "devices-example.yaml"


def written(place: Path, text: str) -> Path:
    """Return a file with that text."""
    file = place / "host.yaml"
    file.write_text(text)
    return file


def secrets(place: Path, mode: int = 0o600) -> Path:
    """Return a file with a secret."""
    file = place / "tcp.json"
    file.write_text('{"roles": {"session": "s", "other": "o"}}')
    file.chmod(mode)
    return file


def test_everything_can_be_said(tmp_path: Path) -> None:
    """Paths are beside the file, users are looked up, TCP has its own secrets."""
    secrets(tmp_path)
    text = (
        "{run: run, terminal: T1, evidence_key: /k.pem, secrets: s.json, "
        "allow_users: [root, 1234], tcp: {secrets: tcp.json}, devices: {scanner: {port: /dev/x}}}"
    )
    file = written(tmp_path, text)
    read = read_host_file(file)
    assert (read.run, read.terminal) == (tmp_path / "run", "T1")
    assert (read.evidence_key, read.secrets) == (Path("/k.pem"), tmp_path / "s.json")
    assert read.uids == {0, 1234}
    assert read.tcp is not None
    assert (read.tcp.address, read.tcp.secrets) == ("127.0.0.1", {Role.SESSION: "s"})
    assert load_bindings(tmp_path, file)["scanner"].port == "/dev/x"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{runs: x}", "runs"),
        ("{run: 7}", "run"),
        ("{terminal: 410700}", "terminal"),
        ("{allow_users: kiosk-ui}", "allow_users"),
        ("{allow_users: [nobody-of-that-name]}", "allow_users"),
        ("{tcp: yes}", "tcp"),
        ("{tcp: {port: 5846}}", "tcp.port"),
        ("{tcp: {}}", "tcp.secrets"),
        ("{tcp: {secrets: tcp.json, address: host}}", "tcp.address"),
        ("{tcp: {secrets: tcp.json, certificate: c}}", "tcp.certificate"),
        ("{tcp: {secrets: tcp.json, address: 192.0.2.7}}", "tcp.certificate"),
        ("[]", "host.yaml"),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, text: str, key: str) -> None:
    """The complaint names file and key."""
    secrets(tmp_path)
    with pytest.raises(BindingError, match=key) as caught:
        read_host_file(written(tmp_path, text))
    assert "host.yaml" in str(caught.value)


def test_secrets_that_others_can_read_are_refused(tmp_path: Path) -> None:
    """With the command that mends it."""
    assert read_secrets_file(secrets(tmp_path)) == {Role.SESSION: "s"}
    with pytest.raises(SecretsError, match="chmod 600"):
        read_secrets_file(secrets(tmp_path, 0o640))
    with pytest.raises(SecretsError, match="missing"):
        read_secrets_file(tmp_path / "missing")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"roles": {}}',
        '{"roles": {"session": ""}}',
        '{"roles": {"session": 7}}',
        '{"roles": {"session": "s", "agent": "s"}}',
    ],
)
def test_other_secrets_are_none(text: str) -> None:
    """No secret, an empty one, and one for two roles are refused."""
    with pytest.raises(SecretsError):
        read_secrets(text, "standard input")


def test_the_published_schema_is_that_of_the_code() -> None:
    """An editor that uses it accepts the example, which the host accepts too."""
    published = CONFIG / "schema" / "devices.schema.json"
    assert published.read_text("utf-8") == schema_text(), (
        "write it again: python -m drivers.service.host_file > config/schema/devices.schema.json"
    )
    example = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    schema = json.loads(published.read_text("utf-8"))
    jsonschema.validate(example, schema)
    bindings = load_bindings(Path("/run"), EXAMPLE)
    assert bindings["receipt-printer"].options["profile"] == "generic-80mm"
    for wrong in ({"ports": {}}, {"devices": {"id-reader": {"baudrate": 7}}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
