"""The shell's loop: feeds the policy with what happens and does what it decides.

One thread. It waits for control lines and deaths of sessions, ticks the policy every
quarter second, and feeds the service manager's watchdog from this same loop. What it knows and
holds outlives it (:mod:`kiosk.shell.succession`): a visit goes on without a shell.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from kiosk.channel.process import settle
from kiosk.channel.service_manager import BEAT, READY, ServiceManager
from kiosk.shell import wishes
from kiosk.shell.held_process import UNKNOWN, HeldProcess, HungUp, Nonsense
from kiosk.shell.pictures import Pictures
from kiosk.shell.policy import Action, GiveUp, Kill, Policy, Record, Show, Spawn
from kiosk.shell.reporter import Reporter
from kiosk.shell.slot import Kind, Phase
from kiosk.shell.slot_process import SlotProcess
from kiosk.shell.succession import Succession
from kiosk.shell.wishes import Wishes

log = structlog.get_logger()
TICK = 0.25
GAVE_UP = 75
"""Exit status (EX_TEMPFAIL) after too many deaths; the unit's ladder goes on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Launch:
    """How to start a session: arguments of the command, and its greeting line.

    ``maintenance``: the greeting of a maintenance session, which has secrets of its own; empty:
    staff are not let in here.
    """

    arguments: Sequence[str]
    greeting: str
    maintenance: str = ""


