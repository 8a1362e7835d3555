"""``kiosk outbox``: what waits on this terminal, and what staff may do about it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from kiosk.channel import Client


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("outbox", help="what waits on this terminal, without personal data")
    own.add_argument("--state", type=Path, default=Path("var/desk"), help="the agent's directory")
    own.add_argument("--json", action="store_true", help="one JSON line")
    own.set_defaults(command=report)
    what = own.add_subparsers(metavar="WHAT")
    again = what.add_parser("retry", help="send again now, also what was refused or held")
    hold = what.add_parser("hold", help="do not send before a retry")
    hold.add_argument("--reason", required=True, help="for the list; no names")
    copies = what.add_parser("export", help="sealed copies; only the recovery key opens them")
    copies.add_argument("--to", type=Path, required=True, help="directory")
    copies.add_argument("--from-file", type=Path, help="a store of a terminal that is no more")
    for one, act in ((again, retry), (hold, stop), (copies, export)):
        one.add_argument("local_no", nargs="*", help="numbers of slips; export and retry: or all")
        one.set_defaults(command=act)
    _add_recover(what)


def _add_recover(what: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    own = what.add_parser("recover", help="file sealed copies with the recovery key")
    own.add_argument("copies", type=Path, nargs="+", help="files of an export")
    own.add_argument("--key", type=Path, required=True, help="the private recovery key, PEM")
    own.add_argument("--intake", required=True, help="https:// address of the terminal API")
    own.add_argument(
        "--intake-of",
        action="append",
        default=[],
        metavar="CODE=URL",
        help="the same of another jurisdiction, for copies that are for it",
    )
    own.set_defaults(command=recover)


def report(options: argparse.Namespace) -> int:
    """Print counts, ages and states."""
    from kiosk.outbox.report import report as print_report

    return print_report(options.state, as_json=options.json, lines=_lines(options.state))


def _lines(state: Path) -> list[dict[str, object]]:
    """Ask the agent about its lines; nothing when none runs, or it does not tell us."""
    from kiosk.agent.staff import connect
    from kiosk.channel import ChannelClosed, Refused
    from kiosk.outbox.report import FILE

    try:
        with connect((state / FILE).parent) as agent:
            return cast("list[dict[str, object]]", agent.call("lines")["lines"])
    except (OSError, ChannelClosed, Refused):
        return []


def retry(options: argparse.Namespace) -> int:
    """Have the agent send again."""
    return _with_agent(options, lambda agent, row, _: agent.call("retry", row=row))


def stop(options: argparse.Namespace) -> int:
    """Have the agent not send."""
    if not options.local_no:
        print("kiosk outbox hold: name the numbers to hold", file=sys.stderr)
        return 2
    reason = options.reason
    return _with_agent(options, lambda agent, row, _: agent.call("hold", row=row, reason=reason))


def export(options: argparse.Namespace) -> int:
    """Write sealed copies, from the agent or from a file."""
    if options.from_file is not None:
        return _export_file(options.from_file, options.to)

    def copy(agent: Client, row: int, local_no: str) -> None:
        from kiosk.outbox import exporting

        path = options.to / exporting.name(local_no, row)
        fd = exporting.open_new(path)
        try:
            agent.call("copy", row=row, fds=(fd,))
            os.fsync(fd)
        except BaseException:
            path.unlink()
            raise
        finally:
            os.close(fd)

    return _with_agent(options, copy)


def recover(options: argparse.Namespace) -> int:
    """File copies away from the terminal that made them."""
    from kiosk.agent.delivery import Filed, Outcome
    from kiosk.agent.lines import Addresses
    from kiosk.agent.recovery import Station
    from kiosk.agent.recovery import recover as file_copy
    from kiosk.crypto import CryptoError

    def word(outcome: Outcome) -> dict[str, str]:
        if isinstance(outcome, Filed):
            return {"application_no": outcome.numbers.application_no}
        return {"problem": getattr(outcome, "code", "") or getattr(outcome, "reason", "")}

    station = Station(
        keys=options.state / "keys",
        recovery_key=options.key,
        addresses=Addresses(
            default=options.intake,
            by_jurisdiction=dict(one.split("=", 1) for one in options.intake_of if "=" in one),
        ),
    )
    failed = 0
    for path in options.copies:
        try:
            told = word(file_copy(path, station))
        except (OSError, CryptoError) as error:
            told = {"problem": str(error)}
        failed += "problem" in told
        print(json.dumps({"copy": path.name, **told}), flush=True)
    return 1 if failed else 0


def _export_file(path: Path, to: Path) -> int:
    from kiosk.outbox import OutboxUnusable
    from kiosk.outbox.exporting import export_file

    try:
        copied = export_file(path, to)
    except (OutboxUnusable, OSError) as error:
        print(f"kiosk outbox export: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"copied": len(copied.files), "unread": copied.unread}))
    return 1 if copied.unread else 0


def _with_agent(options: argparse.Namespace, act: Callable[[Client, int, str], object]) -> int:
    """Do something with each named entry, or with all; says how many."""
    from kiosk.agent.staff import connect
    from kiosk.channel import ChannelClosed, Refused
    from kiosk.outbox.report import FILE

    try:
        with connect((options.state / FILE).parent) as agent:
            chosen = _chosen(agent, options.local_no)
            for row, local_no in chosen:
                act(agent, row, local_no)
    except ChannelClosed as error:
        print(f"kiosk outbox: no agent runs on this state: {error}", file=sys.stderr)
        return 1
    except (OSError, Refused, LookupError) as error:
        print(f"kiosk outbox: {error}", file=sys.stderr)
        return 1
    print(json.dumps({"done": len(chosen)}))
    return 0


def _chosen(agent: Client, names: Collection[str]) -> list[tuple[int, str]]:
    """Return the entries of these local numbers, all when none is named.

    Raises:
        LookupError: a number is not on the list.
    """
    listed = cast("list[dict[str, object]]", agent.call("owed")["entries"])
    owed = [(int(str(one["row"])), str(one["local_no"])) for one in listed]
    unknown = set(names) - {local_no for _, local_no in owed}
    if unknown:
        raise LookupError(f"nothing waits under {', '.join(sorted(unknown))}")
    return [one for one in owed if not names or one[1] in names]
