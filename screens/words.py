"""Turning text keys into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.translation import Translator

if TYPE_CHECKING:
    from kiosk.journey.view import Text


class Words:
    """Words of one language for :class:`~kiosk.journey.view.Text`."""

    def __init__(self, language: str = "zh") -> None:
        """Take the words of ``language``."""
        self._translator = Translator(language)

    def __call__(self, text: Text) -> str:
        """Return the words of ``text``."""
        if text.key == "plain":
            return dict(text.values)["text"]
        return self._translator.text(text.key, **dict(text.values))
