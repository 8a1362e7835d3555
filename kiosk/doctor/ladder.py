"""The end of the ladder: what is done when a service stays down although it was restarted.

The rungs below are systemd's: a process that dies or is silent is restarted; one that dies too
often within five minutes is given up by systemd, which then calls ``kiosk ladder`` (``OnFailure=``
of every unit). What it does is decided here without doing it:

1.  No citizen may begin what can't be kept: the shell is stopped, the screen says out of service.
2.  The machine restarts, after a pause in which staff can read the screen.
3.  After `MOST_REBOOTS` within `WINDOW_S` another restart would mend nothing: the words stay, and
    all services are tried again every `AGAIN_S`. A terminal is never given up for good.

Services fall together, and systemd calls for each. One ladder at a time does this, so that one
restart counts once; another that is called meanwhile ends.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

MOST_REBOOTS = 3
WINDOW_S = 3600.0
AGAIN_S = 900
READ_S = 60.0
"""Seconds before a restart in which the words are seen."""
FILE = "reboots.json"
LOCK = "reboots.lock"
DOWN = "down.json"
"""Which unit stayed down last; the agent reads it (`kiosk.agent.sights`)."""
SERVICES = ("kiosk-devices", "kiosk-agent", "kiosk-display", "kiosk-shell")

Words = tuple[str, ...]
_AS_SCREEN = ("runuser", "-u", "kiosk-ui", "--", "env", "DISPLAY=:0")
_SAY_OUT: tuple[Words, ...] = (
    ("systemctl", "stop", "kiosk-shell"),
    (*_AS_SCREEN, "kiosk", "ground", "out", "--settings", "/etc/yiduan/terminal.yaml"),
)
TRY_AGAIN: tuple[Words, ...] = (
    ("systemctl", "reset-failed", *SERVICES),
    (
        *("systemd-run", "--unit=kiosk-again", "--collect", f"--on-active={AGAIN_S}"),
        *("systemctl", "restart", *SERVICES),
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """What is done now.

    Attributes:
        reboots: when this ladder restarted the machine, seconds since the epoch.
        at_once: commands that are run first.
        pause: seconds after them.
        then: commands that follow.
    """

    reboots: tuple[float, ...]
    at_once: tuple[Words, ...]
    pause: float
    then: tuple[Words, ...]


def next_rung(reboots: Sequence[float], now: float) -> Rung:
    """Decide; a restart with a time in the future counts: the clock was set back meanwhile."""
    recent = tuple(at for at in reboots if abs(now - at) < WINDOW_S)
    if len(recent) < MOST_REBOOTS:
        return Rung(
            reboots=(*recent, now), at_once=_SAY_OUT, pause=READ_S, then=(("systemctl", "reboot"),)
        )
    return Rung(reboots=recent, at_once=_SAY_OUT, pause=0.0, then=TRY_AGAIN)


@contextmanager
def alone(state: Path) -> Iterator[bool]:
    """Say whether no other ladder is at work, and keep others away meanwhile.

    A disk that takes no lock lets this one work: somebody has to.
    """
    with ExitStack() as held:
        try:
            state.mkdir(parents=True, exist_ok=True)
            lock = held.enter_context((state / LOCK).open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except OSError:
            pass
        yield True


def read(state: Path, now: float) -> tuple[float, ...]:
    """Return the remembered restarts; what can't be read counts as the most that are allowed.

    Counted as none, a file that stays damaged would let the machine restart without end.
    """
    try:
        kept = json.loads((state / FILE).read_text())
        return tuple(float(at) for at in kept)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError):
        return (now,) * MOST_REBOOTS


def keep(state: Path, reboots: Sequence[float]) -> None:
    """Remember the restarts.

    Raises:
        OSError: the disk does not take it.
    """
    state.mkdir(parents=True, exist_ok=True)
    draft = state / f"{FILE}.draft"
    draft.write_text(json.dumps(list(reboots)))
    draft.replace(state / FILE)
