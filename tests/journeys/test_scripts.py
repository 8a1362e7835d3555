"""Every script of a visit is played headless, and every word it shows has a text."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from kiosk.journey.context import Context
from kiosk.journey.present_page import present
from kiosk.journey.rehearsal import Rehearsal
from kiosk.journey.script import Script, ScriptError, Step, load, spoken
from kiosk.journey.view import Text
from kiosk.translation import Translator
from kiosk.translation.translator import keys
from tests.journeys.stage import PLANNED, SCRIPTS, context, opened, world

ZH = Translator(strict=True)
ONE_SIZE = {
    "idle-out": "larger letters give more time",
    "newborn-timed-out": "larger letters give more time",
    "newborn-back-to-start": "goes back page by page, and larger letters have more pages",
    "newborn-larger-letters": "turns them on and off itself",
    "newborn-english": "turns the language itself",
}
"""Scripts that are played as they are written, with why."""
SAID: Counter[str] = Counter()
"""Keys of the words that the played pages showed, and how often."""


class Read(Rehearsal):
    """A rehearsal that reads every word of every page it passes."""

    def _expect(self, step: Step, number: int) -> None:
        super()._expect(step, number)
        for text in _texts(present(self.journey)):
            ZH.text(text.key, **dict(text.values))
            SAID[text.key] += 1


def _texts(value: object) -> list[Text]:
    if isinstance(value, Text):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in _texts(part)]
    if is_dataclass(value):
        return [text for own in fields(value) for text in _texts(getattr(value, own.name))]
    return []


def _play(script: Script) -> None:
    Read(script, world(), lambda: _context(script)).run()


def _context(script: Script) -> Context:
    own = context()
    return replace(own, catalogue=opened(own.catalogue)) if script.status else own


@pytest.mark.parametrize("path", [*SCRIPTS, *PLANNED], ids=lambda path: path.stem)
def test_script_plays(path: Path) -> None:
    """The visit goes the way the script says, ends the way it says, and has all its words."""
    script = load(path)
    assert script.name == path.stem
    _play(script)


@pytest.mark.parametrize(
    "path", [own for own in SCRIPTS if own.stem not in ONE_SIZE], ids=lambda path: path.stem
)
def test_script_plays_with_larger_letters_in_english(path: Path) -> None:
    """The same visit, one question a page and in the other language, comes to the same end."""
    _play(spoken(load(path), elder=True, language="en"))


def test_every_word_that_was_shown_has_english_words() -> None:
    """Nothing that the played pages showed is Chinese in English too."""
    assert not SAID.keys() - keys()
    lacking = sorted(SAID.keys() - keys("en"))
    assert not lacking, f"{len(lacking)} of {len(SAID)} texts have no English words"


def test_faults_are_named_with_their_line(tmp_path: Path) -> None:
    """A wrong target, an unknown key and a page that does not exist name file and line."""
    path = tmp_path / "bad.yaml"
    path.write_text(
        "name: bad\nabout: x\nsteps:\n"
        "  - {page: attract, tap: begn}\n"
        "  - {page: home, tapp: begin}\n"
        "  - {page: nowhere}\n"
        "  - {page: home, tap: help, put_card: x}\n"
    )
    with pytest.raises(ScriptError) as caught:
        load(path)
    lines = [fault.line for fault in caught.value.faults]
    assert lines == [4, 5, 6, 7]
    assert str(caught.value).startswith(f"{path}:4")
