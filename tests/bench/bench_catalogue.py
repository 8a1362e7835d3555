"""The catalogue: merging the largest thing, loading all of a place, finding a thing.

Times are of the processor (`time.process_time`), which others on the machine do not lengthen.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kiosk.catalogue import compiled, files, sources
from kiosk.domain import form, search
from kiosk.domain.catalogue import Catalogue
from standards import pinyin
from tests.bench.figure import Figure, median, percentile

CONFIG = Path(__file__).parents[2] / "config"
CODE = "410700"
MERGES, LOADS = 200, 9
SAID = (
    "孩子上户口",
    "我爸退休了",
    "家里老人走了",
    "想开个饭店",
    "公司要注销",
    "办个残疾证",
    "交水电费",
)
"""As people put it."""


def measure() -> list[Figure]:
    """Load, merge and search in one run."""
    catalogue = files.load(CONFIG, CODE)
    return [_merge(catalogue), *_loads(), _search(catalogue)]


def _ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def _merge(catalogue: Catalogue) -> Figure:
    largest = max(catalogue.things, key=lambda own: sum(len(item.fields) for item in own.items))
    boxes = sum(len(item.fields) for item in largest.items)
    times = [_ms(lambda: form.merge(largest.items, {})) for _ in range(MERGES)]
    return Figure(
        name="merging the largest thing, p99",
        value=percentile(times, 0.99),
        unit="ms",
        limit=2.0,
        measured=f"median {median(times):.2f} ms",
        note=f"{largest.name}, {boxes} boxes; processor time",
    )


def _loads() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        compiled.load(CONFIG, CODE, place)
        kept, read = [], []
        for _ in range(LOADS):
            kept.append(_ms(lambda: compiled.load(CONFIG, CODE, place)))
            sources._source.cache_clear()
            read.append(_ms(lambda: files.load(CONFIG, CODE)))
    return [
        _load("the whole catalogue, compiled", kept, 300.0),
        _load("the whole catalogue, from YAML", read, 3000.0),
        Figure(
            name="a compiled catalogue over one from YAML",
            value=median(kept) / median(read),
            limit=1.0,
            measured=f"{median(kept):.0f} ms",
            peer=f"YAML {median(read):.0f} ms",
            note="in turn in one run",
        ),
    ]


def _load(name: str, times: list[float], limit: float) -> Figure:
    return Figure(
        name=name,
        value=median(times),
        unit="ms",
        limit=limit,
        measured=f"slowest of {LOADS} {max(times):.0f} ms",
        note="processor time, all files read and digested",
    )


def _search(catalogue: Catalogue) -> Figure:
    index = search.build(catalogue.things)
    queries = _queries(catalogue)
    index.hits("xqzjkwvfpt")  # the first loads the table of readings, and reads all texts once
    times = [_ms(partial(index.hits, query)) for query in queries]
    return Figure(
        name="finding a thing, p99",
        value=percentile(times, 0.99),
        unit="ms",
        limit=5.0,
        measured=f"median {median(times):.2f} ms, slowest {max(times):.1f} ms",
        note=f"{len(queries)} queries: words, pinyin, initials, as people put it, slips",
    )


def _queries(catalogue: Catalogue) -> list[str]:
    """Return words, their pinyin, their initials, with a slip, and sayings around them."""
    words = [word for thing in catalogue.things for word in (thing.name, *thing.words)]
    sounds = ["".join(_reading(one) for one in word) for word in words]
    initials = ["".join(_reading(one)[:1] for one in word) for word in words]
    slips = [f"{sound[:3]}x{sound[4:]}" for sound in sounds if len(sound) > 5]
    sayings = [f"我想问一下{word}怎么办" for word in words]
    return [*words[::4], *sounds[1::4], *initials[2::4], *slips[3::4], *sayings[::4], *SAID]


def _reading(character: str) -> str:
    found = pinyin.readings(character)
    return min(found) if found else character
