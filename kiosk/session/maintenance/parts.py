"""What a stay in maintenance mode works with: built once, when the session process is warmed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.catalogue.files import workdays_of
from kiosk.channel import Secrets
from kiosk.maintenance.context import Place
from kiosk.session.control import Control
from kiosk.session.maintenance.agent_desk import AgentDesk
from kiosk.session.maintenance.bench import Bench
from kiosk.session.whom_to_ring import help_of, staff_of
from kiosk.settings import Settings, config_root
from kiosk.translation import Translator


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Devices, agent, words and the way to the shell; nothing is connected yet."""

    agent: AgentDesk
    bench: Bench
    words: Translator
    control: Control
    place: Place
    idle_seconds: int
    how: str
    """Who asked for it: hold, switch, command."""


def parts(run: Path, settings: Settings, secrets: Secrets, how: str, control: Control) -> Parts:
    """Return what a stay at this terminal works with."""
    secret, terminal = secrets.roles["maintenance"], settings.terminal
    return Parts(
        agent=AgentDesk(run / "agent.sock", secret),
        bench=Bench(run, secret),
        words=Translator(),
        control=control,
        place=Place(
            service=terminal.site_name,
            place=f"{terminal.site_name} {terminal.name}",
            help=help_of(settings, workdays_of(config_root(), settings.jurisdiction)),
            terminal=terminal.id,
            staff=staff_of(settings),
        ),
        idle_seconds=settings.maintenance.idle,
        how=how,
    )
