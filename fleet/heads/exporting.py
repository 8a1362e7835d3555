"""What the centre knows of a terminal's log, as a file for an auditor.

The file carries each head with its proof, so that it can be checked anywhere with the authority's
certificate alone (`kiosk audit verify --heads`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from fleet.heads import keeping
from fleet.terminals.log_findings import BREAKS
from kiosk.audit.heads_file import FORM


def document(engine: Engine, terminal: str) -> dict[str, Any] | None:
    """Return the file as JSON data; none when nothing is known of this terminal's log."""
    with engine.connect() as connection:
        rows = keeping.letters(connection, terminal)
    if not rows:
        return None
    believed = [(row, letter) for row, letter in rows if row.finding != "foreign"]
    return {
        "form": FORM,
        "terminal": terminal,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "since": _since([row for row, _ in believed]),
        "heads": [
            {
                "life": row.life,
                "received_at": row.received_at.isoformat(timespec="seconds"),
                "finding": row.finding,
                "explained": row.explained,
                **letter.as_object(),
            }
            for row, letter in believed
        ],
    }


def _since(rows: list[Any]) -> int:
    """Return the log that a terminal has to show: the newest whose beginning was explained."""
    begun = [
        row.life
        for row in rows
        if row.finding == keeping.REPLACED or (row.finding in set(BREAKS) and row.explained)
    ]
    return max(begun, default=min((row.life for row in rows), default=1))
