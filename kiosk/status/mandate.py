"""Who administers a terminal: the broker, whose commands it believes, whose releases it takes.

Theory of operation
-------------------
A terminal gets its mandate with its enrolment: the code that a person compares is a digest of it,
too, so nobody in between changes a key or an address (`kiosk.crypto.identity.code_of`). Later ones
come over the terminal's own certificate, and are held against the one in force (`following`):

* a new command key is believed only when a key in force signed its *succession*, and never with
  more kinds of commands than its signer has; who holds the centre's desk alone commands nobody;
* the release root stays the one it was installed with: releases have a way of their own to change
  it (the chain of root documents);
* broker and address of releases are as they are told now.

A key that is told no more is believed no more. Whoever has lost every key enrols anew.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import (
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from kiosk.status.command import Kind, key_id
from standards import canonical

COMMAND_KEYS_FILE: Final = "command-keys.json"
"""What `kiosk.agent.reporting` believes, in the directory of keys."""
ROOT_FILE: Final = "release-root.json"
LAYER_FILE: Final = "centre.yaml"
"""A layer of settings below the terminal's own file: broker, group, where releases are."""
MANDATE_FILE: Final = "mandate.json"
LIMIT: Final = 64 * 1024
"""Most bytes of a mandate."""
EVERY: Final = "*"
"""All kinds of commands."""
KindWord = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z][a-z_]{1,29})$")]
_FORM: Final = "yiduan mandate 1"
_MOST_KEYS: Final = 8
MOST_SUCCESSIONS: Final = 2 * _MOST_KEYS
"""The newest that a mandate has; who was off for longer enrols anew."""


