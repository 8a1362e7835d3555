"""Plays one script on the real screen of a running desk.

Each step waits for its page (bounded), keeps a picture of it, checks what is expected,
and does what a person does there: touch a pixel, put a card down, show a code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from kiosk.desk.stack import Stack
from kiosk.journey.observe import unmet
from kiosk.journey.script import SLIP, Script, Step, Writing
from kiosk.play.devices import Devices
from kiosk.play.rehearsal_link import RehearsalLink, Seen, Target
from kiosk.play.screen import Screen
from kiosk.play.telephone import Telephone

PAGE_WITHIN = 40.0
"""Seconds a page has to come; longer than any hold of a visit."""
NAME = (
    ((0.15, 0.3), (0.3, 0.25), (0.28, 0.6), (0.2, 0.75)),
    ((0.5, 0.25), (0.75, 0.3), (0.6, 0.7), (0.85, 0.75)),
)
"""Lines of a signature, from 0 to 1 of its field."""
TURNS = ("screen:turn:+1", "screen:turn:-1")
"""The targets that show a page's next and previous leaf (more text, another month)."""
MOST_LEAVES = 12
FELT_WITHIN = 1.5
"""Seconds after which a touch that draws nothing was one without an effect."""
DOOR = "cabinetFrontDoor"
POWER: Mapping[str, Mapping[str, object]] = {
    "mains": {"power": "back", "charge": 100},
    "battery": {"power": "lost"},
    "low": {"power": "lost", "charge": 5},
}
"""What the simulated UPS is told."""
T = TypeVar("T")


def _modes_of(key: str) -> tuple[str, ...]:
    """Return the modes of the pad of words in which a key is found."""
    if key.isdigit():
        return ("digits",)
    return ("latin", "pinyin") if key.isalpha() else ("symbols",)


class Unplayable(Exception):
    """The visit went another way than the script: says at which step and how."""


@dataclass(slots=True)
class Played:
    """What a run was."""

    decisions: int = 0
    keystrokes: int = 0
    seconds: float = 0.0
    pictures: list[Path] = field(default_factory=list)
    tally: dict[str, object] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)


