"""Forms of settings documents, and how an older one becomes the one that this program reads.

A document may say ``form: 1``; without it, it is of form 1. A newer one than this program knows is
refused, since nobody can say what it means. Where a form changes, a step is added here that turns
a document of the form before into the next: old terminals' own files go on being read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

Step = Callable[[Mapping[str, object]], dict[str, object]]

STEPS: Final[tuple[Step, ...]] = ()
"""The n-th turns a document of form n into one of form n + 1; a moved key keeps its meaning."""
KEY: Final = "form"


class UnknownForm(ValueError):
    """A document is of a form that this program does not know; it has to be updated first."""


def current(steps: tuple[Step, ...] = STEPS) -> int:
    """Return the form that this program reads."""
    return len(steps) + 1


def brought_up(
    document: Mapping[str, object], steps: tuple[Step, ...] = STEPS
) -> dict[str, object]:
    """Return a document in the form of today, without its number.

    Raises:
        UnknownForm: the number is none, or a later one.
    """
    form = document.get(KEY, 1)
    if not isinstance(form, int) or isinstance(form, bool) or not 1 <= form <= current(steps):
        raise UnknownForm(f"form {form!r} is not known; this program reads up to {current(steps)}")
    own = {key: value for key, value in document.items() if key != KEY}
    for step in steps[form - 1 :]:
        own = step(own)
    return own
