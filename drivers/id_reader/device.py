"""The ID card reader as a device: the order of commands, their times, and what went wrong in words.

Theory of operation
    The reader never speaks first and cannot be interrupted; we poll "find card".
    Found, then "select", then "read text and photo": the whole takes about a second.
    After a card was selected most readers are *latched*: "find card" answers "no card" until the
    card is
    lifted and put down again. So "no card" after a read does not mean the card is gone; the
    newest-address
    command does tell, for it works only while the card that was read lies there.
    A latched card found at the start of a read belongs to whoever came before. It is not read again
    (unless `read_latched` allows it); the caller is told to have it lifted.

Line noise
    A frame that is broken, incomplete, missing, or cannot be the answer to what was asked, is
    dropped
    with all that follows it until the line is silent, and the command is asked once more.
"""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, DeviceSilent, TransportLost
from drivers.id_reader.card import Card, CardError, CardFault, CardKind, parse_card
from drivers.id_reader.codec import (
    Command,
    FrameError,
    Reply,
    ReplyReceiver,
    Status,
    TextPhoto,
    printable_sam_id,
    request,
    split_text_photo,
)
from drivers.transport import Transport

POLL_S = 0.3
"""Least time between two "find card"; readers ask for 300 ms."""

QUIET_S = 0.2
"""How long the line must be silent after a broken answer."""

GAP_S = 0.3
"""Silence inside an answer after which the rest will not come."""

ANSWER_S = MappingProxyType(
    {
        Command.RESET: 3.0,
        Command.SAM_STATUS: 0.5,
        Command.SAM_ID: 0.5,
        Command.FIND_CARD: 0.5,
        Command.SELECT_CARD: 0.5,
        Command.READ_TEXT_PHOTO: 3.0,
        Command.READ_NEWEST_ADDRESS: 1.5,
    }
)
"""Seconds from the question to the last byte of its answer."""

WAKE_TRIES = 3
"""How often a reader is asked for its status before it counts as silent; it may be starting."""


class CardProblem(enum.StrEnum):
    """Why a read ended without a card. The value is the error code of the service."""

    NO_CARD = "noCard"
    CANCELLED = "cancelled"
    CARD_REMOVED = "cardRemoved"
    CARD_UNREADABLE = "cardUnreadable"
    CARD_UNSUPPORTED = "cardUnsupported"
    AUTHENTICATION_FAILED = "authenticationFailed"
    READER_FAILED = "readerFailed"


class Progress(enum.StrEnum):
    """What `read` tells while it works."""

    LIFT_FIRST = "liftFirst"
    """A card that was read before lies on the reader: it must be lifted (and put down again)."""
    LIFTED = "lifted"
    """That card was lifted: another one can be put down."""
    CARD_FOUND = "cardFound"
    """A card was put down and is being read: it must stay."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderIdentity:
    """Which reader this is: its module's serial as printed, or its id in hex if it has none."""

    sam_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CardReading:
    """A card that was read. `photo` is the compressed picture as the card holds it."""

    card: Card
    photo: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFailure:
    """A read that ended without a card; `detail` is technical and holds nothing of the card."""

    problem: CardProblem
    detail: str = ""


_PROBLEMS = MappingProxyType(
    {
        Status.CARD_REFUSED_READER: CardProblem.AUTHENTICATION_FAILED,
        Status.READER_REFUSED_CARD: CardProblem.AUTHENTICATION_FAILED,
        Status.BAD_VERIFICATION: CardProblem.AUTHENTICATION_FAILED,
        Status.NO_RANDOM: CardProblem.AUTHENTICATION_FAILED,
        Status.WRONG_CARD_TYPE: CardProblem.CARD_UNSUPPORTED,
        Status.SELF_TEST_FAILED: CardProblem.READER_FAILED,
        Status.NOT_AUTHORISED: CardProblem.READER_FAILED,
        Status.BAD_CHECKSUM: CardProblem.READER_FAILED,
        Status.BAD_LENGTH: CardProblem.READER_FAILED,
        Status.BAD_COMMAND: CardProblem.READER_FAILED,
    }
)
"""What a status means for a read; any other failed status is a card that could not be read."""

