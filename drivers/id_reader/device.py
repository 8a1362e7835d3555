"""The ID card reader as a device: the order of commands, and what went wrong in words.

Theory of operation
    The reader never speaks first and cannot be interrupted; we poll "find card".
    Found, then "select", then "read text and photo": the whole takes about a second. Then the
    newest address is asked for; most cards have none.
    After a card was selected most readers are *latched*: "find card" answers "no card" until the
    card is lifted and put down again. So "no card" after a read does not mean the card is gone; the
    newest-address command does tell, for it works only while the card that was read lies there.
    A latched card found at the start of a read belongs to whoever came before. It is not read again
    (unless `Latched` says otherwise); the caller is told to have it lifted.
"""

from __future__ import annotations

import contextlib
import enum
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, DeviceSilent, TransportLost
from drivers.id_reader.card import CardError, CardFault, CardKind, decode_address, parse_card
from drivers.id_reader.codec import (
    BAUDRATES,
    CardBlock,
    Command,
    Handling,
    Reply,
    Status,
    printable_sam_id,
    split_block,
)
from drivers.id_reader.exchange import Exchange, Line
from drivers.id_reader.outcomes import (
    CardProblem,
    CardReading,
    Progress,
    ReaderIdentity,
    ReadFailure,
    failure,
)

POLL_S: Final = 0.3
"""Least time between two "find card"; readers ask for 300 ms."""

WAKE_TRIES: Final = 3
"""How often a reader is asked for its status before it counts as silent; it may be starting."""

WITH_ADDRESS: Final = frozenset({CardKind.CITIZEN, CardKind.HMT})
"""Kinds whose holder has an address that may have changed since."""

_ODD_LIMIT = 3
"""Odd answers to "find card" in a row before the card counts as unreadable."""


