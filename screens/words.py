"""Turning text keys into words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from kiosk.settings import config_root
from kiosk.translation import Translator

if TYPE_CHECKING:
    from kiosk.journey.view import Text

LIST: Final = "、"
"""Between the parts of a list."""
OWN: Final = "zh"
"""The language the catalogue is written in."""


class Words:
    """Words of one language for :class:`~kiosk.journey.view.Text`.

    Words of the catalogue (names of things, items, papers, answers) arrive in Chinese.  In another
    language they are looked up whole in ``config/catalogue/<language>.yaml``, a flat list of
    ``Chinese: words``; what is not in it stays Chinese.
    """

    def __init__(self, language: str = OWN, more: Mapping[str, str] | None = None) -> None:
        """Take the words of ``language``; ``more`` stands beside the catalogue's."""
        self.language = language
        self._translator = Translator(language)
        self._catalogue = {} if language == OWN else {**_catalogue(language), **(more or {})}

    def __call__(self, text: Text) -> str:
        """Return the words of ``text``."""
        values = {name: self._own(value) for name, value in text.values}
        if text.key == "plain":
            return values["text"]
        return self._translator.text(text.key, **values)

    def _own(self, words: str) -> str:
        """Return words of the catalogue in this language; of a list, each part by itself."""
        if not self._catalogue or words in self._catalogue or LIST not in words:
            return self._catalogue.get(words, words)
        return ", ".join(self._own(part) for part in words.split(LIST))


@lru_cache(maxsize=4)
def _catalogue(language: str) -> Mapping[str, str]:
    """Read the words of the catalogue in ``language``; without a file there are none."""
    path: Path = config_root() / "catalogue" / f"{language}.yaml"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as stream:
        table = yaml.load(stream, Loader=yaml.CBaseLoader)  # noqa: S506 - builds only strings
    return {str(own): str(words) for own, words in (table or {}).items()}
