"""A database is made and brought up to date by revisions, and nothing in it is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text

from intake.enrolment import model as enrolment_model
from intake.migrations import DIRECTORY, HEAD, revision_of
from intake.people import enterprises, evaluations
from intake.receiving import counting, uploads
from intake.records.model import Base
from intake.records.store import Store
from kiosk.database import NewTablesError, OldTablesError
from kiosk.domain.envelope import Attachment
from tests.intake_databases import postgres_url, url
from tests.newborn_filing import keep
from tests.unit.test_intake_store import filing

__all__ = [
    "counting",
    "enrolment_model",
    "enterprises",
    "evaluations",
    "postgres_url",
    "uploads",
    "url",
]

NOW = datetime(2026, 11, 22, 6, 36, tzinfo=UTC)
LATER = (
    *("refused", "enrolment", "enrolled_terminal", "terminal_key", "terminal_certificate"),
    *("wrong_code", "provincial_number"),
)
"""Tables of later revisions than the first."""
PAGE = b"\xff\xd8\xff-page"


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    """Give the database without a store."""
    engine = create_engine(url)
    yield engine
    engine.dispose()


def do(url: str, *statements: str) -> None:
    """Change a database behind the program's back."""
    with engine_of(url) as engine, engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything in the tables of the first revision."""
    with engine_of(url) as engine, engine.connect() as connection:
        names = [one.name for one in Base.metadata.sorted_tables if one.name not in LATER]
        return {
            name: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}"))), key=repr)  # noqa: S608
            for name in names
        }


def fill(url: str) -> str:
    """File one application with a picture; return its number."""
    sha256 = hashlib.sha256(PAGE).hexdigest()
    page = Attachment(name="a-1.jpg", sha256=sha256, size=len(PAGE), media_type="image/jpeg")
    with closing(Store(url)) as store:
        keep(store, [PAGE])
        return store.file(filing(attachments=(page,)), NOW).application_no


def test_revisions_make_what_the_model_says(url: str) -> None:
    """A new database has exactly the tables of the model: who changes one adds a revision."""
    with closing(Store(url)) as store, store.engine.connect() as connection:
        assert revision_of(connection) == HEAD
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert ScriptDirectory(str(DIRECTORY)).get_heads() == [HEAD]


@pytest.mark.parametrize("before", ["without revisions", "of the first revision"])
def test_an_older_database_loses_nothing(url: str, before: str) -> None:
    """Tables of the first revision, with or without its mark, are brought up to date in place."""
    number = fill(url)
    first = (
        "DROP TABLE alembic_version"
        if before == "without revisions"
        else "UPDATE alembic_version SET version_num = '0001'"
    )
    do(url, *(f"DROP TABLE {name}" for name in LATER), first)
    was = rows(url)
    with ThreadPoolExecutor(3) as threads:  # workers of several machines begin together
        stores = list(threads.map(Store, [url] * 3))
    for store in stores:
        found = store.by_number(number)
        assert found is not None
        assert store.attached(number, found.attachments[0].id) is not None
        assert counting.Refusals(store.engine).all() == []
        store.close()
    assert rows(url) == was
    assert all(was[name] for name in ("application", "item", "event", "material", "upload"))


def test_a_newer_database_is_refused(url: str) -> None:
    """It is left alone, and the sentence says what to do."""
    fill(url)
    do(url, "UPDATE alembic_version SET version_num = '9999'")
    was = rows(url)
    with pytest.raises(NewTablesError, match=r"newer program \(revision 9999, this one knows"):
        Store(url)
    assert rows(url) == was


def test_tables_from_before_that_lack_a_column_are_named(url: str) -> None:
    """They are refused with the column's name, and nothing is changed half-way."""
    fill(url)
    do(url, *(f"DROP TABLE {name}" for name in LATER))
    do(url, "DROP TABLE alembic_version", "ALTER TABLE item DROP COLUMN note")
    with pytest.raises(OldTablesError, match=r"item\.note"):
        Store(url)
    with engine_of(url) as engine, engine.connect() as connection:
        assert revision_of(connection) == ""
