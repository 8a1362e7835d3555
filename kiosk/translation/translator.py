"""The translator: a table of texts by dotted key."""

from __future__ import annotations

import os
import string
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from standards import data_root

BASE = "zh"
"""The language that has every key."""

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar is a string


class _Phrase(string.Formatter):
    """Words with places; ``{n:page|pages}`` is the first word for one, else the second."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, several, many = format_spec.partition("|")
        if several:
            return one if str(value) == "1" else many
        return str(super().format_field(value, format_spec))


_PHRASE = _Phrase()


class MissingTextError(LookupError):
    """No language has the key, or a value its words need was not given."""


class Translator:
    """Texts of one language; a key it lacks is taken from Chinese.

    ``strict`` decides what a missing key or value does: raise (tests, set by
    ``YIDUAN_STRICT_TEXT=1``), or show the key itself, so that a terminal goes on.
    """

    def __init__(self, language: str = BASE, *, strict: bool | None = None) -> None:
        self.language = language
        self._strict = os.environ.get("YIDUAN_STRICT_TEXT") == "1" if strict is None else strict
        self._tables = (_table(_folder(language)), _table(_folder(BASE)))

    def text(self, key: str, /, **values: object) -> str:
        """Return the words of a key with ``{name}`` places filled.

        Where a language has a word for one and another for several, ``{n:page|pages}`` chooses.

        Raises:
            MissingTextError: only when strict; see the class.
        """
        words = next((table[key] for table in self._tables if key in table), None)
        if words is None:
            return self._missing(key, f"no text for {key}")
        try:
            return _PHRASE.vformat(words, (), values)
        except (LookupError, ValueError) as error:
            return self._missing(words, f"{key} needs a value: {error}")

    def has(self, key: str) -> bool:
        """Tell whether the key has words in this language or in Chinese."""
        return any(key in table for table in self._tables)

    def _missing(self, instead: str, problem: str) -> str:
        if self._strict:
            raise MissingTextError(problem)
        return instead


def languages() -> tuple[str, ...]:
    """Return the languages that have a folder, Chinese first."""
    found = sorted(path.name for path in (data_root() / "translations").iterdir())
    return (BASE, *(language for language in found if language != BASE))


def keys(language: str = BASE) -> frozenset[str]:
    """Return the keys a language's own files have."""
    return frozenset(_table(_folder(language)))


def files(language: str = BASE) -> tuple[Path, ...]:
    """Return the files of a language, sorted by name."""
    return tuple(sorted(_folder(language).glob("*.yaml")))


def _folder(language: str) -> Path:
    return data_root() / "translations" / language


@lru_cache(maxsize=8)
def _table(folder: Path) -> Mapping[str, str]:
    """Read all files of one language; their sections become dotted keys."""
    table: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        with path.open(encoding="utf-8") as stream:
            tree = yaml.load(stream, Loader=_LOADER)  # noqa: S506 - builds only strings
        table.update(_leaves(tree or {}, ""))
    return table


def _leaves(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{key}.")
        else:
            yield key, str(value)
