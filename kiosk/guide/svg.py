"""A sample paper as SVG, for a telephone and for a page that is printed.

No words of data go into it: all of it is ours, so nothing in it needs escaping but the names of
rows, which are escaped all the same.
"""

from __future__ import annotations

from html import escape

from kiosk.domain.sample_papers import WIDE, Box, Shape, high, shapes

_TILT = -18


def drawn(key: str, label: str) -> str:
    """Return the picture; ``label`` is what a screen reader says.

    Raises:
        KeyError: there is no such picture.
    """
    inner = "".join(_shape(one) for one in shapes(key))
    box = f"0 0 {WIDE:g} {high(key):g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
        f'aria-label="{escape(label)}" class="paper">{inner}</svg>'
    )


def _shape(own: Shape) -> str:
    if isinstance(own, Box):
        line = f' stroke="{own.line}" stroke-width="{own.thick:g}"' if own.line else ""
        return (
            f'<rect x="{own.x:g}" y="{own.y:g}" width="{own.wide:g}" height="{own.high:g}" '
            f'rx="{own.round:g}" fill="{own.fill or "none"}"{line}/>'
        )
    anchor = "start" if own.left else "middle"
    y = own.y + own.size * 0.36
    tilt = f' transform="rotate({_TILT} {own.x:g} {own.y:g})" opacity=".55"' if own.tilted else ""
    weight = "700" if own.bold or own.tilted else "400"
    return (
        f'<text x="{own.x:g}" y="{y:g}" font-size="{own.size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{own.colour}"{tilt}>{escape(own.words)}</text>'
    )
