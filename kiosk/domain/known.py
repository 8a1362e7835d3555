"""A value that is known before the citizen is asked, with where it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A value from a card, a licence, a share or an earlier answer.

    ``source`` is a source word of the catalogue (``id_card``, ``share:医保``); ``as_of`` is
    RFC 3339 or empty; ``masked`` is what may be shown in place of the value, or empty.
    ``others`` are what further registers say instead, each a value and its source: the citizen
    sees that they differ.
    """

    value: str
    source: str
    as_of: str = ""
    editable: bool = True
    masked: str = ""
    others: tuple[tuple[str, str], ...] = ()
