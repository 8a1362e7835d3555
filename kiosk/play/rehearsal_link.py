"""Asking the session on the screen where it is: ids, rectangles and page facts, no values."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.channel import ChannelError, Client
from kiosk.journey.observe import Observed


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A touchable rectangle in pixels from the top left."""

    name: str
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Where a finger goes."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the session says of its screen now.

    Attributes:
        page: the page's name.
        settled: the painted frame shows this page.
        targets: what can be touched.
        facts: what a script may expect of a page.
        tally: what `kiosk play` reports of the visit; empty before there is a form.
        frame: how many frames this session drew.
    """

    page: str
    settled: bool
    targets: Mapping[str, Target]
    facts: Observed
    tally: Mapping[str, object]
    frame: int = 0


class RehearsalLink:
    """A connection that follows the screen from session to session."""

    def __init__(self, path: Path, secret: str) -> None:
        self._path, self._secret = path, secret
        self._client: Client | None = None

    def look(self) -> Seen | None:
        """Return what is on the screen, or None while sessions change over."""
        try:
            if self._client is None:
                self._client = Client(self._path, "rehearsal", self._secret, timeout=5)
            return _seen(self._client.call("where"))
        except ChannelError:
            self.close()
            time.sleep(0.02)
            return None

    def close(self) -> None:
        """Let go."""
        if self._client is not None:
            self._client.close()
            self._client = None


def _seen(answer: Mapping[str, object]) -> Seen:
    targets, facts, tally = answer["targets"], answer.get("facts", {}), answer.get("tally", {})
    if not isinstance(targets, list) or not isinstance(facts, dict) or not isinstance(tally, dict):
        raise TypeError("the session's answer has another form")
    return Seen(
        page=str(answer["page"]),
        settled=not answer["busy"],
        targets={
            str(t["id"]): Target(
                name=str(t["id"]),
                x=float(t["x"]),
                y=float(t["y"]),
                width=float(t["w"]),
                height=float(t["h"]),
            )
            for t in targets
        },
        facts=facts,
        tally=tally,
        frame=int(str(answer.get("frame", 0))),
    )
