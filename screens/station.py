"""What the agent says of the terminal before a session is warmed: is it served here, how loud.

An agent that is not there says nothing: citizens are then served, and the agent has sessions warmed
anew when it comes and knows better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from kiosk.channel import ChannelError, Client, Secrets
from kiosk.journey.view import Text, plain, text
from kiosk.maintenance.touch_matrix import Matrix, as_matrix, is_matrix
from kiosk.translation import Translator
from screens.levels import MOST

log = structlog.get_logger()
ASK_S: Final = 2.0
USUAL: Final = 7
_OWN: Final = "own"
_USUALLY: Final = "staff.out.reason.maintenance_shown"
"""What is read where the reason has no words: an agent of a newer release may know more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Station:
    """How the terminal is set.

    Attributes:
        out: title and lead that citizens read while it is out of service.
        sound: 0 to 10.
        brightness: the same.
        touch: matrices of touch panels, by the names of their devices.
    """

    out: tuple[Text, Text] | None = None
    sound: int = USUAL
    brightness: int = USUAL
    touch: Mapping[str, Matrix] = field(default_factory=dict)


def asked(run: Path, secrets: Secrets) -> Station:
    """Ask the agent."""
    try:
        with Client(
            run / "agent.sock", "session", secrets.roles["session"], timeout=ASK_S
        ) as agent:
            said = agent.call("service")
    except ChannelError as error:
        log.info("agent_not_asked", problem=type(error).__name__)
        return Station()
    return Station(
        out=words(said) if said.get("out") is True else None,
        sound=_level(said.get("sound")),
        brightness=_level(said.get("brightness")),
        touch=_matrices(said.get("touch")),
    )


def _matrices(told: object) -> Mapping[str, Matrix]:
    """Return what can be a panel's; what cannot is left out, and touches come as they did."""
    listed = told.items() if isinstance(told, Mapping) else ()
    return {str(name): as_matrix(own) for name, own in listed if is_matrix(own)}


def _level(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value <= MOST else USUAL


def words(said: Mapping[str, object]) -> tuple[Text, Text]:
    """Return what citizens read, by the keys that staff chose."""
    told = Translator()
    reason, until = str(said.get("reason")), str(said.get("until") or "open")
    lead = f"staff.out.told.{until}"
    lead = lead if told.has(lead) else "staff.out.told.open"
    if reason == _OWN:
        return plain(str(said.get("words"))), text(lead)
    title = f"staff.out.reason.{reason}_shown"
    return text(title if told.has(title) else _USUALLY), text(lead)
