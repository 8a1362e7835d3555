"""What the face process says: packets of JSON, checked before they are believed; pure.

The process holds models and decodes pictures that came from outside, so its words are read as those
of a stranger: whatever does not fit is `Nonsense`.  Nothing in here is a picture or a face's
figures: scores, words and places only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drivers.face.judgement import Judgement, Problem
from drivers.face.landmarks import Pose

LONGEST: Final = 4096
"""Bytes of one packet."""

_LONGEST_NAME = 120


class Nonsense(Exception):
    """A packet that is not an answer."""


class ReferenceWord(StrEnum):
    """What became of a reference."""

    OK = "ok"
    BAD = "bad_reference"
    """It cannot be decoded, or is too small or too large."""
    NO_FACE = "no_face_in_reference"
    SEVERAL = "several_faces_in_reference"


class Unsupported(StrEnum):
    """Why faces cannot be looked at on this terminal."""

    MISSING = "missing"
    DAMAGED = "damaged"
    ENGINE = "engine"
    """The named engine cannot be built."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineFacts:
    """What is told of the engine beside every answer."""

    name: str
    threshold: float
    certificate: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FaceLook:
    """What one frame shows; scores are None when there was nothing to compare."""

    judgement: Judgement
    box: tuple[float, float, float, float] | None
    """Left, top, width, height of the largest face, as shares of the picture."""
    to_reference: float | None
    to_anchor: float | None
    anchored: bool
    attack: bool | None


def packed(answer: Mapping[str, object]) -> bytes:
    """Return a packet."""
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()


def unpacked(data: bytes) -> Mapping[str, object]:
    """Return the object of a packet.

    Raises:
        Nonsense: it is none.
    """
    if len(data) > LONGEST:
        raise Nonsense("too long")
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Nonsense("not JSON") from error
    if not isinstance(answer, dict):
        raise Nonsense("not an object")
    return answer


def read_ready(data: bytes) -> EngineFacts | Unsupported:
    """Read the first packet.

    Raises:
        Nonsense: it is something else.
    """
    answer = unpacked(data)
    if "unsupported" in answer:
        try:
            return Unsupported(str(answer["unsupported"]))
        except ValueError as error:
            raise Nonsense("an unknown reason") from error
    name, certificate = answer.get("name"), answer.get("certificate")
    if not isinstance(name, str) or not isinstance(certificate, str | None):
        raise Nonsense("no engine")
    threshold = _number(answer.get("threshold"))
    return EngineFacts(
        name=name[:_LONGEST_NAME],
        threshold=threshold,
        certificate=certificate[:_LONGEST_NAME] if certificate else None,
    )


def read_reference(data: bytes) -> ReferenceWord:
    """Read what became of a reference.

    Raises:
        Nonsense: it is something else.
    """
    try:
        return ReferenceWord(str(unpacked(data).get("reference")))
    except ValueError as error:
        raise Nonsense("an unknown word") from error


def look_answer(look: FaceLook) -> dict[str, object]:
    """Return a look as the object of a packet; undone by `read_look`."""
    one = look.judgement
    return {
        "faces": one.faces,
        "problems": [problem.value for problem in one.problems],
        "eyes": one.eyes_apart,
        "share": one.share,
        "pose": [one.pose.yaw, one.pose.pitch, one.pose.roll] if one.pose else None,
        "box": list(look.box) if look.box else None,
        "reference": look.to_reference,
        "anchor": look.to_anchor,
        "anchored": look.anchored,
        "attack": look.attack,
    }


def read_look(data: bytes) -> FaceLook:
    """Read what a frame shows.

    Raises:
        Nonsense: it is something else.
    """
    answer = unpacked(data)
    faces, attack, anchored = (answer.get(key) for key in ("faces", "attack", "anchored"))
    if not isinstance(faces, int) or isinstance(faces, bool) or faces < 0:
        raise Nonsense("no number of faces")
    if not isinstance(attack, bool | None) or not isinstance(anchored, bool):
        raise Nonsense("neither yes nor no")
    pose, box = _numbers(answer.get("pose"), 3), _numbers(answer.get("box"), 4)
    judgement = Judgement(
        faces=faces,
        problems=_problems(answer.get("problems")),
        eyes_apart=_maybe(answer.get("eyes")),
        share=_maybe(answer.get("share")),
        pose=Pose(yaw=pose[0], pitch=pose[1], roll=pose[2]) if pose else None,
    )
    return FaceLook(
        judgement=judgement,
        box=(box[0], box[1], box[2], box[3]) if box else None,
        to_reference=_maybe(answer.get("reference")),
        to_anchor=_maybe(answer.get("anchor")),
        anchored=anchored,
        attack=attack,
    )


def _problems(value: object) -> tuple[Problem, ...]:
    try:
        return tuple(Problem(each) for each in value) if isinstance(value, list) else ()
    except ValueError as error:
        raise Nonsense("an unknown problem") from error


def _numbers(value: object, count: int) -> list[float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != count:
        raise Nonsense("not as many figures as there must be")
    return [_number(each) for each in value]


def _maybe(value: object) -> float | None:
    return None if value is None else _number(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Nonsense("not a number")
    try:
        number = float(value)
    except OverflowError as error:
        raise Nonsense("not a finite number") from error
    if not math.isfinite(number):
        raise Nonsense("not a finite number")
    return number
