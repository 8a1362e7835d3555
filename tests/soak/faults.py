"""What goes wrong in a soak: at devices, on the line, and with processes.

A fault is struck at a step of a visit and mended some steps later, at the latest after the visit.
``bound`` is in how many seconds a page must be usable again: what was measured on two busy cores
with room, so that a miss is a fault of ours; the promised figures are held by `make bench`
(``bench_recovery``) on a quiet machine.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil

from tests.soak.terminal import Terminal

Mend = Callable[[], None]
KILL, SEGV, STOP = signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP
_WAIT_S = 8.0
"""A page may wait for what is not there (a number, a reading): its own limit and some."""
_SWAP_S = 5.0
_VERDICT_S = 12.0
_START_S = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        name: in the figures.
        strike: does it; returns what mends it, or None when nobody was there to be struck.
        bound: seconds to a usable page.
        storm: whether it ends a process that lives on: in storms only.
    """

    name: str
    strike: Callable[[Terminal], Mend | None]
    bound: float = _WAIT_S
    storm: bool = False


def _nothing() -> None:
    """What mends itself."""


def _device(name: str, strike: Mapping[str, object], mend: Mapping[str, object]) -> Fault:
    def struck(terminal: Terminal) -> Mend:
        terminal.player.devices.do(name, **strike)
        return lambda: terminal.player.devices.do(name, **mend)

    words = " ".join(map(str, (*strike, *strike.values())))
    return Fault(name=f"{name}: {words}", strike=struck)


def _intake(name: str, strike: Callable[[Terminal], None]) -> Fault:
    def struck(terminal: Terminal) -> Mend:
        strike(terminal)

        def mend() -> None:
            terminal.line.down, terminal.line.delay = False, 0.0
            terminal.line.let_go()

        return mend

    return Fault(name=f"intake: {name}", strike=struck)


def _down(terminal: Terminal) -> None:
    terminal.line.down = True


def _slow(terminal: Terminal) -> None:
    terminal.line.delay = 1.5


def _still(terminal: Terminal) -> None:
    terminal.line.hold_after(0)


def _cut_soon(terminal: Terminal) -> None:
    terminal.line.hold_after(30_000)


Found = Callable[[Terminal], Sequence[psutil.Process]]


def _session(terminal: Terminal) -> Sequence[psutil.Process]:
    return [terminal.active_session()]


def _standby(terminal: Terminal) -> Sequence[psutil.Process]:
    return terminal.sessions()[1:]


def _part(name: str) -> Found:
    return lambda terminal: [terminal.process(name)]


def _nursery(name: str) -> Found:
    def found(terminal: Terminal) -> Sequence[psutil.Process]:
        nursery = terminal.nursery(name)
        return [] if nursery is None else [nursery]

    return found


def _below(part: str, title: str) -> Found:
    return lambda terminal: terminal.titled(part, title)


def _killed(
    name: str, found: Found, number: signal.Signals, bound: float, *, storm: bool = False
) -> Fault:
    def struck(terminal: Terminal) -> Mend | None:
        victims: Sequence[psutil.Process] = ()
        with contextlib.suppress(psutil.NoSuchProcess, KeyError):
            victims = found(terminal)
            with_them = terminal.sessions() if name == "shell" else []
            for process in victims:
                process.send_signal(number)
            if number is STOP:
                terminal.stopped |= dict.fromkeys(victims, time.monotonic())
            else:  # what is seen before they are dead is nothing to count
                psutil.wait_procs([*victims, *with_them], timeout=2)
        return _nothing if victims else None

    return Fault(name=f"{name}: {number.name}", strike=struck, bound=bound, storm=storm)


FAULTS: tuple[Fault, ...] = (
    _device("printer", {"paper": "out"}, {"paper": "ok"}),
    _device("printer", {"cover": "open"}, {"cover": "closed"}),
    _device("printer", {"fault": "paper-jam"}, {"fault": "none"}),
    _device("printer", {"fault": "garbage"}, {"fault": "none"}),
    _device("printer", {"fault": "power-off"}, {"fault": "none"}),
    _device("printer", {"unplug": True}, {"replug": True}),
    _device("printer", {"fail_during": "paper-jam"}, {"fault": "none"}),
    _device("id-reader", {"unplug": True}, {"replug": True}),
    _device("id-reader", {"fail_next": "silence"}, {"fault": None}),
    _device("id-reader", {"fail_during": "checksum"}, {"fault": None}),
    _device("scanner", {"unplug": True}, {"replug": True}),
    _device("camera", {"unplug": True}, {"replug": True}),
    _device("camera", {"fault": "freeze"}, {"fault": None}),
    _device("camera", {"fault": "black"}, {"fault": None}),
    _intake("down", _down),
    _intake("slow", _slow),
    _intake("silent", _still),
    _intake("silent after 30 kB", _cut_soon),
    *(_killed("session", _session, number, _SWAP_S) for number in (KILL, SEGV)),
    _killed("session", _session, STOP, _VERDICT_S),
    *(_killed("standby", _standby, number, _SWAP_S) for number in (KILL, STOP)),
    *(_killed("relay", _below("agent", "kiosk-relay"), n, _WAIT_S) for n in (KILL, STOP)),
    _killed("forwarder", _below("agent", "kiosk-forwarder"), KILL, _WAIT_S),
    *(
        _killed("device worker", _below("devices", "kiosk-devices: worker"), n, _WAIT_S)
        for n in (KILL, STOP)
    ),
    *(
        _killed(name, _part(name), number, bound, storm=True)
        for name, bound in (("agent", _VERDICT_S), ("devices", _VERDICT_S), ("shell", _START_S))
        for number in (KILL, SEGV, STOP)
    ),
    _killed("intake", _part("intake"), KILL, _WAIT_S, storm=True),
    *(
        _killed(f"nursery of {name}", _nursery(name), number, _START_S, storm=True)
        for name in ("agent", "devices", "shell")
        for number in (KILL, STOP)
    ),
)
