"""Codes in bad pictures: our cascade against the decoders it is made of, and against OpenCV's two.

Frames come from `tests.bench.degraded_codes`, by a seed that nothing was chosen on.  Each frame is
decoded once to grey dots; what is timed is from there to the codes, one process a core and one
thread a process, in time of the processor, which others on the machine do not lengthen; the
decoders take turns in being first.  A read counts when it gives the code's bytes; zbar and OpenCV
give text instead, which counts when it is the code's.  Any other text is a wrong one, whether the
right one came beside it or not.  Our cascade and zxing-cpp look at every frame, the slower three at
every `PEERS_EVERY`th round of kinds.

What an empty frame costs is measured afterwards, through the decoding process as a terminal has it:
handing the JPEG over, unpacking it and looking, both processes together.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import cv2
import numpy as np
import psutil
import zxingcpp
from pyzbar import pyzbar

from drivers.decoder import cascade
from drivers.decoder.codes import Grey
from drivers.decoder.reader import CodeReader
from tests.bench.degraded_codes import KINDS, Frame, empty_frame, frame
from tests.bench.figure import Figure, median, percentile

SEED = 20261127
FRAMES = 150 * len(KINDS)
PROCESSES = 2
PEERS_EVERY = 3
EMPTY_FRAMES = 180
EMPTY_ROOMS = 20

OURS, ZXING, ZBAR, PLAIN, ARUCO = (
    "ours",
    "zxing-cpp",
    "zbar",
    "QRCodeDetector",
    "QRCodeDetectorAruco",
)
PEERS = (ZXING, ZBAR, PLAIN, ARUCO)

_Decode = Callable[[Grey], list[bytes]]


@dataclass(slots=True)
class Score:
    """What one decoder did: frames seen, read and read wrongly, by kind; milliseconds of each."""

    seen: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    ms: list[float] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Take another part of the run."""
        self.seen.update(other.seen)
        self.read.update(other.read)
        self.wrong += other.wrong
        self.ms += other.ms

    @property
    def rate(self) -> float:
        """Share of the frames that were read, in percent."""
        return 100 * self.read.total() / max(1, self.seen.total())


@dataclass(frozen=True, kw_only=True, slots=True)
class Empty:
    """What a frame without a code costs on average: processor time, and time on the clock."""

    mean_ms: float
    wall_ms: float


def measure() -> list[Figure]:
    """Run all decoders and return what is promised of ours."""
    scores = run(SEED, FRAMES)
    empty = empty_ms()
    return [*_rates(scores), *_times(scores, empty)]


def run(seed: int, frames: int) -> dict[str, Score]:
    """Let every decoder read the frames of a seed, on `PROCESSES` cores."""
    rounds = frames // len(KINDS)
    parts = [(seed, range(first, rounds, 2 * PROCESSES)) for first in range(2 * PROCESSES)]
    scores = {name: Score() for name in (OURS, *PEERS)}
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_part, *zip(*parts, strict=True)):
            for name, score in part.items():
                scores[name].add(score)
    return scores


def by_kind(scores: dict[str, Score]) -> str:
    """Return the table of all decoders and kinds, in Markdown."""
    rows = [
        "| decoder | read | wrong | median ms | p95 | max | " + " | ".join(KINDS) + " |",
        "|---" * (6 + len(KINDS)) + "|",
    ]
    for name, score in scores.items():
        of = score.seen.total()
        kinds = " | ".join(f"{score.read[kind]}/{score.seen[kind]}" for kind in KINDS)
        times = f"{median(score.ms):.1f} | {percentile(score.ms, 0.95):.0f} | {max(score.ms):.0f}"
        share = f"{score.read.total()}/{of} {score.rate:.1f} %"
        rows.append(f"| {name} | {share} | {score.wrong} | {times} | {kinds} |")
    return "\n".join(rows)


def empty_ms() -> Empty:
    """Hand frames without a code to the decoding process."""
    rooms = [empty_frame(SEED, number) for number in range(EMPTY_ROOMS)]
    never, walls = threading.Event(), []
    with CodeReader() as reader:
        reader.frame(rooms[0], never)
        reader.begin()
        before = _worked(reader)
        for number in range(EMPTY_FRAMES):
            began = time.perf_counter()
            if reader.frame(rooms[number % EMPTY_ROOMS], never).codes:
                raise AssertionError("a code was read where none is")
            walls.append(1000 * (time.perf_counter() - began))
        worked = 1000 * (_worked(reader) - before)
    return Empty(mean_ms=worked / EMPTY_FRAMES, wall_ms=sum(walls) / EMPTY_FRAMES)


