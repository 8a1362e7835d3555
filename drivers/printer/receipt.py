"""A slip as a device sees it: a title and bounded lines of six kinds, nothing else.

The JSON form, as messages and files carry it::

    {"title": "…", "lines": [{"text": "…"}, {"big": "…"}, {"label": "…", "value": "…"},
                             {"qr": "…"}, {"barcode": "…"}, {"rule": true}]}

Every text is made harmless here, before anything is laid out: control, bidirectional and
zero-width characters go, and a text longer than `MAX_TEXT` ends in an ellipsis.
The payload of a code is never shortened, since a shortened address would lead elsewhere: it is
refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from standards.charset import printable

MAX_LINES = 80
"""Lines of one slip."""

MAX_CHARACTERS = 4000
"""Characters of one slip; about 80 cm of paper at most."""

MAX_TEXT = 300
"""Characters of one text, label or value."""

MAX_QR = 512
"""UTF-8 bytes of one QR payload."""

MAX_BARCODE = 24
"""Characters of one bar code; more would not fit the paper in bars a reader can tell apart."""

MAX_CODES = 4
"""QR and bar codes of one slip."""


class ReceiptError(ValueError):
    """A slip is not of the documented form or too large (developers must act)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A paragraph; `big` prints it double size and centred."""

    text: str
    big: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A label and its value, in two columns."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """A QR code, centred."""

    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bars:
    """A Code 128 bar code of printable ASCII, centred, with its text below."""

    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A thin line across the paper."""


Part = Text | Pair | Code | Bars | Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """One slip; every text in it is safe to print."""

    title: str
    parts: tuple[Part, ...]


def parse(content: object) -> Receipt:
    """Return the slip that `content` (decoded JSON) describes.

    Raises:
        ReceiptError: the form is wrong or a limit is broken; names the line, not what it says.
    """
    if not isinstance(content, Mapping) or set(content) - {"title", "lines"}:
        raise ReceiptError("a slip is an object of title and lines")
    lines = content.get("lines")
    if not isinstance(lines, Sequence) or isinstance(lines, str | bytes):
        raise ReceiptError("lines must be a list")
    if len(lines) > MAX_LINES:
        raise ReceiptError(f"more than {MAX_LINES} lines")
    parts = tuple(_part(number, line) for number, line in enumerate(lines, start=1))
    if sum(isinstance(part, Code | Bars) for part in parts) > MAX_CODES:
        raise ReceiptError(f"more than {MAX_CODES} codes")
    receipt = Receipt(title=_clean(0, content.get("title")), parts=parts)
    if _length(receipt) > MAX_CHARACTERS:
        raise ReceiptError(f"more than {MAX_CHARACTERS} characters")
    return receipt


def _length(receipt: Receipt) -> int:
    texts = [receipt.title]
    for part in receipt.parts:
        if isinstance(part, Text):
            texts.append(part.text)
        elif isinstance(part, Pair):
            texts += (part.label, part.value)
    return sum(map(len, texts))


def _part(number: int, line: object) -> Part:
    if not isinstance(line, Mapping):
        raise ReceiptError(f"line {number}: an object is expected")
    keys = frozenset(line)
    if keys == {"text"}:
        return Text(text=_clean(number, line["text"]))
    if keys == {"big"}:
        return Text(text=_clean(number, line["big"]), big=True)
    if keys == {"label", "value"}:
        return Pair(label=_clean(number, line["label"]), value=_clean(number, line["value"]))
    if keys == {"qr"}:
        return Code(payload=_payload(number, line["qr"]))
    if keys == {"barcode"}:
        return Bars(payload=_bars(number, line["barcode"]))
    if keys == {"rule"} and line["rule"] is True:
        return Rule()
    raise ReceiptError(f"line {number}: unknown kind of line")


def _clean(number: int, text: object) -> str:
    if not isinstance(text, str):
        raise ReceiptError(f"line {number}: a text is expected")
    cleaned = printable(text[: MAX_TEXT * 4])
    return cleaned if len(cleaned) <= MAX_TEXT else cleaned[: MAX_TEXT - 1] + "…"


def _payload(number: int, payload: object) -> str:
    """Return a QR payload; one with anything unprintable in it is refused, not repaired."""
    if not isinstance(payload, str) or not payload:
        raise ReceiptError(f"line {number}: a QR payload is expected")
    try:
        size = len(payload.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise ReceiptError(f"line {number}: the QR payload is not text") from error
    if size > MAX_QR or printable(payload) != payload:
        raise ReceiptError(f"line {number}: the QR payload is too long or not printable")
    return payload


def _bars(number: int, payload: object) -> str:
    """Return the payload of a bar code; what is not short printable ASCII is refused."""
    if not isinstance(payload, str) or not 1 <= len(payload) <= MAX_BARCODE:
        raise ReceiptError(f"line {number}: a bar code has 1 to {MAX_BARCODE} characters")
    if not all("\u0020" <= character <= "\u007e" for character in payload):
        raise ReceiptError(f"line {number}: a bar code takes printable ASCII only")
    return payload