_SUCCESS_FORM: Mapping[Command, Callable[[Status, bytes], bool]] = MappingProxyType(
    {
        Command.RESET: lambda status, data: status is Status.OK and not data,
        Command.SAM_STATUS: lambda status, data: status is Status.OK and not data,
        Command.SAM_ID: lambda status, data: status is Status.OK and len(data) == 16,
        Command.FIND_CARD: lambda status, data: status is Status.CARD_FOUND and len(data) <= 8,
        Command.SELECT_CARD: lambda status, data: status is Status.OK and len(data) in {0, 8},
        Command.READ_TEXT_PHOTO: lambda status, data: (
            status is Status.OK and split_text_photo(data) is not None
        ),
        Command.READ_NEWEST_ADDRESS: lambda status, data: (
            len(data) == 70 if status is Status.OK else status is Status.NO_CONTENT
        ),
    }
)
"""What a success of each command looks like; anything else is a late answer to another command."""

_OUR_FAULT = frozenset({Status.BAD_CHECKSUM, Status.BAD_LENGTH, Status.BAD_COMMAND})
_BROKEN = frozenset({Status.SELF_TEST_FAILED, Status.NOT_AUTHORISED})
_SUCCESS = frozenset({Status.OK, Status.CARD_FOUND, Status.NO_CONTENT})
_FINAL = frozenset({CardProblem.CARD_UNSUPPORTED, CardProblem.READER_FAILED})
_ODD_LIMIT = 3
"""Odd answers to "find card" in a row before the card counts as unreadable."""


