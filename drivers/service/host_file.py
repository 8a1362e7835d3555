"""The host's file: everything `kiosk-devices serve` needs, in one place.

::

    run: /run/yiduan                      # directory of sockets
    terminal: 410700-0020                 # as in the keys
    evidence_key: /etc/yiduan/evidence.pem
    secrets: /etc/yiduan/secrets.json     # {"roles": {"session": "…"}}, mode 0600
    allow_users: [kiosk-ui]               # names or numbers; our own user by default
    tcp: {address: 192.0.2.7, certificate: host.crt, key: host.key, secrets: tcp.json}
    devices: {…}                          # see drivers.service.binding

What the command line says wins over the file.  A path is taken from the file's own directory.
Every complaint names the file, the key, and what to do.
"""

from __future__ import annotations

import ipaddress
import json
import pwd
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from drivers.service.binding import SPECS, BindingError, document
from drivers.service.options import port, schema_of
from drivers.service.roles import Role
from drivers.service.tcp import TcpSettings

TCP_KEYS: Final = ("address", "certificate", "key", "secrets")


class SecretsError(Exception):
    """The secrets are missing, or readable by others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostFile:
    """What the file holds beside the devices; ``None`` where it is silent."""

    run: Path | None = None
    terminal: str | None = None
    evidence_key: Path | None = None
    secrets: Path | None = None
    uids: frozenset[int] = frozenset()
    tcp: TcpSettings | None = None


def read_host_file(file: Path | None) -> HostFile:
    """Read everything but the devices; without a file nothing is said.

    Raises:
        BindingError: a key or value is wrong.
        SecretsError: the secrets of the TCP endpoint are wrong.
    """
    if file is None:
        return HostFile()
    reader = _Reader(file, document(file))
    return HostFile(
        run=reader.path("run"),
        terminal=reader.text("terminal"),
        evidence_key=reader.path("evidence_key"),
        secrets=reader.path("secrets"),
        uids=reader.users("allow_users"),
        tcp=reader.tcp(),
    )


def read_secrets(text: str, where: str) -> dict[Role, str]:
    """Return the secret of each role from one JSON object; roles of others are passed over.

    Raises:
        SecretsError: there is no secret of any of our roles, or one is empty.
    """
    try:
        roles = json.loads(text)["roles"]
        found = {role: roles[role] for role in Role if role in roles}
    except (ValueError, KeyError, TypeError) as error:
        form = '{"roles": {"session": "…"}}'
        raise SecretsError(f"{where} holds no secret of role session: it is not {form}") from error
    if not found or not all(isinstance(one, str) and one for one in found.values()):
        raise SecretsError(f"{where} holds no secret of role {' or '.join(Role)}")
    if len(set(found.values())) < len(found):
        raise SecretsError(f"{where} has one secret for two roles")
    return found


def read_secrets_file(path: Path) -> dict[Role, str]:
    """Return the secrets of a file that only its owner may read.

    Raises:
        SecretsError: others may read it, it cannot be read, or it holds no secrets.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SecretsError(f"{path} cannot be read: {error}") from error
    if mode & 0o077:
        raise SecretsError(f"{path} is readable by others (mode {mode:04o}): chmod 600 {path}")
    return read_secrets(text, str(path))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one map of the file."""

    file: Path
    values: Mapping[str, object]
    where: str = field(default="")

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self.wrong(key, "is not a text; put it in quotes")

    def path(self, key: str) -> Path | None:
        text = self.text(key)
        return None if text is None else self.file.absolute().parent / text

    def users(self, key: str) -> frozenset[int]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "is not a list of users")
        return frozenset(self._user(key, one) for one in value)

    def tcp(self) -> TcpSettings | None:
        value = self.values.get("tcp")
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong("tcp", f"is not a map of {', '.join(TCP_KEYS)}")
        inner = _Reader(self.file, value, "tcp.")
        for key in value:
            if key not in TCP_KEYS:
                raise inner.wrong(key, f"no such key; there are {', '.join(TCP_KEYS)}")
        return inner.endpoint()

    def endpoint(self) -> TcpSettings:
        """Read the TCP endpoint: off this machine only with TLS."""
        secrets, certificate = self.path("secrets"), self.path("certificate")
        key, address = self.path("key"), self.text("address") or "127.0.0.1"
        try:
            loopback = ipaddress.ip_address(address).is_loopback
        except ValueError:
            raise self.wrong("address", "is not an IP address") from None
        if secrets is None:
            raise self.wrong("secrets", "is missing; name a file with its own secrets")
        if (certificate is None) is not (key is None):
            raise self.wrong("certificate", "and tcp.key go together; name both")
        if certificate is None and not loopback:
            raise self.wrong("certificate", "is missing; without TLS only 127.0.0.1 or ::1")
        return TcpSettings(
            address=address,
            certificate=certificate,
            key=key,
            secrets=read_secrets_file(secrets),
        )

    def wrong(self, key: str, problem: str) -> BindingError:
        return BindingError(f"{self.file}: {self.where}{key}: {problem}")

    def _user(self, key: str, user: object) -> int:
        if isinstance(user, int) and not isinstance(user, bool) and user >= 0:
            return user
        try:
            return pwd.getpwnam(str(user)).pw_uid
        except KeyError:
            raise self.wrong(key, f"there is no user {user} on this machine") from None


def schema() -> dict[str, object]:
    """Return the JSON Schema of the file, as published in ``config/schema``."""
    text = {"type": "string", "minLength": 1}
    devices = {
        spec.device: _object(
            {"port": schema_of(port)} | {key: schema_of(one) for key, one in spec.options.items()}
        )
        for spec in SPECS.values()
    }
    tcp = _object(dict.fromkeys(TCP_KEYS, text))
    users = {"type": "array", "items": {"type": ["string", "integer"]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What kiosk-devices serve --config reads",
        **_object(
            dict.fromkeys(("run", "terminal", "evidence_key", "secrets"), text)
            | {"allow_users": users, "tcp": tcp | {"required": ["secrets"]}}
            | {"devices": _object(devices)}
        ),
    }


def schema_text() -> str:
    """Return `schema` as the text of its file."""
    return json.dumps(schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _object(properties: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
