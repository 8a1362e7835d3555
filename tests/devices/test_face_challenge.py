"""Movements that are asked: orders, time limits, the same face throughout."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.face.challenge import (
    Challenge,
    Limits,
    Look,
    Move,
    Phase,
    Reason,
    Result,
    Step,
    Verdict,
    moves_for,
    sequences,
    start_problem,
)
from drivers.face.judgement import Judgement, Problem
from drivers.face.landmarks import Pose

LIMITS = Limits(start_s=5, move_s=4, straight_s=3)
FRAME_S = 0.1


def shows(
    *,
    yaw: float = 0.0,
    pitch: float = 0.0,
    apart: float = 70.0,
    faces: int = 1,
    share: float = 0.35,
    problems: tuple[Problem, ...] = (),
) -> Judgement:
    """Return what a frame shows."""
    pose = Pose(yaw=yaw, pitch=pitch, roll=0.0)
    return Judgement(faces=faces, problems=problems, eyes_apart=apart, share=share, pose=pose)


TURNS = {
    Move.TURN_LEFT: shows(yaw=30.0),
    Move.TURN_RIGHT: shows(yaw=-30.0),
    Move.NOD: shows(pitch=-20.0),
    Move.COME_CLOSER: shows(apart=95.0),
}
NOBODY = Judgement(faces=0, problems=(Problem.NOBODY,))


class Scene:
    """A challenge, and a clock that goes on by a frame with every look."""

    def __init__(self, moves: Sequence[Move] = (Move.TURN_LEFT, Move.NOD)) -> None:
        self.run = Challenge(moves=tuple(moves), threshold=0.4, began=0.0, limits=LIMITS)
        self.time = 0.0

    def look(
        self, judgement: Judgement, *, likeness: float = 0.9, attack: bool | None = None
    ) -> Step | Verdict | None:
        """Show one frame."""
        self.time += FRAME_S
        anchored = self.run.wants_anchor and not judgement.problems
        return self.run.take(
            Look(
                time=self.time,
                judgement=judgement,
                likeness=likeness if judgement.faces == 1 else None,
                anchored=anchored,
                attack=attack,
            )
        )

    def hold(
        self, judgement: Judgement, *, seconds: float = 10.0, likeness: float = 0.9
    ) -> Step | Verdict | None:
        """Show the same until something comes of it."""
        for _ in range(round(seconds / FRAME_S)):
            end = self.look(judgement, likeness=likeness)
            if end is not None:
                return end
        return None

    def begin(self) -> None:
        """Look straight until the first movement is asked."""
        step = self.hold(shows())
        assert isinstance(step, Step)
        assert step.phase is Phase.MOVE


def failed(end: Step | Verdict | None) -> Reason:
    """Return why a challenge failed."""
    assert isinstance(end, Verdict)
    assert end.result is Result.FAILED
    return end.reasons[0]


@pytest.mark.parametrize("moves", sequences(3))
def test_who_does_what_is_asked_passes(moves: tuple[Move, ...]) -> None:
    """Every order can be passed, and each movement is asked once."""
    scene = Scene(moves)
    step = scene.hold(shows())
    for number, move in enumerate(moves, 1):
        assert isinstance(step, Step)
        assert (step.phase, step.number, step.of, step.move) == (Phase.MOVE, number, 3, move)
        back = scene.hold(TURNS[move])
        assert isinstance(back, Step)
        assert (back.phase, back.move) == (Phase.STRAIGHT, None)
        step = scene.hold(shows())
    assert step == Verdict(result=Result.PASSED, made=moves)


def test_the_wrong_movement_is_none() -> None:
    """A turn to the other side, or a nod, is not the turn that was asked."""
    for wrong in (Move.TURN_RIGHT, Move.NOD, Move.COME_CLOSER):
        scene = Scene()
        scene.begin()
        assert failed(scene.hold(TURNS[wrong])) is Reason.TOO_SLOW


def test_a_movement_before_it_is_asked_does_not_count() -> None:
    """Who keeps the head turned after a turn gets no further: each begins with a straight look."""
    scene = Scene((Move.TURN_LEFT, Move.TURN_RIGHT))
    scene.begin()
    assert isinstance(scene.hold(shows(yaw=30)), Step)
    assert failed(scene.hold(shows(yaw=30))) is Reason.TOO_SLOW


def test_one_frame_is_a_slip() -> None:
    """A single turned, strange or doubled frame neither makes a movement nor ends a challenge."""
    scene = Scene()
    scene.begin()
    assert scene.look(shows(yaw=30)) is None
    assert scene.look(shows()) is None
    assert scene.look(shows(), likeness=0.1) is None
    assert scene.look(shows()) is None
    assert scene.look(shows(faces=2)) is None
    assert isinstance(scene.hold(shows(yaw=30)), Step)


def test_another_person() -> None:
    """Another face is noticed while it moves, and at the latest when it looks straight."""
    scene = Scene()
    scene.begin()
    assert failed(scene.hold(shows(), likeness=0.1)) is Reason.ANOTHER_FACE
    scene = Scene()
    scene.begin()
    assert isinstance(scene.hold(shows(yaw=45), likeness=0.1), Step)  # too far round to be sure
    assert failed(scene.hold(shows(), likeness=0.1)) is Reason.ANOTHER_FACE


def test_alone_and_always_there() -> None:
    """A second face, an empty place for a second, or what a module takes for an attack ends it."""
    for judgement, reason in ((shows(faces=2), Reason.SEVERAL_FACES), (NOBODY, Reason.FACE_LOST)):
        scene = Scene()
        scene.begin()
        assert failed(scene.hold(judgement)) is reason
    scene = Scene()
    scene.begin()
    scene.look(shows(), attack=True)
    assert failed(scene.look(shows(), attack=True)) is Reason.ATTACK_SEEN


def test_it_does_not_begin() -> None:
    """Without a good look in time it fails; and what is missing can be told."""
    far = shows(problems=(Problem.TOO_FAR,))
    assert failed(Scene().hold(far)) is Reason.NO_START
    assert failed(Scene().hold(NOBODY)) is Reason.NO_START
    assert start_problem(far) is Problem.TOO_FAR
    assert start_problem(shows(share=0.5)) is Problem.TOO_NEAR  # no room to come closer
    assert start_problem(shows()) is None


def test_time_ends_it() -> None:
    """No phase lasts longer than its limit."""
    scene = Scene()
    scene.begin()
    began = scene.time
    assert failed(scene.hold(shows())) is Reason.TOO_SLOW
    assert scene.time - began <= LIMITS.move_s + 2 * FRAME_S


def test_orders() -> None:
    """A seed gives one order; over seeds all orders come; each has a turn and no repetition."""
    assert moves_for("one seed", 3) == moves_for("one seed", 3)
    assert {moves_for(str(seed), 3) for seed in range(2000)} == set(sequences(3))
    assert [len(sequences(count)) for count in (3, 4)] == [32, 84]
    with pytest.raises(ValueError, match="movements"):
        moves_for("one seed", 1)


def test_the_order_is_the_seeds_alone() -> None:
    """The same seed gives the same order in every process and on every terminal."""
    assert moves_for("a", 3) == (Move.TURN_RIGHT, Move.COME_CLOSER, Move.NOD)


LOOKS = st.builds(
    shows,
    yaw=st.floats(-90, 90),
    pitch=st.floats(-90, 90),
    apart=st.floats(0, 400),
    faces=st.integers(0, 3),
    share=st.floats(0, 2),
)


@given(st.lists(st.tuples(LOOKS, st.floats(-1, 1)), max_size=60), st.text(min_size=1))
def test_any_looks(looks: list[tuple[Judgement, float]], seed: str) -> None:
    """Whatever is seen, it goes on or ends; and none passes without every movement."""
    scene = Scene(moves_for(seed, 3))
    for judgement, likeness in looks:
        end = scene.look(judgement, likeness=likeness)
        if isinstance(end, Verdict):
            assert (end.result is Result.PASSED) == (not end.reasons)
            assert end.result is not Result.PASSED or end.made == scene.run.moves
            return
