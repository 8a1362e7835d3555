"""Sealed bytes: a submission that only the agent and the recovery key can open.

Theory of operation
-------------------
One submission has one fresh data key. Its parts (first the body, then the attachments)
are encrypted under that key; the key itself is wrapped once for each recipient. Bytes:

::

    0   6   magic           "YDSEAL"
    6   2   version         big-endian, 1
    8   4   header length   big-endian, at most 65,536
    12  h   header          JSON in UTF-8, keys sorted, no white space:
                            {"keys": [{"holder", "id", "wrapped": base64}, …],
                             "jurisdiction": "410700", or no such key,
                             "provider": "international" | "national",
                             "sizes": [plain bytes of the body, of attachment 1, …],
                             "submission": "…"}
    …       part 0          sizes[0] bytes of ciphertext, then a 16-byte tag
    …       part n - 1

Nothing follows the last part. Part *i* of *n* takes the nonce *i* (12 bytes big-endian;
the key is never used again, so a counter is safe) and is bound to the digest of
everything before part 0, to *i* and to *n*. So the submission's id, the recipients, the
sizes, the place it is for, the order and the number of parts hold together with each part:
whatever is cut, altered, swapped or taken from another submission, opening raises `SealedError`
and gives out nothing of that part.

Sealing encrypts each part into one reused buffer and writes it out from there: the
ciphertext is touched while it is in the processor's cache, and no part is copied again.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.utils import Buffer

from kiosk.crypto.errors import KeyFileError, SealedError
from kiosk.crypto.providers import NONCE_SIZE, TAG_SIZE, PartCipher, PublicSealingKey, SealingKey
from kiosk.crypto.registry import Provider, provider

MAGIC = b"YDSEAL"
VERSION = 1
MAX_HEADER = 65_536
MAX_PARTS = 64
"""A body and up to 63 attachments."""
_PREFIX = struct.Struct(">6sHI")
_PLACE = struct.Struct(">II")
_CONTEXT = b"yiduan sealed 1 "
_FROZEN = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """What is to be sealed.

    Attributes:
        submission_id: the submission's UUID.
        body: the canonical envelope.
        attachments: materials, any bytes-like objects.
        jurisdiction: GB/T 2260 code of the place it is for, told in clear; empty: none is told.
    """

    submission_id: str
    body: Buffer
    attachments: Sequence[Buffer] = ()
    jurisdiction: str = ""


def seal(chosen: Provider, submission: Submission, to: Sequence[PublicSealingKey]) -> list[bytes]:
    """Seal in memory; returns the head and the parts, to be written one after the other."""
    return [bytes(piece) for piece in _pieces(chosen, submission, to)]


def seal_to_memory_file(
    chosen: Provider, submission: Submission, to: Sequence[PublicSealingKey]
) -> tuple[int, int]:
    """Seal into a memory file that nobody can alter any more.

    Returns:
        The descriptor (the caller closes it) and its size in bytes.
    """
    fd = os.memfd_create("sealed", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        size = 0
        for piece in _pieces(chosen, submission, to):
            size += len(piece)
            _write_all(fd, piece)
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _FROZEN)
    except BaseException:
        os.close(fd)
        raise
    return fd, size


def is_frozen(fd: int) -> bool:
    """Say whether a descriptor is a memory file that can't change or shrink any more."""
    try:
        held = fcntl.fcntl(fd, fcntl.F_GET_SEALS)
    except OSError:
        return False
    return held & _FROZEN == _FROZEN


class SealedView:
    """Sealed bytes, read in place; the structure is checked, nothing is opened yet.

    Attributes:
        submission_id: as the header says; proven only by opening a part.
        provider: name of the crypto provider.
        sizes: plain bytes of each part.
        jurisdiction: GB/T 2260 code of the place it is for; empty where none is told.
    """

    def __init__(self, data: Buffer) -> None:
        """Check the structure.

        Raises:
            SealedError: not sealed bytes, or truncated, or with something after the end.
        """
        view = memoryview(data).cast("B").toreadonly()
        head_size, header = _read_header(view)
        self._wrapped = _wrapped_keys(header)
        self.provider = _text(header, "provider")
        self.submission_id = _text(header, "submission")
        self.sizes = _sizes(header)
        self.jurisdiction = _text(header, "jurisdiction") if "jurisdiction" in header else ""
        if head_size + sum(size + TAG_SIZE for size in self.sizes) != len(view):
            raise SealedError("truncated, or longer than its header says")
        self.head = view[:head_size]
        self.parts = tuple(_split(view, head_size, self.sizes))

    @property
    def pieces(self) -> tuple[memoryview, ...]:
        """The head and the parts, in place."""
        return (self.head, *self.parts)

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hexadecimal) over the head and every part's tag: names these bytes."""
        state = hashlib.sha256(self.head)
        for part in self.parts:
            state.update(part[-TAG_SIZE:])
        return state.hexdigest()

    @property
    def key_ids(self) -> frozenset[str]:
        """Names of the keys that the header says can open it."""
        return frozenset(self._wrapped)

    def open(self, key: SealingKey) -> Opened:
        """Unwrap the data key.

        Raises:
            SealedError: the key is no recipient, or the head was altered.
        """
        wrapped = self._wrapped.get(key.key_id)
        if wrapped is None:
            raise SealedError("not sealed for this key")
        try:
            chosen = provider(self.provider)
        except KeyFileError as error:
            raise SealedError("sealed by an unknown provider") from error
        data_key = key.unwrap(wrapped, _context(self.submission_id))
        bound = chosen.digest([self.head])
        return Opened(view=self, cipher=chosen.cipher(data_key), bound=bound)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """Sealed bytes with their data key; parts are decrypted when asked for."""

    view: SealedView
    cipher: PartCipher
    bound: bytes

    def body(self) -> bytes:
        """Return the body; raise `SealedError` when it was altered."""
        return self.part(0)

    def attachment(self, index: int) -> bytes:
        """Return attachment ``index`` (from 0); raise `SealedError` when it was altered."""
        return self.part(index + 1)

    def part(self, index: int) -> bytes:
        """Return one part's plain bytes."""
        count = len(self.view.parts)
        return self.cipher.open(
            _nonce(index), self.view.parts[index], self.bound + _PLACE.pack(index, count)
        )


