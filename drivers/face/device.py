"""The face camera: frames of a `Camera` judged by a `FaceReader`; watch, match, challenge.

The answers are a closed set.  A match ends with *yes*, *no* or *undecided*; undecided says why, and
means: take another way, never: it is somebody else.  A challenge ends passed, failed or aborted.

=======================  =====================================================================
undecided because        meaning
=======================  =====================================================================
no_reference             nothing to compare with was given (a card without a readable photo)
bad_reference …          see `ReferenceWord`
a `Problem`              what was wrong with the frames until the time was over
face_changed             the face is not the one that passed the challenge of this visit
engine_failed            the face process hung, died or talked nonsense, and was ended
too_slow                 the time was over before enough frames were compared
=======================  =====================================================================

Camera troubles are `DeviceError`, as everywhere.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from drivers.camera.device import Camera
from drivers.camera.source import BrokenFrame
from drivers.child_process import NoAnswer
from drivers.errors import DeviceError
from drivers.face.answers import EngineFacts, FaceLook, ReferenceWord
from drivers.face.challenge import (
    Challenge,
    Limits,
    Look,
    Reason,
    Result,
    Step,
    Verdict,
    start_problem,
)
from drivers.face.judgement import Picture, Problem, smaller
from drivers.face.process import FaceReader
from drivers.face.reference import BareSize

LOOK_S: Final = 1 / 8
"""Least seconds between two looks of a watch: faster than anybody follows a hint."""
COMPARED: Final = 3
"""Good frames that are compared; the middle score decides, so one bad frame does not."""
MATCH_S: Final = 12.0
"""Seconds for a match, if its caller gives no less."""

_FRAME_WAIT_S = 0.2


class Answer(StrEnum):
    """Is it the person of the reference?"""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


class Why(StrEnum):
    """Why a match is undecided, beside the words of `ReferenceWord` and `Problem`."""

    NO_REFERENCE = "no_reference"
    FACE_CHANGED = "face_changed"
    ENGINE_FAILED = "engine_failed"
    TOO_SLOW = "too_slow"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A picture to compare with; ``bare`` when it comes as dots of red, green, blue."""

    data: bytes
    bare: BareSize | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """One look of a watch, and the number of the frame it was made of."""

    frame: int
    look: FaceLook


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """The end of a match.

    Attributes:
        answer: yes, no or undecided.
        score: the middle score, None when undecided.
        threshold: the score from which it is yes.
        model: which engine compared.
        certificate: its certificate, None without one.
        live: whether it is the face that passed a challenge of this visit; None: there was none.
        why: why it is undecided.
    """

    answer: Answer
    threshold: float
    model: str
    certificate: str | None
    score: float | None = None
    live: bool | None = None
    why: Why | ReferenceWord | Problem | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """One frame, decoded."""

    number: int
    time: float
    picture: Picture


TellSight = Callable[[Sight], None]
TellStep = Callable[[Step, Problem | None], None]


