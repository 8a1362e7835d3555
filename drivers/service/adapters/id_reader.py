"""XIdCard and the CardReader status, on an `IdReader`."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping

from drivers.errors import DeviceError, TransportLost
from drivers.id_reader.card import Card
from drivers.id_reader.device import CardProblem, CardReading, IdReader, Progress, ReadFailure
from drivers.service.adapter import Cancelled, Emit, State
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.id_reader import (
    INSERT_CARD,
    LIFT_CARD,
    MEDIA_INSERTED,
    MEDIA_REMOVED,
    Media,
    ReadError,
    status,
)
from drivers.transport import Transport

IDLE_S = 2.0
"""Seconds between two looks at an idle reader; a lost one is noticed within this."""

WATCH_S = 0.4
"""Seconds between two looks at a card that should be lifted."""

_SOON_S = 0.05  # a reader that failed is looked at again without delay

_ENDS = {
    CardProblem.NO_CARD: CompletionCode.TIME_OUT,
    CardProblem.CANCELLED: CompletionCode.CANCELED,
}
_MEDIA_AFTER = {
    CardProblem.NO_CARD: Media.NOT_PRESENT,
    CardProblem.CARD_REMOVED: Media.NOT_PRESENT,
}
_EVENTS = {
    Progress.LIFT_FIRST: LIFT_CARD,
    Progress.LIFTED: MEDIA_REMOVED,
    Progress.CARD_FOUND: MEDIA_INSERTED,
}


class IdReaderAdapter:
    """One reader; ``baudrate`` is its only option."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._baudrate = int(options.get("baudrate", "115200"))
        self._transport: Transport | None = None
        self._reader: IdReader | None = None
        self._sam_id = ""
        self._media = Media.UNKNOWN
        self._watching = False

    def open(self) -> None:
        """Open the port and ask the reader who it is."""
        self._transport = Transport.open(self._port, baudrate=self._baudrate)
        reader = IdReader(self._transport)
        self._sam_id = reader.identify().sam_id
        self._reader = reader

    def close(self) -> None:
        """Close the port and forget the card."""
        if self._transport is not None:
            self._transport.close()
        self._transport = self._reader = None
        self._media = Media.UNKNOWN
        self._watch(on=False)

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Read one person; the time limit is the dispatcher's, which cancels."""
        del command, payload
        self._watch(on=False)

        def on_progress(progress: Progress) -> None:
            lifted = progress is Progress.LIFTED
            self._media = Media.NOT_PRESENT if lifted else Media.PRESENT
            self._watching = not lifted and (self._watching or progress is Progress.LIFT_FIRST)
            emit(_EVENTS[progress])

        self._media = Media.NOT_PRESENT
        emit(INSERT_CARD)
        reading = self._device().read(math.inf, cancelled=cancelled, on_progress=on_progress)
        if isinstance(reading, ReadFailure):
            return self._failure(reading)
        self._watch(on=True)
        return Outcome(payload=self._person(reading))

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a reader that is not there or does not work."""
        del command
        return _error(ReadError.READER_FAILED, str(error))

    def poll(self, emit: Emit) -> None:
        """Watch for the card to be lifted, or see that the reader still answers."""
        if not self._watching:
            self.poll_s = IDLE_S
            self._device().identify()
            return
        if not self._device().card_present():
            self._media = Media.NOT_PRESENT
            self._watch(on=False)
            emit(MEDIA_REMOVED)

    def state(self) -> State:
        """Return the state of an open reader."""
        return State(word=DeviceWord.ONLINE, status=status(self._media))

    def lost(self) -> Payload:
        """Return the status without a reader: where a card is, nobody knows."""
        return status(Media.UNKNOWN)

    def model(self) -> Payload:
        """Return the serial of the security module."""
        return {"serialNumber": self._sam_id} if self._sam_id else {}

    def _device(self) -> IdReader:
        if self._reader is None:
            raise TransportLost("the id reader is not open")
        return self._reader

    def _watch(self, *, on: bool) -> None:
        self._watching = on
        self.poll_s = WATCH_S if on else IDLE_S

    def _person(self, reading: CardReading) -> dict[str, object]:
        return {
            "card": card_payload(reading.card),
            "photo": base64.b64encode(reading.photo).decode("ascii"),
            "samId": self._sam_id,
        }

    def _failure(self, failure: ReadFailure) -> Outcome:
        """Say why there is no person; a card left from before goes on being watched."""
        if self._watching:
            self.poll_s = WATCH_S
        else:
            self._media = _MEDIA_AFTER.get(failure.problem, Media.UNKNOWN)
        if failure.problem in _ENDS:
            return Outcome(code=_ENDS[failure.problem])
        if failure.problem is CardProblem.READER_FAILED:
            self.poll_s = _SOON_S
        return _error(ReadError(failure.problem.value), failure.detail)


def card_payload(card: Card) -> dict[str, object]:
    """Return a card as the interface tells it.

    Sex and nation are codes (GB/T 2261.1, GB/T 3304), dates ISO 8601, ``valid_to`` null for 长期.
    """
    return {
        "kind": card.kind.value,
        "name": card.name,
        "sex": card.sex_code,
        "nation": card.nation_code,
        "birth_date": card.birth_date.isoformat(),
        "address": card.address,
        "id_no": card.id_no.upper(),
        "issuer": card.issuer,
        "valid_from": card.valid_from.isoformat(),
        "valid_to": card.valid_to.isoformat() if card.valid_to else None,
    }


def _error(error: ReadError, detail: str) -> Outcome:
    return Outcome(
        code=CompletionCode.COMMAND_ERROR_CODE,
        payload={"errorCode": error},
        description=detail or None,
    )
