"""Everything of a terminal but its screen, under another configuration and for nobody.

Devices are simulated, the intake is the reference one, all of it in a directory of its own that
goes with it.  Its settings are made from nothing: of the terminal only where it stands and what
kind of site it is, so that no address, no command and no device of the real one can come in.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kiosk.desk.part import Part
from kiosk.desk.stack import READY_WITHIN, Options, Stack


class UnseenStack(Stack):
    """A stack without shell and screen.

    Args:
        state: directory that may be thrown away.
        config: of the configuration that is tried.
        jurisdiction, site: where the terminal stands.
    """

    def __init__(self, state: Path, config: Path, jurisdiction: str, site: str) -> None:
        super().__init__(Options(state=state, display=":none", pace="fast"))
        self._tried, self._jurisdiction, self._site = config, jurisdiction, site

    def start(self) -> None:
        """Bring up intake, simulators, device host and agent.

        Raises:
            PartFailed: one did not come up.
        """
        self._provision()
        parts = [self._intake(), self._simulators(), self._devices(), self._agent()]
        for part in parts:
            self.launch(part)
        for part in parts:
            self.running[part.name].wait_ready(READY_WITHIN)

    def _config(self) -> Path:
        return self._tried

    def _part(self, name: str, package: str, *arguments: object, greeting: str = "") -> Part:
        part = super()._part(name, package, *arguments, greeting=greeting)
        return replace(part, environment={**part.environment, "YIDUAN_CONFIG": str(self._tried)})

    def _terminal_settings(self) -> dict[str, object]:
        made = super()._terminal_settings()
        own = {key: made[key] for key in ("terminal", "intake", "maintenance")}
        return {
            "jurisdiction": self._jurisdiction,
            "site": self._site,
            "centre": {"bus_host": ""},
            **own,
        }
