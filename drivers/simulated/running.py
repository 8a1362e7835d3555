"""The process of all simulated devices of one terminal: `run_simulator`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from sdnotify import SystemdNotifier

from drivers.simulated import control
from drivers.simulated.plan import Plan
from drivers.simulated.simulator import Simulator

DRAWING_S = 10.0
"""Longest the end waits for a scene that is being drawn."""

LOOK_S = 0.5
"""How often the population file is looked at."""

_log = structlog.get_logger("simulator")


def run_simulator(plan: Plan, *, stop: threading.Event | None = None) -> None:
    """Run the simulated devices until SIGTERM, SIGINT or `stop`.

    Writes `RUN/simulator.json` with the address of the control page once everything serves, and
    removes it at the end. The population is read again whenever its file appears or changes.

    Args:
        plan: What is simulated, where and how.
        stop: Ends the run when set; for callers in the same process.

    Raises:
        ValueError: The plan names a device that there is not.
    """
    ending = stop or threading.Event()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_ends_by_signal(ending))
        simulator = Simulator(
            plan.run,
            pace=plan.pace,
            paper_dir=plan.papers,
            terminal=plan.terminal,
            others=plan.devices,
            seed=plan.seed,
            scanner=plan.scanner,
        )
        stack.callback(simulator.camera.await_end, DRAWING_S)
        stack.callback(simulator.close)
        url = stack.enter_context(control.serve(simulator, plan.control_port))
        reload = _reloader(simulator, plan.population)
        reload()
        stack.enter_context(_announced(plan.run / "simulator.json", url))
        _log.info("simulator.ready", pace=plan.pace, control_page=url)
        _serve(reload, ending)


def _serve(reload: Callable[[], None], ending: threading.Event) -> None:
    """Tell the service manager that all is well, and look for a new population, until the end."""
    notifier = SystemdNotifier()
    notifier.notify("READY=1")
    while not ending.wait(LOOK_S):
        reload()
        notifier.notify("WATCHDOG=1")
    notifier.notify("STOPPING=1")
    _log.info("simulator.ended")


def _reloader(simulator: Simulator, path: Path) -> Callable[[], None]:
    """Return a call that reads the population when its file is new or has changed."""
    seen: list[tuple[int, int]] = []

    def reload() -> None:
        try:
            status = path.stat()
        except OSError:
            return
        version = (status.st_mtime_ns, status.st_size)
        if seen != [version]:
            seen[:] = [version]
            loaded = simulator.load_population(path)
            _log.info("simulator.population", loaded=loaded)

    return reload


@contextlib.contextmanager
def _ends_by_signal(ending: threading.Event) -> Iterator[None]:
    """Set `ending` on SIGTERM and SIGINT while this lasts; nothing outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = (signal.SIGTERM, signal.SIGINT)
    former = {number: signal.signal(number, lambda *_: ending.set()) for number in wanted}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _announced(path: Path, url: str) -> Iterator[None]:
    """Keep `path` with the control address while this lasts; readers never see half of it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps({"control_url": url}), encoding="utf-8")
    fresh.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
