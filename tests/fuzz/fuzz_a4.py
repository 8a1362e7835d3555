"""Any bytes as a printer's answer and as a document: understood, or the one error of each.

What is understood means something, too: a condition of a printer in the standard's words, a job, a
document whose lines lose nothing.
"""

from __future__ import annotations

import json

from drivers.a4 import condition, job, lines
from drivers.a4.connection import Target
from drivers.a4.document import DocumentError, parse, texts
from drivers.a4.ipp import (
    Group,
    GroupTag,
    IppError,
    Message,
    Operation,
    Tag,
    attribute,
    decode,
    encode,
    operation,
)
from drivers.a4.job import JobState, Seen
from standards.charset import printable

_PRINTER = Group(
    tag=GroupTag.PRINTER,
    attributes=(
        attribute("printer-state", Tag.ENUM, 5),
        attribute("printer-state-reasons", Tag.KEYWORD, "media-jam-error", "toner-low-warning"),
        attribute("marker-levels", Tag.INTEGER, 80, -2),
        attribute("device-uri", Tag.URI, "ipp://192.0.2.7/ipp/print?waitjob=false"),
    ),
)
_JOB = Group(
    tag=GroupTag.JOB,
    attributes=(
        attribute("job-state", Tag.ENUM, 9),
        attribute("job-state-reasons", Tag.KEYWORD, "processing-to-stop-point"),
        attribute("job-impressions-completed", Tag.INTEGER, 3),
    ),
)
SEEDS = [
    encode(operation(Operation.GET_JOBS, 3, (attribute("my-jobs", Tag.BOOLEAN, True),))),
    encode(Message(code=0, request_id=1, groups=(_PRINTER,))),
    encode(Message(code=0, request_id=1, groups=(_JOB, _JOB))),
    b'{"title":"a","blocks":[{"text":"b"},{"list":["c"],"numbered":true},{"table":[["d","e"]]}]}',
    (
        b'{"title":"a","number":"1","blocks":[{"sign":["f"]},{"qr":"g","caption":"h"},{"rule":true}],'
        b'"footer":{"terminal":"T","date":"2026-01-31"}}'
    ),
    b"ipp://[::1]:8631/printers/A4",
]

_TEXTS = (Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.CHARSET, Tag.LANGUAGE, Tag.MEDIA_TYPE)
_KINDS: dict[int, set[type]] = {
    Tag.INTEGER: {int},
    Tag.ENUM: {int},
    Tag.BOOLEAN: {bool},
    **{key: {str} for key in _TEXTS},
}


def one_input(data: bytes) -> None:
    """Take the bytes for each of them."""
    _answer(data)
    _document(data)
    try:
        Target.parse(data.decode("utf-8", "replace"))
    except ValueError:
        return


def _answer(data: bytes) -> None:
    try:
        message, _ = decode(data)
    except IppError:
        return
    attributes = [one for group in message.groups for one in group.attributes]
    if all(
        one.values and _KINDS.get(one.tag) == {type(v) for v in one.values} for one in attributes
    ) and decode(encode(message)) != (message, b""):
        raise AssertionError("what was understood is not what is sent again")
    for group in message.groups:
        condition.read(group)
        job.read(group, Seen(state=JobState.PENDING), connecting=False)


def _document(data: bytes) -> None:
    try:
        document = parse(json.loads(data))
    except (DocumentError, ValueError, RecursionError):
        return
    for text in texts(document):
        if printable(text) != text:
            raise AssertionError("a character that acts was let through")
        found = lines.broken(text, 20.0, len)
        if "".join("".join(found).split()) != "".join(text.split()):
            raise AssertionError("a line lost something")
