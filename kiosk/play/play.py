"""`kiosk play NAME`: the whole stack, one scripted visit, one JSON line."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.desk.display import NoScreen
from kiosk.desk.part import PartFailed
from kiosk.desk.stack import REPOSITORY, Options, Stack
from kiosk.journey.script import Script, ScriptError, Step, load, spoken
from kiosk.journey.states import State
from kiosk.play.player import Played, Player, Unplayable

JOURNEYS = REPOSITORY / "tests" / "journeys"


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """How a script is played: on which screen, how fast, and what goes wrong meanwhile."""

    visible: bool = False
    """Use this display instead of a virtual one."""
    landscape: bool = False
    """On a screen of 1920x1080."""
    hurry: bool = False
    """No human pauses."""
    elder: bool = False
    """With large letters, one question a page."""
    language: str = "zh"
    """Of the interface, ``zh`` or ``en``."""
    intake_down: bool = False
    """The intake goes away after prefill, before submit."""
    paper_out: bool = False
    """The printer has no paper when the slip is due."""


def play(name: str, manner: Manner, *, out: Path | None = None, as_json: bool = False) -> int:
    """Play one script; return 0 when it went as written.

    Args:
        name: file name without ``.yaml`` in tests/journeys.
        manner: how.
        out: directory for the pictures.
        as_json: end with one JSON line.
    """
    try:
        script = _script(name, manner)
    except (ScriptError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    pictures = out or Path("var") / "play" / name
    for old in pictures.glob("*.png"):
        old.unlink()
    try:
        report = _run(script, pictures, manner)
    except (Unplayable, PartFailed, NoScreen) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for key, value in report.items():
            print(f"{key:<15}{value}")
    return 0


def _script(name: str, manner: Manner) -> Script:
    told = load(JOURNEYS / f"{name}.yaml")
    script = spoken(told, elder=manner.elder, language=manner.language)
    return _without_rating(script) if manner.intake_down else script


def _without_rating(script: Script) -> Script:
    """What is only stored cannot be rated yet: that page does not come."""
    steps = tuple(step for step in script.steps if step.page is not State.RATING)
    return script.model_copy(update={"steps": steps})


Expectations = Mapping[str, Mapping[str, str | bool | int]]


def _expected(manner: Manner) -> Expectations:
    """Return what is true on the last page of a bad day; nothing special on a good one."""
    if not (manner.intake_down or manner.paper_out):
        return {}
    receipt: dict[str, str | bool | int] = {
        "outcome": "stored" if manner.intake_down else "submitted",
        "printing": "failed" if manner.paper_out else "printed",
    }
    return {"receipt": receipt}


def _strike(manner: Manner, player: Player, step: Step) -> None:
    """Break things when the citizen is about to submit."""
    if step.tap != "submit":
        return
    if manner.intake_down:
        player.stack.stop_part("intake")
    if manner.paper_out:
        player.devices.do("printer", paper="out")


def _run(script: Script, out: Path, manner: Manner) -> dict[str, object]:
    display = os.environ.get("DISPLAY") if manner.visible else None
    wide, high = (1920, 1080) if manner.landscape else (1080, 1920)
    with tempfile.TemporaryDirectory(prefix="play-") as state:
        options = Options(
            state=Path(state), display=display, rehearsal=True, width=wide, height=high
        )
        with Stack(options) as stack:
            player = Player(
                stack,
                out=out,
                hurry=manner.hurry,
                before=lambda step: _strike(manner, player, step),
                expectations=_expected(manner),
            )
            try:
                played = player.play(script)
                _keep_papers(player, out)
            finally:
                player.close()
    return _report(script, played)


def _keep_papers(player: Player, out: Path) -> None:
    """Save the picture of each slip that came out."""
    for number, paper in enumerate(player.devices.papers(), start=1):
        if paper.get("png"):
            path = player.devices.save_paper(paper, out / f"slip-{number}.png")
            player.played.pictures.append(path)


def _report(script: Script, played: Played) -> dict[str, object]:
    tally = played.tally
    return {
        "thing": tally.get("thing") or script.thing,
        "jurisdiction": script.jurisdiction,
        "outcome": tally.get("outcome") or "abandoned",
        "local_no": tally.get("local_no"),
        "application_no": tally.get("application_no"),
        "decisions": played.decisions,
        "keystrokes": played.keystrokes,
        "seconds": played.seconds,
        "fields": tally.get("fields"),
        "materials": tally.get("materials"),
        "printed": tally.get("printed"),
        "screens": [str(path) for path in played.pictures],
    }
