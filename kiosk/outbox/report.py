"""The ``kiosk outbox`` command: what waits on this terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kiosk.outbox import counting
from kiosk.outbox.errors import OutboxUnusable
from kiosk.outbox.records import Counts

FILE = Path("outbox") / "outbox.db"
"""Where the store lies in a state directory."""


Line = Mapping[str, object]
"""What the agent tells of a line: ``address, jurisdictions, default, open, failures``."""


def report(state_dir: Path, *, as_json: bool, lines: Sequence[Line] = ()) -> int:
    """Print counts, ages and states; returns the exit status.

    ``lines`` is what the agent tells of its lines; empty when none runs.
    """
    if not state_dir.is_dir():  # a mistyped path is no empty outbox
        print(f"outbox: there is no {state_dir}; name the agent's --state", file=sys.stderr)
        return 1
    try:
        counts = counting.read(state_dir / FILE)
    except OutboxUnusable as error:
        print(f"outbox: {error}", file=sys.stderr)
        return 1
    damaged = damaged_files(state_dir)
    if as_json:
        told = {**as_object(counts, damaged), "addresses": by_address(counts, lines)}
        print(json.dumps(told))
    else:
        print("\n".join([as_text(counts, damaged), *_lines_as_text(by_address(counts, lines))]))
    return 0


def by_address(counts: Counts, lines: Sequence[Line]) -> list[dict[str, object]]:
    """Return what is owed to each address; without an agent, to each jurisdiction."""
    if not lines:
        return [
            {"address": None, "jurisdictions": [place], **_owed(counts, [place])}
            for place in counts.places
        ]
    named = {str(place): n for n, line in enumerate(lines) for place in _places(line)}
    default = next((n for n, line in enumerate(lines) if line.get("default")), 0)
    own: list[list[str]] = [[] for _ in lines]
    for place in counts.places:
        own[named.get(place, default)].append(place)
    return [{**line, **_owed(counts, places)} for line, places in zip(lines, own, strict=True)]


def _places(line: Line) -> Sequence[object]:
    places = line.get("jurisdictions")
    return places if isinstance(places, list) else []


def _owed(counts: Counts, places: Sequence[str]) -> dict[str, object]:
    there = [counts.places[place] for place in places if place in counts.places]
    oldest = max((place.oldest_s for place in there), default=None)
    return {"owed": sum(place.owed for place in there), "oldest_s": oldest}


def _lines_as_text(addresses: Sequence[Mapping[str, object]]) -> list[str]:
    said = []
    for one in addresses:
        state = "" if one["address"] is None else "  dead" if one.get("open") else "  works"
        name = one["address"] or f"for {_name(one)}"
        age = "" if one["oldest_s"] is None else f", oldest {one['oldest_s']} s"
        said.append(f"{name}{state}  {one['owed']} owed{age}")
    return said


def _name(one: Mapping[str, object]) -> str:
    return ", ".join(str(place) for place in _places(one) if place) or "the terminal's own place"


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
                "jurisdiction": one.jurisdiction,
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
