"""The diagram of a visit, drawn from the table; ``docs/journey.md`` holds it.

Rows that hold on nearly every page (help, the idle clock, devices, replies of a check) would hide
the visit, so they are listed in words below the picture.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from kiosk.journey.intents import TOUCHES, IntentKind
from kiosk.journey.states import OVERLAYS, State
from kiosk.journey.table import TABLE
from kiosk.journey.transition import UNDER, Fork, Transition

PLACE = Path("docs/journey.md")
"""Where the diagram is kept, from the root of the repository."""

_EVERYWHERE = frozenset(
    {
        IntentKind.HELP,
        IntentKind.IDLE,
        IntentKind.SLOW,
        IntentKind.TODAY,
        IntentKind.DEVICES,
        IntentKind.TERMINAL,
        IntentKind.INTAKE,
        IntentKind.CARD_PRESENT,
        IntentKind.CARD_LIFTED,
        IntentKind.SHOWN,
    }
)

_HEAD = """\
# One visit

Drawn from `kiosk/journey/table.py` by `kiosk journey diagram`; a test fails when it is stale.
A box is a page, an arrow an intent. *Italic* intents are made by devices, the clock or replies.

```mermaid
"""


def markdown() -> str:
    """Return the whole page."""
    return _HEAD + mermaid() + "```\n\n" + _overlays() + _rest()


def mermaid() -> str:
    """Return the ``stateDiagram-v2`` of the pages."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.ATTRACT}"]
    for (start, end), kinds in sorted(_edges().items()):
        names = "<br/>".join(sorted(kinds))
        lines.append(f"    {start} --> {end if end != State.ENDED else '[*]'}: {names}")
    return "\n".join(lines) + "\n"


def _edges() -> dict[tuple[str, str], set[str]]:
    """Return every arrow between two pages with the intents on it."""
    edges: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (page, kind), row in TABLE.items():
        if page in OVERLAYS or kind in _EVERYWHERE:
            continue
        for end in targets(row):
            if end is not page:
                edges[page.value, end.value].add(_name(kind))
    return edges


def targets(row: Transition) -> tuple[State, ...]:
    """Return every page a row can lead to."""
    if isinstance(row.target, Fork):
        return row.target.pages
    return (row.target,)


def _name(kind: IntentKind) -> str:
    return kind.value if kind in TOUCHES else f"<i>{kind.value}</i>"


def _overlays() -> str:
    lines = ["## Overlays", "", "| on | intent | leads to |", "|---|---|---|"]
    for (page, kind), row in TABLE.items():
        if page in OVERLAYS:
            ends = ["the page beneath"] if row.target is UNDER else [t.value for t in targets(row)]
            lines.append(f"| {page} | {kind} | {', '.join(ends)} |")
    return "\n".join(lines) + "\n\n"


def _rest() -> str:
    lines = ["## On many pages", "", "| intent | on |", "|---|---|"]
    for kind in sorted(_EVERYWHERE):
        pages = [page.value for page, own in TABLE if own is kind]
        lines.append(f"| {kind} | {', '.join(sorted(pages))} |")
    return "\n".join(lines) + "\n"
