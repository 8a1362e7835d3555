"""The agent's process: its endpoint in threads, its work in one loop.

Theory of operation
-------------------
Connections are served by threads of `kiosk.channel.Server`; they put submissions into the
store, which is durable before they answer, and wake the loop. The loop alone takes
entries, starts forwarders, judges what they say and gives the entries back. It also
writes to the log what the threads noticed, so that no citizen waits for the log's flush,
tidies the store, and touches the watchdog: the loop that does the work is the one that
proves it.

Whatever ends this process at whatever instant, the store knows what is owed. Forwarders
and relays die with it. What a forwarder had sent but not reported is sent again under the
same id, which the intake answers with the same numbers.
"""

from __future__ import annotations

import gc
import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing import connection

import structlog

from kiosk.agent import centre, events
from kiosk.agent.attempts import Attempts
from kiosk.agent.chores import Chores
from kiosk.agent.delivery import Failed, Filed, Outcome, Turned
from kiosk.agent.endpoint import Endpoint
from kiosk.agent.evidence import diagnostics
from kiosk.agent.identity import IdentityWatch, Recipients, Signing
from kiosk.agent.lines import Lines
from kiosk.agent.maintenance import MaintenanceDesk, Upkeep
from kiosk.agent.notes import Notes
from kiosk.agent.nursery import Nursery
from kiosk.agent.pause import Pause
from kiosk.agent.pictures import Pictures
from kiosk.agent.power import PowerWatch
from kiosk.agent.reporting.assembly import Reports
from kiosk.agent.service import Service
from kiosk.agent.setup import Setup, relay_route, route
from kiosk.agent.sights import Place, Sights
from kiosk.agent.sign_in import Gate
from kiosk.agent.staff import ROLE, StaffDesk, new_secret
from kiosk.agent.visits import Visits
from kiosk.agent.watch import FILE as FAULTS
from kiosk.agent.watch import Looks, Watch
from kiosk.agent.wishes import Wishes
from kiosk.audit import AuditLog
from kiosk.channel import Caller, Secrets, Server
from kiosk.channel.process import settle
from kiosk.crypto import PublicKeys
from kiosk.maintenance.keeping import Keeping
from kiosk.outbox import Entry, Outbox, OutboxError, Parcel
from kiosk.outbox.report import FILE
from kiosk.release.telling import Telling
from kiosk.settings import releases_root
from kiosk.status.command import Kind

log = structlog.get_logger()

BEAT = 2.0
"""Seconds between two signs of life."""


