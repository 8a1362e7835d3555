"""The scanner as a device: armed only while somebody asks, deaf otherwise.

A scanner module may send at any moment: a code held up before the citizen pressed anything, a
phone of the person who just left. So nothing is kept that arrived before `arm` or after `disarm`,
and `arm` waits for the line to be silent before it starts the light.

What a module is set to lasts until power-off. `arm` asks whether it still is, or sets it again: a
module that lost its power between two citizens is not found out by a wrong code.
A module that does not take its settings, as older ones and strangers do, is used as it is found:
a code ends at CR, LF or silence, and its kind is unknown.

Modules stop looking by themselves after some seconds; while a read waits, the trigger is renewed.
A module that repeats a code at once is heard once; whoever arms anew gets what is held up then,
the same code too.
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
    Codec,
    CommandReply,
    Event,
    Framing,
    Garbled,
    Overflow,
    Payload,
    Receiver,
    Request,
    Verdict,
)
from drivers.scanner.conversation import Conversation
from drivers.scanner.line import Line
from drivers.scanner.profiles import FAMILIES, PLAIN, Profile
from drivers.scanner.symbology import UNKNOWN, ToldBy

RETRIGGER_S = 3.0
REPEAT_WINDOW_S = 1.5
"""The same payload within this time after it was given is a repeat, until `arm`."""

RECORD_LIMIT_S = 5.0
"""Longest time one payload may take: 4096 bytes at 9600 baud take 4.3 s."""

LONGEST_INFO = 200
"""Most bytes kept of what a scanner says of itself."""

MOST_DAMAGED = 8
"""Damaged codes in a row after which a read ends: the line, or the module, is not well."""

_NOTHING = (b"", -math.inf)
"""No payload was given since the scanner was armed."""


class ScanProblem(enum.StrEnum):
    """Why a read ended without a payload."""

    NO_CODE = "noCode"
    CANCELLED = "cancelled"
    TOO_LONG = "tooLong"
    """More bytes, or for longer, than any code holds."""
    GARBLED = "garbled"
    """What came was damaged, again and again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScannerIdentity:
    """What the scanner says of itself; empty for engines that only say they are alive."""

    info: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """The bytes of one code, suffix and mark removed.

    Attributes:
        payload: The bytes.
        symbology: The standard's word for the kind of code.
        mark: The scanner's own word for it.
    """

    payload: bytes
    symbology: str = UNKNOWN
    mark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanFailure:
    """A read that ended without a payload."""

    problem: ScanProblem


