"""CardReader and XSocialCard on a `SocialCardReader`."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping

from drivers.errors import DeviceError, TransportLost
from drivers.service.adapter import Cancelled, Emit, State, no_device_outcome
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.card_reader import (
    INSERT_CARD,
    INVALID_MEDIA,
    MEDIA_INSERTED,
    MEDIA_REMOVED,
    NO_MEDIA,
    READ,
    TAKE_OUT,
    Media,
    ReadError,
    status,
)
from drivers.service.interfaces.common import DeviceWord
from drivers.social_card.codec import SocialCard
from drivers.social_card.device import CardProblem, Progress, ReadFailure, SocialCardReader
from drivers.social_card.ports import CardSlot, open_slot

WATCH_S = 0.4
"""Seconds between two looks at the slot; a card that is taken out is told within this."""

_EVENTS = {
    Progress.TAKE_OUT_FIRST: TAKE_OUT,
    Progress.TAKEN_OUT: MEDIA_REMOVED,
    Progress.CARD_FOUND: MEDIA_INSERTED,
}
_ENDS = {
    CardProblem.NO_CARD: CompletionCode.TIME_OUT,
    CardProblem.CANCELLED: CompletionCode.CANCELED,
}


class SocialCardAdapter:
    """One slot; it has no options."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        del options
        self.poll_s = WATCH_S
        self._port = port
        self._slot: CardSlot | None = None
        self._reader: SocialCardReader | None = None
        self._model = ""
        self._media = Media.UNKNOWN
        self._powered = False

    def open(self) -> None:
        """Open the slot; a card that is in it is somebody else's, forgotten."""
        slot = self._slot = open_slot(self._port)
        self._reader = SocialCardReader(slot)
        self._model = slot.model
        self._look()

    def close(self) -> None:
        """Close the slot and forget the card."""
        if self._slot is not None:
            self._slot.close()
        self._slot = self._reader = None
        self._media = Media.UNKNOWN

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Read a card, or its answer to reset; the dispatcher cancels when the time is over."""
        del payload
        reader = self._device()

        def on_progress(progress: Progress) -> None:
            taken_out = progress is Progress.TAKEN_OUT
            self._media = Media.NOT_PRESENT if taken_out else Media.PRESENT
            self._powered = progress is Progress.CARD_FOUND
            emit(_EVENTS[progress])

        emit(INSERT_CARD)
        act = reader.read if command == READ else reader.answer_to_reset
        try:
            found = act(math.inf, cancelled=cancelled, on_progress=on_progress)
        finally:
            self._powered = False
        if isinstance(found, ReadFailure):
            self._look()
            return _failure(command, found)
        if isinstance(found, SocialCard):
            return Outcome(payload={"card": card_payload(found)})
        return Outcome(payload={"chip": [{"data": base64.b64encode(found).decode("ascii")}]})

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a slot that is not there or does not work."""
        if command == READ:
            return _error(ReadError.READER_FAILED, str(error))
        return no_device_outcome(error)

    def poll(self, emit: Emit) -> None:
        """Look at the slot; tell everyone when a card was taken out."""
        before = self._media
        self._look()
        if before is Media.PRESENT and self._media is Media.NOT_PRESENT:
            emit(MEDIA_REMOVED)

    def state(self) -> State:
        """Return the state of an open slot."""
        return State(word=DeviceWord.ONLINE, status=status(self._media, powered=self._powered))

    def lost(self) -> Payload:
        """Return the status without a slot: where a card is, nobody knows."""
        return status(Media.UNKNOWN)

    def model(self) -> Payload:
        """Return what the slot calls itself."""
        return {"modelName": self._model} if self._model else {}

    def _look(self) -> None:
        self._media = Media.PRESENT if self._device().present() else Media.NOT_PRESENT

    def _device(self) -> SocialCardReader:
        if self._reader is None:
            raise TransportLost("the card slot is not open")
        return self._reader


def card_payload(card: SocialCard) -> dict[str, object]:
    """Return a card as the interface tells it; ``expiry`` is ISO 8601, null for none."""
    return {
        "number": card.number,
        "name": card.name,
        "cardNumber": card.card_number,
        "expiry": card.expiry.isoformat() if card.expiry else None,
    }


def _failure(command: str, failure: ReadFailure) -> Outcome:
    if failure.problem in _ENDS:
        return Outcome(code=_ENDS[failure.problem])
    if command == READ:
        return _error(ReadError(failure.problem.value), failure.detail)
    gone = failure.problem is CardProblem.CARD_REMOVED
    return _error(NO_MEDIA if gone else INVALID_MEDIA, failure.detail)


def _error(error: str, detail: str) -> Outcome:
    return Outcome(
        code=CompletionCode.COMMAND_ERROR_CODE,
        payload={"errorCode": error},
        description=detail or None,
    )
