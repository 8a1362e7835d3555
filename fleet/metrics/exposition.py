"""What Prometheus is told, out of the fleet's database."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select

from fleet.errors import FleetError
from fleet.store.model import Terminal
from fleet.terminals import Level, finding

LEAST_TOKEN: Final = 32
"""Characters; shorter ones can be guessed over a network."""
LEVELS: Final = {
    Level.WELL: "well",
    Level.SOON: "soon",
    Level.SOME: "some",
    Level.ALL: "nobody",
    Level.GONE: "gone",
}


class Metrics:
    """The page for Prometheus, behind a token of its own."""

    def __init__(self, engine: Engine, token: str, connected: Callable[[], bool]) -> None:
        self._token = token.encode()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Fleet(engine, connected))

    @classmethod
    def read(cls, engine: Engine, file: Path, connected: Callable[[], bool]) -> Metrics:
        """Take the token out of a file.

        Raises:
            FleetError: it can't be read, or its token is too short.
        """
        try:
            token = file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise FleetError(f"{file}: {error}; it holds the token of Prometheus") from error
        if len(token) < LEAST_TOKEN:
            raise FleetError(
                f"{file}: the token needs {LEAST_TOKEN} characters; openssl rand -hex 32 makes one"
            )
        return cls(engine, token, connected)

    def allows(self, authorization: str) -> bool:
        """Say whether who asks brought the token."""
        kind, _, token = authorization.partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), self._token)

    def text(self) -> bytes:
        """Return the figures in the text format of Prometheus, version 0.0.4."""
        return generate_latest(self._registry)


class _Fleet(Collector):
    """Asks the database each time."""

    def __init__(self, engine: Engine, connected: Callable[[], bool]) -> None:
        self._engine = engine
        self._connected = connected

    def collect(self) -> Iterator[Metric]:
        """Yield every figure."""
        sums = finding.sums(self._engine)
        yield _one("bus_connected", "1 when the console hears the broker", self._connected())
        yield from self._terminals()
        yield from self._alarms()
        waiting = _family("outbox", "submissions that no intake has", "step")
        waiting.add_metric(["waiting"], sums.waiting)
        waiting.add_metric(["refused"], sums.refused)
        yield waiting
        yield _one("visits_today", "visits since midnight in the halls, as last told", sums.visits)
        paper = _family("paper", "terminals whose slip paper is low or out", "state")
        paper.add_metric(["low"], sums.paper_low)
        paper.add_metric(["out"], sums.paper_out)
        yield paper

    def _terminals(self) -> Iterator[Metric]:
        levels = _family("terminals", "terminals by what citizens find", "level")
        for level, terminals in finding.counted(self._engine).items():
            levels.add_metric([LEVELS[Level(level)]], terminals)
        yield levels
        meaning = "terminals of those whose maintenance window is open"
        maintained = _family("terminals_in_maintenance", meaning, "level")
        for own, terminals in finding.in_maintenance(self._engine).items():
            maintained.add_metric([LEVELS[own]], terminals)
        yield maintained
        by_release = select(Terminal.release, func.count()).group_by(Terminal.release)
        releases = _family("release_terminals", "terminals by the release in force", "release")
        with self._engine.connect() as connection:
            for release, terminals in connection.execute(by_release):
                releases.add_metric([release or "none"], terminals)
        yield releases

    def _alarms(self) -> Iterator[Metric]:
        for name, meaning, held in (
            ("alarms_open", "open alarms by fault", False),
            ("alarms_held", "alarms that wait for the end of a maintenance window", True),
        ):
            alarms = _family(name, meaning, "fault")
            for fault, count in finding.alarms_by_fault(self._engine, held=held).items():
                alarms.add_metric([fault], count)
            yield alarms


def _family(name: str, meaning: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"yiduan_{name}", meaning, labels=[label])


def _one(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"yiduan_{name}", meaning, value=value)
