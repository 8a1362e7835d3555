"""Trying a tactile pad: every key that it has is pressed once, and the page counts down."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from drivers.service.client import Event
from kiosk.journey.view_parts import Text, text
from kiosk.maintenance.conditions import is_gone
from kiosk.maintenance.facts import Did, Payload
from kiosk.session.errands import Stopped
from kiosk.session.maintenance.bench import Bench
from kiosk.translation import Translator

PART: Final = "keypad"
KEY_S: Final = 30.0
"""Seconds without a new key after which the test ends."""
LOOK_S: Final = 0.2


def try_keys(bench: Bench, words: Translator, number: int, say: Callable[[Text], None]) -> Did:
    """Have every key pressed.

    Raises:
        Stopped: given up.
    """
    status = bench.look().devices.get(PART)
    ill = _not_working(status, words)
    if ill is not None or status is None:
        return ill or _ill("gone")
    keys = _listed(_own(status).get("keys"))
    left = _pressed(bench, words, number, keys, say)
    if not left:
        return _well(_own(status).get("headset"), len(keys))
    ill = _not_working(bench.look().devices.get(PART), words)
    if ill is not None:
        return ill
    if len(left) == len(keys):
        return _ill("none", s=int(KEY_S))
    return _ill("left", keys=_names(left, words))


def _pressed(
    bench: Bench,
    words: Translator,
    number: int,
    keys: Sequence[str],
    say: Callable[[Text], None],
) -> list[str]:
    """Return the keys that were not pressed."""
    heard: queue.SimpleQueue[str] = queue.SimpleQueue()

    def happened(event: Event) -> None:
        if event.name == "XKeypad.KeyEvent" and event.payload.get("action") == "pressed":
            heard.put(str(event.payload.get("key")))

    left, until = list(keys), time.monotonic() + KEY_S
    with bench.hearing(PART, happened):
        say(text("upkeep.keypad.press", keys=_names(left, words)))
        while left and (now := time.monotonic()) < until:
            if not bench.wanted(PART, number):
                raise Stopped
            with contextlib.suppress(queue.Empty):
                key = heard.get(timeout=min(LOOK_S, until - now))
                if key in left:  # a key that bounces is no new one, and buys no time
                    left.remove(key)
                    until = time.monotonic() + KEY_S
                    say(text("upkeep.keypad.press", keys=_names(left, words)))
    return left


def _not_working(status: Payload | None, words: Translator) -> Did | None:
    """Return what is wrong before any key is pressed; ``None``: nothing."""
    if status is None:
        return _ill("silent")
    if is_gone(status):
        return _ill("gone")
    stuck = _listed(_own(status).get("stuck"))
    if stuck:
        return _ill("stuck", keys=_names(stuck, words))
    return None if _listed(_own(status).get("keys")) else _ill("silent")


def _own(status: Payload) -> Payload:
    own = status.get("xKeypad")
    return own if isinstance(own, Mapping) else {}


def _listed(told: object) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else []


def _names(keys: Iterable[str], words: Translator) -> str:
    return words.text("upkeep.keypad.and").join(words.text(f"upkeep.keypad.key.{k}") for k in keys)


def _well(headset: object, count: int) -> Did:
    """Return that all keys work, and what is known of the headset's jack."""
    jack = {"present": "in", "notPresent": "out"}.get(str(headset), "")
    hint = text(f"upkeep.keypad.headset_{jack}") if jack else None
    return Did(well=True, told=text("upkeep.keypad.all", n=count), hint=hint)


def _ill(why: str, **values: object) -> Did:
    key = f"upkeep.keypad.{why}"
    return Did(well=False, told=text(key, **values), hint=text(f"{key}_hint"))
