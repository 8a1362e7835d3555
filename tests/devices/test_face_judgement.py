"""What is wrong with a picture of a person, on drawn people; how a head is held."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.face.engine import FaceEngine, make_engine
from drivers.face.judgement import HINTS, Hint, Judgement, Picture, Problem, judge, smaller
from drivers.face.landmarks import FoundFace
from drivers.simulated.face_camera import _coat
from drivers.simulated.face_scenes import CAST, FaceFault, FaceScene, draw

PALE, DARK = CAST[1], CAST[2]


@pytest.fixture(scope="module")
def engine() -> FaceEngine:
    """Lend the models that come with the terminal."""
    return make_engine()


@cache
def sent(scene: FaceScene, fault: FaceFault | None, who: int) -> Picture:
    """Return a scene as the simulated camera sends it."""
    jpeg = _coat(draw(scene, who, fault), 0)
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return smaller(np.asarray(picture, np.uint8))


def seen(
    engine: FaceEngine, scene: FaceScene, fault: FaceFault | None = None, who: int = PALE
) -> Judgement:
    """Judge a scene."""
    picture = sent(scene, fault, who)
    return judge(picture, engine.find(picture))


@pytest.mark.parametrize(
    ("scene", "problem", "hint"),
    [
        (FaceScene.ONE, None, None),
        (FaceScene.BEHIND, None, None),
        (FaceScene.CLOSER, None, None),
        (FaceScene.NOBODY, Problem.NOBODY, Hint.COME_INTO_VIEW),
        (FaceScene.TWO, Problem.SEVERAL, Hint.ONE_PERSON),
        (FaceScene.CUT, Problem.CUT, Hint.MOVE_TO_MIDDLE),
        (FaceScene.TOO_FAR, Problem.TOO_FAR, Hint.COME_CLOSER),
        (FaceScene.TURNED_LEFT, Problem.TURNED, Hint.LOOK_STRAIGHT),
        (FaceScene.TURNED_RIGHT, Problem.TURNED, Hint.LOOK_STRAIGHT),
        (FaceScene.CHIN_DOWN, Problem.TURNED, Hint.LOOK_STRAIGHT),
    ],
)
def test_how_somebody_stands(
    engine: FaceEngine, scene: FaceScene, problem: Problem | None, hint: Hint | None
) -> None:
    """Each way of standing wrongly is one problem, and one thing to say."""
    judgement = seen(engine, scene)
    assert judgement.problems == ((problem,) if problem else ())
    assert judgement.hint == hint


@pytest.mark.parametrize("who", [PALE, DARK])
@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (FaceFault.DARK, Problem.DARK),
        (FaceFault.GLARE, Problem.GLARE),
        (FaceFault.SIDE_LIGHT, Problem.UNEVEN),
        (FaceFault.BLURRED, Problem.BLURRED),
    ],
)
def test_light_and_sharpness(
    engine: FaceEngine, fault: FaceFault, problem: Problem, who: int
) -> None:
    """They are judged alike on light and dark skin, and a well lit face is blamed for neither."""
    assert problem in seen(engine, FaceScene.ONE, fault, who).problems
    assert seen(engine, FaceScene.ONE, None, who).problems == ()


def test_too_near(engine: FaceEngine) -> None:
    """A face that fills the picture should step back, whatever else it leaves."""
    assert Problem.TOO_NEAR in seen(engine, FaceScene.TOO_NEAR).problems


def test_who_counts(engine: FaceEngine) -> None:
    """Two beside each other are two; somebody at the back is nobody."""
    assert seen(engine, FaceScene.TWO).faces == 2
    assert seen(engine, FaceScene.BEHIND).faces == 1


def test_left_and_right_are_the_persons_own(engine: FaceEngine) -> None:
    """A turn to the own left is positive, a lowered chin negative, a straight look about 0."""
    left, right, down, straight = (
        seen(engine, scene).pose
        for scene in (
            FaceScene.TURNED_LEFT,
            FaceScene.TURNED_RIGHT,
            FaceScene.CHIN_DOWN,
            FaceScene.ONE,
        )
    )
    assert left
    assert right
    assert down
    assert straight
    assert left.yaw > 18
    assert right.yaw < -18
    assert down.pitch < -10
    assert max(abs(straight.yaw), abs(straight.pitch), abs(straight.roll)) < 13


def test_every_problem_has_its_hint() -> None:
    """Nobody is told that something is wrong and not what to do."""
    assert set(HINTS) == set(Problem)


def test_in_the_dark_the_dark_is_told_first() -> None:
    """Who cannot be found in the dark needs light, not another place."""
    black = np.full((480, 640, 3), 8, np.uint8)
    assert judge(black, ()).problems == (Problem.DARK, Problem.NOBODY)
    assert judge(black, ()).hint is Hint.FACE_THE_LIGHT


PLACE = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))


@settings(max_examples=50, deadline=None)
@given(
    st.floats(-1e4, 1e4),
    st.floats(-1e4, 1e4),
    st.floats(-10, 1e4),
    st.floats(-10, 1e4),
    st.lists(PLACE, min_size=5, max_size=5),
)
def test_any_places_are_judged(
    left: float, top: float, width: float, height: float, places: list[tuple[float, float]]
) -> None:
    """Whatever a finder says, there is a judgement, and angles have a limit."""
    one = FoundFace(
        left=left,
        top=top,
        width=width,
        height=height,
        right_eye=places[0],
        left_eye=places[1],
        nose=places[2],
        mouth_right=places[3],
        mouth_left=places[4],
        certainty=1.0,
    )
    judgement = judge(np.full((48, 64, 3), 120, np.uint8), (one,))
    pose = judgement.pose
    assert (pose is None) == (judgement.faces == 0)
    assert pose is None or max(abs(pose.yaw), abs(pose.pitch), abs(pose.roll)) <= 90
