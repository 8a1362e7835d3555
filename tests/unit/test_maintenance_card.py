"""No card was read: whose fault it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import pytest

from drivers.service.client import Event
from kiosk.maintenance.facts import Payload, Statuses
from kiosk.session.maintenance import card_trials
from kiosk.session.maintenance.bench import Answer, Bench, Gone
from kiosk.session.maintenance.card_trials import try_card
from kiosk.translation import Translator

SEEN, LIFT, LIFTED = (
    "CardReader.MediaInsertedEvent",
    "XIdCard.LiftCardEvent",
    "CardReader.MediaRemovedEvent",
)
WORDS = Translator("zh", strict=True)


class Reader:
    """A bench with one card reader: what it tells of a read, and how it is afterwards."""

    parts = ("id_reader", "social_card")

    def __init__(self, error: str, *events: str, words: Sequence[str] = ("online",)) -> None:
        self._error, self._events, self._words = error, events, list(words)

    def call(
        self,
        _at: object,
        _command: str,
        _payload: Payload,
        _within: float,
        happened: Callable[[Event], None],
    ) -> Answer:
        """Wait for a card."""
        if self._error == "no answer":
            raise Gone("id_reader")
        for name in self._events:
            happened(Event(name=name))
        return Answer(payload={}, error=self._error, seconds=40.0)

    def look(self) -> Statuses:
        """Tell how it is; the last word stays."""
        word = self._words.pop(0) if len(self._words) > 1 else self._words[0]
        return Statuses(devices={"id_reader": {"common": {"device": word}}})


def _tried(reader: Reader, part: str = "id_reader") -> tuple[bool, str, list[str]]:
    said: list[str] = []
    did = try_card(cast("Bench", reader), part, 1, lambda words: said.append(words.key))
    assert WORDS.text(did.told.key, **dict(did.told.values))
    assert did.well or did.hint is not None
    assert did.well or WORDS.text(cast("str", did.hint and did.hint.key))
    return did.well, did.told.key.removeprefix("upkeep.test.card_"), said


@pytest.mark.parametrize(
    ("reader", "why"),
    [
        (Reader("readerFailed", words=["noDevice"]), "no_reader"),
        (Reader("readerFailed", words=["online", "noDevice"]), "no_reader"),
        (Reader("readerFailed", words=["hardwareError"]), "silent"),
        (Reader("readerFailed", words=["online"]), "silent"),
        (Reader("no answer", words=["powerOff"]), "no_reader"),
        (Reader("cardUnreadable", SEEN), "unreadable"),
        (Reader("authenticationFailed", SEEN), "refused"),
        (Reader("cardUnsupported", SEEN), "other"),
        (Reader("cardRemoved", SEEN), "lifted"),
        (Reader("timeOut", SEEN), "unreadable"),
        (Reader("timeOut"), "nobody"),
        (Reader("timeOut", LIFT), "left"),
        (Reader("timeOut", LIFT, LIFTED), "nobody"),
    ],
)
def test_each_reason_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, reader: Reader, why: str
) -> None:
    """No reader, a silent one, a card it could not read, and nobody who put one down."""
    monkeypatch.setattr(card_trials, "STATE_S", 0.05)
    monkeypatch.setattr(card_trials, "STATE_EVERY_S", 0.01)
    assert _tried(reader)[:2] == (False, why)


def test_what_to_do_is_said_as_it_goes() -> None:
    """A card that lies there is lifted first; the time is that of the card, not of the wait."""
    well, told, said = _tried(Reader("", LIFT, LIFTED, SEEN))
    assert (well, told) == (True, "read")
    asked = [f"upkeep.test.{key}" for key in ("card", "card_lift", "card", "card_seen")]
    assert said == asked
    did = try_card(cast("Bench", Reader("", SEEN)), "id_reader", 1, lambda _: None)
    assert float(str(dict(did.told.values)["s"])) < 40


def test_a_social_card_has_reasons_of_its_own() -> None:
    """It is put into a slot, and can be blocked."""
    assert _tried(Reader("cardBlocked", SEEN), "social_card")[1:] == (
        "blocked",
        ["upkeep.test.social", "upkeep.test.card_seen"],
    )


def test_a_card_of_another_kind_is_told_what_this_machine_reads() -> None:
    """Nobody is sent to a slot that is not there."""
    slotted, plain = (Reader("cardUnsupported", SEEN) for _ in range(2))
    plain.parts = ("id_reader",)  # type: ignore[assignment]
    hints = []
    for reader in (slotted, plain):
        did = try_card(cast("Bench", reader), "id_reader", 1, lambda _: None)
        assert did.hint is not None
        hints.append(WORDS.text(did.hint.key))
    assert ["卡座" in hint for hint in hints] == [True, False]
