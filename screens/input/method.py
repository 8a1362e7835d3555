"""The input method of a page: touches of the pad in, touches for the journey out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from screens.input.composition import (
    Composition,
    Done,
    Emit,
    Erase,
    Insert,
    Key,
    KeyKind,
    Mode,
    press,
)
from screens.input.engine import AbsentEngine, Reading
from screens.input.google_pinyin import open_engine, open_seeds
from screens.input.lexicon import Lexicon
from screens.input.seeds import Purpose, Seeds

PREFIX: Final = "screen:"
"""Begins the targets of the pad; they are not intents of the journey."""


def parse(target: str) -> Key | None:
    """Return the key of a target (``screen:key:a``), or nothing when it is not one of ours."""
    if not target.startswith(PREFIX):
        return None
    kind, _, value = target.removeprefix(PREFIX).partition(":")
    return Key(kind=KeyKind(kind), value=value) if kind in set(KeyKind) else None


class InputMethod:
    """Holds the composition of the field that is being written; UI thread only."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        """Write with ``lexicon``; without a dictionary, start with letters.

        The language of the interface does not matter: what is filed is Chinese in any.
        """
        self._lexicon = lexicon or Lexicon(AbsentEngine(), Seeds())
        self._purpose, self._latin = Purpose.TEXT, False
        self._state = self._fresh()

    @classmethod
    def opened(cls) -> InputMethod:
        """Open what is installed: 5 ms and 3 MB, so when the first pad is shown."""
        return cls(Lexicon(open_engine(), open_seeds()))

    @property
    def state(self) -> Composition:
        """What is to be painted."""
        return self._state

    @property
    def available(self) -> bool:
        """Whether Chinese can be written; if not the pad says so."""
        return self._lexicon.available

    def begin(self, purpose: Purpose, *, latin: bool = False) -> None:
        """Start another field; what was not chosen is dropped.

        Args:
            purpose: what is written, for the order of candidates.
            latin: start with latin letters (a search, an e-mail address).
        """
        self._purpose, self._latin = purpose, latin
        self.reset()

    def reset(self) -> None:
        """Drop the composition; to be called whenever page or field becomes another one."""
        self._lexicon.reset()
        self._state = self._fresh()

    def press(self, target: str) -> tuple[str, ...]:
        """Take a touch of the pad.

        Returns:
            The targets to hand to the journey: ``text:<words>`` (write them at the end of the
            field), ``erase`` (the last character), ``done`` (the field is finished); none while
            composing, and none for a target that is not the pad's.
        """
        key = parse(target)
        if key is None:
            return ()
        self._state, emitted = press(self._state, key, self._look_up)
        return tuple(_intent(one) for one in emitted)

    @property
    def waiting(self) -> bool:
        """Whether letters wait for a choice that can be made."""
        return bool(self._state.letters and self._state.reading.candidates)

    def settle(self) -> tuple[str, ...]:
        """Hand out what was chosen before something else than the pad is touched; letters wait on.

        Returns:
            The targets to hand to the journey, as from :meth:`press`.
        """
        words = self._state.words
        self._state = replace(self._state, chosen=())
        return (f"text:{words}",) if words else ()

    def _look_up(self, letters: str) -> Reading:
        return self._lexicon.look_up(letters, self._purpose)

    def _fresh(self) -> Composition:
        pinyin = self._lexicon.available and not self._latin
        mode = Mode.PINYIN if pinyin else Mode.LATIN
        return replace(Composition(), mode=mode, writes=mode)


def _intent(emitted: Emit) -> str:
    match emitted:
        case Insert(words=words):
            return f"text:{words}"
        case Erase():
            return "erase"
        case Done():
            return "done"
