"""``kiosk audit``: is the log whole, what is in it, and what may be in it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.audit import AuditBroken, Head, Verified

_BROKEN = 1
_NO_LOG = 2


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("audit", help="the terminal's log: check it, read it")
    what = own.add_subparsers(required=True, metavar="WHAT")
    check = what.add_parser("verify", help="check every line; 1: broken, 2: no log")
    check.add_argument("--head", type=Path, help="a head that left the terminal, JSON")
    check.add_argument(
        "--heads", type=Path, metavar="FILE", help="what the centre knows: kiosk-fleet heads export"
    )
    check.add_argument(
        "--authority", type=Path, metavar="PEM", help="who certifies terminals: proves each head"
    )
    check.add_argument(
        "--until",
        type=datetime.fromisoformat,
        metavar="TIME",
        help="the log was carried away then: later heads do not count",
    )
    check.set_defaults(command=verify)
    show = what.add_parser("show", help="events in the words that staff read")
    show.add_argument("--last", type=int, default=50, metavar="N", help="how many (default 50)")
    show.add_argument("--event", help="only this one")
    show.set_defaults(command=show_events)
    for one in (check, show):
        one.add_argument("--state", type=Path, default=Path("var/desk"))
        one.add_argument("--json", action="store_true", help="JSON instead of words")
    what.add_parser("events", help="what may be logged, as docs/audit.md").set_defaults(
        command=events
    )


def verify(options: argparse.Namespace) -> int:
    """Check the log; say how far it reaches, or where and how it breaks."""
    from kiosk import audit
    from kiosk.audit.heads_file import HeadsFileError

    directory = options.state / "audit"
    try:
        left, held = _left(options)
    except (OSError, ValueError, KeyError, TypeError, HeadsFileError) as error:
        print(f"kiosk audit: {error}; nothing was checked", file=sys.stderr)
        return _NO_LOG
    try:
        found = audit.verify(directory, left)
    except FileNotFoundError:
        return _no_log(directory)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"kiosk audit: cannot be read: {error}", file=sys.stderr)
        return _NO_LOG
    except audit.AuditBroken as broken:
        return _tell_broken(broken, as_json=options.json)
    return _tell_whole(found, held, as_json=options.json)


def _tell_broken(broken: AuditBroken, *, as_json: bool) -> int:
    told = {"whole": False, "line": broken.line, "problem": broken.problem}
    words = f"broken at {broken}\nKeep the files as they are and tell the centre."
    print(json.dumps(told) if as_json else words)
    return _BROKEN


def _tell_whole(found: Verified, held: str, *, as_json: bool) -> int:
    told = {
        "whole": True,
        "first": found.first,
        "sequence": found.head.sequence,
        "digest": found.head.digest,
        "unfinished": found.unfinished,
    }
    words = f"whole: lines {found.first} to {found.head.sequence}, head {found.head.digest}{held}"
    open_ones = "".join(f"\n  began, not ended: {n} × {e}" for e, n in found.unfinished.items())
    print(json.dumps(told) if as_json else words + open_ones)
    return 0


def show_events(options: argparse.Namespace) -> int:
    """Print the newest events, oldest first; says nothing of whether the log is whole."""
    from kiosk.audit.reading import newest

    directory = options.state / "audit"
    if not directory.is_dir():
        return _no_log(directory)
    try:
        found = newest(directory, options.last, options.event)
    except ValueError as error:
        print(f"kiosk audit: {error}", file=sys.stderr)
        return _NO_LOG
    for one in found:
        print(json.dumps(one.raw, ensure_ascii=False) if options.json else _told(one.at, one.words))
    return 0


def events(options: argparse.Namespace) -> int:
    """Print the catalogue of events."""
    from kiosk.audit.document import markdown

    del options
    print(markdown())
    return 0


def _no_log(directory: Path) -> int:
    print(f"kiosk audit: no log in {directory}; name the terminal's --state", file=sys.stderr)
    return _NO_LOG


def _told(at: datetime, words: str) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}  {words}"


def _left(options: argparse.Namespace) -> tuple[tuple[Head, ...], str]:
    """Return what the log is held against, and how that is told."""
    from kiosk.audit.heads_file import read

    one = (_read_head(options.head),) if options.head else ()
    if options.heads is None:
        return one, ""
    until = options.until.astimezone() if options.until else None
    heads = read(options.heads, authority=options.authority, until=until)
    proof = "" if heads.proven else ", not proven: name --authority"
    told = f"\n  holds all {len(heads.told)} heads that the centre has of {heads.terminal}{proof}"
    return (*one, *heads.told), told


def _read_head(path: Path) -> Head:
    from kiosk.audit import Head

    said = json.loads(path.read_text(encoding="utf-8"))
    return Head(sequence=int(said["sequence"]), digest=str(said["digest"]))
