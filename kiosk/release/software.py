"""What the unit that updates asks of root's door (`kiosk.release.door`), and how it waits."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from kiosk.release import durable
from kiosk.release.door import ANSWER, ASK, CURRENT, read, target_of
from kiosk.release.errors import Unreachable, Unusable
from kiosk.release.offer import Offer
from kiosk.release.package import VERSIONS
from kiosk.release.reasons import Reason
from kiosk.release.trust import SOFTWARE

LOOK_S: Final = 0.5
AGAIN_S: Final = 10.0
"""Seconds after which the same is asked again."""
DOOR_S: Final = 2400.0
"""Seconds in which root does what it is asked: a package is unpacked, or a citizen finishes, for
whom root waits 1,900 s, and the processes start."""


class SoftwareInForce(Protocol):
    """The software of this terminal, and how it is changed."""

    @property
    def version(self) -> str:
        """The version that runs from the next start on; empty: nobody can change it here."""

    def install(self, offer: Offer) -> None:
        """Put the offer's package beside the version in force."""

    def switch(self, version: str) -> None:
        """Let a version run from the next start on."""

    def keep(self, version: str) -> None:
        """Let a version run the updater itself, too."""

    def restart(self) -> None:
        """Restart the terminal's processes between two citizens."""


class ByDoor:
    """Asks root; raises `Unusable` for what it refuses, `Unreachable` for what it can't do now."""

    def __init__(self, releases: Path, state: Path, root: Path = Path("/")) -> None:
        """Take the folder of releases, root's folder, and the root of the system."""
        self._releases, self._state, self._root = releases, state, root

    @property
    def version(self) -> str:
        """The version in force, by the name that the starter follows."""
        return target_of(self._root / VERSIONS.parent / CURRENT)

    def install(self, offer: Offer) -> None:
        """Have the offer's package put beside the version in force."""
        if offer.software is not None:
            self._ask("install", offer.software.version, offer.group)

    def switch(self, version: str) -> None:
        """Have a version run from the next start on."""
        self._ask("switch", version)

    def keep(self, version: str) -> None:
        """Have a version run the updater, too."""
        self._ask("keep", version)

    def restart(self) -> None:
        """Have the terminal's processes restarted between two citizens."""
        self._ask("restart")

    def _ask(self, what: str, version: str = "", group: str = "") -> None:
        number = uuid.uuid4().hex
        folder = self._releases / SOFTWARE
        folder.mkdir(exist_ok=True)
        ask = {"number": number, "do": what, "version": version, "group": group}
        answer = self._answered(folder / ASK, json.dumps(ask).encode(), what)
        if answer["outcome"] == "again":
            raise Unreachable(f"{what} {version}: {answer['why']}")
        if answer["outcome"]:
            raise Unusable(str(answer["why"]), Reason(str(answer["outcome"])))

    def _answered(self, ask: Path, data: bytes, what: str) -> Mapping[str, object]:
        """Ask until there is an answer: what changes while root's unit ends may start it no more.

        Raises:
            Unreachable: root does not answer.
        """
        number = json.loads(data)["number"]
        deadline = time.monotonic() + DOOR_S
        while time.monotonic() < deadline:
            durable.put(ask, data)
            until = time.monotonic() + AGAIN_S
            while time.monotonic() < until:
                answer = self._heard()
                if answer.get("number") == number:
                    return answer
                time.sleep(LOOK_S)
        raise Unreachable(f"root does not do: {what}")

    def _heard(self) -> Mapping[str, object]:
        return read(self._state / ANSWER)
