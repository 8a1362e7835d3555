"""The fleet's database on an empty one of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, insert

from fleet.store import open_store
from fleet.store.model import Terminal
from tests.intake_databases import postgres_url, url

__all__ = ["engine", "enrolled", "postgres_url", "url"]


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The fleet's tables, empty."""
    own = open_store(url).execution_options(writes=True)
    yield own
    own.dispose()


def enrolled(engine: Engine, *names: str) -> None:
    """Let terminals be known."""
    now = datetime.now(UTC)
    rows = [{"name": name, "title": f"{name} 号机", "enrolled_at": now} for name in names]
    with engine.begin() as connection:
        connection.execute(insert(Terminal), rows)
