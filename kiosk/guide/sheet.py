"""A guide as a document for the terminal's A4 printer, which lays it out itself.

The form is that of ``XDocument.Print``: a title and blocks of headings, lists and tables.  It takes
at most 200 blocks and 30 000 characters; what is longer than that is told in the simple version,
with the QR that leads to all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kiosk.domain.guide import GuideRecord, Part

Block = dict[str, object]
MOST_BLOCKS = 190
MOST_CHARACTERS = 28_000
"""A little under the printer's bounds, for title and foot."""


def document(own: GuideRecord, *, address: str, terminal: str, today: date) -> dict[str, object]:
    """Return the document: the complete guide where it fits, else what one needs to come."""
    whole = [*_opening(own, address), *_items(own)]
    fits = len(whole) <= MOST_BLOCKS and len(str(whole)) <= MOST_CHARACTERS
    blocks = whole if fits else list(_opening(own, address))
    return {
        "title": f"{own.name}办事指南",
        "blocks": [*blocks, {"rule": True}, {"text": f"来源：{own.source}"}],
        "footer": {"terminal": terminal, "date": today.isoformat()},
    }


def _opening(own: GuideRecord, address: str) -> Iterator[Block]:
    if own.note:
        yield {"text": f"【{own.note}】"}
    if own.intro:
        yield {"text": own.intro}
    if address:
        yield {"qr": address, "caption": "手机扫码看，随时看最新的"}
    for part in own.heads:
        yield {"heading": part.title}
        yield {"list": list(part.lines)}
    yield {"heading": "办理流程图"}
    for line in own.flow:
        yield {"text": line}


def _items(own: GuideRecord) -> Iterator[Block]:
    for item in own.items:
        yield {"heading": f"{item.name}（{item.departments}）"}
        if item.line:
            yield {"text": item.line}
        if item.parts:
            yield {"table": [_row(part) for part in item.whole]}


def _row(part: Part) -> list[str]:
    return [part.title, "；".join(part.lines)]