def _worked(reader: CodeReader) -> float:
    """Return the seconds of processor time that this process and the decoding one took."""
    times = psutil.Process(reader.pid).cpu_times()
    return time.process_time() + times.user + times.system


# -- one process ----------------------------------------------------------------------------


def _part(seed: int, rounds: range) -> dict[str, Score]:
    """Read the frames of some rounds of kinds."""
    cv2.setNumThreads(1)
    decoders = _decoders()
    scores = {name: Score() for name in decoders}
    for turn in rounds:
        for number in range(turn * len(KINDS), (turn + 1) * len(KINDS)):
            _score_all(frame(seed, number), decoders, scores, slow=turn % PEERS_EVERY == 0)
    return scores


def _score_all(
    one: Frame, decoders: dict[str, _Decode], scores: dict[str, Score], *, slow: bool
) -> None:
    dots = cv2.imdecode(np.frombuffer(one.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    picture = np.asarray(dots, np.uint8)
    names = list(decoders)
    first = one.number // len(KINDS) % len(names)
    for name in names[first:] + names[:first]:
        if name not in (OURS, ZXING) and not slow:
            continue
        began = time.process_time()
        payloads = decoders[name](picture)
        score = scores[name]
        score.ms.append(1000 * (time.process_time() - began))
        score.seen[one.kind] += 1
        score.read[one.kind] += one.payload in payloads
        score.wrong += any(payload != one.payload for payload in payloads)


def _decoders() -> dict[str, _Decode]:
    plain, aruco = cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()
    qr: Any = zxingcpp.BarcodeFormat.QRCodeModel2
    zbar_qr = [pyzbar.ZBarSymbol.QRCODE]
    return {
        OURS: lambda picture: [code.data for code in cascade.still(picture)],
        ZXING: lambda picture: [
            bytes(code.bytes) for code in zxingcpp.read_barcodes(picture, formats=qr)
        ],
        ZBAR: lambda picture: [code.data for code in pyzbar.decode(picture, zbar_qr)],
        PLAIN: lambda picture: _opencv(plain, picture),
        ARUCO: lambda picture: _opencv(aruco, picture),
    }


def _opencv(detector: cv2.QRCodeDetector | cv2.QRCodeDetectorAruco, picture: Grey) -> list[bytes]:
    try:
        _, texts, _, _ = detector.detectAndDecodeMulti(picture)
    except (cv2.error, UnicodeDecodeError):  # both happen on bad pictures: nothing read
        return []
    return [text.encode() for text in texts if text]


# -- figures --------------------------------------------------------------------------------


def _rates(scores: dict[str, Score]) -> list[Figure]:
    ours = scores[OURS]
    best = max(PEERS, key=lambda name: scores[name].rate)
    frames = ours.seen.total()
    peers = ", ".join(f"{name} {scores[name].rate:.1f} %" for name in PEERS)
    note = f"{frames} frames; zbar and OpenCV's two on {scores[ZBAR].seen.total()} of them"
    return [
        Figure(
            name="bad QR codes not read",
            value=100 - ours.rate,
            unit="%",
            limit=5.0,
            measured=f"{ours.read.total()} of {frames} read",
            note=f"generator of degraded codes, seed {SEED}",
        ),
        Figure(
            name="best decoder alone, less ours, read",
            value=scores[best].rate - ours.rate,
            unit="points",
            limit=-5.0,
            measured=f"ours {ours.rate:.1f} %",
            peer=peers,
            note=note,
        ),
        Figure(
            name="wrong texts of ours",
            value=ours.wrong,
            unit="",
            limit=0,
            measured=f"{ours.wrong} in {frames}",
            peer=", ".join(f"{name} {scores[name].wrong}" for name in PEERS),
            note=note,
        ),
    ]


def _times(scores: dict[str, Score], empty: Empty) -> list[Figure]:
    ours, plain = median(scores[OURS].ms), median(scores[ZXING].ms)
    return [
        Figure(
            name="reading a bad code, median, over zxing-cpp alone",
            value=ours / plain,
            limit=2.0,
            measured=f"{ours:.2f} ms, mean {sum(scores[OURS].ms) / len(scores[OURS].ms):.1f} ms",
            peer=f"{plain:.2f} ms",
            note="processor time",
        ),
        Figure(
            name="an empty frame of a stream, mean",
            value=empty.mean_ms,
            unit="ms",
            limit=10.0,
            measured=f"{empty.wall_ms:.1f} ms on the clock",
            note=f"processor time; {EMPTY_FRAMES} frames through the decoding process",
        ),
    ]


if __name__ == "__main__":
    print(by_kind(run(SEED, FRAMES)))
