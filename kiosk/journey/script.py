"""Scripted visits: ``tests/journeys/*.yaml``, typed, every fault with its file and line.

One script plays everywhere: headless against the pure machine (:mod:`.rehearsal`) and on the real
screen with real devices (``kiosk play``).  A step names the page that has to be seen and at most
one thing that a person does there::

    - page: card
      put_card: chen-xiaoyun
    - page: place
      tap: place:110000
    - page: receipt
      expect: {outcome: submitted, printing: printed}

``expect`` is held against :func:`kiosk.journey.observe.observed`; ``true`` stands for *something
is there*, ``false`` for *nothing is*; of a list, ``!word`` stands for *not there*.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kiosk.documents import DocumentError, read, validate
from kiosk.journey.intents import BadTarget, touch
from kiosk.journey.states import State

Word = str | bool | int
"""What can be expected of one fact of a page."""

ScriptError = DocumentError
"""A script is wrong; ``faults`` name file, line and key."""

SLIP = "{slip}"
"""Stands in ``show_code`` for the code of the last slip of this run."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fault(_Part):
    """What a simulated device will do wrong, in the words of its control page."""

    device: Literal["id-reader", "scanner", "printer", "camera"]
    fail_next: str | None = None
    """At its very next answer."""
    fail_during: str | None = None
    """In the middle of its real work."""
    times: Annotated[int, Field(ge=1, le=100)] = 1

    @property
    def kind(self) -> str:
        """What goes wrong, whenever it does."""
        return self.fail_next or self.fail_during or ""

    @property
    def command(self) -> dict[str, object]:
        """The fault as the simulator's control page takes it; a camera's lasts."""
        if self.device == "camera":
            return {"fault": self.kind}
        return self.model_dump(exclude={"device"}, exclude_none=True)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.fail_next is None) == (self.fail_during is None):
            raise ValueError("one of fail_next and fail_during")
        return self


class Writing(_Part):
    """Words written on the pad.

    ``keys`` are the letters or digits touched one by one, ``candidate`` the 0-based one that is
    chosen then; without it the keys themselves are the words.
    """

    text: Annotated[str, Field(min_length=1, max_length=100)]
    keys: Annotated[str, Field(pattern=r"^[0-9a-zX'./]{1,60}$")]
    candidate: Annotated[int, Field(ge=0, le=20)] | None = None


class Scene(_Part):
    """What lies under the document camera, and what is wrong with it."""

    name: Literal["empty", "discharge_record", "discharge_record-2", "bank_card"]
    fault: (
        Literal["upside_down", "dark", "blurred", "glare", "half", "freeze", "unplug", "black"]
        | None
    ) = None
    number: str | None = None
    """Of a bank card."""

    @property
    def command(self) -> dict[str, object]:
        """What lies there, as the camera's control page takes it."""
        told: dict[str, object] = {"scene": self.name}
        return told | {k: v for k, v in (("fault", self.fault), ("number", self.number)) if v}


class Step(_Part):
    """One page, and what a person does on it."""

    page: State
    tap: str | None = None
    """A target (:mod:`kiosk.journey.intents`)."""
    type: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")] | None = None
    """Digits typed on the pad, one by one."""
    write: Writing | None = None
    """Words written on the pad."""
    draw: Literal[True] | None = None
    """A name is written by hand on the field for it."""
    scene: Scene | None = None
    """Something is put under the document camera."""
    source: dict[str, Literal["silent", "wrong", "partial", "none"]] | None = None
    """Registers that fail from now on, headless only."""
    put_card: str | None = None
    """Reference of a person of the synthetic population."""
    lift_card: Literal[True] | None = None
    show_code: str | None = None
    """Text shown to the scanner; ``{slip}`` is the last slip's code."""
    show_licence: str | None = None
    """The code of an enterprise's electronic licence is shown to the scanner: its reference in the
    synthetic population."""
    wait_page: State | None = None
    """Nothing is done; this page has to come."""
    pause: Annotated[int, Field(gt=0, le=300)] | None = None
    """Nothing is done for so many seconds."""
    intake: Literal["up", "down"] | None = None
    """The unified intake comes back, or goes away."""
    disk: Literal["ok", "full"] | None = None
    """Whether a submission can be stored, headless only."""
    paper: Literal["ok", "low", "out"] | None = None
    """What the printer has."""
    power: Literal["mains", "battery", "low"] | None = None
    """What the terminal runs on from now on."""
    cabinet: Literal["closed", "open"] | None = None
    """Somebody opens or closes the terminal's door."""
    fault: Fault | None = None
    """A simulated device will fail."""
    expect: dict[str, Word] = Field(default_factory=dict)

    @property
    def does(self) -> str | None:
        """The name of what is done, or None."""
        return next((name for name in _DOES if getattr(self, name) is not None), None)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        done = [name for name in _DOES if getattr(self, name) is not None]
        if len(done) > 1:
            raise ValueError(f"one thing a step, not {' and '.join(done)}")
        if self.tap is not None:
            try:
                touch(self.tap)
            except BadTarget as bad:
                raise ValueError(str(bad)) from bad
        return self


_DOES = (
    "tap",
    "type",
    "write",
    "draw",
    "scene",
    "source",
    "put_card",
    "lift_card",
    "show_code",
    "show_licence",
    "wait_page",
    "pause",
    "intake",
    "disk",
    "paper",
    "power",
    "cabinet",
    "fault",
)


class Outcome(_Part):
    """What has to be so at the end; left out means: not looked at."""

    outcome: Literal["submitted", "stored", "refused"] | None = None
    printed: bool | Literal["unknown"] | None = None
    ended: Literal["finished", "abandoned", "timed_out"] | None = None
    filings: Annotated[int, Field(ge=0)] | None = None
    """Applications the intake has of this run."""
    rated: Annotated[int, Field(ge=1, le=5)] | None = None
    """The grade that was handed on."""
    called: bool | None = None
    """A card that was left was called out."""

    def unmet(self, found: Mapping[str, object]) -> list[str]:
        """Return what ended otherwise than wanted, one line each."""
        wanted = self.model_dump(exclude_none=True)
        return [
            f"{name}: expected {expected!r}, is {found.get(name)!r}"
            for name, expected in wanted.items()
            if expected != found.get(name)
        ]


class Script(_Part):
    """A whole visit, or several one after another."""

    name: str
    about: str
    """What it shows, one line."""
    jurisdiction: str = "410700"
    thing: str | None = None
    status: Literal["open"] | None = None
    """``open``: played as if every item were open, whatever the place's document says."""
    pace: Annotated[float, Field(ge=0, le=10)] = 1.0
    """Seconds a person takes for a decision; only the real screen waits."""
    steps: tuple[Step, ...]
    outcome: Outcome = Field(default_factory=Outcome)


def load(path: Path) -> Script:
    """Return the script in a file.

    Raises:
        ScriptError: it cannot be read, or something in it is wrong.
    """
    return validate(read(path), Script)


def spoken(script: Script, *, elder: bool = False, language: str = "zh") -> Script:
    """Return the script with larger letters or another language chosen on the home page."""
    wanted = [name for name, on in (("size", elder), ("language", language != "zh")) if on]
    home = next((n for n, step in enumerate(script.steps) if step.page is State.HOME), None)
    if home is None or not wanted:
        return script
    first = tuple(Step(page=State.HOME, tap=name) for name in wanted)
    return script.model_copy(update={"steps": (*script.steps[:home], *first, *script.steps[home:])})
