"""What an agent is started with, and the ways to the intake that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.agent.attempts import Route
from kiosk.agent.chores import DAY
from kiosk.agent.delivery import Policy
from kiosk.agent.lines import Addresses
from kiosk.agent.maintenance import Upkeep
from kiosk.agent.power import Rules
from kiosk.agent.reporting.assembly import Bus
from kiosk.agent.visits import RelayRoute
from kiosk.channel import Secrets
from kiosk.outbox.store import DEFAULT_BOUND, RESERVE


@dataclass(frozen=True, kw_only=True, slots=True)
class Setup:
    """What an agent is started with.

    Attributes:
        state_dir: directory that survives a stop.
        run_dir: directory of sockets.
        intake_url: base address of the intake's terminal API.
        by_jurisdiction: the same of other jurisdictions, by their code.
        secrets: the roles ``session`` and ``shell``, and ``agent`` of the devices.
        policy: when to try again.
        attempt_limit: seconds one attempt may take.
        at_once: forwarders that may run side by side.
        bound: most sealed bytes to hold.
        reserve: least free bytes to leave on the disk.
        tombstones: seconds for which numbers of delivered submissions are kept.
        users: uids that may call besides our own (the sessions' user on a terminal).
        power: when to shut down without mains.
        upkeep: what staff work with; by default nothing but the state.
    """

    state_dir: Path
    run_dir: Path
    intake_url: str
    secrets: Secrets
    policy: Policy = field(default_factory=Policy)
    attempt_limit: float = 300.0
    at_once: int = 2
    bound: int = DEFAULT_BOUND
    reserve: int = RESERVE
    tombstones: float = 400 * DAY
    users: frozenset[int] = frozenset()
    power: Rules = field(default_factory=lambda: Rules(battery_s=300.0))
    upkeep: Upkeep | None = None
    bus: Bus | None = None
    by_jurisdiction: Mapping[str, str] = field(default_factory=dict)

    @property
    def addresses(self) -> Addresses:
        """Where applications go."""
        return Addresses(default=self.intake_url, by_jurisdiction=self.by_jurisdiction)


def route(setup: Setup, terminal: str) -> Route:
    """Return how forwarders reach the intake."""
    return Route(
        terminal=terminal,
        addresses=setup.addresses,
        keys=setup.state_dir / "keys",
        limit=setup.attempt_limit,
    )


def relay_route(setup: Setup, terminal: str) -> RelayRoute:
    """Return how relays reach the intake."""
    return RelayRoute(
        terminal=terminal,
        addresses=setup.addresses,
        keys=setup.state_dir / "keys",
        run_dir=setup.run_dir,
        users=setup.users,
    )
