r"""A file that a terminal sends with its answer to a command, in pieces small enough for the bus.

::

    {"command": …, "kind": "diagnostics", "at": 0, "of": 3, "digest": "<SHA-256 of the whole>"}\n
    <bytes>

One message of the bus is one piece; the broker refuses longer ones, and the centre takes no more
than `MOST` bytes for one command and none for a command it did not give.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kiosk.status.command import Identifier, Kind

PIECE: Final = 24 * 1024
"""Bytes of a piece without its head."""
MOST: Final = 4 * 1024 * 1024
"""Bytes of a whole file."""
_HEAD: Final = 512
SENT_BY: Final = frozenset({Kind.DIAGNOSTICS, Kind.SCREENSHOT})
"""Commands that are answered with a file."""


class AttachmentError(ValueError):
    """The bytes are no piece of a file; whoever sent them is not our software, or a newer one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A whole file."""

    kind: Kind
    data: bytes


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    command: Identifier
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}$")]
    at: Annotated[int, Field(ge=0, lt=MOST // PIECE + 1)]
    of: Annotated[int, Field(ge=1, le=MOST // PIECE + 1)]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One piece: of which command's file, which of how many, and the digest of the whole."""

    command: str
    kind: Kind
    at: int
    of: int
    digest: str
    data: bytes

    def to_bytes(self) -> bytes:
        """Return the message."""
        head = _Head(
            command=self.command, kind=self.kind.value, at=self.at, of=self.of, digest=self.digest
        )
        return head.model_dump_json().encode() + b"\n" + self.data

    @classmethod
    def parse(cls, message: bytes) -> Piece:
        """Read a message.

        Raises:
            AttachmentError: it is no piece.
        """
        line, mark, data = message.partition(b"\n")
        if not mark or len(line) > _HEAD or not 0 < len(data) <= PIECE:
            raise AttachmentError("no head, or another length")
        try:
            head = _Head.model_validate_json(line)
            kind = Kind(head.kind)
        except (ValidationError, ValueError):
            raise AttachmentError("head") from None
        if kind not in SENT_BY or head.at >= head.of:
            raise AttachmentError("head")
        return cls(
            command=head.command, kind=kind, at=head.at, of=head.of, digest=head.digest, data=data
        )


def pieces(command: str, whole: Attachment) -> Iterator[Piece]:
    """Yield a file's pieces in their order.

    Raises:
        AttachmentError: it is empty, or longer than `MOST`.
    """
    data = whole.data
    if not 0 < len(data) <= MOST:
        raise AttachmentError(f"{len(data)} bytes")
    digest = hashlib.sha256(data).hexdigest()
    count = -(-len(data) // PIECE)
    for at in range(count):
        yield Piece(
            command=command,
            kind=whole.kind,
            at=at,
            of=count,
            digest=digest,
            data=data[at * PIECE : (at + 1) * PIECE],
        )
