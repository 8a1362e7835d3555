"""One XFS4IoT message: a header that says what it is, a payload that says what about.

The form is that of the releases whose messages are version 2.0 and later (CWA 17852): ``timeout``
(milliseconds), ``status``, ``completionCode`` and ``errorDescription`` live in the header, and a
property without a value is left out.  Text is UTF-8 JSON, at most 2 MiB; bytes travel as base64.

A message that cannot be taken is refused in its acknowledgement with one of three names; see
`Refusal`.  `parse` accepts or raises `EnvelopeError`, nothing else, whatever it is fed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn

Payload = Mapping[str, object]

MAX_MESSAGE = 2 * 1024 * 1024
"""Longest message taken, in bytes of UTF-8."""

UNNAMED = "Common.Unnamed"
"""Name in the acknowledgement of a message whose own name could not be read."""

_LARGEST_ID = 2**53 - 1  # the largest integer every JSON reader keeps
_NAME = re.compile(r"[A-Za-z][0-9A-Za-z]*\.[A-Za-z][0-9A-Za-z]*\Z")
_VERSION = re.compile(r"[1-9][0-9]{0,3}\.(?:0|[1-9][0-9]{0,3})\Z")


class MessageType(StrEnum):
    """What a message is for."""

    COMMAND = "command"
    ACKNOWLEDGE = "acknowledge"
    EVENT = "event"
    COMPLETION = "completion"
    UNSOLICITED = "unsolicited"


class Refusal(StrEnum):
    """Why an acknowledgement is final and no completion will follow."""

    INVALID_MESSAGE = "invalidMessage"
    INVALID_REQUEST_ID = "invalidRequestID"
    TOO_MANY_REQUESTS = "tooManyRequests"


class CompletionCode(StrEnum):
    """How a command ended; the words are the standard's."""

    SUCCESS = "success"
    COMMAND_ERROR_CODE = "commandErrorCode"
    CANCELED = "canceled"
    DEVICE_NOT_READY = "deviceNotReady"
    HARDWARE_ERROR = "hardwareError"
    INTERNAL_ERROR = "internalError"
    INVALID_COMMAND = "invalidCommand"
    INVALID_REQUEST_ID = "invalidRequestID"
    TIME_OUT = "timeOut"
    UNSUPPORTED_COMMAND = "unsupportedCommand"
    INVALID_DATA = "invalidData"
    USER_ERROR = "userError"
    UNSUPPORTED_DATA = "unsupportedData"
    FRAUD_ATTEMPT = "fraudAttempt"
    SEQUENCE_ERROR = "sequenceError"
    AUTHORISATION_REQUIRED = "authorisationRequired"
    NOT_ENOUGH_SPACE = "notEnoughSpace"


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """The header of a message; ``timeout`` is in milliseconds, ``None`` means none."""

    name: str
    type: MessageType
    version: str = "2.0"
    request_id: int | None = None
    timeout: int | None = None
    status: Refusal | None = None
    completion_code: CompletionCode | None = None
    error_description: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A header and what it carries; an absent payload is an empty one."""

    header: Header
    payload: Payload = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a command ended; ``description`` is for technicians and never holds a citizen's data."""

    code: CompletionCode = CompletionCode.SUCCESS
    payload: Payload = field(default_factory=dict)
    description: str | None = None


class EnvelopeError(ValueError):
    """A message that is refused; carries as much of its header as could be read."""

    def __init__(
        self,
        refusal: Refusal,
        problem: str,
        *,
        name: str = UNNAMED,
        request_id: int | None = None,
        version: str = "2.0",
    ) -> None:
        super().__init__(f"{refusal}: {problem}")
        self.refusal = refusal
        self.problem = problem
        self.name = name
        self.request_id = request_id
        self.version = version

    def acknowledge(self) -> Message:
        """Return the final refusal to send back."""
        return Message(
            header=Header(
                name=self.name,
                type=MessageType.ACKNOWLEDGE,
                version=self.version,
                request_id=self.request_id,
                status=self.refusal,
                error_description=self.problem,
            )
        )


def parse(data: str | bytes) -> Message:
    """Read one message.

    Args:
        data: the text of one web socket message, or its UTF-8 bytes.

    Raises:
        EnvelopeError: it is too long, not JSON, not of this form, or its request id is unusable.
    """
    document = _document(data)
    raw = document.get("header")
    if not isinstance(raw, dict):
        raise EnvelopeError(Refusal.INVALID_MESSAGE, "no header")
    payload = document.get("payload")
    reader = _HeaderReader(raw)
    header = reader.header()
    if payload is None:
        payload = {}
    if not isinstance(payload, dict):
        reader.refuse("the payload is not an object")
    return Message(header=header, payload=payload)


