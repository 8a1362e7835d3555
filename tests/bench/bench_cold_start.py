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
    nursery = 0.0
    with provisioned() as state, screen() as display:
        for turn in range(ROUNDS + 1):
            peer = Bare(display)
            bare.append(peer.first_frame())
            peer.stop()
            with tempfile.TemporaryDirectory() as run:
                session = Session(display, state, Path(run))
                ours.append(session.wait("ready"))
                session.stop()
            if turn == 0:  # the first one waits for the nursery to load, once a boot
                nursery = ours.pop()
                bare.pop()
    return [
        Figure(
            name="cold start to first frame",
            value=median(ours) / median(bare),
            limit=1.5,
            measured=f"{median(ours) * 1000:.0f} ms",
            peer=f"bare Kivy {median(bare) * 1000:.0f} ms",
            note=f"medians of {ROUNDS}, in turn; the first after a boot {nursery * 1000:.0f} ms",
        )
    ]
