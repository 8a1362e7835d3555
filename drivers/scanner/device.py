"""The scanner as a device: armed only while somebody asks, deaf otherwise.

A scanner module may send at any moment: a code held up before the citizen pressed anything, a
phone of
the person who just left. So nothing is kept that arrived before `arm` or after `disarm`, and `arm`
waits for the line to be silent before it starts the light.

Modules stop looking by themselves after some seconds; while a read waits, the trigger is renewed.
A module that repeats a code while it is held up is heard once.
"""

from __future__ import annotations

import contextlib
import enum
import math
import threading
import time
from dataclasses import dataclass

from drivers.errors import DeviceFailed, DeviceSilent, TransportLost
from drivers.scanner.codec import (
    ALIVE,
    ASK_ALIVE,
    Command,
    CommandReply,
    Event,
    Framing,
    Overflow,
    Payload,
    Receiver,
    Verdict,
    command,
)
from drivers.transport import Transport

GAP_S = 0.05
"""Silence that ends a payload at 115200 baud or on USB; use 0.15 at 9600."""

REPLY_S = 0.5
"""Seconds a command reply may take."""

QUIET_S = 0.05
SETTLE_LIMIT_S = 0.5
"""How long `arm` waits for a line that does not fall silent."""

RETRIGGER_S = 3.0
REPEAT_WINDOW_S = 1.5
"""The same payload again within this time is the same code, still held up."""

RECORD_LIMIT_S = 5.0
"""Longest time one payload may take: 4096 bytes at 9600 baud take 4.3 s."""

CANCEL_CHECK_S = 0.1