class Player:
    """One run of one script.

    Args:
        stack: a desk started with ``rehearsal``.
        out: where pictures go; None keeps none.
        hurry: do not wait the script's human pace.
        before: called with each step before anything is done there; a bad day's hook.
        expectations: replaces what the script expects of a page.
        patience: seconds a page has to come.
    """

    def __init__(
        self,
        stack: Stack,
        *,
        out: Path | None = None,
        hurry: bool = False,
        before: Callable[[Step], None] | None = None,
        expectations: Mapping[str, Mapping[str, str | bool | int]] | None = None,
        patience: float = PAGE_WITHIN,
    ) -> None:
        self.stack = stack
        self.screen = Screen(stack.display)
        self.devices = Devices(stack.control_url)
        population = stack.state / "population" / "population.json"
        self.telephone = Telephone(stack.intake_url, population)
        self.link = RehearsalLink(stack.run / "rehearsal.sock", stack.secrets.roles["rehearsal"])
        self.played = Played()
        self._out, self._hurry = out, hurry
        self._before = before or (lambda _: None)
        self._expectations = expectations or {}
        self._patience = patience

    def play(self, script: Script) -> Played:
        """Play every step and return what happened.

        Raises:
            Unplayable: a page did not come, or is not as expected.
        """
        began = time.monotonic()
        for number, step in enumerate(script.steps, start=1):
            self._step(number, step, 0.0 if self._hurry else script.pace)
        self.played.seconds = round(time.monotonic() - began, 1)
        return self.played

    def close(self) -> None:
        """Let go of the display and the session."""
        self.link.close()
        self.screen.close()

    def reach(self, page: str, what: str = "") -> Seen:
        """Wait until a page is seen and painted."""
        return self._wait(
            lambda seen: seen if seen.page == page and seen.settled else None,
            lambda seen: f"{what}{page} expected, {seen.page if seen else 'nothing'} is seen",
        )

    def tap(self, target: str) -> None:
        """Touch the middle of a target; turn the page's leaves until it is there, as a person."""
        ways = {target} if target.startswith("screen:") else {target, *TURNS}
        self._one_a_page(target)
        way = TURNS[0]
        for _ in range(MOST_LEAVES):
            seen = self._wait(
                lambda seen: seen if seen.settled and ways & set(seen.targets) else None,
                lambda seen: f"{target} can't be touched on {seen.page if seen else 'nothing'}",
            )
            found = seen.targets.get(target)
            if found is not None:
                self._touch(seen, found)
                return
            way = way if way in seen.targets else next(w for w in TURNS if w in seen.targets)
            self._touch(seen, seen.targets[way])
            self._turned(seen)
        raise Unplayable(f"{target} is on no leaf of the page")

    def _touch(self, seen: Seen, target: Target) -> None:
        """Touch, and let the screen feel it: until then it tells of the page as it was before."""
        self.screen.tap(*target.middle)
        deadline = time.monotonic() + FELT_WITHIN
        while time.monotonic() < deadline:
            now = self.link.look()
            if now is None or not seen.frame <= now.frame < seen.frame + 2:
                return
            time.sleep(0.005)

    def _one_a_page(self, target: str) -> None:
        """With elder letters the form's next question is a page away: go on until it is there."""
        if target.startswith("screen:") or target == "next":
            return
        for _ in range(MOST_LEAVES):
            seen = self._wait(
                lambda seen: seen if seen.settled and _there(seen, target) else None,
                lambda _: f"{target} does not come",
            )
            if seen.page != "form" or seen.facts.get("size") != "elder" or _has(seen, target):
                return
            self._touch(seen, seen.targets["next"])
            self._changed(seen)

    def _changed(self, before: Seen) -> None:
        """Wait until the page is another one, or tells something else."""
        self._wait(
            lambda now: now if dict(now.facts) != dict(before.facts) else None,
            lambda _: "the page went nowhere",
        )

    def _turned(self, before: Seen) -> None:
        """Wait until the page shows another leaf."""
        self._wait(
            lambda now: now if now.targets != before.targets else None,
            lambda _: "the leaf turned nothing",
        )

    def _step(self, number: int, step: Step, pace: float) -> None:
        where = f"step {number}: "
        self.reach(step.page, where)
        expected = dict(self._expectations.get(step.page, step.expect))
        seen = self._wait(
            lambda s: s if s.page == step.page and not unmet(dict(s.facts), expected) else None,
            lambda s: where + "; ".join(unmet(dict(s.facts) if s else {}, expected)),
        )
        self._keep(seen)
        self._before(step)
        if step.does is not None:
            time.sleep(pace)
            self._do(step)

    def _keep(self, seen: Seen) -> None:
        """Take a picture and remember the latest tally."""
        if seen.tally:
            self.played.tally = dict(seen.tally)
        self.played.pages.append(seen.page)
        if self._out is not None:
            name = f"{len(self.played.pictures) + 1:02d}-{seen.page}.png"
            self.played.pictures.append(self.screen.save(self._out / name))

    def _do(self, step: Step) -> None:
        if step.tap is not None:
            self.played.decisions += 1
            self.tap(step.tap)
        elif step.type is not None:
            for digit in step.type:
                self.played.keystrokes += 1
                self.tap(f"digit:{digit}")
        elif step.write is not None:
            self._write(step.write)
        elif step.draw:
            self.played.decisions += 1
            self.draw()
        elif step.wait_page is not None:
            self.reach(step.wait_page)
        elif step.pause is not None:
            time.sleep(step.pause)
        elif step.intake is not None:
            self._intake(step.intake)
        else:
            self._at_the_devices(step)

    def _write(self, words: Writing) -> None:
        """Touch the letters one by one, then the candidate that is meant."""
        for key in words.keys:
            self.played.keystrokes += 1
            self._press(key)
        if words.candidate is not None:
            self.played.keystrokes += 1
            self.tap(f"screen:candidate:{words.candidate}")

    def _press(self, key: str) -> None:
        """Touch a key of the pad that is shown; for digits, signs and letters it is turned."""
        ways = (f"screen:key:{key}", f"text:{key}")
        modes = [f"screen:mode:{mode}" for mode in _modes_of(key)]
        seen = self._wait(
            lambda seen: seen if seen.settled and {*ways, *modes} & set(seen.targets) else None,
            lambda _: f"there is no key {key}",
        )
        if not any(way in seen.targets for way in ways):
            self.tap(next(mode for mode in modes if mode in seen.targets))
            return self._press(key)
        return self.tap(next(way for way in ways if way in seen.targets))

    def draw(self) -> None:
        """Write something by hand across the field: two lines, as quickly as a person."""
        seen = self._wait(
            lambda seen: seen if seen.settled and "stroke" in seen.targets else None,
            lambda _: "there is no field to write on",
        )
        field = seen.targets["stroke"]
        for line in NAME:
            points = [(field.x + x * field.width, field.y + y * field.height) for x, y in line]
            self.screen.draw(points)

    def _intake(self, state: str) -> None:
        if state == "down":
            self.stack.stop_part("intake")
        else:
            self.stack.start_intake()

    def _at_the_devices(self, step: Step) -> None:
        if step.scene is not None:
            self.devices.do("camera", **step.scene.command)
        elif step.put_card is not None:
            self.played.decisions += 1
            self.devices.do("id-reader", put=step.put_card)
        elif step.lift_card:
            self.devices.do("id-reader", lift=True)
        elif step.show_code is not None:
            self.played.decisions += 1
            self.devices.do("scanner", show=step.show_code.replace(SLIP, self._slip()))
        elif step.show_licence is not None:
            self.played.decisions += 1
            self.devices.do("scanner", show=self.telephone.code(step.show_licence))
        elif step.paper is not None:
            self.devices.do("printer", paper=step.paper)
        elif step.power is not None:
            self.devices.do("ups", **POWER[step.power])
        elif step.cabinet is not None:
            self.devices.do("panel", sensor=DOOR, word=step.cabinet)
        elif step.fault is not None:
            self.devices.do(step.fault.device, **step.fault.command)

    def _slip(self) -> str:
        """Return the code on the last slip that came out."""
        for paper in reversed(self.devices.papers()):
            codes = paper.get("qr")
            if isinstance(codes, list) and codes:
                return str(codes[0])
        raise Unplayable("no slip with a code came out yet")

    def _wait(
        self, wanted: Callable[[Seen], T | None], otherwise: Callable[[Seen | None], str]
    ) -> T:
        deadline = time.monotonic() + self._patience
        last: Seen | None = None
        while time.monotonic() < deadline:
            seen = self.link.look()
            if seen is not None:
                last = seen
                found = wanted(seen)
                if found is not None:
                    return found
            time.sleep(0.02)
        if self._out is not None:
            self.screen.save(self._out / "failed.png")
        raise Unplayable(otherwise(last))


def _has(seen: Seen, target: str) -> bool:
    """Whether the page has a target, on whichever leaf."""
    targets = seen.facts.get("targets")
    return target in seen.targets or (isinstance(targets, list) and target in targets)


def _there(seen: Seen, target: str) -> bool:
    """Whether it can be told if the page has a target: picture and facts are of the same page."""
    return seen.page != "form" or _has(seen, target) or "next" in seen.targets