class Latched(enum.StrEnum):
    """What to do with a card that lies there since before the read began."""

    LIFT = "lift"
    """Have it lifted: it may be somebody else's. The only choice where citizens help themselves."""
    READ = "read"
    """Select and read it where it lies; most readers allow that."""
    RESET = "reset"
    """Reset the radio field, so that it is found again; for readers that refuse the other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderOptions:
    """How one model of reader is used.

    Attributes:
        poll_s: Seconds between two polls, at least `POLL_S` on real hardware.
        kinds: Card kinds that may be read; others end as `CardProblem.CARD_UNSUPPORTED`.
        latched: What becomes of a card from before.
        no_content_is_present: Whether "the card has no newest address" proves that it lies there;
            no source says so, all readers heard of do it.
        newest_address: Whether it is asked for.
        fingerprints: Whether text and photo are read with the fingerprints.
        max_rf_frame: Most bytes of a frame between module and card, where a model needs another
            than its own.
    """

    poll_s: float = POLL_S
    kinds: frozenset[CardKind] = frozenset({CardKind.CITIZEN})
    latched: Latched = Latched.LIFT
    no_content_is_present: bool = True
    newest_address: bool = True
    fingerprints: bool = False
    max_rf_frame: int | None = None


DEFAULTS: Final = ReaderOptions()


class IdReader:
    """One reader on one line.

    Calls block and come from one thread; a deadline is an instant of `clock`.

    Args:
        line: The open line; closed by who opened it.
        options: How it is used.
        clock: Seconds, as `time.monotonic`.
    """

    def __init__(
        self,
        line: Line,
        options: ReaderOptions = DEFAULTS,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = line
        self._exchange = Exchange(line, clock)
        self._options = options
        self._clock = clock

    def identify(self) -> ReaderIdentity:
        """Wake the reader, check its self-test, and return its serial.

        Raises:
            DeviceSilent, DeviceGarbled: It does not answer, or not in its protocol.
            DeviceFailed: Its self-test failed or it is not authorised, even after a reset.
            TransportLost: The port went away.
        """
        self._line.discard_input()
        if self._wake() is not Status.OK:
            self._exchange.ask(Command.RESET)
            self.check()
        reply = self._must(Command.SAM_ID)
        if self._options.max_rf_frame is not None:
            self._must(Command.SET_MAX_RF_FRAME, bytes([self._options.max_rf_frame]))
        return ReaderIdentity(sam_id=printable_sam_id(reply.data) or reply.data.hex())

    def check(self) -> None:
        """See that the reader answers and is well.

        Raises:
            DeviceError: It is not, or its port is gone.
        """
        self._must(Command.SAM_STATUS)

    def read(
        self,
        deadline: float,
        *,
        cancelled: threading.Event | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> CardReading | ReadFailure:
        """Wait for a card until `deadline` and read it.

        A read that has begun when the deadline passes or a cancel comes is finished: it takes
        seconds at most, and its answer must leave the line.

        Raises:
            TransportLost: The port went away; every other trouble is a `ReadFailure`.
        """
        tell = on_progress or _nothing
        stop = cancelled or threading.Event()
        try:
            trouble = self._wait_for_card(deadline, stop, tell)
            if trouble:
                return trouble
            tell(Progress.CARD_FOUND)
            return self._take_card(stop)
        except TransportLost:
            raise
        except DeviceError as error:
            return ReadFailure(problem=CardProblem.READER_FAILED, detail=str(error))

    def card_present(self) -> bool:
        """Whether the card that was read last still lies on the reader.

        Poll it every 300 to 500 ms after a read until it is False.

        Raises:
            DeviceError: The reader or its port is gone.
        """
        try:
            status = self._exchange.ask(Command.READ_NEWEST_ADDRESS, if_silent=False).status
        except DeviceSilent:  # some readers answer nothing once the card is gone
            self._must_once(Command.SAM_STATUS)
            return False
        if status is Status.OK or self._options.no_content_is_present:
            return status.handling is Handling.DONE
        return self._exchange.ask(Command.FIND_CARD).status is Status.CARD_FOUND

    def card_serial(self) -> bytes | None:
        """Return the management number of the card that was read (28 bytes); None without one.

        Raises:
            DeviceError: The reader or its port is gone.
        """
        reply = self._exchange.ask(Command.READ_CARD_SERIAL)
        return reply.data if reply.status is Status.OK else None

    def set_baudrate(self, baudrate: int) -> None:
        """Change the speed of the line; it is kept when the power goes. Open the line anew then.

        Raises:
            KeyError: It is none of `codec.BAUDRATES`.
            DeviceError: The reader did not agree.
        """
        self._must(Command.SET_BAUDRATE, bytes([BAUDRATES[baudrate]]))

    def _wake(self) -> Status:
        for _ in range(WAKE_TRIES - 1):
            with contextlib.suppress(DeviceSilent, DeviceGarbled):
                return self._exchange.ask(Command.SAM_STATUS).status
        return self._exchange.ask(Command.SAM_STATUS).status

    def _must(self, command: Command, data: bytes = b"") -> Reply:
        return _good(command, self._exchange.ask(command, data))

    def _must_once(self, command: Command) -> Reply:
        return _good(command, self._exchange.ask_once(command))

    def _wait_for_card(
        self, deadline: float, stop: threading.Event, tell: Callable[[Progress], None]
    ) -> ReadFailure | None:
        """Poll until a card is found; the failure when none is."""
        odd = 0
        latched: bool | None = None  # nobody looked yet
        while not stop.is_set():
            asked = self._clock()
            reply = self._exchange.ask(Command.FIND_CARD)
            if reply.status is Status.CARD_FOUND:
                return None
            if reply.status is Status.NO_CARD:
                odd = 0
                if latched is None and self._found_latched():
                    return None
                there = latched is not False and self.card_present()
                if there != bool(latched):
                    tell(Progress.LIFT_FIRST if there else Progress.LIFTED)
                latched = there
            else:
                odd += 1
                trouble = failure(Command.FIND_CARD, reply)
                if trouble.problem is CardProblem.READER_FAILED or odd == _ODD_LIMIT:
                    return trouble
            now = self._clock()
            if now >= deadline:
                return ReadFailure(problem=CardProblem.NO_CARD)
            stop.wait(max(0.0, min(asked + self._options.poll_s, deadline) - now))
        return ReadFailure(problem=CardProblem.CANCELLED)

    def _found_latched(self) -> bool:
        """Whether a card that lies there from before is to be read now.

        Where that is allowed, one attempt to select it is made although none was found.
        """
        if self._options.latched is Latched.LIFT:
            return False
        if self._options.latched is Latched.RESET:
            self._exchange.ask(Command.RESET)
            if self._exchange.ask(Command.FIND_CARD).status is Status.CARD_FOUND:
                return True
        return self.card_present() or self._selects()

    def _take_card(self, stop: threading.Event) -> CardReading | ReadFailure:
        """Select and read the card that was found; once more if that failed and it lies there."""
        outcome = self._select_and_read()
        if isinstance(outcome, CardReading) or outcome.final:
            return outcome
        if not self._still_there(stop):
            return ReadFailure(problem=CardProblem.CARD_REMOVED, detail=outcome.detail)
        return self._select_and_read()

    def _select_and_read(self) -> CardReading | ReadFailure:
        fingers = self._options.fingerprints
        read = Command.READ_TEXT_PHOTO_FINGERPRINT if fingers else Command.READ_TEXT_PHOTO
        for command in (Command.SELECT_CARD, read):
            reply = self._exchange.ask(command)
            if reply.status is not Status.OK:
                return failure(command, reply)
        block = split_block(reply.data, fingerprints=fingers)
        return self._parse(block) if block else failure(read, reply)

    def _parse(self, block: CardBlock) -> CardReading | ReadFailure:
        try:
            card = parse_card(block.text)
        except CardError as error:
            unknown = error.fault is CardFault.UNKNOWN_TYPE
            problem = CardProblem.CARD_UNSUPPORTED if unknown else CardProblem.CARD_UNREADABLE
            return ReadFailure(problem=problem, detail=f"text block: {error}")
        if card.kind not in self._options.kinds:
            return ReadFailure(problem=CardProblem.CARD_UNSUPPORTED, detail=f"kind {card.kind}")
        return CardReading(
            card=card,
            photo=block.photo,
            newest_address=self._newest_address(card.kind),
            fingerprints=block.fingerprints,
        )

    def _newest_address(self, kind: CardKind) -> str | None:
        """Return the newest address, "" when the card has none, None when nobody can tell.

        The person is read already: whatever goes wrong here but a lost port costs only this.
        """
        if kind not in WITH_ADDRESS or not self._options.newest_address:
            return None
        for _ in range(2):
            try:
                reply = self._exchange.ask(Command.READ_NEWEST_ADDRESS, if_silent=False)
            except (DeviceSilent, DeviceGarbled):
                return None
            if reply.status.handling is Handling.DONE:
                return decode_address(reply.data)
        return None

    def _still_there(self, stop: threading.Event) -> bool:
        """Whether the card of a failed read still lies there.

        The first find after a failure often says "no card", so two are asked; a latched reader
        says it twice, but lets the card be selected.
        """
        for _ in range(2):
            stop.wait(self._options.poll_s)
            if self._exchange.ask(Command.FIND_CARD).status is Status.CARD_FOUND:
                return True
        return self._selects()

    def _selects(self) -> bool:
        return self._exchange.ask(Command.SELECT_CARD).status is Status.OK


def _good(command: Command, reply: Reply) -> Reply:
    """Return a reply that is a success.

    Raises:
        DeviceFailed: It is not.
    """
    if reply.status is not Status.OK:
        raise DeviceFailed(f"id reader answers {reply.status.name} to {command.name}")
    return reply


def _nothing(_: Progress) -> None:
    """Ignore the progress."""
