"""Interface texts: one table a language, complete in Chinese."""

from __future__ import annotations

import string

import pytest

from kiosk.documents import read
from kiosk.translation import MissingTextError, Translator, languages
from kiosk.translation.translator import files, keys


def test_values_take_their_places() -> None:
    """A key's words with values; a value with braces stays as it is."""
    zh = Translator(strict=True)
    assert zh.text("slip.help", phone="12345") == "咨询电话 12345"
    assert zh.text("fault.empty", label="{x}") == "请填{x}"


def test_a_missing_key_or_value_raises_in_tests() -> None:
    """Strict translators find every hole."""
    zh = Translator(strict=True)
    for key in ("no.such.key", "slip.help"):
        with pytest.raises(MissingTextError):
            zh.text(key)


def test_a_terminal_goes_on_without_a_text() -> None:
    """On a terminal a hole shows itself and stops nobody."""
    zh = Translator(strict=False)
    assert zh.text("no.such.key") == "no.such.key"
    assert zh.text("slip.help") == "咨询电话 {phone}"
    assert not zh.has("no.such.key")


def test_another_language_falls_back_to_chinese() -> None:
    """English says what it has; the rest is Chinese."""
    en = Translator("en", strict=True)
    assert en.text("truth.received") == "Received"
    assert en.text("fault.empty", label="x") == "请填x"


@pytest.mark.parametrize("language", languages())
def test_files_are_sound(language: str) -> None:
    """No key twice, none that Chinese lacks, and the same values in every language."""
    seen: set[str] = set()
    for path in files(language):
        own_keys = set(read(path).value)
        assert not seen & own_keys, f"{path.name}: a section is in two files"
        seen |= own_keys
    assert keys(language) <= keys()
    own, base = Translator(language, strict=False), Translator(strict=False)
    places = string.Formatter().parse
    for key in keys(language):
        named = [{part[1] for part in places(t.text(key))} - {None} for t in (own, base)]
        assert named[0] == named[1], key
