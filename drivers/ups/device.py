"""A UPS as a device: asked every half second, believed when it says the same three times.

One answer that does not come or makes no sense is a reading of nothing: it changes no state by
itself.  Three of them in a row are a UPS that is silent or garbled.
"""

from __future__ import annotations

import contextlib
import enum
import threading
import time
from typing import Protocol

from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, DeviceSilent, TransportLost
from drivers.transport import Transport
from drivers.ups import megatec, nut
from drivers.ups.megatec import Bit, Order, Query
from drivers.ups.nut import Refusal, Variable
from drivers.ups.power import ENOUGH, NOTHING, Reading
from drivers.ups.profiles import Profile

ANSWER_S = 0.6
"""Seconds one answer may take: 47 characters at 2400 baud take 0.2 s."""
TEST_S = 20.0
"""A test takes ten seconds; one that goes on for twice as long is ended."""
BEGIN_S = 3.0
"""A UPS that does not say by then that it tests does not know how, or does not want to."""
TEST_LOOK_S = 0.3


class TestEnd(enum.StrEnum):
    """How a test of the battery ended."""

    PASSED = "passed"
    WEAK = "weak"
    """The battery got low within seconds."""
    FAILED = "failed"
    """The UPS says that it failed."""
    INTERRUPTED = "interrupted"
    """Mains were lost meanwhile: it is no test any more."""
    UNFINISHED = "unfinished"
    """It began, and the UPS never said that it was over: nothing is known of the battery."""
    NOT_OFFERED = "notOffered"
    """It did not begin."""
    CANCELLED = "cancelled"


class Ups(Protocol):
    """What both kinds can do. Calls block and come from one thread."""

    testable: bool
    """Whether its battery can be tried."""

    def identify(self) -> str:
        """Find the UPS answering; return what it says of itself, empty if it says nothing.

        Raises:
            DeviceSilent, DeviceGarbled, DeviceFailed, TransportLost: It does not answer.
        """

    def read(self) -> Reading:
        """Ask once; `NOTHING` when there was no answer that makes sense.

        Raises:
            DeviceSilent: The third in a row did not come.
            DeviceGarbled: The third in a row made no sense.
            DeviceFailed: The server knows no such UPS, or refuses us.
            TransportLost: The port or the connection went away.
        """

    def test(self, cancelled: threading.Event) -> TestEnd:
        """Run the load on the battery for some seconds, and say how that ended.

        Raises:
            DeviceSilent, DeviceGarbled, TransportLost: as `read`.
        """