class Shell:
    """Runs session processes until told to stop."""

    def __init__(self, agent_socket: Path, agent_secret: str) -> None:
        """Take what the service manager left in the environment."""
        self._launch = Launch(arguments=(), greeting="")
        self._reporter = Reporter(agent_socket, agent_secret)
        self._wishes = Wishes(agent_socket, agent_secret)
        self._pictures = Pictures(agent_socket, agent_secret)
        self._succession = Succession(os.environ)
        self._policy = Policy()
        self._processes: dict[int, HeldProcess] = {}
        self._selector = selectors.DefaultSelector()
        self._notifier = ServiceManager(os.environ)
        self._status: int | None = None
        self._announced = False

    def run(self, launch: Launch) -> int:
        """Serve until SIGTERM or until the ladder ends; return the exit status."""
        self._launch = launch
        self._wake_on_signals()
        self._selector.register(self._wishes, selectors.EVENT_READ, self._grant)
        self._wishes.start()
        self._go_on()
        settle()
        beat = 0.0
        while self._status is None:
            for key, _ in self._selector.select(TICK):
                handler: Callable[[], None] = key.data
                handler()
            self._do(self._policy.tick(time.monotonic()))
            self._succession.note(self._policy)
            if time.monotonic() - beat > 2:
                self._beat()
                beat = time.monotonic()
                gc.collect()  # what a visit left in circles goes now
        self._end_all()
        return self._status

    def _end_all(self) -> None:
        """End in order; the memory went first, so that an end that is cut short is one too."""
        self._succession.forget()
        for process in self._processes.values():
            process.kill()
        for slot, process in self._processes.items():
            process.reap()
            self._succession.release(slot)
        self._succession.settle()

    def _go_on(self) -> None:
        """Take over what a shell that died left: who is served is served on."""
        now = time.monotonic()
        left = self._succession.inherit(now)
        self._policy = left.policy
        self._succession.note(self._policy)  # this return counts, should we die over the next lines
        for slot, process in left.processes.items():
            self._watch(slot, process)
            process.ask_again()
        for slot in left.lost:
            self._do(self._policy.exited(slot, UNKNOWN, now))
        if left.processes:
            log.warning("shell_returned", sessions=len(left.processes))
            served = {"sessions": len(left.processes)}
            self._reporter.say(Record(event="shell_returned", fields={**served}))
        if self._policy.active is not None:
            self._announce()

    def _wake_on_signals(self) -> None:
        reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writing)
        for number in (signal.SIGTERM, signal.SIGINT):  # heard also while a nursery is awaited
            signal.signal(number, lambda *_: self._succession.forget())

        def stop() -> None:
            os.read(reading, 16)
            self._status = 0

        self._selector.register(reading, selectors.EVENT_READ, stop)

    def _do(self, actions: Sequence[Action]) -> None:
        for action in actions:
            match action:
                case Spawn():
                    self._spawn(action)
                case Show(slot=slot, after=after):
                    self._processes[slot].show(after)
                    self._announce()
                case Kill(slot=slot):
                    self._processes[slot].kill()
                case Record():
                    self._reporter.say(action)
                case GiveUp():
                    log.error("shell_gave_up")
                    self._status = GAVE_UP

    def _announce(self) -> None:
        if not self._announced:
            self._notifier.tell(READY)
            self._announced = True

    def _beat(self) -> None:
        """Tell the service manager that the loop turns; a full line makes it turn no slower."""
        self._notifier.tell(BEAT)

    def _grant(self) -> None:
        """Do what was asked for by command."""
        now = time.monotonic()
        for wish in self._wishes.taken():
            match wish:
                case wishes.MAINTENANCE:
                    self._do(self._policy.maintain("command", now))
                case wishes.FREE:
                    self._do(self._policy.free(now))
                case wishes.PICTURE:
                    self._want_picture()
                case _:
                    self._do(self._policy.renew(now))

    def _want_picture(self) -> None:
        """Let the centre see the page, if nobody has touched it."""
        slot = self._policy.picturable
        if slot is None:
            self._pictures.refuse("occupied")
        else:
            self._processes[slot].want_picture()

    def _picture(self, slot: int, message: Mapping[str, object]) -> None:
        """Pass a picture on, unless somebody came meanwhile: a touch wins."""
        file = self._processes[slot].file()
        if file is None:
            self._pictures.refuse(str(message.get("why"))[:30])
        elif slot == self._policy.picturable:
            self._pictures.hand_over(file)
        else:
            os.close(file)
            self._pictures.refuse("occupied")

    def _spawn(self, wanted: Spawn) -> None:
        slot, greeting = wanted.slot, self._launch.greeting
        arguments = [*self._launch.arguments, "--slot", str(slot)]
        if wanted.kind is Kind.MAINTENANCE:
            arguments += ["--kind", wanted.kind.value, "--opened-by", wanted.how]
            greeting = self._launch.maintenance
        try:
            process = SlotProcess(arguments, greeting)
        except OSError as error:  # no memory, no processes: try again a little later
            log.warning("session_not_started", slot=slot, problem=type(error).__name__)
            self._do(self._policy.exited(slot, os.EX_OSERR, time.monotonic()))
            return
        self._succession.hold(slot, process)
        self._watch(slot, process)

    def _watch(self, slot: int, process: HeldProcess) -> None:
        self._processes[slot] = process
        self._selector.register(
            process.control, selectors.EVENT_READ, lambda: self._hear(slot, process)
        )
        self._selector.register(
            process.ended, selectors.EVENT_READ, lambda: self._bury(slot, process)
        )

    def _hear(self, slot: int, process: HeldProcess) -> None:
        try:
            for message in process.messages():
                self._do(self._understand(slot, message))
        except (Nonsense, KeyError, TypeError) as error:
            if not isinstance(error, HungUp):
                log.warning("session_talks_nonsense", slot=slot, problem=type(error).__name__)
            process.kill()
            self._selector.unregister(process.control)

    def _understand(self, slot: int, message: Mapping[str, object]) -> list[Action]:
        now = time.monotonic()
        known = self._policy.slots.get(slot)
        if known is None or (known.phase is Phase.LEAVING and message["op"] != "frame"):
            return []
        match message["op"]:
            case "ready":
                return self._policy.ready(slot, now)
            case "seen":
                return self._policy.seen(slot)
            case "frame":
                self._policy.framed(slot, now)
            case "visit" | "staff":
                return self._somebody(slot, message, now)
            case "picture":
                self._picture(slot, message)
            case "handing_over":
                self._policy.handing_over(slot, str(message["local_no"])[:64])
            case "submitted":
                self._policy.submitted(slot, str(message["local_no"])[:64])
            case "ended":
                return self._policy.ended(slot, str(message["how"])[:32], now)
            case other:
                raise Nonsense(str(other)[:40])
        return []

    def _somebody(self, slot: int, message: Mapping[str, object], now: float) -> list[Action]:
        """Somebody came to a session's screen: a citizen, or staff."""
        if message["op"] == "visit":
            return self._policy.visit_began(slot, str(message["visit"])[:64])
        if not self._launch.maintenance:
            return []
        return self._policy.staff(slot, str(message["how"])[:16], now)

    def _bury(self, slot: int, process: HeldProcess) -> None:
        self._selector.unregister(process.ended)
        if process.control in self._selector.get_map():
            self._selector.unregister(process.control)
        status = process.reap()
        del self._processes[slot]
        self._succession.release(slot)
        log.info("session_ended", slot=slot, status=status)
        self._do(self._policy.exited(slot, status, time.monotonic()))
