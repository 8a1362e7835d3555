"""The process of the demonstration's terminals: each enrols by itself, and lives until the end."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sdnotify
import structlog

from fleet.demo.machine import Machine
from fleet.demo.places import NEWCOMER, PLACE, SITES, Places, Site
from kiosk.channel.process import die_with_parent
from kiosk.crypto import CryptoError
from kiosk.enrolment import EnrolmentError, EnrolmentExpired, Step, Wish, enrol, held, refresh
from kiosk.enrolment.enrol import Waiting

POLL_S: Final = 0.5
AGAIN_S: Final = 5.0

log = structlog.get_logger()


class _Ended(Exception):
    """The end was asked for while a terminal waited."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """A terminal's place to enrol and live in."""

    site: Site
    places: Places
    url: str
    ending: threading.Event

    @property
    def state(self) -> Path:
        return self.places.terminals / self.site.name

    def live(self) -> None:
        """Enrol, again after every code that ran out, and live."""
        try:
            while not self._enrolled():
                self._pause(AGAIN_S)
            Machine(site=self.site, state=self.state, ending=self.ending).live()
        except _Ended:
            return
        except (EnrolmentError, CryptoError, OSError) as error:
            log.warning("terminal_ended", terminal=self.site.name, problem=str(error))

    def _enrolled(self) -> bool:
        keys = self.state / "keys"
        try:
            if held(keys).mandate is not None:
                refresh(self.state)
                return True
            wish = Wish(url=self.url, terminal=self.site.name, jurisdiction=PLACE)
            enrol(wish, self.state, self._say, Waiting(pause=self._pause, poll=POLL_S))
        except EnrolmentExpired:
            return False
        finally:
            (self.places.screens / f"{self.site.name}.json").unlink(missing_ok=True)
        return True

    def _say(self, step: Step, values: Mapping[str, str]) -> None:
        """Show a code as a terminal's screen does."""
        if step is Step.CODE:
            path = self.places.screens / f"{self.site.name}.json"
            draft = path.with_suffix(".new")
            draft.write_text(json.dumps(dict(values)))
            draft.replace(path)

    def _pause(self, seconds: float) -> None:
        if self.ending.wait(seconds):
            raise _Ended


def main() -> int:
    """Run all terminals until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--enrol-url", required=True)
    options = parser.parse_args()
    die_with_parent()
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    places = Places(root=options.state)
    for site in (*SITES, _newcomer()):
        place = _Place(site=site, places=places, url=options.enrol_url, ending=ending)
        threading.Thread(target=place.live, name=site.name).start()
    sdnotify.SystemdNotifier().notify("READY=1")
    ending.wait()
    return 0


def _newcomer() -> Site:
    return Site(
        name=NEWCOMER,
        title="",
        site="",
        kind="hall",
        group="",
        latitude=0,
        longitude=0,
        busy=10,
    )


if __name__ == "__main__":
    sys.exit(main())
