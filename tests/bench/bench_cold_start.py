"""Cold start of a session to its first frame over a bare Kivy hello."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.figure import Figure, median
from tests.bench.peer import Bare, Session, provisioned, screen

ROUNDS = 9


def measure() -> list[Figure]:
    """Start both in turn and compare the medians."""
    ours: list[float] = []
    bare: list[float] = []
    with provisioned() as state, screen() as display:
        for _ in range(ROUNDS):
            peer = Bare(display)
            bare.append(peer.first_frame())
            peer.stop()
            with tempfile.TemporaryDirectory() as run:
                session = Session(display, state, Path(run))
                ours.append(session.wait("ready"))
                session.stop()
    return [
        Figure(
            name="cold start to first frame",
            value=median(ours) / median(bare),
            limit=1.5,
            measured=f"{median(ours) * 1000:.0f} ms",
            peer=f"bare Kivy {median(bare) * 1000:.0f} ms",
            note=f"medians of {ROUNDS}, in turn",
        )
    ]
