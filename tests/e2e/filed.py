"""What arrived at the intake, read from its database: the other end of every comparison."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.application import Application
from kiosk.domain.envelope import Envelope


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """One application as the intake has it.

    Attributes:
        application_no: its number.
        application: what the terminal signed.
        items: the sub-numbers by the items' codes.
        files: bodies by their names; each has the digest that was signed.
        rated: the grade that was given, or None.
    """

    application_no: str
    application: Application
    items: Mapping[str, str]
    files: Mapping[str, bytes]
    rated: int | None

    def values(self) -> dict[str, str]:
        """Return the form's values by their keys."""
        return {key: own.value for key, own in self.application.fields.items()}


class IntakeTables:
    """The intake's database, for reading."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def filed(self, local_no: str) -> Filed:
        """Return the application with a local number; there must be exactly one."""
        (row,) = self._ask(
            "select id, application_no, envelope from application where local_no = ?", local_no
        )
        number, application_no, body = row
        envelope = Envelope.parse(body)
        rated = self._ask("select satisfaction from evaluation where application_id = ?", number)
        return Filed(
            application_no=application_no,
            application=envelope.application,
            items=dict(self._ask("select code, no from item where application_id = ?", number)),
            files=self._files(number, envelope),
            rated=rated[0][0] if rated else None,
        )

    def numbers_of(self, id_no: str) -> set[str]:
        """Return the application numbers of one person."""
        wanted = "select application_no from application where applicant_id_no = ?"
        return {no for (no,) in self._ask(wanted, id_no)}

    def count(self) -> int:
        """Return how many applications there are."""
        return int(self._ask("select count(*) from application")[0][0])

    def half_uploads(self) -> list[tuple[int, int]]:
        """Return received and promised bytes of the uploads that are under way."""
        return self._ask("select received, size from upload where received > 0 and received < size")

    def _files(self, number: int, envelope: Envelope) -> dict[str, bytes]:
        kept = dict(
            self._ask(
                "select a.name, m.body from attachment a join material m on m.sha256 = a.sha256"
                " where a.application_id = ?",
                number,
            )
        )
        for told in envelope.attachments:
            assert hashlib.sha256(kept[told.name]).hexdigest() == told.sha256, told.name
        return kept

    def _ask(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()
