"""Bars as SVG: one colour, figures on them, and a title for who can't see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

WIDTH: Final = 720
HEIGHT: Final = 180
_FOOT: Final = 22
_HEAD: Final = 18


def bars(title: str, rows: Sequence[tuple[str, int]]) -> Markup:
    """Return a picture of labelled counts from left to right; nothing where there are none."""
    if not rows:
        return Markup()
    most = max((count for _label, count in rows), default=0) or 1
    step = WIDTH / len(rows)
    every = -(-len(rows) // 12)
    parts = [
        _bar(at, step, count / most, count, label if at % every == 0 else "")
        for at, (label, count) in enumerate(rows)
    ]
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, title, Markup().join(parts))


def _bar(at: int, step: float, share: float, count: int, label: str) -> Markup:
    room = HEIGHT - _FOOT - _HEAD
    tall = round(share * room, 1)
    left, top = round(at * step + step * 0.15, 1), round(HEIGHT - _FOOT - tall, 1)
    middle = round(at * step + step / 2, 1)
    told = Markup('<text x="{}" y="{}">{}</text>').format(middle, top - 4, f"{count:,}")
    return Markup(
        '<g><rect x="{}" y="{}" width="{}" height="{}" rx="3"/>{}<text x="{}" y="{}">{}</text></g>'
    ).format(
        *(left, top, round(step * 0.7, 1), tall),
        told if count and step > 26 else Markup(),
        *(middle, HEIGHT - 6, label),
    )