@dataclass(slots=True)
class FaceCamera:
    """One camera and one face process, for one visit.

    ``threshold`` takes the place of the engine's own; ``limits`` are those of a challenge.
    """

    camera: Camera
    process: FaceReader
    threshold: float | None = None
    limits: Limits = field(default_factory=Limits)
    _passed: bool = False

    def facts(self, cancelled: threading.Event) -> EngineFacts:
        """Return what the engine is.

        Raises:
            NotSupported: there is none.
            NoAnswer: it gave no answer.
        """
        return self.process.facts(cancelled)

    def forget(self) -> None:
        """End the face process, and with it all that is known of a visit."""
        self._passed = False
        self.process.close()

    # -- watch ------------------------------------------------------------------------------

    def watch(self, tell: TellSight, cancelled: threading.Event) -> None:
        """Tell what each frame shows, until cancelled.

        Raises:
            DeviceError: the camera.
            NotSupported, NoAnswer: the face process.
        """
        for shown in self._frames(cancelled):
            began = time.monotonic()
            if shown is not None:
                tell(Sight(frame=shown.number, look=self.process.look(shown.picture, cancelled)))
            cancelled.wait(max(0.0, began + LOOK_S - time.monotonic()))

    # -- match ------------------------------------------------------------------------------

    def match(
        self, reference: Reference | None, deadline: float, cancelled: threading.Event
    ) -> Match | None:
        """Compare the person before the camera with a picture; None when cancelled.

        Args:
            reference: the picture; None leaves it undecided.
            deadline: when to end, by the monotonic clock.
            cancelled: ends it at once.

        Raises:
            DeviceError: the camera.
            NotSupported: there is no engine.
        """
        try:
            facts = self.process.facts(cancelled)
        except NoAnswer:
            facts = EngineFacts(name="", threshold=self.threshold or 0.0, certificate=None)
            return None if cancelled.is_set() else self._end(facts, why=Why.ENGINE_FAILED)
        try:
            return self._match(facts, reference, deadline, cancelled)
        except NoAnswer:
            self._passed = False
            return None if cancelled.is_set() else self._end(facts, why=Why.ENGINE_FAILED)

    def _match(
        self,
        facts: EngineFacts,
        reference: Reference | None,
        deadline: float,
        cancelled: threading.Event,
    ) -> Match | None:
        if reference is None or not reference.data:
            return self._end(facts, why=Why.NO_REFERENCE)
        word = self.process.refer(reference.data, reference.bare, cancelled)
        if word is not ReferenceWord.OK:
            return self._end(facts, why=word)
        good: list[FaceLook] = []
        problem: Problem | None = None
        for shown in self._frames(cancelled):
            if time.monotonic() > deadline:
                return self._end(facts, why=problem or Why.TOO_SLOW)
            if shown is None:
                continue
            look = self.process.look(shown.picture, cancelled, compare=True)
            if look.judgement.problems:
                problem = look.judgement.problems[0]
            elif look.to_reference is None:
                return self._end(facts, why=Why.ENGINE_FAILED)
            else:
                good.append(look)
            if len(good) == COMPARED:
                return self._decide(facts, good)
        return None

    def _decide(self, facts: EngineFacts, good: list[FaceLook]) -> Match:
        threshold = self._threshold(facts)
        score = statistics.median(look.to_reference or 0.0 for look in good)
        alike = [look.to_anchor for look in good if look.to_anchor is not None]
        self._passed = self._passed and len(alike) == len(good)  # a new process knows no challenge
        live = all(each >= threshold for each in alike) if self._passed else None
        if any(look.attack for look in good):
            return self._end(facts, score=score, answer=Answer.NO, live=False)
        if live is False:
            return self._end(facts, why=Why.FACE_CHANGED, live=False)
        answer = Answer.YES if score >= threshold else Answer.NO
        return self._end(facts, score=score, answer=answer, live=live)

    def _end(
        self,
        facts: EngineFacts,
        *,
        answer: Answer = Answer.UNDECIDED,
        score: float | None = None,
        live: bool | None = None,
        why: Why | ReferenceWord | Problem | None = None,
    ) -> Match:
        return Match(
            answer=answer,
            score=score,
            threshold=self._threshold(facts),
            model=facts.name,
            certificate=facts.certificate,
            live=live,
            why=why,
        )

    def _threshold(self, facts: EngineFacts) -> float:
        return facts.threshold if self.threshold is None else self.threshold

    # -- challenge --------------------------------------------------------------------------

    def challenge(
        self, run: Challenge, tell: TellStep, cancelled: threading.Event
    ) -> Verdict | None:
        """Ask for movements until it is passed, failed or aborted; None when cancelled.

        ``tell`` hears each new step, and what keeps the first from beginning.

        Raises:
            NotSupported: there is no engine.
        """
        self._passed = False
        try:
            verdict = self._challenge(run, tell, cancelled)
        except DeviceError:
            return None if cancelled.is_set() else run.aborted(Reason.CAMERA_FAILED)
        except NoAnswer:
            return None if cancelled.is_set() else run.aborted(Reason.ENGINE_FAILED)
        self._passed = verdict is not None and verdict.result is Result.PASSED
        return verdict

    def _challenge(
        self, run: Challenge, tell: TellStep, cancelled: threading.Event
    ) -> Verdict | None:
        tell(run.step(), None)
        told: Problem | None = None
        starting = True
        for shown in self._frames(cancelled):
            if shown is None:
                continue
            anchor = run.wants_anchor
            seen = self.process.look(shown.picture, cancelled, compare=True, anchor=anchor)
            end = run.take(_look(shown.time, seen))
            if isinstance(end, Verdict):
                return end
            if end is not None:
                starting = False
                tell(end, None)
            elif starting and (problem := start_problem(seen.judgement)) is not told:
                told = problem
                tell(run.step(), problem)
        return None

    # -- frames -----------------------------------------------------------------------------

    def _frames(self, cancelled: threading.Event) -> Iterator[_Shown | None]:
        """Give frame after frame until cancelled, None when none came for a while or one is broken.

        Raises:
            DeviceError: the camera is not well.
        """
        after = 0
        while not cancelled.is_set():
            self.camera.check()
            frame = self.camera.wait(after, _FRAME_WAIT_S)
            if frame is None:
                yield None
                continue
            after = frame.number
            try:
                picture = smaller(frame.shot.whole())
            except BrokenFrame:
                yield None
            else:
                yield _Shown(number=frame.number, time=frame.time, picture=picture)


def _look(taken: float, seen: FaceLook) -> Look:
    return Look(
        time=taken,
        judgement=seen.judgement,
        likeness=seen.to_anchor,
        anchored=seen.anchored,
        attack=seen.attack,
    )
