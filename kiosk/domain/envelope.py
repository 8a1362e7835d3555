"""What travels to the intake: one application and the list of its attachments, signed.

The bytes are canonical JSON (RFC 8785), ``{"application": …, "attachments": […],
"schema": 3}``; a signature is over exactly these bytes, so both ends keep them as they are.

An application of an enterprise, and a value that is disputed, add members that are left out where
there are none: such an envelope has the bytes it always had.

Schema 2 has the same members; what was signed covered the values and the letters alone: no
objection, and nothing else that the review shows.

Schema 1 knew no role, situations, materials, commitments, delivery and signature. Both are
still read and written back to the same bytes: such an envelope may have waited sealed on a terminal
while the terminal got a new program.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kiosk.domain.application import Application
from kiosk.domain.problem import DeveloperMustAct
from standards import canonical
from standards.errors import CanonicalError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA = 3
REVIEW_SIGNED = 3
"""The first schema whose signed text covers the objections and all that the review shows."""
_ADDED_IN_2 = ("role", "situations", "materials", "commitments", "delivery", "signature")


class EnvelopeError(DeveloperMustAct):
    """Bytes are not an envelope of the schema spoken here."""

    code = "problem.envelope"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file of the application, named by its content; ``size`` in bytes."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """A terminal's signature over an envelope's bytes, base64; ``algorithm`` as the provider's."""

    terminal: str
    key_id: str
    algorithm: str
    signature: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """An application with the list of what belongs to it."""

    application: Application
    attachments: tuple[Attachment, ...] = ()
    schema: int = SCHEMA

    def canonical(self) -> bytes:
        """Return the bytes to seal, sign and compare."""
        application = self.application.record()
        if self.schema == 1:
            for name in _ADDED_IN_2:
                del application[name]
        record = {
            "application": application,
            "attachments": [asdict(one) for one in self.attachments],
            "schema": self.schema,
        }
        return canonical.dumps(record)

    @classmethod
    def parse(cls, data: bytes) -> Envelope:
        """Return the envelope of canonical bytes.

        Raises:
            EnvelopeError: not JSON, not canonical, another schema, or an unknown, missing or
                mistyped member.
        """
        envelope = _validated(data)
        if envelope.schema not in {1, 2, SCHEMA}:
            raise EnvelopeError(detail="another schema")
        _require_same_bytes(envelope, data)
        return envelope


def _validated(data: bytes) -> Envelope:
    """Build the records strictly: nothing is coerced."""
    from pydantic import ValidationError  # noqa: PLC0415 - loaded only where envelopes arrive

    try:
        return _adapter().validate_json(data, strict=True)
    except ValidationError as error:
        where = error.errors(include_input=False)[0]["loc"]
        # The first error quotes the input, which is a citizen's; only the place goes on.
        raise EnvelopeError(detail=f"member {'.'.join(map(str, where))}") from None


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Envelope]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(Envelope)


def _require_same_bytes(envelope: Envelope, data: bytes) -> None:
    """An unknown member or another spelling would not survive the round trip."""
    try:
        same = envelope.canonical() == data
    except CanonicalError:
        same = False
    if not same:
        raise EnvelopeError(detail="not canonical, or an unknown member")