class ScanProblem(enum.StrEnum):
    """Why a read ended without a payload."""

    NO_CODE = "noCode"
    CANCELLED = "cancelled"
    TOO_LONG = "tooLong"
    """More bytes, or for longer, than any code holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScannerIdentity:
    """What the scanner says of itself; empty for old engines that only say they are alive."""

    info: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """The bytes of one code, suffix removed."""

    payload: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanFailure:
    """A read that ended without a payload."""

    problem: ScanProblem


class Scanner:
    """One scanner on one line.

    Calls block and come from one thread; a deadline is an instant of `time.monotonic()`.

    Args:
        transport: The open line; closed by who opened it.
        framing: Where payloads end; see `Framing`.
        gap_s: Silence that ends a payload, in seconds.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        framing: Framing = Framing.SUFFIX,
        gap_s: float = GAP_S,
    ) -> None:
        self._transport = transport
        self._receiver = Receiver(framing)
        self._gap_s = gap_s
        self._armed = False
        self._early: list[Event] = []
        """What came in one piece with what we waited for, after it."""
        self._lit_at = -math.inf
        self._last: tuple[bytes, float] = (b"", 0.0)

    @property
    def armed(self) -> bool:
        """Whether codes are looked for."""
        return self._armed

    def identify(self) -> ScannerIdentity:
        """Ask the scanner who it is.

        Raises:
            DeviceSilent: It answers neither the query nor the question older engines know.
            TransportLost: The port went away.
        """
        self._settle()
        reply = self._command(Command.SYSTEM_INFO)
        if reply:
            return ScannerIdentity(info=reply.data.decode("ascii", errors="replace").strip())
        self._transport.write(ASK_ALIVE)
        if self._await_alive():
            return ScannerIdentity(info="")
        raise DeviceSilent(f"scanner does not answer {Command.SYSTEM_INFO.name}")

    def arm(self) -> None:
        """Drop what was scanned before, then start looking.

        Raises:
            DeviceSilent: The trigger was not answered, twice.
            DeviceFailed: The trigger was refused.
            TransportLost: The port went away.
        """
        self._armed = False
        self._settle()
        reply = self._command(Command.START) or self._command(Command.START)
        if reply is None:
            raise DeviceSilent(f"scanner: no answer in {REPLY_S} s, twice")
        if reply.verdict is not Verdict.ACCEPTED:
            raise DeviceFailed(f"scanner answers {reply.verdict.name} to {Command.START.name}")
        self._lit_at = time.monotonic()
        self._armed = True

    def read(
        self, deadline: float, *, cancelled: threading.Event | None = None
    ) -> Scan | ScanFailure:
        """Wait for a code until `deadline`. The scanner must be armed and stays so.

        A code that has begun to arrive when the deadline passes is still taken.

        Raises:
            RuntimeError: The scanner is not armed.
            TransportLost: The port went away.
        """
        if not self._armed:
            raise RuntimeError("read before arm")
        stop = cancelled or threading.Event()
        began = time.monotonic()
        while not stop.is_set():
            self._keep_light_on()
            outcome = self._first_outcome(self._listen(deadline))
            if outcome:
                return outcome
            now = time.monotonic()
            if not self._receiver.in_record:
                began = now
                if now >= deadline:
                    return ScanFailure(problem=ScanProblem.NO_CODE)
            elif now - began > RECORD_LIMIT_S:
                self._receiver.reset()
                return ScanFailure(problem=ScanProblem.TOO_LONG)
        return ScanFailure(problem=ScanProblem.CANCELLED)

    def disarm(self) -> None:
        """Stop looking; what still arrives is dropped. The scanner's answer is not waited for.

        Raises:
            TransportLost: The port went away.
        """
        self._armed = False
        self._forget()
        self._transport.write(command(Command.STOP))

    def scan(
        self, deadline: float, *, cancelled: threading.Event | None = None
    ) -> Scan | ScanFailure:
        """Arm, read one code, disarm.

        Raises:
            DeviceSilent, DeviceFailed, TransportLost: As `arm` and `read`.
        """
        self.arm()
        outcome = self.read(deadline, cancelled=cancelled)
        with contextlib.suppress(TransportLost):  # the outcome stands; the next use meets the loss
            self.disarm()
        return outcome

    def _listen(self, deadline: float) -> list[Event]:
        """Return the events of the next piece, or of the silence after a record."""
        if self._early:
            events, self._early = self._early, []
            return events
        wait = self._gap_s if self._receiver.in_record else CANCEL_CHECK_S
        until = time.monotonic() + wait
        if not self._receiver.in_record:
            until = min(until, deadline)
        data = self._transport.read(until)
        return self._receiver.receive(data) if data else self._receiver.idle()

    def _first_outcome(self, events: list[Event]) -> Scan | ScanFailure | None:
        """Return what events mean for a read; those after the first outcome wait for the next."""
        for number, event in enumerate(events, start=1):
            if outcome := self._judge(event):
                self._early = events[number:]
                return outcome
        return None

    def _judge(self, event: Event) -> Scan | ScanFailure | None:
        """Return what an event means for a read; None for replies and repeats of the last code."""
        match event:
            case Overflow():
                self._receiver.reset()
                self._settle()
                return ScanFailure(problem=ScanProblem.TOO_LONG)
            case Payload(data=data):
                self._lit_at = -math.inf
                last, seen = self._last
                self._last = (data, time.monotonic())
                if data == last and time.monotonic() - seen < REPEAT_WINDOW_S:
                    return None
                return Scan(payload=data)
            case CommandReply():
                return None

    def _keep_light_on(self) -> None:
        """Start the light again when it went out: with a code, or after the module's own time."""
        now = time.monotonic()
        if not self._receiver.in_record and now - self._lit_at >= RETRIGGER_S:
            self._transport.write(command(Command.START))
            self._lit_at = now

    def _forget(self) -> None:
        """Drop what came and was not asked for."""
        self._receiver.reset()
        self._early = []

    def _settle(self) -> None:
        """Drop everything up to a moment of silence."""
        self._transport.discard_input()
        self._transport.drain(QUIET_S, SETTLE_LIMIT_S)
        self._forget()

    def _command(self, what: Command) -> CommandReply | None:
        """Send a command; return its reply, dropping codes before it; None when none comes."""
        self._transport.write(command(what))
        deadline = time.monotonic() + REPLY_S
        while time.monotonic() < deadline:
            events = self._listen(deadline)
            for number, event in enumerate(events, start=1):
                if isinstance(event, CommandReply) and event.command == what.value:
                    self._early = events[number:]
                    return event
        return None

    def _await_alive(self) -> bool:
        deadline = time.monotonic() + REPLY_S
        while time.monotonic() < deadline:
            if Payload(data=ALIVE) in self._listen(deadline):
                return True
        return False