class Agent:
    """One agent; ``run`` returns after ``stop``."""

    def __init__(self, setup: Setup, *, beat: Callable[[str], None] = lambda _: None) -> None:
        """Open everything.

        Args:
            setup: what to work with.
            beat: told ``READY=1`` once, then ``WATCHDOG=1`` from the loop.

        Raises:
            OutboxUnusable: the store can't be opened.
            KeyFileError: the terminal is not provisioned.
        """
        self._setup = setup
        self._beat = beat
        self._stopping = threading.Event()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._lot = random.Random()  # noqa: S311 - jitter
        self._trouble = ""
        self._last_beat = float("-inf")
        keys = setup.state_dir / "keys"
        public = PublicKeys.read(keys)
        nursery = self._nursery = Nursery().warm()
        self._reports: Reports | None = None
        self._wishes = Wishes()
        self._pictures = Pictures(self._wishes.put)
        self._pause = Pause(lambda: self._wishes.put("renew"), lambda: self._visits.count)
        self._sights = Sights(self._seen())
        self._watch = Watch(self._looks())
        self._log = AuditLog(setup.state_dir / "audit" / "audit.log", heard=self._counted)
        self._notes = Notes(self._log, self.ring)
        self._note = self._notes.put
        self._outbox = Outbox(setup.state_dir / FILE, bound=setup.bound, reserve=setup.reserve)
        self._attempts = Attempts(nursery, route(setup, public.terminal))
        self._visits = Visits(nursery, relay_route(setup, public.terminal), Signing(keys))
        self._lines = Lines(setup.addresses, setup.policy, self._lot)
        self._identity = IdentityWatch(nursery, setup.state_dir, self._outbox, self._note)
        self._chores = Chores(
            self._outbox,
            self._note,
            overdue=setup.policy.overdue,
            tombstones=setup.tombstones,
        )
        memory = setup.state_dir / "release-told.json"
        self._releases = Telling(
            releases_root(), memory, self._note, lambda: self._wishes.put("renew")
        )
        self._server = self._serve(public)
        self._power = PowerWatch(
            setup.run_dir / "xfs4iot" / "Ups.sock",
            setup.secrets.roles.get("agent", ""),
            setup.power,
            visits=lambda: self._visits.count,
            note=self._note,
        )

    def run(self) -> None:
        """Serve and deliver until `stop`."""
        self._note(events.AGENT_STARTED, entries=len(self._outbox.waiting()))
        self._pause.remember(self._setup.state_dir / "audit")
        self._server.start()
        self._power.start()
        self._watch.start()
        if self._reports is not None:
            self._reports.start()
        self._beat("READY=1")
        settle()
        try:
            while not self._stopping.is_set():
                self._turn()
        finally:
            self._close()

    def stop(self) -> None:
        """End the loop soon; safe from a signal handler and from any thread."""
        self._stopping.set()
        self.ring()

    def ring(self) -> None:
        """Wake the loop."""
        os.eventfd_write(self._bell, 1)

    def _seen(self) -> Place:
        """Return what the watch looks at."""
        return Place(
            state=self._setup.state_dir,
            run_dir=self._setup.run_dir,
            secret=self._setup.secrets.roles.get("agent", ""),
            reserve=self._setup.reserve,
            releases=releases_root(),
            counts=lambda: self._outbox.counts(),  # noqa: PLW0108 - it is opened later
        )

    def _looks(self) -> Looks:
        """Return what the watch works with; the log is opened after it, and tells it."""
        return Looks(
            sights=self._sights.conditions,
            note=lambda event, **fields: self._note(event, **fields),  # noqa: PLW0108 - made later
            file=self._setup.state_dir / FAULTS,
        )

    def _serve(self, public: PublicKeys) -> Server:
        """Bind the socket; nothing is answered before `run`."""
        endpoint = Endpoint(
            self._outbox,
            self._visits,
            self._log,
            recipients=Recipients(self._setup.state_dir / "keys"),
            on_stored=self._stored,
            on_refused=self._refused_here,
        )
        service, desk = self._upkeep(public.terminal)
        if service.out is not None:  # a session that was warmed before us does not know it
            self._wishes.put("renew")
        service.pausing = self._pause.out
        self._reports = self._told_to_the_centre(public.terminal, service)
        staff_desk = StaffDesk(self._outbox, self._note, service, self._wishes)

        def left(caller: Caller) -> None:
            endpoint.left(caller)
            desk.left(caller)
            self._pause.left(caller)

        path = self._setup.run_dir / "agent.sock"
        staff = new_secret((self._setup.state_dir / FILE).parent, path)
        return Server(
            path,
            Secrets(roles={**self._setup.secrets.roles, ROLE: staff}),
            {
                **endpoint.operations(),
                **staff_desk.operations(),
                **desk.operations(),
                **self._pause.operations(),
                **self._pictures.operations(),
                (ROLE, "lines"): self._lines.answer,
                ("shell", "wish"): self._wishes.wish,
                ("session", "service"): service.told,
            },
            on_leave=left,
            allowed_uids={os.getuid(), 0, *self._setup.users},
        )

    def _told_to_the_centre(self, terminal: str, service: Service) -> Reports | None:
        """Make the line to the centre, where there is one."""
        setup = self._setup
        own = centre.Own(
            terminal=terminal,
            state_dir=setup.state_dir,
            run_dir=setup.run_dir,
            secret=setup.secrets.roles.get("agent", ""),
            visits=lambda: self._visits.count,
            outbox=self._outbox,
            service=service,
            wishes=self._wishes,
            note=self._note,
            head=lambda: self._log.head,
            conditions=self._watch.conditions,
            more={
                Kind.SCREENSHOT: self._pictures.take,
                Kind.DIAGNOSTICS: diagnostics(self._works_with, self._outbox),
            },
        )
        return centre.reports(setup.bus, own)

    def _upkeep(self, terminal: str) -> tuple[Service, MaintenanceDesk]:
        """Make what maintenance mode works with."""
        upkeep = self._works_with
        keeping = Keeping(upkeep.state)
        service = Service(keeping, self._note, lambda: self._wishes.put("renew"))
        gate = Gate(keeping=keeping, terminal=terminal, note=self._note)
        stands = self._watch.stands
        desk = MaintenanceDesk(upkeep, gate, service, self._outbox, self._note, stands=stands)
        return service, desk

    @property
    def _works_with(self) -> Upkeep:
        return self._setup.upkeep or Upkeep(state=self._setup.state_dir)

    def _counted(self, event: str, fields: Mapping[str, str | int]) -> None:
        self._pause.heard(event, fields)
        self._watch.heard(event, fields)
        if self._reports is not None:
            self._reports.heard(event, fields)

    def _turn(self) -> None:
        """Do what is due, then wait for something to happen."""
        self._sign_of_life()
        self._releases.look()
        self._notes.write()
        pause = self._deliver()
        self._outbox.tidy()
        pause = min(pause, self._attempts.patience)
        ready = connection.wait([*self._attempts.pipes, self._bell], timeout=pause)
        if self._bell in ready:
            os.eventfd_read(self._bell)
        self._attempts.finish(ready, self._give_back)

    def _deliver(self) -> float:
        """Start what is due; returns seconds until something may be due again."""
        try:
            self._chores.do()
            self._identity.do()
            self._start_what_may()
        except OutboxError as error:
            self._in_trouble(error)
            return BEAT
        self._trouble = ""
        if len(self._attempts) >= self._setup.at_once:
            return BEAT
        due = self._outbox.next_due(self._lines.rest)
        return BEAT if due is None else min(BEAT, due)

    def _start_what_may(self) -> None:
        """Start entries whose turn has come and whose line does not rest."""
        while len(self._attempts) < self._setup.at_once:
            entry = self._outbox.take(self._lines.rest)
            if entry is None:
                break
            self._start(entry)

    def _start(self, entry: Entry) -> None:
        self._lines.begun(entry.jurisdiction)
        try:
            self._attempts.start(entry, self._outbox.pieces(entry))
        except (OSError, OutboxError) as error:  # taken is taken: it has to be given back
            log.warning("forwarder_not_started", problem=type(error).__name__)
            self._give_back(entry, Failed(reason="no_forwarder"))

    def _give_back(self, entry: Entry, outcome: Outcome) -> None:
        """Write down how an attempt ended; what can't be written is tried again."""
        self._learn(entry, outcome)
        try:
            match outcome:
                case Filed(numbers=numbers):
                    self._outbox.settle(entry, numbers)
                    self._delivered(entry)
                case Turned(code=code):
                    self._outbox.hold(entry, code)
                    self._note(events.SUBMISSION_HELD, local_no=entry.local_no, reason=code)
                case Failed() as failed:
                    self._again(entry, failed)
        except OutboxError as error:
            self._in_trouble(error)

    def _learn(self, entry: Entry, outcome: Outcome) -> None:
        """Tell the line's breaker, and the log when the line is lost or back."""
        back = self._lines.ended(entry.jurisdiction, outcome)
        if back is False and isinstance(outcome, Failed):
            self._note(events.INTAKE_LOST, reason=outcome.reason)
        elif back:
            self._note(events.INTAKE_BACK)

    def _delivered(self, entry: Entry) -> None:
        attempts = entry.attempts + 1
        self._note(events.SUBMISSION_DELIVERED, local_no=entry.local_no, attempts=attempts)
        self._outbox.hasten()

    def _again(self, entry: Entry, failed: Failed) -> None:
        attempts = entry.attempts + 1
        delay = self._setup.policy.delay(attempts, failed.retry_after, self._lot)
        self._outbox.postpone(entry, delay, failed.reason, firm=failed.intake_answers)
        if failed.reason != entry.last_error:
            self._note(
                events.DELIVERY_FAILED,
                local_no=entry.local_no,
                reason=failed.reason[:100],
                attempts=attempts,
            )

    def _stored(self, parcel: Parcel) -> None:
        self._note(events.SUBMISSION_STORED, local_no=parcel.local_no, bytes=parcel.size)

    def _refused_here(self, reason: str) -> None:
        self._note(events.SUBMISSION_REFUSED_HERE, reason=reason)

    def _in_trouble(self, error: OutboxError) -> None:
        """Say once what is wrong with the store, until it works again."""
        kind = type(error).__name__
        if kind != self._trouble:
            self._trouble = kind
            log.warning("outbox_failed", problem=kind)
            self._note(events.OUTBOX_FAILED, reason=kind)

    def _sign_of_life(self) -> None:
        """Beat, unless no child can be started any more: only another agent mends that."""
        if time.monotonic() - self._last_beat >= BEAT / 2 and not self._nursery.hung:
            self._last_beat = time.monotonic()
            self._beat("WATCHDOG=1")
            gc.collect()  # what a visit left in circles goes now

    def _close(self) -> None:
        """End children and connections; the store stays as it is."""
        self._power.stop()
        self._watch.stop()
        self._sights.close()
        self._server.close()
        self._attempts.end()
        self._visits.end()
        self._identity.end()
        self._note(events.AGENT_STOPPED)
        self._notes.write()
        if self._reports is not None:  # last, so that the centre is told how far the log reaches
            self._reports.stop()
            self._notes.write()
        self._outbox.close()
        self._log.close()
