"""Messages of the Internet Printing Protocol (IPP/1.1 and 2.0) as bytes and back; pure.

Source: RFC 8010 (encoding) and RFC 8011 (operations, attributes, states).  Numbers of more than a
byte are big-endian::

    version 2  operation or status 2  request id 4
    groups: delimiter tag 1, then attributes: tag 1, name length 2, name, value length 2, value
    a further value of the same attribute has a name of length 0
    end tag 0x03, then the document, if one is sent

Collections are read through and their members dropped: nothing that is asked for here is one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

LONGEST = 256 * 1024
"""Bytes of a message without its document; answers have a few thousand."""

MOST_VALUES = 4096
"""Values in one message."""

_VERSION = b"\x01\x01"  # every printer and CUPS take 1.1 (RFC 8011 4.1.8)
_HEAD = struct.Struct(">2sHi")
_LENGTH = struct.Struct(">H")
_NUMBER = struct.Struct(">i")
_END = 0x03
_FIRST_VALUE_TAG = 0x10
_COLLECTION, _COLLECTION_END, _MEMBER = 0x34, 0x37, 0x4A


class IppError(ValueError):
    """Bytes that are no IPP message; says where, never what."""


class Operation(IntEnum):
    """What is asked (RFC 8011 5.4.15)."""

    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class Status(IntEnum):
    """What came of it (RFC 8011 appendix B): those told apart; below 0x100 all is well."""

    OK = 0x0000
    FORBIDDEN = 0x0401
    NOT_AUTHENTICATED = 0x0402
    NOT_AUTHORIZED = 0x0403
    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406
    DOCUMENT_FORMAT_NOT_SUPPORTED = 0x040A
    DOCUMENT_FORMAT_ERROR = 0x0411
    BAD_REQUEST = 0x0400
    OPERATION_NOT_SUPPORTED = 0x0501
    NOT_ACCEPTING_JOBS = 0x0506
    BUSY = 0x0507


class GroupTag(IntEnum):
    """Which group of attributes begins (RFC 8010 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """Kind of a value (RFC 8010 3.5.2)."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MEDIA_TYPE = 0x49


Value = int | bool | str
_NUMBERS = frozenset({Tag.INTEGER, Tag.ENUM})
_TEXTS = frozenset(range(0x40, 0x4A))


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute:
    """One attribute; values of a kind that is not read are left out."""

    name: str
    tag: int
    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One group of attributes, in the order of the message."""

    tag: int
    attributes: tuple[Attribute, ...]

    def values(self, name: str) -> tuple[Value, ...]:
        """Return the values of an attribute, none if it is not there."""
        return next((one.values for one in self.attributes if one.name == name), ())

    def number(self, name: str) -> int | None:
        """Return a number, ``None`` if there is none."""
        found = self.values(name)
        return int(found[0]) if found and isinstance(found[0], int) else None

    def words(self, name: str) -> tuple[str, ...]:
        """Return the texts of an attribute."""
        return tuple(one for one in self.values(name) if isinstance(one, str))


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A request (`code` is an operation) or an answer (`code` is a status)."""

    code: int
    request_id: int
    groups: tuple[Group, ...]

    def group(self, tag: int) -> Group:
        """Return the first group of that kind, an empty one if there is none."""
        empty = Group(tag=tag, attributes=())
        return next((one for one in self.groups if one.tag == tag), empty)

    def all_groups(self, tag: int) -> tuple[Group, ...]:
        """Return every group of that kind, one a job."""
        return tuple(one for one in self.groups if one.tag == tag)

    @property
    def good(self) -> bool:
        """Whether the answer is one of the successful ones (RFC 8011 B.1.2)."""
        return self.code < 0x0100


def attribute(name: str, tag: Tag, *values: Value) -> Attribute:
    """Return an attribute with these values."""
    return Attribute(name=name, tag=tag, values=values)


def encode(message: Message) -> bytes:
    """Return a message as bytes; a document may follow them.

    Raises:
        IppError: a text is longer than 32,767 bytes.
    """
    parts = [_HEAD.pack(_VERSION, message.code, message.request_id)]
    for group in message.groups:
        parts.append(bytes([group.tag]))
        for one in group.attributes:
            for place, value in enumerate(one.values):
                name = one.name if place == 0 else ""
                parts += (bytes([one.tag]), _with_length(name.encode()), _value(one.tag, value))
    parts.append(bytes([_END]))
    return b"".join(parts)


def decode(data: bytes) -> tuple[Message, bytes]:
    """Return the message at the beginning of ``data``, and the document behind it.

    Raises:
        IppError: it is no whole IPP message within the limits.
    """
    if len(data) < _HEAD.size:
        raise IppError("shorter than the head of a message")
    version, code, request_id = _HEAD.unpack_from(data)
    if version[0] not in (1, 2):
        raise IppError("an unknown version")
    groups, place = _groups(data, _HEAD.size)
    return Message(code=code, request_id=request_id, groups=groups), data[place:]


def _groups(data: bytes, place: int) -> tuple[tuple[Group, ...], int]:
    """Return the groups from this place on, and the place behind the end tag."""
    groups: list[Group] = []
    attributes: list[Attribute] = []
    counted = depth = 0
    while True:
        if place >= min(len(data), LONGEST):
            raise IppError("no end")
        tag = data[place]
        if tag < _FIRST_VALUE_TAG:
            if groups:
                groups[-1] = Group(tag=groups[-1].tag, attributes=tuple(attributes))
            if tag == _END:
                return tuple(groups), place + 1
            groups.append(Group(tag=tag, attributes=()))
            attributes, depth, place = [], 0, place + 1
            continue
        if not groups:
            raise IppError("an attribute outside a group")
        name, raw, place = _raw(data, place + 1)
        counted += 1
        if counted > MOST_VALUES:
            raise IppError("too many values")
        depth += (tag == _COLLECTION) - (tag == _COLLECTION_END)
        inside = depth > 0 or tag in (_COLLECTION, _COLLECTION_END, _MEMBER)
        _add(attributes, name, tag, () if inside else _read(tag, raw))


def _add(attributes: list[Attribute], name: str, tag: int, values: tuple[Value, ...]) -> None:
    """Add an attribute, or a further value to the last one."""
    if name:
        attributes.append(Attribute(name=name, tag=tag, values=values))
    elif not attributes:
        raise IppError("a further value without an attribute")
    else:
        last = attributes[-1]
        attributes[-1] = Attribute(name=last.name, tag=last.tag, values=last.values + values)


def _raw(data: bytes, place: int) -> tuple[str, bytes, int]:
    """Return the name and the value's bytes at this place, and the place behind them."""
    name, place = _counted(data, place)
    value, place = _counted(data, place)
    try:
        return name.decode("ascii"), value, place
    except UnicodeDecodeError as error:
        raise IppError("a name that is not ASCII") from error


def _counted(data: bytes, place: int) -> tuple[bytes, int]:
    if place + 2 > len(data):
        raise IppError("ends within a length")
    (length,) = _LENGTH.unpack_from(data, place)
    end = place + 2 + length
    if end > len(data):
        raise IppError("ends within a value")
    return data[place + 2 : end], end


def _read(tag: int, raw: bytes) -> tuple[Value, ...]:
    """Return the value in these bytes; none for kinds that nobody here asks for."""
    if tag in _NUMBERS:
        if len(raw) != _NUMBER.size:
            raise IppError("a number that has not four bytes")
        return (int(_NUMBER.unpack(raw)[0]),)
    if tag == Tag.BOOLEAN:
        if len(raw) != 1:
            raise IppError("a truth value that has not one byte")
        return (raw != b"\x00",)
    if tag in _TEXTS:
        return (raw.decode("utf-8", "replace"),)
    return ()


def _value(tag: int, value: Value) -> bytes:
    if tag in _NUMBERS:
        return _with_length(_NUMBER.pack(int(value)))
    if tag == Tag.BOOLEAN:
        return _with_length(b"\x01" if value else b"\x00")
    return _with_length(str(value).encode())


def _with_length(data: bytes) -> bytes:
    if len(data) > 0x7FFF:
        raise IppError("a text is too long")
    return _LENGTH.pack(len(data)) + data


def operation(
    code: Operation, request_id: int, first: Sequence[Attribute], job: Sequence[Attribute] = ()
) -> Message:
    """Return a request; character set and language come first, as they must (RFC 8011 4.1.4)."""
    return Message(code=code, request_id=request_id, groups=tuple(_request_groups(first, job)))


def _request_groups(first: Sequence[Attribute], job: Sequence[Attribute]) -> Iterator[Group]:
    head = (
        attribute("attributes-charset", Tag.CHARSET, "utf-8"),
        attribute("attributes-natural-language", Tag.LANGUAGE, "en"),
    )
    yield Group(tag=GroupTag.OPERATION, attributes=(*head, *first))
    if job:
        yield Group(tag=GroupTag.JOB, attributes=tuple(job))
