"""Sending a file in pieces, so that a broken line costs one piece and not the file (tus 1.0.0).

The intake is asked where to go on: when the upload is begun (it may be half there from an earlier
life of this terminal), and after anything that went wrong. What it says is believed only as far as
it can be true; an offset that was never reached, or one that goes back, is garbled. Every round
either brings a piece home or uses up one of `PATIENCE`, so the work ends.

A file that was never tried brings its first piece with its beginning (tus, creation-with-upload):
on a line that is quick enough, a page is one exchange. An intake that leaves the piece aside says
so by the offset, and is sent pieces the other way from then on. How much goes at once is learned
from the line (`Stride`).
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from dataclasses import dataclass
from typing import Final

from kiosk.gateway.errors import IntakeGarbled, IntakeRefused, IntakeUnreachable
from kiosk.gateway.status import success
from kiosk.gateway.transport import Reply, Transport

PIECE: Final = 256 << 10
"""Bytes sent at once on a line that is not known yet."""
MOST: Final = 1 << 20
"""Bytes of the largest piece an intake takes."""
QUICK_S: Final = 0.5
"""Seconds in which a piece must be there for the next to be larger: so a break in a line that
became slow costs some seconds."""
PATIENCE: Final = 4
"""Failures that one call mends by itself; after more its caller waits and calls again."""
_PLACE = re.compile(r"/v1/uploads/[0-9A-Za-z_-]{1,64}")
_TUS = {"tus-resumable": "1.0.0"}
_KIND = "application/offset+octet-stream"
_ANEW = frozenset({"UPLOAD_GONE", "DIGEST_MISMATCH"})
"""Refusals after which the upload is begun anew."""
_AGAIN = frozenset({"UPLOAD_OFFSET", "CHECKSUM_MISMATCH"})
"""Refusals after which the intake is asked where to go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """What is sent: hex SHA-256 of the body, the body, its media type."""

    sha256: str
    body: bytes
    media_type: str


@dataclass(kw_only=True, slots=True)
class Stride:
    """What one conversation learned of its line and its intake.

    Attributes:
        size: bytes of the next piece.
        most: bytes it may grow to.
        with_beginning: whether the intake takes a piece with the beginning.
    """

    size: int = PIECE
    most: int = MOST
    with_beginning: bool = True

    @classmethod
    def fixed(cls, size: int) -> Stride:
        """Return pieces of one size."""
        return cls(size=size, most=size)

    def went(self, size: int, seconds: float) -> None:
        """Learn from a piece that arrived."""
        if seconds <= QUICK_S and size >= self.size:
            self.size = min(self.most, 2 * self.size)

    def broke(self) -> None:
        """Learn from one that did not."""
        self.size = min(self.size, PIECE)


class Sending:
    """One file on its way; :meth:`run` brings it home or raises."""

    def __init__(
        self, transport: Transport, file: File, stride: Stride, *, untried: bool = False
    ) -> None:
        self._transport = transport
        self._file = file
        self._stride = stride
        self._untried = untried
        self._place = ""
        self._offset = 0
        self._failures = 0

    def run(self) -> None:
        """Send what the intake does not have yet.

        Raises:
            IntakeUnreachable: the line is down; a later call goes on where this one ended.
            IntakeGarbled: the intake says what cannot be so.
            IntakeRefused: it does not take this file.
        """
        self._begin_with_piece()
        while self._offset < len(self._file.body):
            try:
                self._send_piece()
            except (IntakeUnreachable, IntakeGarbled, IntakeRefused) as error:
                self._stride.broke()
                self._mend(error)

    def _begin_with_piece(self) -> None:
        """Begin; the first piece goes along if nothing was ever sent, and without it if it fails.

        Of a file that is refused the refusal comes again, and of a dead line the silence.
        """
        if not (self._untried and self._stride.with_beginning):
            self._begin()
            return
        try:
            self._begin(self._piece())
        except (IntakeUnreachable, IntakeGarbled, IntakeRefused) as error:
            if isinstance(error, IntakeUnreachable) and error.retry_after:
                raise
            self._stride.broke()
            self._stride.with_beginning = not isinstance(error, IntakeRefused)
            self._failures += 1
            self._begin()

    def _begin(self, first: bytes = b"") -> None:
        """Begin the upload, or learn how far it came before."""
        began = time.monotonic()
        reply = self._transport.request(
            "POST",
            "/v1/uploads",
            first,
            headers={
                **_TUS,
                "upload-length": str(len(self._file.body)),
                "upload-metadata": self._metadata(),
                **({"content-type": _KIND, **self._checksum(first)} if first else {}),
            },
        )
        place = success(reply).headers.get("location", "")
        if not _PLACE.fullmatch(place):
            raise IntakeGarbled("location")
        self._place = place
        self._offset = _offset(reply, 0, len(self._file.body))
        if first:
            self._stride.with_beginning = self._offset >= len(first)
            self._stride.went(len(first), time.monotonic() - began)

    def _send_piece(self) -> None:
        piece = self._piece()
        began = time.monotonic()
        reply = self._transport.request(
            "PATCH",
            self._place,
            piece,
            headers={
                **_TUS,
                "content-type": _KIND,
                "upload-offset": str(self._offset),
                **self._checksum(piece),
            },
        )
        end = self._offset + len(piece)
        self._offset = _offset(success(reply, 204), end, end)
        self._stride.went(len(piece), time.monotonic() - began)

    def _piece(self) -> bytes:
        return self._file.body[self._offset : self._offset + self._stride.size]

    def _metadata(self) -> str:
        told = {"sha256": self._file.sha256, "filetype": self._file.media_type}
        return ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items()
        )

    def _checksum(self, piece: bytes) -> dict[str, str]:
        """Return the header that lets the intake see damage; of the whole file it is known."""
        if len(piece) == len(self._file.body):
            digest = bytes.fromhex(self._file.sha256)
        else:
            digest = hashlib.sha256(piece).digest()
        return {"upload-checksum": f"sha256 {base64.b64encode(digest).decode()}"}

    def _mend(self, error: IntakeUnreachable | IntakeGarbled | IntakeRefused) -> None:
        """After a failure find out where to go on; raise it when that has no use."""
        self._failures += 1
        code = error.problem.code if isinstance(error, IntakeRefused) else None
        asked_to_wait = isinstance(error, IntakeUnreachable) and error.retry_after
        mendable = code is None or code in _ANEW | _AGAIN
        if self._failures > PATIENCE or asked_to_wait or not mendable:
            raise error
        if code in _ANEW:
            self._begin()
        else:
            self._ask()

    def _ask(self) -> None:
        """Ask how far the upload is; the last piece may have arrived, and nothing beyond it."""
        reply = self._transport.request("HEAD", self._place, headers=_TUS)
        if reply.status in {404, 410}:
            self._begin()
            return
        length = _number(success(_bodiless(reply)), "upload-length")
        if length != len(self._file.body):
            raise IntakeGarbled("upload-length")
        most = min(self._offset + self._stride.most, length)
        self._offset = _offset(reply, self._offset, most)


def _bodiless(reply: Reply) -> Reply:
    """A refused HEAD has no problem document to read."""
    if 400 <= reply.status < 500:
        raise IntakeGarbled(f"status_{reply.status}")
    return reply


def _offset(reply: Reply, least: int, most: int) -> int:
    """Return the offset an answer tells, which can only lie between two bounds."""
    offset = _number(reply, "upload-offset")
    if not least <= offset <= most:
        raise IntakeGarbled("upload-offset")
    return offset


def _number(reply: Reply, name: str) -> int:
    text = reply.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise IntakeGarbled(name)
    return int(text)
