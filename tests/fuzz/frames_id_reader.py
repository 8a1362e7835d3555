"""A million random and mutated frames to the ID reader's driver.

Run it by ``python -m tests.fuzz.frames_id_reader``.
Each frame is heard in pieces by a receiver, and is then the answer to the read of a card on a
reader that is otherwise well. It must be accepted, or be the one documented error (a `FrameError`
with its fault; for the caller a `ReadFailure` with its problem); bytes without a beginning are
noise. Nothing else may be raised, no question may be asked without end, and memory stays what it
was.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from drivers.id_reader.card import CardKind, encode_card
from drivers.id_reader.codec import (
    MAX_LENGTH,
    CardBlock,
    Command,
    FrameError,
    ReplyReceiver,
    Status,
    frame,
    join_block,
    reply,
)
from drivers.id_reader.device import IdReader, ReaderOptions
from drivers.id_reader.outcomes import CardReading
from tests.devices.id_line import ScriptedLine, answers
from tests.devices.people import CARD, OTHER_KINDS

COUNT = 1_000_000
OPTIONS = ReaderOptions(poll_s=0, kinds=frozenset(CardKind))
_READ = Command.READ_TEXT_PHOTO.value
_PREAMBLE = 5


@dataclass(slots=True)
class Tally:
    """What became of the frames."""

    frames: int = 0
    heard: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)
    most_kept: int = 0
    grown_kb: int = 0
    seconds: float = 0.0

    def line(self) -> str:
        """Return it as one JSON line."""
        heard, reads = dict(sorted(self.heard.items())), dict(sorted(self.reads.items()))
        return json.dumps(
            {
                "frames": self.frames,
                "heard": heard,
                "reads": reads,
                "most_kept": self.most_kept,
                "grown_kb": self.grown_kb,
                "seconds": round(self.seconds, 1),
            }
        )


def campaign(count: int, seed: int) -> Tally:
    """Give `count` frames to receiver and device, and say what became of them.

    Raises:
        AssertionError: Something was kept beyond a frame, or a read asked without end.
        Exception: Anything the driver raised beside its documented errors.
    """
    chance = random.Random(seed)  # noqa: S311  # repeatable is what is wanted
    tally, began, before = Tally(), time.monotonic(), _most_memory_kb()
    for raw in frames(chance, count):
        tally.frames += 1
        tally.heard[hear(raw, chance, tally)] += 1
        tally.reads[read(raw)] += 1
    tally.seconds = time.monotonic() - began
    tally.grown_kb = _most_memory_kb() - before
    return tally


def frames(chance: random.Random, count: int) -> Iterator[bytes]:
    """Yield random bytes, right frames, and right frames with something done to them."""
    stock = list(answers().values())
    for card in (CARD, *OTHER_KINDS):
        block = CardBlock(text=encode_card(card), photo=bytes(64))
        stock.append(reply(Status.OK, join_block(block)))
    for _ in range(count):
        yield chance.choice(_WAYS)(chance, chance.choice(stock))


def hear(raw: bytes, chance: random.Random, tally: Tally) -> str:
    """Hear one frame in pieces; return what it was."""
    receiver, events, at = ReplyReceiver(), [], 0
    while at < len(raw):
        size = chance.choice((1, 7, 64, 4096)) if len(raw) < 100 else chance.choice((64, 4096))
        events += receiver.receive(raw[at : at + size])
        tally.most_kept = max(tally.most_kept, receiver.kept)
        at += size
    assert receiver.kept < 2 + MAX_LENGTH
    events += receiver.quiet()
    if not events:
        return "noise"
    first = events[0]
    return f"error: {first.fault.value}" if isinstance(first, FrameError) else "accepted"


def read(raw: bytes) -> str:
    """Read a card whose reader answers with `raw`; return the name of the outcome."""
    line = ScriptedLine(lambda request: raw if request.command == _READ else _WELL[request.command])
    outcome = IdReader(line, OPTIONS, clock=line.clock).read(0.05)
    return "read" if isinstance(outcome, CardReading) else outcome.problem.value


_WELL = answers()


def _random_bytes(chance: random.Random, _: bytes) -> bytes:
    return chance.randbytes(chance.randrange(1, 200))


def _random_frame(chance: random.Random, _: bytes) -> bytes:
    return frame(chance.randbytes(chance.randrange(3, 120)))


def _whole(_: random.Random, raw: bytes) -> bytes:
    return raw


def _flipped(chance: random.Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randrange(1, 4)):
        changed[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _flipped_and_right(chance: random.Random, raw: bytes) -> bytes:
    """Change what is inside and mend the checksum: nobody sees it on the wire."""
    return frame(_flipped(chance, raw[_PREAMBLE + 2 : -1]))


def _cut_off(chance: random.Random, raw: bytes) -> bytes:
    return raw[: chance.randrange(1, len(raw))]


def _hole(chance: random.Random, raw: bytes) -> bytes:
    at = chance.randrange(len(raw))
    return raw[:at] + raw[at + chance.randrange(1, 20) :]


def _inserted(chance: random.Random, raw: bytes) -> bytes:
    at = chance.randrange(len(raw))
    return raw[:at] + chance.randbytes(chance.randrange(1, 20)) + raw[at:]


def _other_length(chance: random.Random, raw: bytes) -> bytes:
    return raw[:_PREAMBLE] + chance.randbytes(2) + raw[_PREAMBLE + 2 :]


def _twice(chance: random.Random, raw: bytes) -> bytes:
    return _flipped(chance, raw) + raw


def _after_noise(chance: random.Random, raw: bytes) -> bytes:
    return chance.randbytes(chance.randrange(1, 30)) + raw


_WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_random_bytes, _random_frame, _whole, _flipped, _flipped_and_right, _cut_off),
    *(_hole, _inserted, _other_length, _twice, _after_noise),
)


def _most_memory_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> int:
    """Run a campaign and print its tally."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(campaign(options.count, options.seed).line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
