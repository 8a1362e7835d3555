"""Movements asked in an order nobody can know beforehand, and whether they were made; pure.

Theory of operation.  The person looks straight: that face is the one that counts.  Then movement
after movement is asked, each from a straight look and back to one, so that a movement is made when
it is asked and not before.  A turn is seen by the tip of the nose moving against the eyes, which
it does not do on a flat picture, however that is held.

::

    START ──straight, alone, with room──► MOVE ──made──► STRAIGHT ──► MOVE … STRAIGHT ──► passed
      └────────────── any time limit, another face, several, nobody ──────────────────► failed

While it runs there must be one face, and by its figures the same: compared whenever it is turned so
little that the figures can be trusted, and at each straight look.

What it does not stop: a recording of the same movements by luck (see `sequences`), a screen that
shows a made-up head which follows what is asked, a mask.  It raises the effort; it is no certified
detection of attacks.  No blink is asked: the five places of a face do not include lids.

Time is any clock in seconds that never goes back; each look carries its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import pairwise, product

from drivers.face.judgement import Judgement, Problem
from drivers.face.landmarks import Pose

LEAST_MOVES, MOST_MOVES = 2, 6

_TURN, _NOD = 18.0, 10.0  # degrees against the first straight look
_CLOSER = 1.2  # times the distance of the eyes of the first straight look
_STRAIGHT_YAW, _STRAIGHT_PITCH = 9.0, 9.0
_TRUSTED_YAW, _TRUSTED_PITCH = 32.0, 28.0  # beyond, the figures of a face are not held against it
_IN_A_ROW = 2  # looks that must agree: one alone may be a slip of the finder
_LOST_S = 1.0
_ROOM_TO_COME = 0.42  # of the picture, that a face may be wide at first: it may have to come closer


class Move(StrEnum):
    """What can be asked; left and right are the person's own."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    NOD = "nod"
    """Lower the chin."""
    COME_CLOSER = "come_closer"


class Phase(StrEnum):
    """What is waited for."""

    START = "start"
    MOVE = "move"
    STRAIGHT = "straight"


class Result(StrEnum):
    """How a challenge ended."""

    PASSED = "passed"
    FAILED = "failed"
    ABORTED = "aborted"
    """It could not be judged: camera or face process; says nothing about the person."""


