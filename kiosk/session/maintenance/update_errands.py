"""Errands of a release on a stick: have the agent look, and follow what it installs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from kiosk.channel import Refused
from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.facts import Did, OnStick, Words
from kiosk.maintenance.intents import Said
from kiosk.session.errands import CHINA, start
from kiosk.session.maintenance.agent_desk import Lost, refused
from kiosk.session.maintenance.errands import Errands, Table

ASK_S: Final = 1.0
"""Seconds between two questions how far it is."""
BEGIN_S: Final = 60.0
"""So long may the update take to begin: it waits for one that runs already."""
WHOLE_S: Final = 900.0
"""The check of every page has ten minutes of its own."""
_STAGES: Final = {"fetched": "check", "verified": "check", "checked": "trial", "staged": "trial"}
_WELL: Final = frozenset({"trial", "committed"})
_ILL: Final = frozenset({"refused", "rolled_back"})
_LOOKS: Final = {"release.no_room": "no_room", "release.unreachable": "pulled"}


class UpdateErrands:
    """Asks the agent; it goes on installing when nobody asks any more."""

    def __init__(self, errands: Errands) -> None:
        self._errands, self._agent = errands, errands.parts.agent

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {e.LookAtStick: self.look, e.InstallFromStick: self.install}

    def look(self, effect: e.LookAtStick) -> None:
        """Have it told what is on the stick."""

        def say(found: OnStick) -> None:
            self._errands.say(Said.ON_STICK, found, ticket=effect.ticket)

        start("stick", lambda: say(self._looked()), lambda: say(OnStick(word="failed")))

    def install(self, effect: e.InstallFromStick) -> None:
        """Have it installed, and tell how far it is."""

        def work() -> Did:
            try:
                self._agent.call("stick_update", digest=effect.digest)
                return self._followed(effect.digest, effect.ticket)
            except Refused as no:
                return refused(no.code)
            except Lost:
                return Did(
                    well=False, told=text("stick.end.lost"), hint=text("stick.end.lost_hint")
                )

        self._errands.run(effect.ticket, "install", work)

    def _looked(self) -> OnStick:
        try:
            return on_stick(self._agent.call("stick_look"))
        except Refused as no:
            return OnStick(word=no.code)
        except Lost:
            return OnStick(word="lost")

    def _followed(self, digest: str, ticket: int) -> Did:
        """Ask how far it is until it is in force, refused, or nobody can say."""
        began, before = time.monotonic(), str(self._agent.call("stick_progress").get("look"))
        while (passed := time.monotonic() - began) < WHOLE_S:
            now = self._agent.call("stick_progress")
            mine, stage = now.get("digest") == digest, str(now.get("stage"))
            if mine and (stage in _WELL or stage in _ILL):
                return _ended(stage)
            if mine:
                said = text(f"stick.doing.{_STAGES.get(stage, 'check')}")
                self._errands.say(Said.DOING, Words(told=said), ticket=ticket)
            elif now.get("ended") not in {None, 0} or passed > BEGIN_S:
                return _not_begun(str(now.get("look")), before)
            time.sleep(ASK_S)
        return _not_begun("", before)


def on_stick(told: Mapping[str, object]) -> OnStick:
    """Return what the agent told, with the time as one reads it here."""
    changes = told.get("changes")
    return OnStick(
        word=str(told.get("word")),
        name=str(told.get("name", "")),
        digest=str(told.get("digest", "")),
        built=_moment(str(told.get("built", ""))),
        now=str(told.get("now", "")),
        changes={
            str(area): int(count)
            for area, count in (changes.items() if isinstance(changes, Mapping) else ())
        },
    )


def _moment(built: str) -> str:
    """Return when it was made, in China's time; empty when it does not say."""
    try:
        return f"{datetime.fromisoformat(built).astimezone(CHINA):%Y-%m-%d %H:%M}"
    except ValueError:
        return ""


def _ended(stage: str) -> Did:
    key = f"stick.end.{stage}"
    return Did(well=stage in _WELL, told=text(key), hint=text(f"{key}_hint"), result=stage)


def _not_begun(look: str, before: str) -> Did:
    """Return why it did not begin, by how the update's own look ended."""
    word = _LOOKS.get(look, "untold") if look != before or look == "release.no_room" else "untold"
    key = f"stick.end.{word}"
    return Did(well=False, told=text(key), hint=text(f"{key}_hint"))
