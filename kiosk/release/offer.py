"""A release as its group's document names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.status.software import Software


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A release; ``version`` is the document's, ``length`` and ``digest`` (SHA-256) the pack's."""

    group: str
    name: str
    version: int
    length: int
    digest: str
    software: Software | None = None

    @classmethod
    def kept(cls, told: Mapping[str, object]) -> Offer:
        """Return an offer as it was written down.

        Raises:
            TypeError, ValueError: spoilt.
        """
        software = told.get("software")
        own = Software(**software) if isinstance(software, dict) else None
        return cls(**{**told, "software": own})  # type: ignore[arg-type]
