"""Errands of the touch calibration: a matrix on trial, then kept or taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from kiosk.channel import Refused
from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.facts import Did
from kiosk.maintenance.intents import Said
from kiosk.maintenance.touch_matrix import Matrix, NoPanel, Point, Unfit
from kiosk.session.errands import start
from kiosk.session.maintenance.agent_desk import Lost
from kiosk.session.maintenance.errands import Errands, Table


class Trial(Protocol):
    """New matrices by the names of devices; the old ones come back unless they are kept."""

    after: Mapping[str, Matrix]

    def keep(self) -> bool:
        """Keep them; say whether the trial was still running."""

    def undo(self) -> None:
        """Take the old ones back."""


Begin = Callable[[Sequence[Point]], Trial]
"""Begins a trial; raises NoPanel, Unfit, OSError."""


class TouchErrands:
    """Has the screen try a matrix, and the agent keep it."""

    def __init__(self, errands: Errands, begin: Begin) -> None:
        self._errands, self._agent, self._begin = errands, errands.parts.agent, begin
        self._trial: Trial | None = None

    def table(self) -> Table:
        """Return who carries out which effect."""
        return {e.TryTouch: self.try_touch, e.KeepTouch: self.keep, e.UndoTouch: self.undo}

    def try_touch(self, effect: e.TryTouch) -> None:
        """Set what fits, on trial."""

        def say(did: Did) -> None:
            self._errands.say(Said.TOUCH_TRIED, did, ticket=effect.ticket)

        start("touch", lambda: say(self._tried(effect.felt)), lambda: say(_ill("failed")))

    def keep(self, effect: e.KeepTouch) -> None:
        """Keep it now, and over restarts."""
        self._errands.run(effect.ticket, "touch", self._kept)

    def undo(self, _effect: e.UndoTouch) -> None:
        """Take it back."""
        trial, self._trial = self._trial, None
        if trial is not None:
            start("touch", trial.undo, lambda: None)

    def _tried(self, felt: Sequence[Point]) -> Did:
        try:
            self._trial = self._begin(felt)
        except NoPanel:
            return _ill("no_panel")
        except Unfit:
            return _ill("unfit")
        except OSError:
            return _ill("failed")
        return Did(well=True, told=text("calibration.trying"))

    def _kept(self) -> Did:
        trial, self._trial = self._trial, None
        if trial is None or not trial.keep():
            return Did(
                well=False, told=text("calibration.undone"), hint=text("calibration.undone_hint")
            )
        panels = {name: list(own) for name, own in trial.after.items()}
        try:
            self._agent.call("touch", panels=panels)
        except (Refused, Lost):
            return Did(
                well=False, told=text("calibration.not_kept"), hint=text("upkeep.refused.hint")
            )
        return Did(well=True, told=text("calibration.kept"), hint=text("calibration.kept_hint"))


def _ill(word: str) -> Did:
    return Did(well=False, told=text(f"calibration.{word}"), hint=text(f"calibration.{word}_hint"))
