"""New paper: what the printer sees counts, not that it can still print."""

from __future__ import annotations

from typing import cast

import pytest

from kiosk.maintenance.facts import Payload, Statuses
from kiosk.session.maintenance import trials
from kiosk.session.maintenance.bench import Answer, Bench
from kiosk.session.maintenance.trials import Trials
from kiosk.translation import Translator

PART = "receipt_printer"


class Printer:
    """A bench with one printer that prints, and says of its paper one word after the other."""

    def __init__(self, *papers: str) -> None:
        self._papers = list(papers)

    def call(self, _at: object, _command: str, _payload: Payload, _within: float) -> Answer:
        """Print."""
        return Answer(payload={"printed": True})

    def look(self) -> Statuses:
        """Tell the next word; the last one stays."""
        paper = self._papers.pop(0) if len(self._papers) > 1 else self._papers[0]
        status = {"common": {"device": "online"}, "printer": {"paper": {"upper": paper}}}
        return Statuses(devices={PART: status})


@pytest.mark.parametrize(
    ("papers", "well", "told"),
    [
        (["full"], True, "upkeep.paper.well"),
        (["low", "full"], True, "upkeep.paper.well"),
        (["low"], False, "upkeep.paper.still_low"),
        (["out"], False, "upkeep.paper.still_low"),
    ],
)
def test_paper_is_new_when_the_printer_sees_it(
    monkeypatch: pytest.MonkeyPatch, papers: list[str], *, well: bool, told: str
) -> None:
    """A slip that comes out of the old roll is no new paper, and is not recorded as such."""
    monkeypatch.setattr(trials, "SENSOR_S", 0.05)
    monkeypatch.setattr(trials, "SENSOR_EVERY_S", 0.01)
    own = Trials(cast("Bench", Printer(*papers)), Translator("zh", strict=True), lambda: None)
    did = own.replenished(PART, 1, "0317")
    assert (did.well, did.told.key) == (well, told)
    assert well or did.result == "still_low"


class Camera:
    """A bench whose camera says one thing of every picture."""

    def __init__(self, *faults: str) -> None:
        self._faults = list(faults)

    def call(self, _at: object, _command: str, _payload: Payload, _within: float) -> Answer:
        """Take a picture."""
        return Answer(payload={"faults": self._faults})


@pytest.mark.parametrize(("fault", "told"), [("no_page", "page_none"), ("glare", "page_faults")])
def test_no_sheet_is_not_told_as_a_bad_picture(
    monkeypatch: pytest.MonkeyPatch, fault: str, told: str
) -> None:
    """Where nothing lay under the camera nothing was taken that could be bad."""
    monkeypatch.setattr(trials, "PAGE_S", 0.02)
    monkeypatch.setattr(trials, "PAGE_EVERY_S", 0.01)
    own = Trials(cast("Bench", Camera(fault)), Translator("zh", strict=True), lambda: None)
    said: list[str] = []
    did = own.page(1, lambda words: said.append(words.key))
    assert (did.well, did.told.key) == (False, f"upkeep.test.{told}")
    assert ("upkeep.test.page_faults" in said) == (told == "page_faults")


class Scanner:
    """A bench whose scanner sees one code."""

    def call(self, _at: object, _command: str, _payload: Payload, _within: float) -> Answer:
        """Scan."""
        return Answer(payload={"readOutput": [{"barcodeData": "QU5ZIENPREU="}]})


def test_without_a_slip_of_this_stay_any_code_is_asked_for() -> None:
    """Who goes on with a check of the morning has no slip that was just printed."""
    own = Trials(cast("Bench", Scanner()), Translator("zh", strict=True), lambda: None)
    said: list[str] = []
    did = own.scan(1, lambda words: said.append(words.key), own=True)
    assert (did.well, said) == (True, ["upkeep.test.scan"])
