"""Puts one terminal's reporting together: where the centre is, what is told, what may be asked."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import structlog

from kiosk.agent.reporting import looking
from kiosk.agent.reporting.heads import FILE as HEADS
from kiosk.agent.reporting.heads import Heads, Proofs
from kiosk.agent.reporting.line import Line
from kiosk.agent.reporting.orders import Act, Note, Orders
from kiosk.agent.reporting.reporter import Reporter, Ways
from kiosk.agent.reporting.tally import HALL, Tally
from kiosk.audit import Head
from kiosk.audit.reading import since
from kiosk.crypto.keyring import TLS_KEY_FILE, private_path
from kiosk.maintenance.faults import Condition, faults
from kiosk.outbox.records import Counts, State
from kiosk.status import Reported, topics
from kiosk.status.address import Address
from kiosk.status.command import CommandKey, Keys, Kind
from kiosk.status.rings import RINGS, group_of, line_of
from kiosk.status.state import Outbox, Service, Update, Versions

COMMAND_KEYS: Final = "command-keys.json"
"""``{key id: {"public": <base64>, "kinds": [...]}}`` in the directory of keys."""
MOST_FAULTS: Final = 64

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Bus:
    """Where the centre's broker is.

    Attributes:
        host: name that its certificate has.
        port: of TLS.
        groups: groups of this terminal besides ``all``.
        release_group: whose releases it takes by its own file.
    """

    host: str
    port: int
    groups: frozenset[str] = frozenset()
    release_group: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the reporting is told by the agent, and what it may have done.

    Attributes:
        terminal: its id.
        state_dir: directory that survives a stop.
        run_dir: directory of sockets.
        secret: of the devices' role ``agent``.
        versions: tells what is installed and in force.
        update: tells how releases fare.
        group: tells whose releases it takes now.
        service: tells what a citizen finds.
        counts: tells what the outbox holds; ``None`` when it can't be looked at.
        acts: does what the centre asks.
        wanted: told which release a group shall have.
        note: takes an event and its fields for the log.
        head: tells how far the log reaches; without it no heads are signed.
        conditions: tells what is wrong besides the devices.
        beat: done every few seconds, also while there is no line.
    """

    terminal: str
    state_dir: Path
    run_dir: Path
    secret: str
    versions: Callable[[], Versions]
    service: Callable[[], Service]
    counts: Callable[[], Counts | None]
    acts: Mapping[Kind, Act]
    wanted: Callable[[str, str], None]
    note: Note
    update: Callable[[], Update] = Update
    group: Callable[[], str] = str
    head: Callable[[], Head] | None = None
    conditions: Callable[[], Iterable[Condition]] = tuple
    beat: Callable[[], None] = lambda: None


class Devices(Protocol):
    """Tells how each device is, in the standard's words."""

    def statuses(self) -> dict[str, looking.Payload | None]:
        """Return each device's status by name; ``None`` for one that does not answer."""

    def close(self) -> None:
        """Let go of them."""


