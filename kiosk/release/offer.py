"""A release as its group's document names it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A release; ``version`` is the document's, ``length`` and ``digest`` (SHA-256) the pack's."""

    group: str
    name: str
    version: int
    length: int
    digest: str
