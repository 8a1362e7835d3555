"""A document as a printer sees it: a title and bounded blocks of seven kinds, nothing else; pure.

The JSON form, as messages and files carry it::

    {"title": "…", "number": "…",
     "blocks": [{"heading": "…"}, {"text": "…"}, {"list": ["…"], "numbered": true},
                {"table": [["label", "value"], …]}, {"sign": ["申请人签名", …]},
                {"qr": "…", "caption": "…"}, {"rule": true}],
     "footer": {"terminal": "…", "date": "2026-01-31"}}

``number`` and ``footer`` may be left out, so may ``numbered`` and ``caption``.  Every text is made
harmless here, before anything is laid out: control, bidirectional and zero-width characters go.  A
document that is too long is refused, never shortened: half a commitment is another one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from standards.charset import printable

MAX_BLOCKS = 200
MAX_ITEMS = 100
"""Items of a list, rows of a table."""
MAX_SIGNATURES = 6
MAX_TEXT = 4000
"""Characters of one text."""
MAX_CHARACTERS = 30_000
"""Characters of a document; about 20 pages."""
MAX_QR = 512
"""UTF-8 bytes of one QR payload."""
MAX_QRS = 8

_ACTING = 4  # characters that are dropped may be this many times those that stay


class DocumentError(ValueError):
    """A document is not of the documented form or too large (developers must act)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A heading; it stays with what follows it."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """A paragraph, its first line indented by two characters as GB/T 9704 has it."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Items:
    """A list, with numbers or dots."""

    texts: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows of a label and its value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Signatures:
    """Lines to sign on by hand, each with a place for the date."""

    labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """A QR code with words beside it."""

    payload: str
    caption: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A thin line across the sheet."""


Block = Heading | Paragraph | Items | Table | Signatures | Code | Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Footer:
    """Which terminal printed it and when; no seal, and nothing that looks like one."""

    terminal: str
    date: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One document; every text in it is safe to print."""

    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    footer: Footer | None = None


def parse(content: object) -> Document:
    """Return the document that `content` (decoded JSON) describes.

    Raises:
        DocumentError: the form is wrong or a limit is broken; names the block, not what it says.
    """
    if not isinstance(content, Mapping) or set(content) - {"title", "blocks", "number", "footer"}:
        raise DocumentError("a document is an object of title, number, blocks and footer")
    blocks = _sequence("blocks", content.get("blocks"), MAX_BLOCKS)
    document = Document(
        title=_clean("title", content.get("title")),
        number=_clean("number", content.get("number", "")),
        blocks=tuple(_block(f"block {place}", one) for place, one in enumerate(blocks, start=1)),
        footer=_footer(content["footer"]) if "footer" in content else None,
    )
    if not document.title.strip():
        raise DocumentError("title: is empty")
    if sum(map(len, texts(document))) > MAX_CHARACTERS:
        raise DocumentError(f"more than {MAX_CHARACTERS} characters")
    if sum(isinstance(one, Code) for one in document.blocks) > MAX_QRS:
        raise DocumentError(f"more than {MAX_QRS} QR codes")
    return document


def texts(document: Document) -> list[str]:
    """Return every text that will be drawn, in order."""
    found = [document.title, document.number]
    for block in document.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text):
                found.append(text)
            case Items(texts=items) | Signatures(labels=items):
                found += items
            case Table(rows=rows):
                found += [cell for row in rows for cell in row]
            case Code(caption=caption):
                found.append(caption)
            case Rule():
                pass
    if document.footer is not None:
        found.append(document.footer.terminal)
    return found


def _block(where: str, block: object) -> Block:
    if not isinstance(block, Mapping):
        raise DocumentError(f"{where}: an object is expected")
    for key, read in _READERS.items():
        if key in block:
            return read(where, block)
    raise DocumentError(f"{where}: unknown kind of block")


def _heading(where: str, block: Mapping[str, object]) -> Block:
    _only(where, block, "heading")
    return Heading(text=_clean(where, block["heading"]))


def _paragraph(where: str, block: Mapping[str, object]) -> Block:
    _only(where, block, "text")
    return Paragraph(text=_clean(where, block["text"]))


def _items(where: str, block: Mapping[str, object]) -> Block:
    _only(where, block, "list", "numbered")
    numbered = block.get("numbered", False)
    if not isinstance(numbered, bool):
        raise DocumentError(f"{where}: numbered is true or false")
    items = _sequence(where, block["list"], MAX_ITEMS)
    return Items(texts=tuple(_clean(where, one) for one in items), numbered=numbered)


def _table(where: str, block: Mapping[str, object]) -> Block:
    _only(where, block, "table")
    rows = []
    for row in _sequence(where, block["table"], MAX_ITEMS):
        cells = _sequence(where, row, 2)
        if len(cells) != 2:
            raise DocumentError(f"{where}: a row is a label and a value")
        rows.append((_clean(where, cells[0]), _clean(where, cells[1])))
    return Table(rows=tuple(rows))


def _signatures(where: str, block: Mapping[str, object]) -> Block:
    _only(where, block, "sign")
    labels = _sequence(where, block["sign"], MAX_SIGNATURES)
    return Signatures(labels=tuple(_clean(where, one) for one in labels))


def _code(where: str, block: Mapping[str, object]) -> Block:
    """Read a QR code; a payload with anything unprintable in it is refused, not repaired."""
    _only(where, block, "qr", "caption")
    payload = block["qr"]
    if not isinstance(payload, str) or not payload or printable(payload) != payload:
        raise DocumentError(f"{where}: a printable QR payload is expected")
    if len(payload.encode("utf-8")) > MAX_QR:
        raise DocumentError(f"{where}: the QR payload is too long")
    return Code(payload=payload, caption=_clean(where, block.get("caption", "")))


def _rule(where: str, block: Mapping[str, object]) -> Block:
    _only(where, block, "rule")
    if block["rule"] is not True:
        raise DocumentError(f"{where}: rule is true")
    return Rule()


_READERS: Mapping[str, Callable[[str, Mapping[str, object]], Block]] = {
    "heading": _heading,
    "text": _paragraph,
    "list": _items,
    "table": _table,
    "sign": _signatures,
    "qr": _code,
    "rule": _rule,
}


def _footer(content: object) -> Footer:
    if not isinstance(content, Mapping) or set(content) != {"terminal", "date"}:
        raise DocumentError("footer: an object of terminal and date is expected")
    try:
        date = dt.date.fromisoformat(str(content["date"]))
    except ValueError as error:
        raise DocumentError("footer: date is not of the form 2026-01-31") from error
    return Footer(terminal=_clean("footer", content["terminal"]), date=date)


def _only(where: str, block: Mapping[str, object], *keys: str) -> None:
    if set(block) - set(keys):
        raise DocumentError(f"{where}: has a key that does not belong there")


def _sequence(where: str, value: object, most: int) -> Sequence[object]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise DocumentError(f"{where}: a list is expected")
    if len(value) > most:
        raise DocumentError(f"{where}: more than {most}")
    return value


def _clean(where: str, text: object) -> str:
    if not isinstance(text, str):
        raise DocumentError(f"{where}: a text is expected")
    if len(text) > MAX_TEXT * _ACTING:
        raise DocumentError(f"{where}: longer than {MAX_TEXT} characters")
    cleaned = printable(text)
    if len(cleaned) > MAX_TEXT:
        raise DocumentError(f"{where}: longer than {MAX_TEXT} characters")
    return cleaned
