"""Figures for Prometheus: right, of no terminal by name, and only for who has the token."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, insert, update

from fleet.errors import FleetError
from fleet.metrics import Metrics
from fleet.store.model import Alarm, Terminal
from tests.fleet_databases import engine, enrolled, postgres_url, url

__all__ = ["engine", "postgres_url", "url"]
TOKEN = "0123456789abcdef0123456789abcdef"


def test_the_figures_are_those_of_the_database(engine: Engine) -> None:
    """Prometheus' own parser reads them; no terminal has a name in them."""
    enrolled(engine, "T-0001", "T-0002", "T-0003")
    with engine.begin() as connection:
        worst = {"level": 4, "paper": "out", "waiting": 7, "visits": 12, "release": "2026.11"}
        connection.execute(update(Terminal).where(Terminal.name == "T-0002").values(**worst))
        fault = {"terminal": "T-0002", "fault": "terminal.gone", "level": 4}
        connection.execute(insert(Alarm).values(**fault, began_at=datetime.now(UTC)))
    text = Metrics(engine, TOKEN, lambda: True).text().decode()
    assert "T-0002" not in text
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert told["yiduan_terminals", "well"] == 2
    assert told["yiduan_terminals", "gone"] == 1
    assert told["yiduan_outbox", "waiting"] == 7
    assert told["yiduan_paper", "out"] == 1
    assert told["yiduan_alarms_open", "terminal.gone"] == 1
    assert told["yiduan_release_terminals", "2026.11"] == 1
    assert told["yiduan_release_terminals", "none"] == 2
    assert told["yiduan_visits_today",] == 12
    assert told["yiduan_bus_connected",] == 1


def test_a_token_opens_and_nothing_else(engine: Engine, tmp_path: Path) -> None:
    """One that could be guessed is refused at the start."""
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    own = Metrics.read(engine, file, lambda: False)
    assert own.allows(f"Bearer {TOKEN}")
    for wrong in ("", TOKEN, "Bearer", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "Bearer 键"):
        assert not own.allows(wrong)
    file.write_text("short")
    with pytest.raises(FleetError, match="openssl rand -hex 32"):
        Metrics.read(engine, file, lambda: False)
