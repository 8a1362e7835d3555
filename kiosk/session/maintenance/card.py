"""Reading a staff card: the reader says whose it is, the agent whether it opens."""

from __future__ import annotations

from collections.abc import Callable

from drivers.service.client import Event
from kiosk.maintenance.facts import Denied
from kiosk.session.maintenance.agent_desk import AgentDesk
from kiosk.session.maintenance.bench import FOREVER_S, VISIT, Bench, Gone

_READER: str = "id_reader"


def read_card(
    bench: Bench, agent: AgentDesk, number: int, seen: Callable[[], None]
) -> Denied | None:
    """Wait for a card, and return why it opens nothing, ``None`` when only the PIN is missing.

    Raises:
        Stopped: given up.
        Gone: the reader does not answer.
    """

    def happened(event: Event) -> None:
        if event.name == "CardReader.MediaInsertedEvent":
            seen()

    while True:
        answer = bench.call(
            (_READER, number), "XIdCard.Read", {"visit": VISIT}, FOREVER_S, happened
        )
        if answer.error != "timeOut":
            break
    if answer.error == "readerFailed":
        raise Gone(_READER)
    if answer.error == "authenticationFailed":  # the card's chip is none of the state's
        return Denied(reason="copied", wait_s=agent.copied().wait_s)
    card = answer.payload.get("card")
    id_no = card.get("id_no") if isinstance(card, dict) else None
    return agent.card(str(id_no)) if id_no else Denied(reason="unreadable")
