"""Errands of the way in: the card, the one-time code, the PIN; and of the way out."""

from __future__ import annotations

from kiosk.maintenance import effects as e
from kiosk.maintenance.facts import Denied, SignedIn
from kiosk.maintenance.intents import Said
from kiosk.session.errands import Stopped, start
from kiosk.session.maintenance.bench import Gone
from kiosk.session.maintenance.card import read_card
from kiosk.session.maintenance.errands import Errands, Table


class EntryErrands:
    """Asks the agent whether somebody may come in."""

    def __init__(self, errands: Errands) -> None:
        self._errands, self._parts = errands, errands.parts

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {
            e.ReadCard: self.read_card,
            e.SendCode: self.send_code,
            e.SendPin: self.send_pin,
            e.Leave: self.leave,
        }

    def read_card(self, effect: e.ReadCard) -> None:
        """Wait for a card, and ask whether it opens."""
        own, say = self._parts, self._errands.say
        if "id_reader" not in own.bench.parts:
            say(Said.READER_GONE, ticket=effect.ticket)
            return
        number = own.bench.begin("id_reader")

        def seen() -> None:
            say(Said.CARD_SEEN, ticket=effect.ticket)

        def work() -> None:
            try:
                found = read_card(own.bench, own.agent, number, seen)
                if self._errands.begun_anew():
                    return
                kind = Said.TAKEN if found is None else Said.DENIED
                say(kind, found, ticket=effect.ticket)
            except Stopped:
                return
            except Gone:
                say(Said.READER_GONE, ticket=effect.ticket)

        start("card", work, lambda: say(Said.READER_GONE, ticket=effect.ticket))

    def send_code(self, effect: e.SendCode) -> None:
        """Ask whether a one-time code opens."""

        def work() -> None:
            denied = self._parts.agent.code(effect.code)
            if self._errands.begun_anew():
                return
            kind = Said.TAKEN if denied is None else Said.DENIED
            self._errands.say(kind, denied, ticket=effect.ticket)

        start("code", work, lambda: self._not_kept(effect.ticket))

    def send_pin(self, effect: e.SendPin) -> None:
        """Ask whether it is the PIN."""

        def work() -> None:
            said = self._parts.agent.pin(effect.pin)
            if self._errands.begun_anew():
                return
            kind = Said.SIGNED_IN if isinstance(said, SignedIn) else Said.DENIED
            self._errands.say(kind, said, ticket=effect.ticket)

        start("pin", work, lambda: self._not_kept(effect.ticket))

    def leave(self, effect: e.Leave) -> None:
        """Give everything back and end; the session ends even when nobody answers."""

        def work() -> None:
            self._parts.agent.leave(effect.how)
            self._parts.bench.close()
            self._parts.control.ended(effect.how)

        start("leave", work, lambda: self._parts.control.ended(effect.how))

    def _not_kept(self, ticket: int) -> None:
        self._errands.say(Said.DENIED, Denied(reason="not_kept"), ticket=ticket)
