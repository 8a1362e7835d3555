"""Moments in the legal time of China, as tests write them."""

from __future__ import annotations

from datetime import datetime

from intake.receiving.numbers import CHINA


def china(words: str) -> datetime:
    """Return a moment in legal time."""
    return datetime.fromisoformat(words).replace(tzinfo=CHINA)
