"""Both ends compared: what citizens saw and the agent acknowledged, and what the intake has."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from kiosk.audit.segments import files, lines
from tests.waiting import until

DELIVERED_WITHIN = 90.0
"""Seconds after all was mended in which everything owed has arrived."""


class Ledger:
    """What this start of the terminal owes.

    Args:
        state: the terminal's; the intake's lies in it.
        delivered_within: seconds after all was mended in which everything owed has arrived.

    Attributes:
        shown: local number → application number as shown (None: 已保存).
        submits: how often 提交 was touched.
    """

    def __init__(self, state: Path, *, delivered_within: float = DELIVERED_WITHIN) -> None:
        self._state = state
        self._delivered_within = delivered_within
        self.shown: dict[str, str | None] = {}
        self.submits = 0

    def wrongs(self) -> list[str]:
        """Wait until what is owed has arrived; return what is lost, twice or not as shown."""
        owed = set(self.shown) | self.acknowledged()
        with contextlib.suppress(AssertionError):  # what is missing is told below
            until(lambda: owed <= set(self._arrived()), timeout=self._delivered_within, every=0.25)
        arrived = self._arrived()
        counts = Counter(self._local_numbers())
        return [
            *(f"lost: {local_no}" for local_no in sorted(owed - set(arrived))),
            *(f"twice: {local_no}" for local_no, count in counts.items() if count > 1),
            *(
                f"{local_no} was shown as {number} and is {arrived.get(local_no)}"
                for local_no, number in self.shown.items()
                if number is not None and arrived.get(local_no) != number
            ),
            *(
                [f"{len(arrived)} applications of {self.submits} submits"]
                if len(arrived) > self.submits
                else []
            ),
        ]

    def counts(self) -> Counter[str]:
        """Return how much there is, by name."""
        arrived, acknowledged = set(self._arrived()), self.acknowledged()
        return Counter(
            {
                "applications": len(arrived),
                "shown to citizens": len(self.shown),
                "kept without a page that said so": len(arrived - set(self.shown)),
                "acknowledged": len(acknowledged),
            }
        )

    def acknowledged(self) -> set[str]:
        """Return the local numbers that the agent noted as stored."""
        mark = b'"e":"submission_stored"'
        return {
            str(json.loads(line)["f"]["local_no"])
            for path in files(self._state / "audit")
            for line in lines(path)
            if mark in line and line.endswith(b"}")
        }

    def _arrived(self) -> dict[str, str]:
        return dict(self._ask("select local_no, application_no from application"))

    def _local_numbers(self) -> list[str]:
        return [local_no for (local_no,) in self._ask("select local_no from application")]

    def _ask(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        database = self._state / "intake" / "intake.db"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()
