"""Keys of a tactile pad and its headset jack, out of input events. Pure.

Tactile pads for kiosks are keyboards to the computer: each pad sends a key code of its own, and a
headset that is plugged in or out is told as two more codes, or as the switch of a jack.  Which code
is which key is data (`KeyMap`), for every maker has other codes and lets them be changed.

What a decoder does with what comes:

- a key that is held may repeat, but only those of `repeating`: a held arrow moves on, a held
  select does not select twice;
- a press within `debounce_s` after the release of the same key is a bouncing contact: it and its
  release are dropped;
- a press of a key that is held, and a release of one that is not, say nothing new;
- events that the kernel dropped (SYN_DROPPED) may hold releases: all keys count as released, and
  what follows counts from the next report on;
- a code that is no key of the map is nothing: a pad cannot type.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from drivers.panel.input_events import (
    SYN_DROPPED,
    SYN_REPORT,
    EventType,
    InputEvent,
    KeyValue,
)


class Key(enum.StrEnum):
    """What a key of the pad is for. There are no digits: a pad is not for numbers or secrets."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    PREVIOUS = "previous"
    NEXT = "next"
    SELECT = "select"
    BACK = "back"
    HOME = "home"
    HELP = "help"
    VOLUME_UP = "volumeUp"
    VOLUME_DOWN = "volumeDown"


class Action(enum.StrEnum):
    """What was done with a key."""

    PRESSED = "pressed"
    REPEATED = "repeated"
    RELEASED = "released"


class Headset(enum.StrEnum):
    """What is known of the jack."""

    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    UNKNOWN = "unknown"
    """Nothing was plugged in or out since the pad was opened, and it cannot be asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyEvent:
    """Something was done with a key."""

    key: Key
    action: Action


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadsetEvent:
    """A headset was plugged in or out."""

    headset: Headset


PadEvent = KeyEvent | HeadsetEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyMap:
    """Which code of the kernel is what.

    Attributes:
        keys: Code (KEY_…) to key.
        inserted: Code a pad sends when a headset is plugged in; None if it sends none.
        removed: Code it sends when the headset is pulled out.
        switch: Code (SW_…) of the jack's switch: 1 is plugged in.
        repeating: Keys that repeat while held.
        debounce_s: Seconds after a release in which the same key cannot be pressed.
    """

    keys: Mapping[int, Key]
    inserted: int | None = None
    removed: int | None = None
    switch: int | None = None
    repeating: frozenset[Key] = frozenset()
    debounce_s: float = 0.02


@dataclass(kw_only=True, slots=True)
class _Held:
    """Keys that are down, when each was released last, and those whose press was a bounce."""

    down: set[Key] = field(default_factory=set)
    released_at: dict[Key, float] = field(default_factory=dict)
    bouncing: set[Key] = field(default_factory=set)


class Decoder:
    """Turns the events of one pad into keys and the state of its jack."""

    def __init__(self, keymap: KeyMap) -> None:
        self._map = keymap
        self._held = _Held()
        self._lost = False
        self.headset = Headset.UNKNOWN

    @property
    def held(self) -> frozenset[Key]:
        """The keys that are down."""
        return frozenset(self._held.down)

    def decode(self, events: Iterable[InputEvent]) -> list[PadEvent]:
        """Return what the events mean."""
        return [meaning for event in events for meaning in self._decode(event)]

    def _decode(self, event: InputEvent) -> list[PadEvent]:
        if event.type == EventType.SYN:
            return self._mark(event.code)
        if self._lost:
            return []
        if event.type == EventType.SW and event.code == self._map.switch:
            return self._plugged(Headset.PRESENT if event.value else Headset.NOT_PRESENT)
        return self._key(event) if event.type == EventType.KEY else []

    def _mark(self, code: int) -> list[PadEvent]:
        if code == SYN_REPORT:
            self._lost = False
        if code != SYN_DROPPED:
            return []
        self._lost = True
        down = sorted(self._held.down)
        self._held = _Held()
        return [KeyEvent(key=key, action=Action.RELEASED) for key in down]

    def _key(self, event: InputEvent) -> list[PadEvent]:
        if event.code in {self._map.inserted, self._map.removed}:
            if event.value != KeyValue.DOWN:
                return []
            present = event.code == self._map.inserted
            return self._plugged(Headset.PRESENT if present else Headset.NOT_PRESENT)
        key = self._map.keys.get(event.code)
        if key is None:
            return []
        action = self._action(key, event)
        return [KeyEvent(key=key, action=action)] if action else []

    def _plugged(self, headset: Headset) -> list[PadEvent]:
        if headset is self.headset:
            return []
        self.headset = headset
        return [HeadsetEvent(headset=headset)]

    def _action(self, key: Key, event: InputEvent) -> Action | None:
        match KeyValue(event.value):
            case KeyValue.DOWN:
                return self._press(key, event.at_s)
            case KeyValue.UP:
                return self._release(key, event.at_s)
            case KeyValue.REPEAT:
                repeats = key in self._map.repeating and key in self._held.down
                return Action.REPEATED if repeats else None

    def _press(self, key: Key, at_s: float) -> Action | None:
        held = self._held
        if key in held.down:
            return None
        since = at_s - held.released_at.get(key, float("-inf"))
        if 0 <= since < self._map.debounce_s:
            held.bouncing.add(key)
            return None
        held.bouncing.discard(key)
        held.down.add(key)
        return Action.PRESSED

    def _release(self, key: Key, at_s: float) -> Action | None:
        held = self._held
        if key in held.bouncing:
            held.bouncing.discard(key)
            held.released_at[key] = at_s
            return None
        if key not in held.down:
            return None
        held.down.discard(key)
        held.released_at[key] = at_s
        return Action.RELEASED
