"""Whatever a session can report as trouble has a sentence on the page that tells it."""

from __future__ import annotations

import pytest

from kiosk.session import camera, devices, filing, reading
from kiosk.translation import Translator

LANGUAGES = ("zh", "en")
OFFICE = {"unreachable", "refused", "garbled"}
"""What a call to the intake can end with, as `kiosk.session.office` names it."""
REASONS = {
    "capture": {"camera_absent", "camera_failed", *camera._TROUBLE.values()},
    "card": {"left", "reader_absent", "reader_failed", *devices._CARD_TROUBLE.values()},
    "fetching": OFFICE,
    "progress_scan": OFFICE | {"invalid", "timeout", "too_long", "scanner_failed", "not_arrived"},
    "review": {"unanswered", "agent_down", "damaged", reading.OLD, reading.MOVED}
    | {*filing._TROUBLE.values()},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("page", "reason"),
    [(page, own) for page, reasons in REASONS.items() for own in sorted(reasons)],
)
def test_every_trouble_has_words(language: str, page: str, reason: str) -> None:
    """A reason without words would be a page that breaks just when something is wrong."""
    words = Translator(language, strict=True)
    known = {"phone": "12345", "day": "2026-11-22"}
    assert words.text(f"{page}.trouble.{reason}", **known).strip()