def build(message: Message) -> str:
    """Write one message as JSON text; properties without a value are left out.

    Raises:
        ValueError: the text would be longer than `MAX_MESSAGE`, or a value is not JSON.
    """
    head = message.header
    header: dict[str, object] = {"name": head.name, "type": head.type, "version": head.version}
    optional: dict[str, object | None] = {
        "requestId": head.request_id,
        "timeout": head.timeout,
        "status": head.status,
        "completionCode": head.completion_code,
        "errorDescription": head.error_description,
    }
    header.update({key: value for key, value in optional.items() if value is not None})
    document: dict[str, object] = {"header": header}
    if message.payload:
        document["payload"] = message.payload
    # Escaped to ASCII, so that any string a device gave can be sent.
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    if len(text) > MAX_MESSAGE:
        raise ValueError(f"message {head.name} is longer than {MAX_MESSAGE} bytes")
    return text


def _document(data: str | bytes) -> dict[str, object]:
    try:
        encoded = data.encode() if isinstance(data, str) else data
        if len(encoded) > MAX_MESSAGE:
            raise EnvelopeError(Refusal.INVALID_MESSAGE, "longer than 2 MiB")
        document = json.loads(encoded.decode(), parse_constant=_no_constant)
    except EnvelopeError:
        raise
    except (ValueError, RecursionError) as error:
        raise EnvelopeError(Refusal.INVALID_MESSAGE, "not UTF-8 JSON") from error
    if not isinstance(document, dict):
        raise EnvelopeError(Refusal.INVALID_MESSAGE, "not an object")
    return document


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


class _HeaderReader:
    """Reads a header field by field, so that a refusal can quote what was already read."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = raw
        self._name = UNNAMED
        self._version = "2.0"
        self._request_id: int | None = None

    def header(self) -> Header:
        self._name = self._matching("name", _NAME)
        if self._raw.get("version") is not None:
            self._version = self._matching("version", _VERSION)
        kind = self._type()
        self._request_id = self._read_request_id(required=kind is not MessageType.UNSOLICITED)
        return Header(
            name=self._name,
            type=kind,
            version=self._version,
            request_id=self._request_id,
            timeout=self._timeout(),
            status=self._refusal(),
            completion_code=self._completion_code(),
            error_description=self._description(),
        )

    def refuse(self, problem: str, refusal: Refusal = Refusal.INVALID_MESSAGE) -> NoReturn:
        raise EnvelopeError(
            refusal,
            problem,
            name=self._name,
            request_id=self._request_id,
            version=self._version,
        )

    def _matching(self, key: str, pattern: re.Pattern[str]) -> str:
        value = self._raw.get(key)
        if not isinstance(value, str) or not pattern.match(value):
            self.refuse(f"header.{key} is not of the form {pattern.pattern[:-2]}")
        return value

    def _type(self) -> MessageType:
        value = self._raw.get("type")
        try:
            return MessageType(str(value))
        except ValueError:
            self.refuse("header.type is unknown")

    def _read_request_id(self, *, required: bool) -> int | None:
        """An event without one is unsolicited (some hosts type it ``event``); others need it."""
        value = self._raw.get("requestId")
        kind = self._raw.get("type")
        if value is None and (not required or kind in ("event", "acknowledge")):
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _LARGEST_ID:
            self.refuse("header.requestId is not an integer above 0", Refusal.INVALID_REQUEST_ID)
        return value

    def _timeout(self) -> int | None:
        value = self._raw.get("timeout")
        if value is None or value == 0:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _LARGEST_ID:
            self.refuse("header.timeout is not a number of milliseconds")
        return value

    def _refusal(self) -> Refusal | None:
        value = self._raw.get("status")
        if value is None:
            return None
        try:
            return Refusal(str(value))
        except ValueError:
            self.refuse("header.status is unknown")

    def _completion_code(self) -> CompletionCode | None:
        """A code this list does not know (a newer service) is read as an internal error."""
        value = self._raw.get("completionCode")
        if value is None:
            return None
        try:
            return CompletionCode(str(value))
        except ValueError:
            return CompletionCode.INTERNAL_ERROR

    def _description(self) -> str | None:
        value = self._raw.get("errorDescription")
        return value if isinstance(value, str) else None
