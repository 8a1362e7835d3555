"""``kiosk settings explain``: each value, its layer, and what the layers below said."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from kiosk.settings.check import leaves
from kiosk.settings.model import Settings


class UnknownKey(LookupError):
    """There is no such setting; the message names the nearest."""


def explained(settings: Settings, key: str = "") -> Iterator[str]:
    """Yield lines on one key, on all below it, or on every one.

    Raises:
        UnknownKey: there is none.
    """
    values = dict(leaves(settings.model_dump(mode="json"), ""))
    wanted = [own for own in values if not key or own == key or own.startswith(f"{key}.")]
    if not wanted:
        near = difflib.get_close_matches(key, values, n=1, cutoff=0.4)
        raise UnknownKey(f"no setting {key}" + (f"; did you mean {near[0]}?" if near else ""))
    for own in wanted:
        yield from _told(settings, own, values[own])


def _told(settings: Settings, key: str, value: object) -> Iterator[str]:
    said = settings.said(key)
    if not said:
        yield f"{key} = {value}  (built in)"
        return
    winner, *below = reversed(said)
    yield f"{key} = {value}  ({winner.layer}: {winner})"
    for one in below:
        yield f"    over {one.value}  ({one.layer}: {one})"
