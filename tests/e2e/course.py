"""A scripted visit, played piece by piece: a test stops it where something shall happen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from kiosk.desk.stack import REPOSITORY
from kiosk.journey.script import Script, Step, load, spoken
from kiosk.play.player import Player
from kiosk.play.rehearsal_link import Seen

JOURNEYS = REPOSITORY / "tests" / "journeys"


class Course:
    """What is still to be done of one script of tests/journeys.

    Args:
        player: whose hand does it.
        name: of the script.
        elder: with large letters.
        language: of the interface.
    """

    def __init__(
        self, player: Player, name: str, *, elder: bool = False, language: str = "zh"
    ) -> None:
        self._player = player
        self._script = spoken(_read(name), elder=elder, language=language)
        self._left = deque(self._script.steps)

    def until(self, page: str) -> Seen:
        """Play until a page is to be seen, and do nothing there."""
        self._play(self._before(lambda step: step.page == page))
        return self._player.reach(page)

    def until_tap(self, target: str) -> Seen:
        """Play until a target is to be touched, and do not touch it."""
        self._play(self._before(lambda step: step.tap == target))
        return self._player.reach(self._left[0].page)

    def leave_out(self, page: str) -> None:
        """Forget what comes before the next step on a page: the test has done it its own way."""
        self._before(lambda step: step.page == page)

    def leave_out_tap(self, target: str) -> None:
        """Forget what comes before the touch of a target, and that touch."""
        self._before(lambda step: step.tap == target)
        self._left.popleft()

    def rest(self) -> None:
        """Play to the end."""
        self._play([self._left.popleft() for _ in range(len(self._left))])

    def _before(self, found: Callable[[Step], bool]) -> list[Step]:
        steps: list[Step] = []
        while self._left and not found(self._left[0]):
            steps.append(self._left.popleft())
        assert self._left, "the script has no such step left"
        return steps

    def _play(self, steps: list[Step]) -> None:
        self._player.play(self._script.model_copy(update={"steps": tuple(steps)}))


def _read(name: str) -> Script:
    return load(JOURNEYS / f"{name}.yaml")
