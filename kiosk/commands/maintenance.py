"""``kiosk maintenance``: open maintenance mode, take the terminal out of service, free a visit.

For who sits at the console or in a terminal of the operating system: the agent is asked, and the
shell does it.  Nobody sees what a citizen has on the screen.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.channel import Client

_REFUSED: Final = 1


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("maintenance", help="open maintenance mode; out of service and back")
    own.add_argument("--state", type=Path, default=Path("var/desk"), help="the agent's directory")
    what = own.add_subparsers(required=True, metavar="WHAT")
    opened = what.add_parser(
        "open", help="open it as soon as nobody is served; card and PIN follow"
    )
    opened.set_defaults(act=_open)
    stopped = what.add_parser("out", help="out of service, with a sentence that citizens read")
    stopped.add_argument("--text", required=True, help="at most 60 characters")
    stopped.set_defaults(act=_out)
    served = what.add_parser("in", help="in service again")
    served.set_defaults(act=_in)
    told = what.add_parser("status", help="in service or out of it, as one JSON line")
    told.set_defaults(act=_status)
    freed = what.add_parser("free", help="end a visit that is stuck; what was submitted is kept")
    freed.set_defaults(act=_free)
    for one in (opened, stopped, served, told, freed):
        one.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Ask the agent."""
    from kiosk.agent.staff import connect
    from kiosk.channel import ChannelClosed, Refused
    from kiosk.outbox.report import FILE

    try:
        with connect((options.state / FILE).parent) as agent:
            options.act(agent, options)
    except ChannelClosed as error:
        print(f"kiosk maintenance: no agent runs on this state: {error}", file=sys.stderr)
        return _REFUSED
    except (OSError, Refused) as error:
        print(f"kiosk maintenance: {error}", file=sys.stderr)
        return _REFUSED
    return 0


def _open(agent: Client, options: argparse.Namespace) -> None:
    del options
    agent.call("open")


def _out(agent: Client, options: argparse.Namespace) -> None:
    agent.call("serve", out=True, words=options.text)


def _in(agent: Client, options: argparse.Namespace) -> None:
    del options
    agent.call("serve", out=False)


def _status(agent: Client, options: argparse.Namespace) -> None:
    del options
    print(json.dumps(agent.call("serve"), ensure_ascii=False))


def _free(agent: Client, options: argparse.Namespace) -> None:
    del options
    agent.call("free")