class Scanner:
    """One scanner on one line.

    Calls block and come from one thread; a deadline is an instant of `time.monotonic()`.

    Args:
        line: The open line; closed by who opened it.
        profile: What the module is set to and how it is heard.
        codec: What speaks with it; by default the profile's family.
    """

    def __init__(self, line: Line, *, profile: Profile = PLAIN, codec: Codec | None = None) -> None:
        self._profile = profile
        self._codec = codec or FAMILIES[profile.family]
        self._refused: tuple[str, ...] = ()
        self._as_found = False
        self._talk = Conversation(line, self._ear())
        self._set = not profile.settings
        self._armed = False
        self._lit_at = -math.inf
        self._last = _NOTHING
        self._damaged = 0
        self._begun: Payload | None = None

    @property
    def armed(self) -> bool:
        """Whether codes are looked for."""
        return self._armed

    @property
    def refused(self) -> tuple[str, ...]:
        """The settings it did not accept, of those it may be without."""
        return self._refused

    @property
    def as_found(self) -> bool:
        """Whether it did not take its settings and is used as it is."""
        return self._as_found

    @property
    def told_by(self) -> ToldBy:
        """How it says what kind of code it read; nothing when it refused to.

        One that is used as found may have taken the setting: an AIM identifier cannot be mistaken.
        """
        if self._as_found:
            return ToldBy.AIM if self._profile.symbology is ToldBy.AIM else ToldBy.NOTHING
        refused = self._profile.symbology_setting in self._refused
        return ToldBy.NOTHING if refused else self._profile.symbology

    def identify(self) -> ScannerIdentity:
        """Ask the scanner who it is; a scanner that cannot be asked is taken at its port's word.

        Raises:
            DeviceSilent: It answers none of the questions of its family.
            TransportLost: The port went away.
        """
        self._talk.settle()
        asked = self._codec.identify()
        for request in asked:
            if reply := self._talk.ask(request):
                return ScannerIdentity(info=_one_line(reply.data))
        if asked:
            raise DeviceSilent(f"scanner does not answer {asked[0].name}")
        return ScannerIdentity(info="")

    def configure(self) -> None:
        """Set what its profile says, until power-off; one that does not take it is used as found.

        Raises:
            TransportLost: The port went away.
        """
        self._as_found = False
        wanted = self._profile.settings
        request = self._codec.configure([one for one in wanted if one not in self._refused])
        if request is None:
            return
        reply = self._talk.ask(request) or self._talk.ask(request)
        if reply is None or not self._is_enough(reply):
            self._as_found = True
        elif reply.refused:
            self._refused += reply.refused
        self._set = True
        self._talk.hear_with(self._ear())

    def _is_enough(self, reply: CommandReply) -> bool:
        """Whether the module took all that must be."""
        if any(self._profile.settings.get(one) == "must" for one in reply.refused):
            return False
        return reply.verdict is Verdict.ACCEPTED or bool(reply.refused)

    def see_alive(self) -> None:
        """Ask as little as possible, to find out whether it is still there.

        Raises:
            DeviceSilent: It does not answer.
            TransportLost: The port went away.
        """
        if self._profile.check and not self._as_found:
            self._talk.settle()
            self._keep_settings()
        else:
            self.identify()

    def arm(self) -> None:
        """Drop what was scanned before, then start looking.

        Raises:
            DeviceSilent: A command was not answered, twice.
            DeviceFailed: A command was refused.
            TransportLost: The port went away.
        """
        self._armed = False
        self._talk.settle()
        self._keep_settings()
        for request in self._codec.start():
            self._obey(request)
        self._lit_at = time.monotonic()
        self._last = _NOTHING
        self._damaged = 0
        self._begun = None
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
            outcome = self._first_outcome(self._talk.listen(deadline, self._profile.gap_s))
            if outcome:
                return outcome
            now = time.monotonic()
            if not self._talk.in_record:
                began = now
                if now >= deadline:
                    return ScanFailure(problem=ScanProblem.NO_CODE)
            elif now - began > RECORD_LIMIT_S:
                self._talk.forget()
                return ScanFailure(problem=ScanProblem.TOO_LONG)
        return ScanFailure(problem=ScanProblem.CANCELLED)

    def disarm(self) -> None:
        """Stop looking; what still arrives is dropped. The scanner's answer is not waited for.

        Raises:
            TransportLost: The port went away.
        """
        self._armed = False
        self._talk.forget()
        if request := self._codec.stop():
            self._talk.say(request.data)

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

    def _ear(self) -> Receiver:
        """Return an ear for what the module took of its settings."""
        if self._as_found:
            return self._codec.receiver(Framing.SUFFIX, self.told_by, b"")
        refused = self._profile.suffix_setting in self._refused
        suffix = b"" if refused else self._profile.suffix
        return self._codec.receiver(self._profile.framing, self.told_by, suffix)

    def _keep_settings(self) -> None:
        """See that the module is set as it should be; set it if not, or if it cannot be asked."""
        if self._as_found:
            return
        check = self._profile.check
        request = self._codec.check(check) if check and self._set else None
        reply = self._talk.ask(request) if request else None
        if reply and reply.verdict is Verdict.ACCEPTED:
            value = reply.data.decode("ascii", errors="replace")
            if reply.name + value == check:
                return
        self.configure()

    def _obey(self, request: Request) -> None:
        """Send one command, and see that it was accepted if its family says so."""
        if not request.answered:
            self._talk.say(request.data)
            return
        reply = self._talk.answer_to(request)
        if reply.verdict is not Verdict.ACCEPTED:
            raise DeviceFailed(f"scanner answers {reply.verdict} to {request.name}")

    def _first_outcome(self, events: list[Event]) -> Scan | ScanFailure | None:
        """Return what events mean for a read; those after the first outcome wait for the next."""
        for number, event in enumerate(events, start=1):
            if outcome := self._judge(event):
                self._talk.put_back(events[number:])
                return outcome
        return None

    def _judge(self, event: Event) -> Scan | ScanFailure | None:
        """Return what an event means for a read; None for replies and repeats of the last code."""
        match event:
            case Overflow():
                self._talk.settle()
                return ScanFailure(problem=ScanProblem.TOO_LONG)
            case Garbled():
                return self._spoilt(event)
            case Payload():
                return self._taken(event)
            case CommandReply():
                return None

    def _spoilt(self, damage: Garbled) -> Scan | ScanFailure | None:
        """Look again; what ends without its suffix twice, the same, is how this module ends codes.

        A module may confirm a suffix and send none, or another. A line that cuts a code short does
        not cut it twice at the same byte.
        """
        self._lit_at = -math.inf
        if damage.begun and damage.begun == self._begun:
            self._as_found = True
            self._talk.hear_with(self._ear())
            return self._taken(damage.begun)
        self._begun = damage.begun
        self._damaged += 1
        too_many = self._damaged >= MOST_DAMAGED
        return ScanFailure(problem=ScanProblem.GARBLED) if too_many else None

    def _taken(self, code: Payload) -> Scan | None:
        """Return a code as a scan, unless it is the last one that was given, sent again."""
        self._lit_at = -math.inf
        self._damaged = 0
        now = time.monotonic()
        last, given_at = self._last
        if code.data == last and now - given_at < REPEAT_WINDOW_S:
            return None
        self._last = (code.data, now)
        return Scan(payload=code.data, symbology=code.symbology, mark=code.mark)

    def _keep_light_on(self) -> None:
        """Start the light again when it went out: with a code, or after the module's own time."""
        now = time.monotonic()
        if self._talk.in_record or now - self._lit_at < RETRIGGER_S:
            return
        if trigger := self._codec.start()[-1:]:
            self._talk.say(trigger[0].data)
        self._lit_at = now


def _one_line(words: bytes) -> str:
    """Return what a scanner says of itself as one short line of printable ASCII."""
    text = "".join(chr(byte) if 0x20 <= byte < 0x7F else " " for byte in words[:LONGEST_INFO])
    return " ".join(text.split())
