"""A command from the centre: signed, for one terminal or group, expiring, done at most once.

::

    {"body": "<the bytes below>", "key": "<key id>", "signature": "<base64>"}
    {"id": …, "to": "<terminal>" or "@<group>", "kind": …, "argument": …, "by": …,
     "issued_at": …, "expires_at": …}

What a maintenance window gives says so in its id, ``window-<number>-…``: it ends its own stop and
nobody else's, and software that does not know of it obeys all the same.

The signature is over the body's bytes as they were sent (Ed25519), so that nobody has to agree on
how JSON is written. A terminal believes only keys it was given with its enrolment or a release,
each with the kinds it may give: an emergency key takes a terminal out of service and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from kiosk.status.state import Name, Word

LIMIT: Final = 4096
"""Most bytes of a command."""
LONGEST: Final = timedelta(days=7)
"""No command is good for longer."""
EARLY: Final = timedelta(minutes=10)
"""How far ahead of the terminal's clock a command may have been given."""

_OF_WINDOW: Final = re.compile(r"window-([0-9]{1,18})-")
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
Recipient = Annotated[str, StringConstraints(pattern=r"^@?[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{0,60}$")]


class Kind(StrEnum):
    """What can be asked of a terminal from afar."""

    RESTART_SESSION = "restart_session"
    OUT_OF_SERVICE = "out_of_service"
    """The argument is what citizens read."""
    IN_SERVICE = "in_service"
    DIAGNOSTICS = "diagnostics"
    SCREENSHOT = "screenshot"
    """Of the attract page; refused while anybody is there."""
    UPDATE = "update"
    """Look for a release now."""
    RELEASE_BACK = "release_back"
    """To the release before the one in force; the argument says why."""
    RELEASE_WITHDRAWN = "release_withdrawn"
    """The argument names a release; who has it in force goes back, for others nothing is to do."""
    PLACE = "place"
    """Take the releases of another ring of one's line; the argument is its group."""


BY_ROLLOUTS: Final = frozenset({Kind.RELEASE_WITHDRAWN, Kind.PLACE})
"""What follows from rollouts and lists of terminals, and is given by nobody by hand."""
SERVICE: Final = frozenset({Kind.OUT_OF_SERVICE, Kind.IN_SERVICE})
"""Of two of these the one that was given later holds, in whatever order they are heard."""
EMERGENCY: Final = frozenset({Kind.OUT_OF_SERVICE})
"""What the emergency key may ask."""


class CommandRefused(Exception):
    """A command is not done; ``why`` is a word for the log and the console."""

    def __init__(self, why: str) -> None:
        """Keep why."""
        super().__init__(why)
        self.why = why


class Command(BaseModel):
    """What is asked, by whom, of whom, and until when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Identifier
    to: Recipient
    kind: Kind
    argument: Line = ""
    by: Name
    """Work number of who gave it."""
    issued_at: AwareDatetime
    expires_at: AwareDatetime

    @property
    def window(self) -> str:
        """Number of the maintenance window that gave it; empty: a person did."""
        found = _OF_WINDOW.match(self.id)
        return found[1] if found else ""


class Done(BaseModel):
    """What became of a command."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Identifier
    terminal: Name
    outcome: Word
    """``done``, ``refused`` or ``failed``."""
    why: Word | None = None

    def to_bytes(self) -> bytes:
        """Return compact JSON."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def parse(cls, data: bytes) -> Done:
        """Read it; raises `CommandRefused` when it is none."""
        try:
            return cls.model_validate_json(data[: LIMIT + 1])
        except ValidationError:
            raise CommandRefused("malformed") from None


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandKey:
    """A key that a terminal believes, and what it may ask."""

    public: bytes
    kinds: frozenset[Kind]


Keys = Mapping[str, CommandKey]


def command_id(window: int | None = None) -> str:
    """Return an id that nobody had before; of a maintenance window, if one gives the command."""
    return uuid.uuid4().hex if window is None else f"window-{window}-{uuid.uuid4().hex}"


def key_id(public: Ed25519PublicKey) -> str:
    """Return a key's name: the first 16 hexadecimal digits of its bytes' digest."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def sign(command: Command, key: Ed25519PrivateKey) -> bytes:
    """Return the bytes that are sent."""
    body = command.model_dump_json().encode()
    signature = base64.b64encode(key.sign(body)).decode()
    letter = {"body": body.decode(), "key": key_id(key.public_key()), "signature": signature}
    return json.dumps(letter, ensure_ascii=False).encode()


def read(data: bytes, keys: Keys, *, names: frozenset[str], now: datetime) -> Command:
    """Return a command that is to be done, unless it was done before.

    Args:
        data: as it came.
        keys: what is believed.
        names: the terminal's own name and ``@group`` of each of its groups.
        now: the terminal's time.

    Raises:
        CommandRefused: ``malformed``, ``unknown_key``, ``bad_signature``, ``not_allowed``,
            ``other_terminal``, ``expired``, ``too_early`` or ``too_long``.
    """
    command, key = _opened(data, keys)
    if command.kind not in key.kinds:
        raise CommandRefused("not_allowed")
    if command.to not in names:
        raise CommandRefused("other_terminal")
    if command.expires_at - command.issued_at > LONGEST:
        raise CommandRefused("too_long")
    if now > command.expires_at:
        raise CommandRefused("expired")
    if command.issued_at - now > EARLY:
        raise CommandRefused("too_early")
    return command


def _opened(data: bytes, keys: Keys) -> tuple[Command, CommandKey]:
    """Believe nothing before the signature was checked."""
    if len(data) > LIMIT:
        raise CommandRefused("malformed")
    body, name, signature = _letter(data)
    key = keys.get(name)
    if key is None:
        raise CommandRefused("unknown_key")
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, body)
    except (InvalidSignature, ValueError):
        raise CommandRefused("bad_signature") from None
    try:
        return Command.model_validate_json(body), key
    except ValidationError:
        raise CommandRefused("malformed") from None


def _letter(data: bytes) -> tuple[bytes, str, bytes]:
    try:
        letter = json.loads(data)
        body, name, signature = letter["body"], letter["key"], letter["signature"]
        return body.encode(), str(name), base64.b64decode(signature, validate=True)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise CommandRefused("malformed") from None
