"""What every errand of a stay works with: devices, agent, and how its end is said.

One thread, the screen's, owns the course.  An errand runs on a thread of its own and ends by
*saying* something, which the screen's thread hears.  Every failure becomes words on a page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk.journey.view_parts import Text, text
from kiosk.maintenance.context import Context
from kiosk.maintenance.effects import Effect
from kiosk.maintenance.entry_moves import ANEW
from kiosk.maintenance.facts import Did, Fact, Words
from kiosk.maintenance.intents import Intent, Said
from kiosk.session.errands import Stopped, start
from kiosk.session.maintenance.agent_desk import Lost
from kiosk.session.maintenance.parts import Parts
from kiosk.session.maintenance.trials import Person

ANEW_S: Final = 8.0
"""So long is a new connection to the agent tried: the service manager starts it within 5 s."""
AGAIN_S: Final = 0.3
Note = tuple[str, str, str]
"""Event, device, and the word for a good end: what the log has of a trial."""
Table = Mapping[type[Effect], Callable[[Any], None]]
"""Who carries out an effect; each takes its own kind of it."""


class Errands:
    """Sends work to threads; what they say is heard by the screen's.

    Args:
        parts: devices, agent, words and the way to the shell.
        hear: takes what was said; safe from any thread.
        context: what is known now; asked on the screen's thread alone.
    """

    def __init__(
        self, parts: Parts, hear: Callable[[Intent], None], context: Callable[[], Context]
    ) -> None:
        self.parts = parts
        self._hear, self._context = hear, context

    @property
    def context(self) -> Context:
        """What is known now."""
        return self._context()

    def say(
        self, kind: Said, fact: Fact | None = None, *, ticket: int = 0, argument: str = ""
    ) -> None:
        """Have the screen's thread hear something; safe from any thread."""
        self._hear(Intent(kind=kind, fact=fact, ticket=ticket, argument=argument))

    def begun_anew(self) -> bool:
        """Open maintenance anew after the agent was lost; then a card is asked for again.

        Returns:
            Whether that was so and it was done: nothing else has to be said then.
        """
        agent, until = self.parts.agent, time.monotonic() + ANEW_S
        while agent.broken:
            try:
                begun = agent.begin(self.parts.how)
            except Lost:
                if time.monotonic() >= until:
                    return False
                time.sleep(AGAIN_S)
                continue
            self.say(Said.BEGUN, begun, argument=ANEW)
            return True
        return False

    def run(
        self, ticket: int, name: str, work: Callable[[], Did | None], note: Note | None = None
    ) -> None:
        """Run a trial on a thread; it ends with words, whatever happens, and in the log."""

        def errand() -> None:
            try:
                did = work()
            except Stopped:
                return
            if did is None:  # the person's answer is its end
                return
            if note is not None:
                event, part, well = note
                result = well if did.well else did.result
                self.parts.agent.audit(event, device=part, result=result)
            self.did(ticket, did)

        failed = Did(well=False, told=text("upkeep.test.gone"))
        start(name, errand, lambda: self.did(ticket, failed))

    def did(self, ticket: int, did: Did) -> None:
        """Say how something ended."""
        self.say(Said.DID, did, ticket=ticket)

    def begin(self, part: str) -> int:
        """Return the number of a new wait at a device; 0 where there is no such device."""
        bench = self.parts.bench
        return bench.begin(part) if part in bench.parts else 0

    def person(self, ticket: int) -> Person:
        """Return how a trial speaks to who stands there."""

        def say(told: Text) -> None:
            self.say(Said.DOING, Words(told=told), ticket=ticket)

        def ask(told: Text) -> None:
            self.say(Said.DOING, Words(told=told), ticket=ticket, argument="asks")

        return Person(say=say, ask=ask)

    def look_at_devices(self) -> None:
        """Say how the devices are; takes the calling thread."""
        self.say(Said.STATUSES, self.parts.bench.look())
