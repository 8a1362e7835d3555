"""Faces: our judgement over the bare OpenCV calls, and what the models make of drawn heads.

There were no pictures of people to measure with: all rates below are of drawn heads
(`drivers.simulated.faces`), so they say whether our own parts work and nothing about people.  They
have no limit.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.face import weights
from drivers.face.engine import FacePrint, OpenModels
from drivers.face.judgement import LONGEST_SIDE, Picture, judge
from drivers.face.process import FaceReader
from drivers.face.reference import decode
from drivers.simulated.face_head import Light, Pose
from drivers.simulated.face_scenes import CAST, FaceScene, Stand, card_photo, draw, person_seen
from tests.bench.figure import Figure, median

ROUNDS = 40
FACES = 30
"""Drawn people of whom each is seen three times."""
POSES = ((0.0, 0.0), (25.0, 0.0), (-25.0, 0.0), (0.0, -18.0), (0.0, 15.0))

_VIEWS = (
    (Pose(), Light()),
    (Pose(yaw=6, pitch=4, roll=3), Light(towards=(0.3, -0.4, 0.8))),
    (Pose(yaw=-20), Light()),
)


def measure() -> list[Figure]:
    """Time the calls, then look at drawn people."""
    engine = OpenModels()
    return [*_times(engine), *_rates(engine), *_angles(engine)]


def _times(engine: OpenModels) -> list[Figure]:
    """Compare our calls with the bare ones, taken in turn in one run."""
    picture = draw(FaceScene.ONE, CAST[1])
    high, wide = picture.shape[:2]
    both = weights.files()
    finder = cv2.FaceDetectorYN.create(str(both.finder), "", (wide, high), 0.7)
    comparer = cv2.FaceRecognizerSF.create(str(both.comparer), "")
    row = finder.detect(picture)[1][0]
    found = engine.find(picture)
    process, never = FaceReader(), threading.Event()
    process.facts(never)
    try:
        taken = _in_turn(
            bare_find=lambda: finder.detect(picture),
            judged=lambda: judge(picture, engine.find(picture)),
            bare_embed=lambda: comparer.feature(comparer.alignCrop(picture, row)),
            embedded=lambda: engine.describe(picture, found[0]),
            asked=lambda: process.look(picture, never, compare=True, anchor=True),
        )
    finally:
        process.close()
    size = f"{wide} x {high}"
    bare_whole = taken["bare_find"] + taken["bare_embed"]
    return [
        _ratio("face: find and judge over bare YuNet", taken["judged"], taken["bare_find"], size),
        _ratio("face: describe over bare SFace", taken["embedded"], taken["bare_embed"], size),
        _ratio(
            "face: a compared look of the face process over both bare calls",
            taken["asked"],
            bare_whole,
            "with the frame's way into another process",
        ),
    ]


def _in_turn(**calls: Callable[[], object]) -> dict[str, float]:
    """Return the median seconds of each call, each taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - began)
    return {name: median(values) for name, values in taken.items()}


def _ratio(name: str, ours: float, peer: float, note: str) -> Figure:
    return Figure(
        name=name,
        value=ours / peer,
        measured=f"{ours * 1000:.1f} ms",
        peer=f"{peer * 1000:.1f} ms",
        note=note,
    )


def _rates(engine: OpenModels) -> list[Figure]:
    """Find and compare drawn people, each seen three times, and on a card."""
    seen: dict[int, list[FacePrint]] = {}
    missed = 0
    for seed in range(1, FACES + 1):
        pictures = [_view(seed, pose, light, number) for number, (pose, light) in enumerate(_VIEWS)]
        pictures.append(decode(cv2.imencode(".png", card_photo(seed))[1].tobytes()))
        prints = [_print(engine, picture) for picture in pictures]
        missed += sum(one is None for one in prints)
        if all(one is not None for one in prints):
            seen[seed] = [one for one in prints if one is not None]
    own = [engine.compare(three[0], other) for three in seen.values() for other in three[1:]]
    card = [engine.compare(three[0], three[3]) for three in seen.values()]
    others = [
        engine.compare(one[0], other[0]) for one, other in itertools.combinations(seen.values(), 2)
    ]
    cast = [engine.compare(seen_one, seen_other) for seen_one, seen_other in _cast(engine)]
    many = f"{len(others)} pairs of {len(seen)} drawn heads; {_range(others)}"
    return [
        _share("face: drawn heads not found", missed, 4 * FACES, "not about people"),
        _share("face: own picture refused", *_below(own), f"drawn heads; {_range(own)}"),
        _share("face: own card photo refused", *_below(card), f"drawn heads; {_range(card)}"),
        _share("face: other drawn head accepted", *_above(others), many),
        _share("face: other of the cast accepted", *_above(cast), f"{_range(cast)}; chosen so"),
    ]


def _cast(engine: OpenModels) -> list[tuple[FacePrint, FacePrint]]:
    prints = [_print(engine, _view(seed, Pose(), Light(), 0)) for seed in CAST]
    there = [one for one in prints if one is not None]
    return list(itertools.combinations(there, 2))


def _angles(engine: OpenModels) -> list[Figure]:
    """Compare the estimated angles with those that were drawn."""
    off: list[float] = []
    for seed, (yaw, pitch) in itertools.product(range(1, 13), POSES):
        found = engine.find(_view(seed, Pose(yaw=yaw, pitch=pitch), Light(), 0))
        if found:
            pose = found[0].pose()
            off.append(abs(pose.yaw - yaw) if yaw else abs(pose.pitch - pitch))
    ordered = sorted(off)
    return [
        Figure(
            name="face: estimated angle off by, median",
            value=median(ordered),
            unit="°",
            measured=f"95 % within {ordered[int(0.95 * (len(ordered) - 1))]:.0f}°",
            note=f"{len(ordered)} drawn heads: straight, turned 25°, nodding 18° and 15°",
        )
    ]


def _view(seed: int, pose: Pose, light: Light, coat: int) -> Picture:
    noise: NDArray[np.float64] = np.random.default_rng(coat).normal(0, 2, (480, LONGEST_SIDE, 3))
    seen = person_seen(seed, Stand(pose=pose), light)
    return np.clip(seen + noise, 0, 255).astype(np.uint8)


def _print(engine: OpenModels, picture: Picture) -> FacePrint | None:
    found = engine.find(picture)
    return engine.describe(picture, found[0]) if len(found) == 1 else None


def _below(scores: list[float]) -> tuple[int, int]:
    return sum(score < weights.THRESHOLD for score in scores), len(scores)


def _above(scores: list[float]) -> tuple[int, int]:
    return sum(score >= weights.THRESHOLD for score in scores), len(scores)


def _range(scores: list[float]) -> str:
    return f"cosine {min(scores):.2f} to {max(scores):.2f}, median {median(scores):.2f}"


def _share(name: str, hits: int, of: int, note: str) -> Figure:
    return Figure(name=name, value=100 * hits / of, unit="%", measured=f"{hits} of {of}", note=note)
