"""Turning text keys into words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from kiosk.settings import config_root
from kiosk.translation import Translator

if TYPE_CHECKING:
    from kiosk.journey.view import Text

LISTS: Final = {"；": "; ", "：": ": ", "  ": "  ", "、": ", "}
"""What stands between the parts of a list, in Chinese and elsewhere; the wider gap first."""
OWN: Final = "zh"
"""The language the catalogue is written in."""
_DATE: Final = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?")
_MEASURE: Final = re.compile(r"([\d,.]+)(\D+)")
_PERIOD: Final = "至"


class Words:
    """Words of one language for :class:`~kiosk.journey.view.Text`.

    Words of the catalogue (names of things, items, papers, answers) arrive in Chinese.  In another
    language they are looked up whole in ``config/catalogue/<language>/*.yaml``, flat lists of
    ``Chinese: words``; of lists, each part by itself.  Dates and measures (``2026年11月14日``,
    ``3350克``) are told in the language's own way.  What is not known stays Chinese, as names do.
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
        if "month" in values:
            values["month"] = self._month(values["month"])
        return self._translator.text(text.key, **values)

    def _own(self, words: str) -> str:
        """Return words of the catalogue in this language; of a list, each part by itself."""
        if not self._catalogue or words in self._catalogue:
            return self._catalogue.get(words, words)
        for gap, own_gap in LISTS.items():
            if gap in words:
                return own_gap.join(self._own(part) for part in words.split(gap))
        return self._measured(words)

    def _measured(self, words: str) -> str:
        """Return dates and numbers with a unit in this language; all else stays itself."""
        measure = _MEASURE.fullmatch(words)
        if measure and measure[2] in self._catalogue:
            return measure[1] + self._catalogue[measure[2]]
        known, _, rest = words.partition(" ")
        if known in self._catalogue:
            return f"{self._catalogue[known]}, {self._own(rest)}"
        days = words.split(_PERIOD)
        if all(_DATE.fullmatch(day) for day in days):
            return " – ".join(_DATE.sub(self._dated, day) for day in days)
        return _DATE.sub(self._dated, words)

    def _dated(self, found: re.Match[str]) -> str:
        year, month, day = found.groups()
        if not (year or day):
            return found[0]
        key = "day" if not year else "whole" if day else "month_title"
        values = {"year": year, "month": self._month(month), "day": day}
        return self._translator.text(f"screens.date.{key}", **values)

    def _month(self, number: str) -> str:
        """Return the name of a month; in Chinese its number."""
        return self._translator.text(f"screens.month.{number}")


@lru_cache(maxsize=4)
def _catalogue(language: str) -> Mapping[str, str]:
    """Read the words of the catalogue in ``language``; without files there are none."""
    folder: Path = config_root() / "catalogue" / language
    words: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        with path.open(encoding="utf-8") as stream:
            table = yaml.load(stream, Loader=yaml.CBaseLoader)  # noqa: S506 - builds only strings
        words |= {str(own): str(told) for own, told in (table or {}).items()}
    return words