class Reports:
    """A terminal's reporting: the thread, and the ear for events of the log."""

    def __init__(self, bus: Bus, own: Told, cabinet: Devices | None = None) -> None:
        """Prepare everything.

        Args:
            bus: where the centre is.
            own: what is told.
            cabinet: the devices; by default those that serve sockets in ``run_dir``.

        Raises:
            OSError: certificate, key or authority can't be used, or the disk does not take it.
        """
        self._own = own
        self._tally = Tally()
        _happen_again(self._tally, own.state_dir / "audit")
        self._cabinet = cabinet or looking.Cabinet(own.run_dir, own.secret)
        groups = bus.groups | {topics.ALL}
        rings = _rings(bus.release_group)

        def belongs() -> frozenset[str]:
            return groups | ({own.group()} & rings)

        keys = own.state_dir / "keys"
        line = Line(_address(bus, keys), own.terminal, groups | rings)
        orders = Orders(
            own.state_dir / "orders.json",
            terminal=own.terminal,
            groups=belongs,
            keys=lambda: command_keys(keys / COMMAND_KEYS),
            acts=own.acts,
            note=own.note,
            attach=line.attach,
        )
        self._reporter = Reporter(
            Ways(
                line=line,
                orders=orders,
                look=self.state,
                wanted=own.wanted,
                beat=own.beat,
                heads=_heads(own, _address(bus, keys), line),
                belongs=lambda group: group in belongs(),
            )
        )

    def start(self) -> None:
        """Begin; returns at once."""
        self._reporter.start()

    def stop(self) -> None:
        """End."""
        self._reporter.stop()
        self._cabinet.close()

    def heard(
        self, event: str, fields: Mapping[str, str | int], at: datetime | None = None
    ) -> None:
        """Count an event that was written to the log, now by default; safe from any thread."""
        self._tally.heard(event, fields, at or datetime.now(UTC))

    def state(self, sequence: int, at: datetime) -> Reported:
        """Look at everything; may take seconds."""
        statuses = self._cabinet.statuses()
        wrong = faults((*looking.conditions(statuses), *self._own.conditions()))
        return Reported(
            terminal=self._own.terminal,
            sequence=sequence,
            at=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            service=self._own.service(),
            faults=tuple(one.id for one in wrong[:MOST_FAULTS]),
            versions=self._own.versions(),
            update=self._own.update(),
            devices=looking.devices(statuses),
            outbox=_outbox(self._own.counts()),
            day=self._tally.day(at),
            machine=looking.machine(self._own.state_dir),
        )


def _rings(group: str) -> frozenset[str]:
    """Return the groups in which this terminal may ever be: it hears of all and obeys its own."""
    line = line_of(group)
    return frozenset(group_of(line, ring) for ring in range(RINGS)) if group else frozenset()


def command_keys(path: Path) -> Keys:
    """Return whom to believe; nobody when the file is not there or can't be read."""
    try:
        told = json.loads(path.read_bytes())
        return {
            str(name): CommandKey(
                public=base64.b64decode(one["public"], validate=True),
                kinds=frozenset(Kind(kind) for kind in one["kinds"]),
            )
            for name, one in told.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, binascii.Error) as error:
        log.warning("command_keys_unusable", problem=type(error).__name__)
        return {}


def _heads(own: Told, address: Address, line: Line) -> Heads | None:
    if own.head is None:
        return None
    proofs = Proofs(
        terminal=own.terminal,
        directory=own.state_dir / "audit",
        head=own.head,
        key=lambda: (address.key.read_bytes(), address.certificate.read_bytes()),
        note=own.note,
    )
    return Heads(own.state_dir / HEADS, proofs, line.head)


def _address(bus: Bus, keys: Path) -> Address:
    return Address(
        host=bus.host,
        port=bus.port,
        authority=keys / "ca.crt",
        certificate=keys / "terminal.crt",
        key=private_path(keys, TLS_KEY_FILE),
    )


def _outbox(counts: Counts | None) -> Outbox:
    if counts is None:
        return Outbox()
    by = counts.by_state
    return Outbox(
        waiting=by[State.STORED] + by[State.SENDING],
        refused=by[State.REFUSED],
        held=sum(one.held is not None for one in counts.waiting),
        oldest_s=int(counts.oldest_s or 0),
    )


def _happen_again(tally: Tally, directory: Path) -> None:
    """Let the day's events of the log count, so that a restart loses nothing."""
    midnight = datetime.now(HALL).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        today = list(since(directory, midnight - timedelta(seconds=1)))
    except (OSError, ValueError) as error:
        log.warning("day_not_counted", problem=type(error).__name__)
        return
    for said in reversed(today):
        fields = said.raw.get("f")
        tally.heard(str(said.raw["e"]), fields if isinstance(fields, dict) else {}, said.at)
