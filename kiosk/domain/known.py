"""A value that is known before the citizen is asked, with where it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A value from a card, a licence, a share or an earlier answer.

    ``source`` is a source word of the catalogue (``id_card``, ``share:医保``); ``as_of`` is
    RFC 3339 or empty; ``masked`` is what may be shown in place of the value, or empty.
    """

    value: str
    source: str
    as_of: str = ""
    editable: bool = True
    masked: str = ""
