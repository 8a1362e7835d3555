"""Every fact of the dictionary has an example that its own question takes, today and much later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from kiosk.domain.examples import example
from kiosk.domain.faults import check

CONFIG = Path(__file__).parents[2] / "config"


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2036, 2, 29)])
def test_examples_are_taken(today: date) -> None:
    """Examples fit one another, too: a place that must differ does, narrowed choices are kept."""
    fields = load(CONFIG, "410700").dictionary
    told = {key: example(own, today) for key, own in fields.items()}
    found = [check(own, told[key], today=today, answers=told) for key, own in fields.items()]
    assert [fault for fault in found if fault] == []
