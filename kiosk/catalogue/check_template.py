"""Refuse a thing that still says what has to be written instead of saying it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kiosk.catalogue.faults import Location, fault
from kiosk.catalogue.sources import Sources
from kiosk.documents import DocumentFault

PLACEHOLDER: Final = "〔请填写〕"
"""What a new thing's file has wherever a clerk must write; see :mod:`kiosk.catalogue.starting`."""


def check_template(sources: Sources) -> Iterator[DocumentFault]:
    """Return each text of a thing that nobody has written yet."""
    for source in sources.things:
        for at in _unwritten(source.document.value, ()):
            hint = f"Write it and take {PLACEHOLDER} away."
            yield fault(source.document, at, "nobody has written this yet", hint)


def _unwritten(value: object, at: Location) -> Iterator[Location]:
    if isinstance(value, str) and PLACEHOLDER in value:
        yield at
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _unwritten(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unwritten(inner, (*at, index))
