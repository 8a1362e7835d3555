"""Refuse entries of the dictionary that no item of any thing asks for.

Looked at when a whole configuration is checked: a terminal reads the things of its own place alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kiosk.catalogue.faults import fault
from kiosk.catalogue.sources import Sources
from kiosk.documents import DocumentFault

_HINT = "Take it out, or name it in the item that asks for it."


def check_used(whole: Iterable[Sources]) -> Iterator[DocumentFault]:
    """Return each field and paper that none of the things of ``whole`` names."""
    every = tuple(whole)
    items = [item for own in every for thing in own.things for item in thing.file.items]
    named = {key for item in items for key in (*item.fields, *item.materials)}
    for source in every[0].dictionary if every else ():
        for part, entries in (("fields", source.file.fields), ("materials", source.file.materials)):
            for key in entries:
                if key not in named:
                    problem = f"no item asks for {key}"
                    yield fault(source.document, (part, key), problem, _HINT)
