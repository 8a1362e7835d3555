"""Where the demonstration's files lie, and its ports."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PORTS: Final[Mapping[str, int]] = {
    "console": 18180,
    "enrolment": 18181,
    "releases": 18182,
    "broker": 18183,
}
"""Wanted; another is taken, and told, where somebody else has it."""
PLACE: Final = "410700"
TITLE: Final = "新乡市"
SOFTWARE_S: Final = 60.0
"""Seconds between two looks for a release, where nothing nudges."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A terminal of the demonstration.

    Attributes:
        name: its id.
        title: what people call it.
        site: where it stands.
        kind: of the site.
        group: of releases.
        latitude: degrees north.
        longitude: degrees east.
        busy: visits on a day, about.
        mood: ``well``, ``paper`` (low), ``broken`` (its reader) or ``away`` (now and then).
    """

    name: str
    title: str
    site: str
    kind: str
    group: str
    latitude: float
    longitude: float
    busy: int
    mood: str = "well"


SITES: Final = (
    Site(
        name="XX-DT-001",
        title="市政务中心 1 号机",
        site="市政务服务中心 24 小时厅",
        kind="hall",
        group="canary",
        latitude=35.303,
        longitude=113.927,
        busy=64,
    ),
    Site(
        name="XX-DT-002",
        title="市政务中心 2 号机",
        site="市政务服务中心 2 楼",
        kind="hall",
        group="canary",
        latitude=35.303,
        longitude=113.928,
        busy=52,
    ),
    Site(
        name="XX-DT-003",
        title="红旗区 1 号机",
        site="红旗区政务服务大厅",
        kind="hall",
        group="early",
        latitude=35.304,
        longitude=113.876,
        busy=41,
    ),
    Site(
        name="XX-DT-004",
        title="牧野区 1 号机",
        site="牧野区政务服务大厅",
        kind="hall",
        group="early",
        latitude=35.315,
        longitude=113.909,
        busy=38,
        mood="paper",
    ),
    Site(
        name="XX-YH-005",
        title="平原路支行",
        site="平原路支行自助区",
        kind="bank",
        group="wide",
        latitude=35.298,
        longitude=113.883,
        busy=19,
    ),
    Site(
        name="XX-YZ-006",
        title="辉县邮政 1 号机",
        site="辉县市邮政营业厅",
        kind="post",
        group="wide",
        latitude=35.462,
        longitude=113.805,
        busy=16,
    ),
    Site(
        name="XX-DT-007",
        title="卫辉市 1 号机",
        site="卫辉市政务服务中心",
        kind="hall",
        group="stable",
        latitude=35.398,
        longitude=114.065,
        busy=33,
        mood="broken",
    ),
    Site(
        name="XX-SC-008",
        title="长垣商场 1 号机",
        site="长垣万象商场 1 层",
        kind="mall",
        group="stable",
        latitude=35.201,
        longitude=114.668,
        busy=27,
    ),
    Site(
        name="XX-YQ-009",
        title="高新园区 1 号机",
        site="高新区创业园 A 座",
        kind="park",
        group="stable",
        latitude=35.281,
        longitude=113.931,
        busy=14,
        mood="away",
    ),
    Site(
        name="XX-LY-010",
        title="原阳楼宇 1 号机",
        site="原阳县商务楼大堂",
        kind="building",
        group="stable",
        latitude=35.065,
        longitude=113.940,
        busy=12,
    ),
)
NEWCOMER: Final = "XX-DT-011"
"""It asks to be let in, and waits for whoever tries the console."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Files below one directory."""

    root: Path

    @property
    def desk(self) -> Path:
        """The desk of enrolment: authority and certificates."""
        return self.root / "desk"

    @property
    def desk_database(self) -> str:
        """SQLAlchemy URL."""
        return f"sqlite:///{self.root}/desk.db"

    @property
    def database(self) -> str:
        """The console's; SQLAlchemy URL."""
        return f"sqlite:///{self.root}/fleet.db"

    @property
    def console(self) -> Path:
        """Command key, mandate, certificate for the bus."""
        return self.root / "console"

    @property
    def broker(self) -> Path:
        """Mosquitto's own."""
        return self.root / "broker"

    @property
    def releases(self) -> Path:
        """The repository with its throw-away keys."""
        return self.root / "releases"

    @property
    def terminals(self) -> Path:
        """One directory a terminal."""
        return self.root / "terminals"

    @property
    def screens(self) -> Path:
        """What stands on each terminal's screen: a code, while it asks to be let in."""
        return self.root / "screens"

    @property
    def logs(self) -> Path:
        """One file a process."""
        return self.root / "logs"

    @property
    def accounts(self) -> Path:
        """Who may sign in, so that a second start has the same."""
        return self.root / "accounts.json"

    def forget(self) -> None:
        """Delete all that the demonstration made, and nothing else."""
        folders = (self.desk, self.console, self.broker, self.releases)
        for folder in (*folders, self.terminals, self.screens, self.logs):
            shutil.rmtree(folder, ignore_errors=True)
        for name in ("desk.db", "fleet.db"):
            for path in self.root.glob(f"{name}*"):
                path.unlink()
        self.accounts.unlink(missing_ok=True)

    def screen(self, terminal: str) -> str:
        """Return the code that a terminal shows now; empty: none."""
        try:
            return str(json.loads((self.screens / f"{terminal}.json").read_bytes())["code"])
        except (OSError, ValueError, KeyError):
            return ""
