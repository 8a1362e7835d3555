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


def play(
    name: str,
    *,
    out: Path | None = None,
    intake_down: bool = False,
    paper_out: bool = False,
    visible: bool = False,
    hurry: bool = False,
    as_json: bool = False,
    elder: bool = False,
    language: str = "zh",
    landscape: bool = False,
) -> int:
    """Play one script; return 0 when it went as written.

    Args:
        name: file name without ``.yaml`` in tests/journeys.
        out: directory for the pictures.
        intake_down: the intake goes away after prefill, before submit.
        paper_out: the printer has no paper when the slip is due.
        visible: use this display instead of a virtual one.
        hurry: no human pauses.
        as_json: end with one JSON line.
        elder: with large letters, one question a page.
        language: of the interface, ``zh`` or ``en``.
        landscape: on a screen of 1920x1080.
    """
    try:
        script = spoken(load(JOURNEYS / f"{name}.yaml"), elder=elder, language=language)
    except (ScriptError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    pictures = out or Path("var") / "play" / name
    for old in pictures.glob("*.png"):
        old.unlink()
    try:
        bad_day = _bad_day(intake_down, paper_out)
        script = _without_rating(script) if intake_down else script
        how = _How(visible=visible, hurry=hurry, landscape=landscape)
        report = _run(script, pictures, bad_day, how)
    except (Unplayable, PartFailed, NoScreen) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for key, value in report.items():
            print(f"{key:<15}{value}")
    return 0


def _without_rating(script: Script) -> Script:
    """What is only stored cannot be rated yet: that page does not come."""
    steps = tuple(step for step in script.steps if step.page is not State.RATING)
    return script.model_copy(update={"steps": steps})


@dataclass(frozen=True, kw_only=True, slots=True)
class _How:
    """On which screen, and how fast."""

    visible: bool
    hurry: bool
    landscape: bool


Expectations = Mapping[str, Mapping[str, str | bool | int]]


class _BadDay:
    """What goes wrong, and what is then true on the last page."""

    def __init__(self, *, intake_down: bool, paper_out: bool) -> None:
        self.intake_down, self.paper_out = intake_down, paper_out
        receipt: dict[str, str | bool | int] = {
            "outcome": "stored" if intake_down else "submitted",
            "printing": "failed" if paper_out else "printed",
        }
        self.expectations: Expectations = {"receipt": receipt} if intake_down or paper_out else {}

    def strike(self, player: Player, step: Step) -> None:
        """Break things when the citizen is about to submit."""
        if step.tap != "submit":
            return
        if self.intake_down:
            player.stack.stop_part("intake")
        if self.paper_out:
            player.devices.do("printer", paper="out")


def _bad_day(intake_down: bool, paper_out: bool) -> _BadDay:
    return _BadDay(intake_down=intake_down, paper_out=paper_out)


def _run(script: Script, out: Path, bad_day: _BadDay, how: _How) -> dict[str, object]:
    display = os.environ.get("DISPLAY") if how.visible else None
    with tempfile.TemporaryDirectory(prefix="play-") as state:
        wide, high = (1920, 1080) if how.landscape else (1080, 1920)
        options = Options(
            state=Path(state), display=display, rehearsal=True, width=wide, height=high
        )
        with Stack(options) as stack:
            player = Player(
                stack,
                out=out,
                hurry=how.hurry,
                before=lambda step: bad_day.strike(player, step),
                expectations=bad_day.expectations,
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
