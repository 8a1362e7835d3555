"""What maintenance mode may ask of the agent, on ``agent.sock``.

Theory of operation
-------------------
The maintenance session paints and reads cards; whoever stands before it is known here, where the
list, the counts and the files are.  A connection is one way in: nothing but ``begin``, ``card``,
``code``, ``pin``, ``refused`` and ``leave`` is answered before somebody signed in, and then only
what their role may do.  When the connection ends, so does what it had.

==================  =============================  ================================================
operation           fields                         answer
==================  =============================  ================================================
``begin``           ``how``                        ``key`` (of card hashes), ``terminal, known``
``card``            ``card`` (keyed hash)          nothing
``code``            ``code``                       nothing
``pin``             ``pin``                        ``work_no, role, rights``
``refused``         ``reason``                     nothing; a card that could not be read is counted
``look``            –                              ``out, outbox, station, version, stick, checked,
                                                   orders, unprinted, stands``
``examine``         –                              ``findings, verdict`` of ``kiosk doctor``
``retry``           –                              ``done``
``export``          –                              ``done``
``serve``           ``out``, ``reason, until``     nothing
``order``           ``what``: restart, shut_down   nothing
``bundle``          –                              ``file, bytes``
``keep_pdf``        ``name``, one memory file      ``file``
``keep_trace``      ``part``, one memory file      ``file``
``history``         ``part``                       ``counts`` of today, ``troubles`` of a week
``check_began``     –                              nothing
``check_ended``     ``check``                      nothing
``station``         ``sound, brightness``          nothing
``touch``           ``panels``                     nothing
``find``            ``local_no``                   ``state, age_s, reason``
``stick_look``      –                              ``word, name, version, digest, built, now,
                                                   changes``, or ``word`` of an error and ``why``
``stick_update``    ``digest``                     nothing; it was looked at before
``stick_progress``  –                              ``stage, digest, code, look, ended``
``set_clock``       ``how``: step, set; ``at``     ``moved_s``
``recovery_facts``  –                              ``key, waiting, oldest_s``
``train_…``         –                              of a training: `training`
``audit``           ``event, fields``              nothing; the person is added here
``leave``           ``how``                        nothing
==================  =============================  ================================================

Refusals: `sign_in.Refused`'s reasons (``left``, ``wait_s`` in the detail as ``left/wait_s``),
``not_allowed``, ``no_stick``, ``not_here``, ``unusable``, ``bad_request``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from kiosk.agent.maintenance.clock import Clock
from kiosk.agent.maintenance.history import History
from kiosk.agent.maintenance.machine import Machine
from kiosk.agent.maintenance.presence import ROLE, Note, Presence, signing_in
from kiosk.agent.maintenance.recovery_facts import Rescue
from kiosk.agent.maintenance.submissions import Submissions
from kiosk.agent.maintenance.takeaway import Takeaway
from kiosk.agent.maintenance.training import Training
from kiosk.agent.maintenance.updating import Updating
from kiosk.agent.maintenance.upkeep import Upkeep
from kiosk.agent.service import Service
from kiosk.agent.sign_in import Gate
from kiosk.agent.stick import Stick
from kiosk.channel import Caller, Refused, Request
from kiosk.channel.server import Handler
from kiosk.maintenance.faults import Condition
from kiosk.maintenance.staff import Right
from kiosk.outbox import Outbox


class MaintenanceDesk:
    """All operations, those of each group with the right they take."""

    def __init__(
        self,
        upkeep: Upkeep,
        gate: Gate,
        service: Service,
        outbox: Outbox,
        note: Note,
        *,
        stands: Callable[[], Iterable[Condition]] = tuple,
    ) -> None:
        stick = Stick(upkeep.stick, folder=upkeep.stick_folder)
        self._presence = Presence(gate, note)
        submissions = Submissions(upkeep.state, stick, outbox, note)
        counted, history = submissions.counted, History(upkeep.state)
        self._groups = (
            submissions,
            history,
            Machine(
                upkeep,
                gate,
                service,
                stick=stick,
                counted=counted,
                unprinted=history.unprinted,
                stands=stands,
                note=note,
            ),
            Takeaway(upkeep, gate.terminal, stick, counted, note),
            Updating(upkeep, stick, note),
            Clock(upkeep.clock, note),
            Rescue(upkeep.state),
            Training(upkeep.training, upkeep.run, note),
        )

    def operations(self) -> Mapping[tuple[str, str], Handler]:
        """Return the table for the server."""
        free = self._presence.operations()
        held = {
            name: _held(right, handler)
            for group in self._groups
            for name, (right, handler) in group.operations().items()
        }
        return {(ROLE, name): handler for name, handler in {**free, **held}.items()}

    def left(self, caller: Caller) -> None:
        """End what a connection had: the session is gone, however."""
        Training.left(caller)
        self._presence.left(caller)


def _held(right: Right, handler: Handler) -> Handler:
    """Let only those with the right reach a handler."""

    def held(request: Request) -> Mapping[str, object] | None:
        if not signing_in(request).may(right):
            raise Refused("not_allowed", right.value)
        return handler(request)

    return held
