"""``kiosk-intake terminals``, ``revoke`` and ``unrevoke``: the list of terminals in a file.

A running intake reads the list again when it changes.  Terminals that enrolled are in the database
instead; ``kiosk-intake enrol revoke`` is for them, and for ever.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from intake.receiving.numbers import CHINA
from intake.receiving.verification import Registry, RegistryError
from kiosk.crypto.provision import write_private

Rooms = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def add(rooms: Rooms[argparse.ArgumentParser]) -> None:
    """Add the three commands."""
    listed = rooms.add_parser("terminals", help="the list of terminals, and who is revoked")
    listed.add_argument("--json", action="store_true", help="one JSON list")
    listed.set_defaults(command=_guarded(_show))
    revoke = rooms.add_parser("revoke", help="take nothing of a terminal of the list from now on")
    revoke.add_argument("terminal", metavar="ID")
    revoke.set_defaults(command=_guarded(_revoke))
    unrevoke = rooms.add_parser("unrevoke", help="take a terminal of the list back")
    unrevoke.add_argument("terminal", metavar="ID")
    unrevoke.set_defaults(command=_guarded(_unrevoke))
    for one in (listed, revoke, unrevoke):
        one.add_argument("--terminals", type=Path, required=True, metavar="LIST", help="JSON")


def _guarded(act: Any) -> Any:
    """Read the list, act, and tell what is wrong with either."""

    def run(options: argparse.Namespace) -> int:
        try:
            Registry(options.terminals)
            rows: dict[str, dict[str, Any]] = json.loads(options.terminals.read_bytes())
            status: int = act(options, rows)
        except (RegistryError, OSError) as error:
            print(f"kiosk-intake: {error}", file=sys.stderr)
            return 1
        return status

    return run


def _show(options: argparse.Namespace, rows: dict[str, dict[str, Any]]) -> int:
    told = [
        {"terminal": name, "provider": row["provider"], "revoked": row.get("revoked", "")}
        for name, row in sorted(rows.items())
    ]
    if options.json:
        print(json.dumps(told))
        return 0
    for one in told:
        since = f"revoked {one['revoked']}" if one["revoked"] else ""
        print(f"{one['terminal']}\t{one['provider']}\t{since}".rstrip())
    return 0


def _revoke(options: argparse.Namespace, rows: dict[str, dict[str, Any]]) -> int:
    """The first day stays when it is done again."""
    if not _there(options, rows):
        return 1
    rows[options.terminal].setdefault("revoked", f"{datetime.now(CHINA):%Y-%m-%d}")
    return _write(options, rows)


def _unrevoke(options: argparse.Namespace, rows: dict[str, dict[str, Any]]) -> int:
    if not _there(options, rows):
        return 1
    rows[options.terminal].pop("revoked", None)
    return _write(options, rows)


def _there(options: argparse.Namespace, rows: dict[str, dict[str, Any]]) -> bool:
    if options.terminal not in rows:
        print(f"kiosk-intake: the list has no {options.terminal}", file=sys.stderr)
    return options.terminal in rows


def _write(options: argparse.Namespace, rows: dict[str, dict[str, Any]]) -> int:
    text = json.dumps(rows, ensure_ascii=False, indent=2, sort_keys=True)
    write_private(options.terminals, text.encode() + b"\n")
    return 0