def _pieces(
    chosen: Provider, submission: Submission, to: Sequence[PublicSealingKey]
) -> Iterator[Buffer]:
    """Yield the head, then each sealed part in a buffer that the next part reuses."""
    plain = [memoryview(part).cast("B") for part in (submission.body, *submission.attachments)]
    if not to or len(plain) > MAX_PARTS:
        raise SealedError("no recipient, or too many parts")
    data_key = chosen.new_data_key()
    head = _head(chosen, submission, [len(part) for part in plain], data_key, to)
    yield head
    cipher, bound = chosen.cipher(data_key), chosen.digest([head])
    scratch = memoryview(bytearray(max(len(part) for part in plain) + TAG_SIZE))
    for index, part in enumerate(plain):
        out = scratch[: len(part) + TAG_SIZE]
        cipher.seal_into(_nonce(index), part, bound + _PLACE.pack(index, len(plain)), out)
        yield out


def _head(
    chosen: Provider,
    submission: Submission,
    sizes: list[int],
    data_key: bytes,
    to: Sequence[PublicSealingKey],
) -> bytes:
    keys = [
        {
            "holder": key.holder,
            "id": key.key_id,
            "wrapped": base64.b64encode(
                chosen.wrap(data_key, key.public, _context(submission.submission_id))
            ).decode(),
        }
        for key in to
    ]
    told: dict[str, object] = {
        "keys": keys,
        "provider": chosen.name,
        "sizes": sizes,
        "submission": submission.submission_id,
    }
    if submission.jurisdiction:
        told["jurisdiction"] = submission.jurisdiction
    header = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
    return _PREFIX.pack(MAGIC, VERSION, len(header)) + header


def keys_of_head(head: Buffer) -> frozenset[str]:
    """Return the names of the keys that can open what a head belongs to.

    Raises:
        SealedError: it is no head.
    """
    return frozenset(_wrapped_keys(_read_header(memoryview(head).cast("B"))[1]))


def _read_header(view: memoryview) -> tuple[int, dict[str, object]]:
    """Return where part 0 begins, and the header."""
    if len(view) < _PREFIX.size:
        raise SealedError("too short")
    magic, version, length = _PREFIX.unpack_from(view)
    if magic != MAGIC or version != VERSION or length > MAX_HEADER:
        raise SealedError("not sealed bytes of a known version")
    end = _PREFIX.size + length
    try:
        header = json.loads(bytes(view[_PREFIX.size : end]))
    except (ValueError, RecursionError) as error:
        raise SealedError("the header is damaged") from error
    if not isinstance(header, dict):
        raise SealedError("the header is damaged")
    return end, header


def _wrapped_keys(header: dict[str, object]) -> dict[str, bytes]:
    keys = header.get("keys")
    if not isinstance(keys, list):
        raise SealedError("the header names no keys")
    try:
        return {str(k["id"]): base64.b64decode(k["wrapped"], validate=True) for k in keys}
    except (KeyError, TypeError, ValueError) as error:
        raise SealedError("the header's keys are damaged") from error


def _text(header: dict[str, object], name: str) -> str:
    value = header.get(name)
    if not isinstance(value, str):
        raise SealedError(f"the header names no {name}")
    return value


def _sizes(header: dict[str, object]) -> tuple[int, ...]:
    sizes = header.get("sizes")
    if not isinstance(sizes, list) or not 1 <= len(sizes) <= MAX_PARTS:
        raise SealedError("the header names no sizes")
    if not all(type(size) is int and size >= 0 for size in sizes):
        raise SealedError("the header's sizes are damaged")
    return tuple(sizes)


def _split(view: memoryview, start: int, sizes: Sequence[int]) -> Iterator[memoryview]:
    for size in sizes:
        end = start + size + TAG_SIZE
        yield view[start:end]
        start = end


def _context(submission_id: str) -> bytes:
    return _CONTEXT + submission_id.encode("utf-8", "backslashreplace")


def _nonce(index: int) -> bytes:
    return index.to_bytes(NONCE_SIZE, "big")


def _write_all(fd: int, data: Buffer) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
