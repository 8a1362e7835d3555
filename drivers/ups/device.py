"""A UPS as a device: asked every half second, believed when it says the same three times.

One answer that does not come or makes no sense is a reading of nothing: it changes no state by
itself.  Three of them in a row are a UPS that is silent or garbled.
"""

from __future__ import annotations

import time
from typing import Protocol

from drivers.errors import DeviceFailed, DeviceGarbled, DeviceSilent
from drivers.transport import Transport
from drivers.ups import megatec, nut
from drivers.ups.megatec import Query
from drivers.ups.nut import Refusal, Variable
from drivers.ups.power import ENOUGH, NOTHING, Reading
from drivers.ups.profiles import Profile

ANSWER_S = 0.6
"""Seconds one answer may take: 47 characters at 2400 baud take 0.2 s."""


class Ups(Protocol):
    """What both kinds can do. Calls block and come from one thread."""

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


class NutUps:
    """A UPS behind a NUT server."""

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