class Reason(StrEnum):
    """Why it was not passed."""

    NO_START = "no_start"
    """No good straight look came in time."""
    TOO_SLOW = "too_slow"
    """A movement, or the look back, was not seen in time."""
    FACE_LOST = "face_lost"
    SEVERAL_FACES = "several_faces"
    ANOTHER_FACE = "another_face"
    ATTACK_SEEN = "attack_seen"
    """A certified module took the face for a print, a screen or a mask."""
    CAMERA_FAILED = "camera_failed"
    ENGINE_FAILED = "engine_failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Seconds: for the first straight look, for a movement, for a look back."""

    start_s: float = 12.0
    move_s: float = 7.0
    straight_s: float = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One frame, judged.

    Attributes:
        time: when it was taken.
        judgement: what it shows.
        likeness: to the face that counts; None when not compared.
        anchored: this look became the face that counts.
        attack: what a module that can tell says of it.
    """

    time: float
    judgement: Judgement
    likeness: float | None = None
    anchored: bool = False
    attack: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What is asked now: movement ``number`` (from 1) of ``of``, until ``limit_s`` from now."""

    phase: Phase
    number: int
    of: int
    move: Move | None
    limit_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The end."""

    result: Result
    reasons: tuple[Reason, ...] = ()
    made: tuple[Move, ...] = ()


@cache
def sequences(count: int) -> tuple[tuple[Move, ...], ...]:
    """Return every order that can be asked: no movement twice running, at least one turn.

    Coming closer can be asked once, for there is no room to come closer twice.
    """
    return tuple(
        each
        for each in product(Move, repeat=count)
        if all(one is not other for one, other in pairwise(each))
        and {Move.TURN_LEFT, Move.TURN_RIGHT} & set(each)
        and each.count(Move.COME_CLOSER) <= 1
    )


def moves_for(seed: str, count: int) -> tuple[Move, ...]:
    """Return the order of a seed, each order with the same chance.

    The seed must be random and used once: who knows it knows the order.
    """
    if not LEAST_MOVES <= count <= MOST_MOVES:
        raise ValueError(f"from {LEAST_MOVES} to {MOST_MOVES} movements can be asked")
    return random.Random(seed).choice(sequences(count))  # noqa: S311  # a dealer, not a secret


@dataclass(slots=True)
class Challenge:
    """One run: feed it looks, and it says what to ask or how it ended."""

    moves: tuple[Move, ...]
    threshold: float
    began: float
    limits: Limits = field(default_factory=Limits)
    _phase: Phase = Phase.START
    _since: float = 0.0
    _made: int = 0
    _first: Judgement | None = None
    _agreeing: int = 0
    _several: int = 0
    _strange: int = 0
    _attacked: int = 0
    _seen: float = 0.0
    _ready: bool = False

    def __post_init__(self) -> None:
        self._since = self._seen = self.began

    @property
    def wants_anchor(self) -> bool:
        """Whether the next look, if good, should become the face that counts."""
        return self._phase is Phase.START and self._ready

    def step(self) -> Step:
        """Return what is asked now."""
        asked = self.moves[self._made] if self._phase is Phase.MOVE else None
        return Step(
            phase=self._phase,
            number=min(self._made + 1, len(self.moves)),
            of=len(self.moves),
            move=asked,
            limit_s=self._limit_s(),
        )

    def take(self, look: Look) -> Step | Verdict | None:
        """Take one look; return a new step, the end, or None when all stays as it is."""
        reason = self._broken(look)
        if reason is not None:
            return self._failed(reason)
        if self._fulfilled(look):
            return self._advance(look)
        if look.time - self._since > self._limit_s():
            return self._failed(Reason.NO_START if self._phase is Phase.START else Reason.TOO_SLOW)
        return None

    def aborted(self, reason: Reason) -> Verdict:
        """Return the end of a challenge that could not be judged."""
        return Verdict(result=Result.ABORTED, reasons=(reason,), made=self.moves[: self._made])

    def _limit_s(self) -> float:
        return {
            Phase.START: self.limits.start_s,
            Phase.MOVE: self.limits.move_s,
            Phase.STRAIGHT: self.limits.straight_s,
        }[self._phase]

    def _failed(self, reason: Reason) -> Verdict:
        return Verdict(result=Result.FAILED, reasons=(reason,), made=self.moves[: self._made])

    def _advance(self, look: Look) -> Step | Verdict:
        self._since, self._agreeing = look.time, 0
        if self._phase is Phase.START:
            self._first, self._phase = look.judgement, Phase.MOVE
        elif self._phase is Phase.MOVE:
            self._made += 1
            self._phase = Phase.STRAIGHT
        elif self._made == len(self.moves):
            return Verdict(result=Result.PASSED, made=self.moves)
        else:
            self._phase = Phase.MOVE
        return self.step()

    # -- what must hold all the time ----------------------------------------------------------

    def _broken(self, look: Look) -> Reason | None:
        """Return why the run cannot go on."""
        self._attacked = self._attacked + 1 if look.attack else 0
        if self._attacked >= _IN_A_ROW:
            return Reason.ATTACK_SEEN
        if self._first is None:
            return None  # who is meant is not settled yet
        faces = look.judgement.faces
        self._several = self._several + 1 if faces > 1 else 0
        self._strange = self._strange + 1 if self._is_strange(look) else 0
        if self._several >= _IN_A_ROW:
            return Reason.SEVERAL_FACES
        if self._strange >= _IN_A_ROW:
            return Reason.ANOTHER_FACE
        if faces:
            self._seen = look.time
        return Reason.FACE_LOST if look.time - self._seen > _LOST_S else None

    def _is_strange(self, look: Look) -> bool:
        pose = look.judgement.pose
        if pose is None or look.likeness is None or look.judgement.faces != 1:
            return False
        trusted = abs(pose.yaw) <= _TRUSTED_YAW and abs(pose.pitch) <= _TRUSTED_PITCH
        return trusted and look.likeness < self.threshold

    # -- what is waited for -------------------------------------------------------------------

    def _fulfilled(self, look: Look) -> bool:
        if self._phase is Phase.START:
            self._seen = look.time
            share = look.judgement.share
            self._ready = (
                not look.judgement.problems and share is not None and share <= _ROOM_TO_COME
            )
            return look.anchored
        agrees = look.judgement.faces == 1 and (
            self._is_made(look) if self._phase is Phase.MOVE else self._is_straight(look)
        )
        self._agreeing = self._agreeing + 1 if agrees else 0
        return self._agreeing >= _IN_A_ROW

    def _is_made(self, look: Look) -> bool:
        turned, apart = self._against_first(look.judgement)
        if turned is None:
            return False
        match self.moves[self._made]:
            case Move.TURN_LEFT:
                return turned.yaw >= _TURN
            case Move.TURN_RIGHT:
                return turned.yaw <= -_TURN
            case Move.NOD:
                return turned.pitch <= -_NOD and abs(turned.yaw) < _TURN
            case Move.COME_CLOSER:
                return apart >= _CLOSER and abs(turned.yaw) < _TURN

    def _is_straight(self, look: Look) -> bool:
        turned, _ = self._against_first(look.judgement)
        if turned is None or look.likeness is None or look.likeness < self.threshold:
            return False
        return abs(turned.yaw) <= _STRAIGHT_YAW and abs(turned.pitch) <= _STRAIGHT_PITCH

    def _against_first(self, now: Judgement) -> tuple[Pose | None, float]:
        """Return how the head is held, and how far the eyes are apart, against the first look."""
        first = self._first
        if first is None or first.pose is None or now.pose is None:
            return None, 0.0
        turned = Pose(
            yaw=now.pose.yaw - first.pose.yaw,
            pitch=now.pose.pitch - first.pose.pitch,
            roll=now.pose.roll - first.pose.roll,
        )
        return turned, (now.eyes_apart or 0.0) / (first.eyes_apart or 1.0)


def start_problem(judgement: Judgement) -> Problem | None:
    """Return what keeps a challenge from starting, None when nothing does."""
    if judgement.problems:
        return judgement.problems[0]
    too_wide = judgement.share is not None and judgement.share > _ROOM_TO_COME
    return Problem.TOO_NEAR if too_wide else None