class _Patience:
    """Lets two answers go missing."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._missed = 0

    def answered(self) -> None:
        self._missed = 0

    def missed(self, *, heard: bool) -> None:
        """Count one; raise at the third."""
        self._missed += 1
        if self._missed < ENOUGH:
            return
        if heard:
            raise DeviceGarbled(f"{self._who}: {ENOUGH} answers in a row make no sense")
        raise DeviceSilent(f"{self._who}: no answer, {ENOUGH} times in a row")


class MegatecUps:
    """A UPS on a serial line."""

    testable = True

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._patience = _Patience("ups")

    def identify(self) -> str:
        """As `Ups.identify`; the status alone must be answered."""
        while self.read() is NOTHING:
            pass  # the third one raises
        identity, _ = self._ask(Query.IDENTITY)
        if not isinstance(identity, megatec.Identity):
            return ""
        return " ".join(filter(None, (identity.company, identity.model, identity.version)))

    def read(self) -> Reading:
        """As `Ups.read`."""
        line, heard = self._ask(Query.STATUS)
        if isinstance(line, megatec.Status):
            self._patience.answered()
            return megatec.reading(line)
        self._patience.missed(heard=heard)
        return NOTHING

    def test(self, cancelled: threading.Event) -> TestEnd:
        """As `Ups.test`."""
        self._transport.write(megatec.ask(Order.TEST))
        try:
            end = self._watched(cancelled)
        except DeviceError:
            with contextlib.suppress(TransportLost):  # the first error is the one to tell
                self._end_test()
            raise
        if end is not TestEnd.PASSED:
            self._end_test()
        return end

    def _end_test(self) -> None:
        """Put the load back on mains; a UPS that does not test takes no notice."""
        self._transport.write(megatec.ask(Order.CANCEL_TEST))

    def _watched(self, cancelled: threading.Event) -> TestEnd:
        """Look on until the test is over, or is not to go on."""
        began, running = time.monotonic(), False
        while time.monotonic() - began < (TEST_S if running else BEGIN_S):
            line, heard = self._ask(Query.STATUS)
            if not isinstance(line, megatec.Status):
                self._patience.missed(heard=heard)
                continue
            self._patience.answered()
            end = _test_end(line.bits, running=running)
            if end is not None:
                return end
            running = running or bool(line.bits & Bit.TESTING)
            if cancelled.wait(TEST_LOOK_S):
                return TestEnd.CANCELLED
        return TestEnd.UNFINISHED if running else TestEnd.NOT_OFFERED

    def _ask(self, query: Query) -> tuple[megatec.Line | None, bool]:
        """Return the first line that answers, and whether anything came."""
        receiver = megatec.Receiver()
        self._transport.discard_input()
        self._transport.write(megatec.ask(query))
        deadline, heard = time.monotonic() + ANSWER_S, False
        while time.monotonic() < deadline and (data := self._transport.read(deadline)):
            heard = True
            for line in receiver.receive(data):
                if not isinstance(line, megatec.Unreadable):
                    return line, heard
        return None, heard


def _test_end(bits: Bit, *, running: bool) -> TestEnd | None:
    """Return how a test ended, by a status; ``None``: it goes on, or has not begun."""
    if bits & Bit.MAINS_FAILED:
        return TestEnd.INTERRUPTED
    if bits & Bit.FAILED:
        return TestEnd.FAILED
    if bits & Bit.BATTERY_LOW:
        return TestEnd.WEAK
    return TestEnd.PASSED if running and not bits & Bit.TESTING else None


class NutUps:
    """A UPS behind a NUT server."""

    testable = False

    def __init__(self, transport: Transport, profile: Profile) -> None:
        self._transport = transport
        self._profile = profile
        self._patience = _Patience("upsd")

    def identify(self) -> str:
        """As `Ups.identify`."""
        while self.read() is NOTHING:
            pass  # the third one raises
        answers = (self._ask(variable)[0] for variable in nut.Identity)
        return " ".join(one.value.strip() for one in answers if isinstance(one, nut.Value))

    def read(self) -> Reading:
        """As `Ups.read`."""
        values: dict[str, str] = {}
        for variable in Variable:
            line, heard = self._ask(variable)
            if isinstance(line, nut.Refused) and line.why in {Refusal.NAME, Refusal.ACCESS}:
                raise DeviceFailed(f"upsd: {line.why.value} for {self._profile.ups}")
            if isinstance(line, nut.Value):
                values[line.variable] = line.value
            elif variable is Variable.STATUS:
                stale = isinstance(line, nut.Refused)  # the server is well, the UPS is gone
                self._patience.missed(heard=heard and not stale)
                return NOTHING
        reading = nut.reading(values, self._profile.low_minutes)
        if reading is NOTHING:
            self._patience.missed(heard=True)
        else:
            self._patience.answered()
        return reading

    def test(self, cancelled: threading.Event) -> TestEnd:
        """As `Ups.test`: orders take an account of the server, which we have none of."""
        del cancelled
        return TestEnd.NOT_OFFERED

    def _ask(self, variable: Variable | nut.Identity) -> tuple[nut.Line | None, bool]:
        """Return the first line that answers, and whether anything came."""
        receiver = nut.Receiver()
        self._transport.discard_input()
        self._transport.write(nut.ask(self._profile.ups, variable))
        deadline, heard = time.monotonic() + ANSWER_S, False
        while time.monotonic() < deadline and (data := self._transport.read(deadline)):
            heard = True
            for line in receiver.receive(data):
                if isinstance(line, nut.Refused) or (
                    isinstance(line, nut.Value) and line.variable == variable
                ):
                    return line, heard
        return None, heard


def make(transport: Transport, profile: Profile) -> Ups:
    """Return the UPS of a profile on an open line."""
    return NutUps(transport, profile) if profile.protocol == "nut" else MegatecUps(transport)