class MandateError(ValueError):
    """A mandate is none, or does not follow from the one in force; the centre must act."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Believed(_Part):
    """A command key: its public half and the kinds of commands it may give.

    ``kinds`` are words, so that a terminal can be told of a kind that its software does not know
    yet; `EVERY` is all of them, those of later software as well.
    """

    public: Base64Bytes
    kinds: Annotated[tuple[KindWord, ...], Field(min_length=1, max_length=32)]

    @property
    def name(self) -> str:
        """Its id."""
        return key_id(Ed25519PublicKey.from_public_bytes(self.public))

    def written(self) -> dict[str, object]:
        """Return it as JSON has it."""
        public = base64.b64encode(self.public).decode()
        return {"public": public, "kinds": sorted(set(self.kinds))}

    def known(self) -> frozenset[Kind]:
        """Return the kinds that this software knows."""
        every = EVERY in self.kinds
        return frozenset(kind for kind in Kind if every or kind.value in self.kinds)

    def covers(self, other: Believed) -> bool:
        """Say whether it may give whatever the other may."""
        return EVERY in self.kinds or set(other.kinds) <= set(self.kinds)


class Succession(_Part):
    """That a key in force lets another one give commands.

    ``body`` is what was signed: the successor as `Believed.written` has it, and when.
    """

    body: Annotated[str, StringConstraints(max_length=2000)]
    signer: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    signature: Base64Bytes

    def successor(self, keys: Mapping[str, Believed]) -> Believed | None:
        """Return who succeeds; none when no key of these signed it, or it asks for more."""
        signer = keys.get(self.signer)
        if signer is None:
            return None
        try:
            own = Ed25519PublicKey.from_public_bytes(signer.public)
            own.verify(self.signature, self.body.encode())
            said = _Handed.model_validate_json(self.body)
        except (InvalidSignature, ValueError):
            return None
        return said.successor if signer.covers(said.successor) else None


class _Handed(_Part):
    form: Annotated[str, StringConstraints(pattern=f"^{_FORM} succession$")]
    successor: Believed
    at: AwareDatetime


class Mandate(_Part):
    """What a terminal needs to be administered.

    Attributes:
        bus_host: name of the broker, as in its certificate; empty: there is none.
        bus_port: of TLS.
        release_url: published directory of releases; empty: they come on sticks.
        release_root: the root document that releases are trusted by; empty: none are taken.
        command_keys: whose commands are believed, by key id.
        successions: how these keys followed from former ones.
    """

    form: Annotated[str, StringConstraints(pattern=f"^{_FORM}$")] = _FORM
    bus_host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{0,253}$")] = ""
    bus_port: Annotated[int, Field(ge=1, le=65535)] = 8883
    release_url: Annotated[
        str, StringConstraints(pattern=r"^(https?://[!-.0-~][!-~]{0,300})?$")
    ] = ""
    release_root: Annotated[str, StringConstraints(max_length=48 * 1024)] = ""
    command_keys: Annotated[dict[str, Believed], Field(max_length=_MOST_KEYS)] = {}
    successions: Annotated[tuple[Succession, ...], Field(max_length=MOST_SUCCESSIONS)] = ()

    @classmethod
    def parse(cls, data: bytes | str) -> Self:
        """Read it.

        Raises:
            MandateError: too long, or not what a mandate is.
        """
        if len(data) > LIMIT:
            raise MandateError(f"{len(data)} bytes")
        try:
            own = cls.model_validate_json(data)
            wrong = [name for name, key in own.command_keys.items() if key.name != name]
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise MandateError(f"{place}: {first['type']}") from error
        except ValueError as error:
            raise MandateError("command_keys: not a key") from error
        if wrong:
            raise MandateError(f"command_keys: {wrong[0]} is the name of another key")
        return own

    def to_json(self) -> dict[str, Any]:
        """Return the object that travels and that the code is a digest of."""
        return {
            "form": self.form,
            "bus_host": self.bus_host,
            "bus_port": self.bus_port,
            "release_url": self.release_url,
            "release_root": self.release_root,
            "command_keys": {name: key.written() for name, key in self.command_keys.items()},
            "successions": [
                {
                    "body": one.body,
                    "signer": one.signer,
                    "signature": base64.b64encode(one.signature).decode(),
                }
                for one in self.successions
            ],
        }

    def to_bytes(self) -> bytes:
        """Return canonical bytes."""
        return canonical.dumps(self.to_json())

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, hexadecimal."""
        return canonical.digest(self.to_json())

    def keys_file(self) -> bytes:
        """Return what a terminal keeps as ``command-keys.json``: the kinds that it knows."""
        told = {
            name: {**key.written(), "kinds": sorted(kind.value for kind in key.known())}
            for name, key in self.command_keys.items()
        }
        return json.dumps(told, indent=1, sort_keys=True).encode()


def layer(keys: Path) -> tuple[Path, ...]:
    """Return the layer of settings that came with the enrolment: one, or none that can be read."""
    path = keys / LAYER_FILE
    try:
        return (path,) if path.is_file() else ()
    except PermissionError:
        return ()


def following(held: Mandate, told: Mandate) -> Mandate:
    """Return what is in force after ``told`` came over the terminal's own certificate.

    Raises:
        MandateError: a key in it does not follow from those in force.
    """
    believed = _grown(held.command_keys, told.successions)
    for name, key in told.command_keys.items():
        known = believed.get(name)
        if known is None or not known.covers(key):
            raise MandateError(f"command_keys: no key in force let {name} follow")
    return told.model_copy(update={"release_root": held.release_root or told.release_root})


def succession(key: Ed25519PrivateKey, successor: Believed, *, at: AwareDatetime) -> Succession:
    """Let a key in force say who succeeds it."""
    body = canonical.dumps(
        {"form": f"{_FORM} succession", "successor": successor.written(), "at": at.isoformat()}
    )
    return Succession.model_validate(
        {
            "body": body.decode(),
            "signer": key_id(key.public_key()),
            "signature": base64.b64encode(key.sign(body)),
        }
    )


def _grown(
    keys: Mapping[str, Believed], successions: Sequence[Succession]
) -> Mapping[str, Believed]:
    """Return the keys in force and all that follow from them, in any number of steps."""
    grown = dict(keys)
    for _ in successions:
        for one in successions:
            own = one.successor(grown)
            if own is not None:
                grown.setdefault(own.name, own)
    return grown
