"""A visit without a screen, on everything else that is real: devices, agent, relay, intake."""

from __future__ import annotations

import queue
import socket
import time
from pathlib import Path

from kiosk.catalogue.files import load
from kiosk.crypto import PublicKeys
from kiosk.desk.stack import Options, Stack
from kiosk.journey.facts import Shown
from kiosk.journey.intents import Intent, touch
from kiosk.journey.observe import observed, unmet
from kiosk.journey.script import SLIP, Script, Step
from kiosk.play.devices import Devices
from kiosk.session import Control, Visit
from kiosk.session.equipment import equip
from kiosk.settings import load as load_settings
from tests.journeys.stage import ROOT

HAND_S = 0.4
"""Seconds a hand takes to put a card down."""


class Headless(Stack):
    """The desk's processes, without shell and screen."""

    def start(self) -> None:
        """Bring up intake, simulators, device host and agent."""
        self._provision()
        parts = [self._intake(), self._simulators(), self._devices(), self._agent()]
        for part in parts:
            self.launch(part)
        for part in parts:
            self.running[part.name].wait_ready(30)


class Seat:
    """One session process's worth of a visit, driven by a script."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.devices = Devices(stack.control_url)
        self.posted: queue.SimpleQueue[Intent] = queue.SimpleQueue()
        self.shell, theirs = socket.socketpair()
        settings = load_settings(stack.settings_files())
        equipment = equip(
            stack.run,
            settings,
            load(ROOT / "config", settings.jurisdiction),
            stack.secrets,
            PublicKeys.read(stack.state / "keys"),
        )
        self.visit = Visit(
            equipment, Control(theirs.detach(), lambda _heard: None), self.posted.put
        )
        self.visit.shown(Shown())
        self.slip = ""

    def play(self, script: Script) -> None:
        """Play every step; pages and expectations have twenty seconds each to come true."""
        for number, step in enumerate(script.steps, start=1):
            self._await(step, number)
            self._do(step)

    def close(self) -> None:
        """End the visit."""
        self.visit.close()
        self.shell.close()

    def told(self) -> bytes:
        """Return what the shell was told."""
        return self.shell.recv(1 << 16)

    def facts(self) -> dict[str, str | bool | int | list[str]]:
        """Let what was posted happen, and return what is seen."""
        while not self.posted.empty():
            self.visit.dispatch(self.posted.get())
        self.visit.tick()
        return observed(self.visit.view())

    def _await(self, step: Step, number: int) -> None:
        wanted: dict[str, str | bool | int] = {"page": step.page.value, **step.expect}
        if step.tap is not None:
            wanted["targets"] = step.tap
        deadline = time.monotonic() + 20
        while wrong := unmet(self.facts(), wanted):
            assert time.monotonic() < deadline, f"step {number}: {wrong}"
            time.sleep(0.01)
        if step.put_card is not None:
            self._reach_out()
        code = getattr(self.visit.view(), "qr", None)
        self.slip = code or self.slip

    def _reach_out(self) -> None:
        """Take as long as a hand does: a card found at once would be one that lay there."""
        until = time.monotonic() + HAND_S
        while time.monotonic() < until:
            self.facts()
            time.sleep(0.01)

    def _do(self, step: Step) -> None:
        if step.tap is not None:
            assert self.visit.dispatch(touch(step.tap))
        for digit in step.type or "":
            assert self.visit.dispatch(touch(f"digit:{digit}"))
        if step.put_card is not None:
            self.devices.do("id-reader", put=step.put_card)
        if step.lift_card:
            self.devices.do("id-reader", lift=True)
        if step.show_code is not None:
            self.devices.do("scanner", show=step.show_code.replace(SLIP, self.slip))
        if step.paper is not None:
            self.devices.do("printer", paper=step.paper)
        if step.fault is not None:
            self.devices.do(step.fault.device, **step.fault.command)
        if step.intake == "down":
            self.stack.stop_part("intake")
        elif step.intake == "up":
            self.stack.start_intake()


def bench(state: Path) -> Headless:
    """Return a stack whose devices answer faster than their lines allow."""
    return Headless(Options(state=state, display=":none", pace="fast"))
