"""One question, one answer, on a line that carries codes as well.

What is dropped here and when: everything before a question is answered, but what comes in one piece
after the answer is kept, for a code may follow a trigger at once.
"""

from __future__ import annotations

import math
import time

from drivers.errors import DeviceSilent
from drivers.scanner.codec import CommandReply, Event, Receiver, Request
from drivers.scanner.line import Line

REPLY_S = 0.5
"""Seconds a command reply may take."""

TEXT_REPLY_S = 1.5
"""Seconds a reply of several lines may take: 1000 bytes at 9600 baud take 1.05 s."""

ASKING_GAP_S = 0.1
"""Silence after which what came in place of a reply is given up."""

QUIET_S = 0.05
SETTLE_LIMIT_S = 0.5
"""How long a line may take to fall silent."""

CANCEL_CHECK_S = 0.1
"""Longest single wait, so that a cancelled read ends soon."""


class Conversation:
    """Says requests, hears events.

    Args:
        line: The open line.
        receiver: What makes events of its bytes.
    """

    def __init__(self, line: Line, receiver: Receiver) -> None:
        self._line = line
        self._receiver = receiver
        self._early: list[Event] = []
        self._heard_at = -math.inf

    @property
    def in_record(self) -> bool:
        """Whether something has begun to arrive and is not complete."""
        return self._receiver.in_record

    def hear_with(self, receiver: Receiver) -> None:
        """Go on with another ear."""
        self._receiver = receiver

    def say(self, data: bytes) -> None:
        """Send bytes that are not answered."""
        self._line.write(data)

    def answer_to(self, request: Request) -> CommandReply:
        """Ask, and ask once more; return the answer.

        Raises:
            DeviceSilent: There was none, twice.
        """
        reply = self.ask(request) or self.ask(request)
        if reply is None:
            raise DeviceSilent(f"scanner: no answer to {request.name} in {REPLY_S} s, twice")
        return reply

    def ask(self, request: Request) -> CommandReply | None:
        """Send a request; return its reply, dropping codes before it; None when none comes."""
        self.forget()
        self._receiver.expect(request)
        self._line.write(request.data)
        deadline = time.monotonic() + (TEXT_REPLY_S if request.quiet_s else REPLY_S)
        try:
            while time.monotonic() < deadline:
                events = self.listen(deadline, request.quiet_s or ASKING_GAP_S)
                for number, event in enumerate(events, start=1):
                    if isinstance(event, CommandReply) and event.name == request.name:
                        self._early = events[number:]
                        return event
        finally:
            self._receiver.expect(None)
        return None

    def listen(self, deadline: float, gap_s: float) -> list[Event]:
        """Return the events of the next piece, or of the silence after a record."""
        if self._early:
            events, self._early = self._early, []
            return events
        until = time.monotonic() + CANCEL_CHECK_S
        if self._receiver.in_record:
            until = min(until, time.monotonic() + gap_s)
        else:
            until = min(until, deadline)
        data = self._line.read(until)
        if data:
            self._heard_at = time.monotonic()
            events = self._receiver.receive(data)
        elif self._receiver.in_record and time.monotonic() - self._heard_at < gap_s:
            return []
        else:
            events = self._receiver.idle()
        self._acknowledge()
        return events

    def _acknowledge(self) -> None:
        if answers := self._receiver.answers():
            self._line.write(answers)

    def put_back(self, events: list[Event]) -> None:
        """Keep what came after what was waited for, for the next look."""
        self._early = events

    def forget(self) -> None:
        """Drop what came and was not asked for."""
        self._receiver.reset()
        self._early = []

    def settle(self) -> None:
        """Hear out and drop everything up to a moment of silence.

        It goes through the receiver, for a scanner whose code is not acknowledged sends it again,
        and perhaps to the next citizen.
        """
        limit = time.monotonic() + SETTLE_LIMIT_S
        while data := self._line.read(min(limit, time.monotonic() + QUIET_S)):
            self._receiver.receive(data)
            self._acknowledge()
            if time.monotonic() >= limit:
                self._line.discard_input()
                break
        self.forget()