class IdReader:
    """One reader on one line.

    Calls block and come from one thread; a deadline is an instant of `time.monotonic()`.

    Args:
        transport: The open line; closed by who opened it.
        poll_s: Seconds between two polls, at least `POLL_S` on real hardware.
        kinds: Card kinds that may be read; others end as `CardProblem.CARD_UNSUPPORTED`.
        read_latched: Whether a card that lies there since an earlier read may be read again.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        poll_s: float = POLL_S,
        kinds: frozenset[CardKind] = frozenset({CardKind.CITIZEN}),
        read_latched: bool = False,
    ) -> None:
        self._transport = transport
        self._receiver = ReplyReceiver()
        self._poll_s = poll_s
        self._kinds = kinds
        self._read_latched = read_latched

    def identify(self) -> ReaderIdentity:
        """Wake the reader, check its self-test, and return its serial.

        Raises:
            DeviceSilent, DeviceGarbled: It does not answer, or not in its protocol.
            DeviceFailed: Its self-test failed or it is not authorised.
            TransportLost: The port went away.
        """
        self._transport.discard_input()
        self._wake()
        reply = self._ask(Command.SAM_ID)
        if reply.status is not Status.OK:
            raise DeviceFailed(f"id reader answers {reply.status.name} to {Command.SAM_ID.name}")
        return ReaderIdentity(sam_id=printable_sam_id(reply.data) or reply.data.hex())

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
            failure = self._wait_for_card(deadline, stop, tell)
            if failure:
                return failure
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
        return self._ask(Command.READ_NEWEST_ADDRESS).status in _SUCCESS

    def _wake(self) -> None:
        for attempt in range(1, WAKE_TRIES + 1):
            try:
                status = self._ask(Command.SAM_STATUS).status
            except (DeviceSilent, DeviceGarbled):
                if attempt == WAKE_TRIES:
                    raise
            else:
                if status is not Status.OK:
                    raise DeviceFailed(f"id reader reports {status.name}")
                return

    def _wait_for_card(
        self, deadline: float, stop: threading.Event, tell: Callable[[Progress], None]
    ) -> ReadFailure | None:
        """Poll until a card is found; the failure when none is."""
        odd = 0
        latched: bool | None = None  # nobody looked yet
        while not stop.is_set():
            status = self._ask(Command.FIND_CARD).status
            if status is Status.CARD_FOUND:
                return None
            if status is Status.NO_CARD:
                odd = 0
                there = latched is not False and self.card_present()
                if there and self._read_latched:
                    return None
                if there != bool(latched):
                    tell(Progress.LIFT_FIRST if there else Progress.LIFTED)
                latched = there
            else:
                odd += 1
                if status in _BROKEN | _OUR_FAULT or odd == _ODD_LIMIT:
                    return _failure(Command.FIND_CARD, status)
            if time.monotonic() >= deadline:
                return ReadFailure(problem=CardProblem.NO_CARD)
            stop.wait(min(self._poll_s, max(0.0, deadline - time.monotonic())))
        return ReadFailure(problem=CardProblem.CANCELLED)

    def _take_card(self, stop: threading.Event) -> CardReading | ReadFailure:
        """Select and read the card that was found; once more if that failed and it lies there."""
        outcome = self._select_and_read()
        if isinstance(outcome, CardReading) or outcome.problem in _FINAL:
            return outcome
        if not self._still_there(stop):
            return ReadFailure(problem=CardProblem.CARD_REMOVED, detail=outcome.detail)
        return self._select_and_read()

    def _select_and_read(self) -> CardReading | ReadFailure:
        for command in (Command.SELECT_CARD, Command.READ_TEXT_PHOTO):
            reply = self._ask(command)
            if reply.status is not Status.OK:
                return _failure(command, reply.status)
        block = split_text_photo(reply.data)
        return self._parse(block) if block else _failure(command, Status.READ_FAILED)

    def _parse(self, block: TextPhoto) -> CardReading | ReadFailure:
        try:
            card = parse_card(block.text)
        except CardError as error:
            unknown = error.fault is CardFault.UNKNOWN_TYPE
            problem = CardProblem.CARD_UNSUPPORTED if unknown else CardProblem.CARD_UNREADABLE
            return ReadFailure(problem=problem, detail=f"text block: {error}")
        if card.kind not in self._kinds:
            return ReadFailure(problem=CardProblem.CARD_UNSUPPORTED, detail=f"kind {card.kind}")
        return CardReading(card=card, photo=block.photo)

    def _still_there(self, stop: threading.Event) -> bool:
        """Whether the card of a failed read still lies there.

        The first find after a failure often says "no card", so two are asked; a latched reader
        says it twice, but lets the card be selected.
        """
        for _ in range(2):
            stop.wait(self._poll_s)
            if self._ask(Command.FIND_CARD).status is Status.CARD_FOUND:
                return True
        return self._ask(Command.SELECT_CARD).status is Status.OK

    def _ask(self, command: Command) -> Reply:
        """Ask and return the answer; ask once more after silence, garble, or a complaint of it."""
        try:
            reply = self._exchange(command)
        except (DeviceSilent, DeviceGarbled):
            self._receiver.quiet()
            self._transport.drain(QUIET_S)
            return self._exchange(command)
        return self._exchange(command) if reply.status in _OUR_FAULT else reply

    def _exchange(self, command: Command) -> Reply:
        self._transport.discard_input()
        self._receiver.quiet()
        self._transport.write(request(command))
        deadline = time.monotonic() + ANSWER_S[command]
        while (now := time.monotonic()) < deadline:
            in_frame = self._receiver.in_frame
            data = self._transport.read(min(deadline, now + GAP_S) if in_frame else deadline)
            if in_frame and not data:
                raise DeviceGarbled(f"{command.name}: the answer broke off")
            for event in self._receiver.receive(data):
                return _answer(command, event)
        if self._receiver.in_frame:
            raise DeviceGarbled(f"{command.name}: answer not complete in {ANSWER_S[command]} s")
        raise DeviceSilent(f"{command.name}: no answer in {ANSWER_S[command]} s")


def _answer(command: Command, event: Reply | FrameError) -> Reply:
    """Return the event when it can be the answer to `command`.

    Raises:
        DeviceGarbled: It is a broken frame, or the answer to something else.
    """
    if isinstance(event, FrameError):
        raise DeviceGarbled(f"{command.name}: broken frame ({event.fault.value})")
    if not _may_answer(command, event):
        raise DeviceGarbled(f"{command.name}: the answer belongs to another command")
    return event


def _may_answer(command: Command, reply: Reply) -> bool:
    """Whether `reply` can be an answer to `command`: a failure always, a success by its form."""
    return reply.status not in _SUCCESS or _SUCCESS_FORM[command](reply.status, reply.data)


def _failure(command: Command, status: Status) -> ReadFailure:
    problem = _PROBLEMS.get(status, CardProblem.CARD_UNREADABLE)
    return ReadFailure(problem=problem, detail=f"{command.name}: {status.name}")


def _nothing(_: Progress) -> None:
    """Ignore the progress."""
