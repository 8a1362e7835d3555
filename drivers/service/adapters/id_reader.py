"""XIdCard and the CardReader status, on an `IdReader`."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping

from drivers.errors import DeviceError, TransportLost
from drivers.id_reader import portrait
from drivers.id_reader.card import CardKind
from drivers.id_reader.checks import checks
from drivers.id_reader.device import POLL_S, IdReader, Latched, ReaderOptions
from drivers.id_reader.outcomes import CardProblem, CardReading, Progress, ReadFailure
from drivers.id_reader.photo_decoder import (
    LIMIT_S,
    DecoderOptions,
    PhotoDecoder,
    PhotoProblem,
)
from drivers.id_reader.portrait import Order, Portrait
from drivers.id_reader.probing import OpenReader, open_reader, reset_reader
from drivers.id_reader.record import person_record
from drivers.service.adapter import Cancelled, Emit, State
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.id_reader import (
    INSERT_CARD,
    LIFT_CARD,
    MEDIA_INSERTED,
    MEDIA_REMOVED,
    Decoder,
    Media,
    PhotoForm,
    ReadError,
    kinds,
    status,
)

IDLE_S = 1.5
"""Seconds between two looks at an idle reader; with the time two questions may take, one that
fell silent is noticed within 3 s."""

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
    """One reader; its options are those of `drivers.service.interfaces.id_reader.OPTIONS`."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._options = _reader_options(options)
        speed = options.get("baudrate", "auto")
        self._baudrate = None if speed == "auto" else int(speed)
        self._worked: int | None = None
        self._open: OpenReader | None = None
        self._media = Media.UNKNOWN
        self._watching = False
        decoder = _decoder_options(options)
        self._decoder = PhotoDecoder(decoder) if decoder else None
        self._decoder_word = _first_word(decoder)

    def open(self) -> None:
        """Open the port and ask the reader who it is; at any speed, unless one was given."""
        self._open = open_reader(
            self._port, self._options, baudrate=self._baudrate, first=self._worked
        )
        self._worked = self._open.baudrate

    def reset(self) -> None:
        """Reset a reader that did not come back by opening it."""
        reset_reader(self._port, self._baudrate or self._worked)

    def close(self) -> None:
        """Close the port and forget the card."""
        if self._open is not None:
            self._open.transport.close()
        self._open = None
        self._media = Media.UNKNOWN
        self._watch(on=False)

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Read one person; the time limit is the dispatcher's, which cancels."""
        del command
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
        person = self._person(reading)
        if payload.get("photo") == PhotoForm.DECODED:
            person |= self._portrait(reading.photo, cancelled)
        return Outcome(payload=person)

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a reader that is not there or does not work."""
        del command
        return _error(ReadError.READER_FAILED, str(error))

    def poll(self, emit: Emit) -> None:
        """Watch for the card to be lifted, or see that the reader still answers."""
        if not self._watching:
            self.poll_s = IDLE_S
            self._device().check()
            return
        if not self._device().card_present():
            self._media = Media.NOT_PRESENT
            self._watch(on=False)
            emit(MEDIA_REMOVED)

    def state(self) -> State:
        """Return the state of an open reader."""
        return State(word=DeviceWord.ONLINE, status=status(self._media, self._decoder_word))

    def lost(self) -> Payload:
        """Return the status without a reader: where a card is, nobody knows."""
        return status(Media.UNKNOWN, self._decoder_word)

    def model(self) -> Payload:
        """Return the serial of the security module, and how it was reached."""
        if self._open is None:
            return {}
        return {
            "serialNumber": self._open.identity.sam_id,
            "modelDescription": self._open.description,
        }

    def _device(self) -> IdReader:
        if self._open is None:
            raise TransportLost("the id reader is not open")
        return self._open.reader

    def _watch(self, *, on: bool) -> None:
        self._watching = on
        self.poll_s = WATCH_S if on else IDLE_S

    def _person(self, reading: CardReading) -> dict[str, object]:
        return {
            "card": person_record(reading),
            "checks": checks(reading.card),
            "photo": base64.b64encode(reading.photo).decode("ascii"),
            "samId": self._open.identity.sam_id if self._open else "",
        }

    def _portrait(self, photo: bytes, cancelled: Cancelled) -> dict[str, object]:
        """Return the picture of a photo block, or null and why."""
        made: Portrait | PhotoProblem = PhotoProblem.NO_DECODER
        if self._decoder is not None:
            made = self._decoder.decode(photo, cancelled)
            if made is not PhotoProblem.CANCELLED:
                good = isinstance(made, Portrait)
                self._decoder_word = Decoder.OK if good else Decoder.INOPERATIVE
        if isinstance(made, PhotoProblem):
            return {"portrait": None, "portraitError": made}
        picture = {
            "mediaType": "image/bmp",
            "width": portrait.WIDTH,
            "height": portrait.HEIGHT,
            "data": base64.b64encode(made.bmp()).decode("ascii"),
        }
        return {"portrait": picture}

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


def _reader_options(options: Mapping[str, str]) -> ReaderOptions:
    frame = options.get("max_rf_frame")
    return ReaderOptions(
        poll_s=float(options.get("poll_s", POLL_S)),
        kinds=frozenset(CardKind(kind) for kind in kinds(options)),
        latched=Latched(options.get("latched", Latched.LIFT)),
        no_content_is_present=options.get("no_content", "present") == "present",
        newest_address=options.get("newest_address", "ask") == "ask",
        max_rf_frame=int(float(frame)) if frame else None,
    )


def _decoder_options(options: Mapping[str, str]) -> DecoderOptions | None:
    target = options.get("photo_decoder")
    if target is None:
        return None
    return DecoderOptions(
        target=target,
        function=options.get("photo_function", "unpack"),
        flag=int(float(options.get("photo_flag", 0))),
        order=Order(options.get("photo_order", Order.BACKWARDS)),
        limit_s=float(options.get("photo_limit_s", LIMIT_S)),
    )


def _first_word(decoder: DecoderOptions | None) -> Decoder | None:
    """Return how a decoder is before it was used; None without one."""
    if decoder is None:
        return None
    return Decoder.UNKNOWN if decoder.found else Decoder.INOPERATIVE


def _error(error: ReadError, detail: str) -> Outcome:
    return Outcome(
        code=CompletionCode.COMMAND_ERROR_CODE,
        payload={"errorCode": error},
        description=detail or None,
    )
