"""The stage under a finger: keys, pens, leaves, sizes and live pictures; no session, no device."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from kiosk.journey import view as v
from kiosk.journey.facts import Stroke
from screens.gallery import PORTRAIT, Easel
from screens.sample import frame, say
from screens.samples import samples
from screens.words import Words


@dataclass
class Touch:
    """A finger, as Kivy tells of it: dots from the lower left corner."""

    uid: int
    x: float
    y: float
    button: str = "left"


@dataclass(frozen=True)
class Frame:
    """A picture of the camera."""

    number: int
    width: int = 8
    height: int = 4

    @property
    def rgb(self) -> bytes:
        """All dots of one colour, another one in every picture."""
        return bytes([self.number * 20, 0, 0]) * (self.width * self.height)


class Hand:
    """Touches targets of a stage by their ids."""

    def __init__(self, stage: Any) -> None:
        self.stage, self._uid = stage, 0

    def place(self, target: str, across: float = 0.5, down: float = 0.5) -> tuple[float, float]:
        """Return dots in a target, from the lower left corner."""
        spot = next(own for own in self.stage.shown().spots if own.id == target)
        return spot.x + spot.w * across, PORTRAIT.height - 1 - (spot.y + spot.h * down)

    def down(self, target: str) -> Touch:
        """Put a finger on a target."""
        self._uid += 1
        touch = Touch(self._uid, *self.place(target))
        self.stage.on_touch_down(touch)
        return touch

    def resting(self, x: float, y: float) -> Touch:
        """Return a finger at dots from the lower left corner, not put down yet."""
        self._uid += 1
        return Touch(self._uid, x, y)

    def tap(self, *targets: str) -> None:
        """Tap one target after another."""
        for target in targets:
            self.stage.on_touch_up(self.down(target))


class Glass:
    """A stage and what it fired."""

    def __init__(self) -> None:
        from screens.stage import Stage

        self.fired: list[str] = []
        self.strokes: list[Stroke] = []
        self.stage = Stage(PORTRAIT, Words(), self.fired.append)
        self.stage.awake = True
        self.stage.drawn_on = self.strokes.append
        self.hand = Hand(self.stage)

    def ids(self) -> set[str]:
        """Return what can be touched."""
        return {spot.id for spot in self.stage.shown().spots}


@pytest.fixture
def glass(easel: Easel) -> Glass:
    """A stage that is awake, without a window anybody sees."""
    assert easel
    assert os.environ["DISPLAY"]
    return Glass()


def sample(name: str) -> Any:
    """Return the view of a sample."""
    return next(own.view for own in samples() if own.name == name)


def test_two_fast_taps_on_a_key_are_two_letters(glass: Glass) -> None:
    """Letters go to the input method; what is chosen comes out as words."""
    glass.stage.show(sample("form"))
    method = glass.stage._method
    glass.hand.tap("screen:key:n", "screen:key:n")
    assert method.state.letters == "nn" or glass.fired == ["text:n", "text:n"]


def test_a_finger_before_the_last_was_lifted_is_no_lost_letter(glass: Glass) -> None:
    """Two thumbs: the second key goes down first, both letters are written."""
    glass.stage.show(sample("form-mobile"))
    first = glass.hand.down("text:1")
    second = glass.hand.down("text:2")
    glass.stage.on_touch_up(first)
    glass.stage.on_touch_up(second)
    assert glass.fired == ["text:1", "text:2"]


def test_a_double_tap_before_the_page_has_turned_is_one(glass: Glass) -> None:
    """下一步 tapped twice on a busy machine: the page after it is not gone on from, unseen."""
    glass.stage.show(sample("form-mobile"))
    glass.hand.tap("next", "next")
    assert glass.fired == ["next"]


def test_letters_that_wait_are_not_left_behind_on_the_way_forward(glass: Glass) -> None:
    """下一步 over a name half written shows what the letters may mean, and goes on afterwards."""
    glass.stage.show(sample("form"))
    method = glass.stage._method
    if not method.available:
        pytest.skip("the dictionary of the system is not installed")
    glass.hand.tap("screen:key:m", "next")
    assert glass.fired == []
    assert method.state.leaf == 1
    glass.hand.tap("screen:candidate:0", "next")
    assert [own.split(":")[0] for own in glass.fired] == ["text", "next"]


def test_a_part_that_was_chosen_is_written_before_another_field_is_touched(glass: Glass) -> None:
    """陈x with 陈 chosen: the touch beside the pad keeps 陈."""
    glass.stage.show(sample("form"))
    method = glass.stage._method
    if not method.available:
        pytest.skip("the dictionary of the system is not installed")
    glass.hand.tap(*(f"screen:key:{letter}" for letter in "chenx"))
    part = next(i for i, c in enumerate(method.state.reading.candidates) if c.letters == 4)
    method.press(f"screen:candidate:{part}")
    chosen = method.state.words
    glass.hand.tap("home")
    assert glass.fired == [f"text:{chosen}", "home"]


def test_another_field_begins_empty(glass: Glass) -> None:
    """What was not chosen is dropped with the field."""
    form = sample("form")
    glass.stage.show(form)
    glass.hand.tap("screen:key:m")
    glass.stage.show(replace(form, input=replace(form.input, field="father.name")))
    assert glass.stage._method.state.letters == ""


def test_size_and_language_follow_the_visit(glass: Glass) -> None:
    """Another size sets the page anew; another language changes its words."""
    home = sample("home")
    glass.stage.show(home)
    small = glass.hand.place("search")
    elder = replace(home, frame=replace(home.frame, size="elder", language="en"))
    glass.stage.show(elder)
    assert glass.hand.place("search") != small
    assert "screen:turn:+1" in glass.ids()
    assert glass.stage._words.language == "en"


def test_leaves_turn_without_the_journey(glass: Glass) -> None:
    """The next leaf is turned up; another page begins with its first."""
    glass.stage.show(sample("guide"))
    glass.hand.tap("screen:turn:+1")
    assert "screen:turn:-1" in glass.ids()
    assert glass.fired == []
    glass.stage.show(sample("home"))
    glass.stage.show(sample("guide"))
    assert "screen:turn:-1" not in glass.ids()


def sign() -> v.SignView:
    """Return the page that is signed on."""
    return v.SignView(
        page="sign",
        frame=frame(4),
        title=say("请签名", "Sign"),
        name="陈晓芸",
        strokes=(),
        signed=False,
        by_card=False,
        statement=(),
        wipe=None,
        confirm=None,
    )


def test_the_pen_follows_the_finger(glass: Glass) -> None:
    """A line is drawn at once, ends at the border of the field, and is handed on when lifted."""
    glass.stage.show(sign())
    touch = glass.hand.down("stroke")
    assert glass.stage._pen.ink.children
    for across in (0.5002, 0.6, 0.8, 3.0):
        touch.x, touch.y = glass.hand.place("stroke", across)
        glass.stage.on_touch_move(touch)
    glass.stage.on_touch_up(touch)
    (stroke,) = glass.strokes
    assert [round(x, 1) for x, _, _ in stroke.points] == [0.5, 0.6, 0.8, 1.0]
    assert not glass.stage._pen.ink.children
    assert glass.fired == []


def test_a_touch_of_the_field_is_a_dot(glass: Glass) -> None:
    """Chinese needs dots: a tap is a stroke of one point."""
    glass.stage.show(sign())
    glass.hand.tap("stroke")
    assert len(glass.strokes[0].points) == 1


class Album:
    """Gives pictures as a session does."""

    def __init__(self) -> None:
        self.number = 1

    def live(self) -> Frame:
        """Return the newest picture."""
        return Frame(self.number)

    def photo(self, name: str) -> bytes | None:
        """Return a red picture, or nothing for another name."""
        if name != "known":
            return None
        made = BytesIO()
        Image.new("RGB", (40, 20), "#FF0000").save(made, "JPEG")
        return made.getvalue()


def test_the_live_picture_keeps_one_texture(glass: Glass) -> None:
    """New pictures are written over the old one; leaving the page forgets it."""
    from tests.screens import newborn_views

    album = Album()
    glass.stage.take_pictures_from(album)
    glass.stage.show(newborn_views.CAPTURE)
    painter = glass.stage._painter
    assert painter.live
    texture = painter._pane._texture
    assert not painter.refresh_live()
    album.number = 2
    assert painter.refresh_live()
    assert painter._pane._texture is texture
    glass.stage.show(sample("home"))
    assert not painter.live
    assert painter._pane._texture is None


def test_a_photograph_that_is_gone_is_no_error(glass: Glass) -> None:
    """A picture that the session no longer has leaves its dark ground."""
    from screens.live import photograph

    assert photograph(Album().photo("other"), 100, 100) is None
    assert photograph(b"no picture", 100, 100) is None
    found = photograph(Album().photo("known"), 100, 100)
    assert found is not None
    assert found.size == (100, 50)
