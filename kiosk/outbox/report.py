"""The ``kiosk outbox`` command: what waits on this terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kiosk.outbox import counting
from kiosk.outbox.errors import OutboxUnusable
from kiosk.outbox.records import Counts

FILE = Path("outbox") / "outbox.db"
"""Where the store lies in a state directory."""


def report(state_dir: Path, *, as_json: bool) -> int:
    """Print counts, ages and states; returns the exit status."""
    if not state_dir.is_dir():  # a mistyped path is no empty outbox
        print(f"outbox: there is no {state_dir}; name the agent's --state", file=sys.stderr)
        return 1
    try:
        counts = counting.read(state_dir / FILE)
    except OutboxUnusable as error:
        print(f"outbox: {error}", file=sys.stderr)
        return 1
    damaged = damaged_files(state_dir)
    print(json.dumps(as_object(counts, damaged)) if as_json else as_text(counts, damaged))
    return 0


def damaged_files(state_dir: Path) -> list[str]:
    """Return the names of files that were set aside and wait for the centre."""
    directory = (state_dir / FILE).parent
    names = (path.name for path in directory.glob(f"{FILE.name}.damaged-*"))
    return sorted(name for name in names if not name.endswith(("-wal", "-shm")))


def as_object(counts: Counts, damaged: list[str]) -> dict[str, object]:
    """Return the JSON object: counts, ages in seconds, states; nothing personal."""
    return {
        **{str(state): number for state, number in counts.by_state.items()},
        "sealed_bytes": counts.sealed_bytes,
        "oldest_s": counts.oldest_s,
        "waiting": [
            {
                "local_no": one.local_no,
                "state": str(one.state),
                "age_s": one.age_s,
                "attempts": one.attempts,
                "first_error": one.first_error,
                "last_error": one.last_error,
                "held": one.held,
            }
            for one in counts.waiting
        ],
        "damaged": damaged,
    }


def as_text(counts: Counts, damaged: list[str]) -> str:
    """Return lines for a person."""
    lines = [f"{state:10}{number:6}" for state, number in counts.by_state.items()]
    lines += [
        f"{one.local_no}  {one.state}  {one.age_s} s  {one.attempts} attempts  "
        f"{one.last_error or ''}{f'  held: {one.held}' if one.held else ''}".rstrip()
        for one in counts.waiting
    ]
    lines += [f"damaged, set aside: {name}" for name in damaged]
    return "\n".join(lines)
