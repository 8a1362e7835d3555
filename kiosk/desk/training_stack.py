"""The terminal once more, for somebody who learns: everything of it but what is real.

Its settings are made from nothing: of the terminal it stands on only what a page shows is taken
over.  No address of an intake or a broker, no command of the operating system and no device of the
real terminal can come in by a line that somebody adds to the settings later.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kiosk.desk.part import Part
from kiosk.desk.stack import Options, Stack
from kiosk.settings import Settings, config_root


class TrainingStack(Stack):
    """A stack whose sessions are marked as training and serve no staff.

    Args:
        options: of the desk; its display is the terminal's own.
        settings: of the terminal it stands on.
    """

    def __init__(self, options: Options, settings: Settings) -> None:
        super().__init__(options)
        self._real = settings

    def _config(self) -> Path:
        return config_root()

    def _terminal_settings(self) -> dict[str, object]:
        real = self._real
        made = super()._terminal_settings()
        return {
            "site": real.site,
            "jurisdiction": real.jurisdiction,
            "terminal": {
                "id": _of(made, "terminal")["id"],
                "name": real.terminal.name,
                "site_name": real.terminal.site_name,
            },
            "display": real.display.model_dump(mode="json"),
            "help": real.help.model_dump(mode="json"),
            "intake": made["intake"],
            "maintenance": {
                **_of(made, "maintenance"),
                **{name: [] for name in ("restart", "shut_down", "update", "training", "clock")},
            },
        }

    def _shell(self) -> Part:
        part = super()._shell()
        return replace(part, command=[*part.command, "--training"])


def _of(document: dict[str, object], group: str) -> dict[str, object]:
    found = document[group]
    return found if isinstance(found, dict) else {}
