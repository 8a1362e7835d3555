"""The method of a page: targets of the pad in, targets for the journey out."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from screens.input import InputMethod, Mode, Purpose
from screens.input.composition import LETTERS
from screens.input.engine import BREAK, AbsentEngine, Candidate, Reading
from screens.input.lexicon import Lexicon
from screens.input.seeds import Seeds


class Echo:
    """An engine that reads letters as their capitals."""

    available = True

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.forgotten = 0

    def look_up(self, letters: str) -> Reading:
        """Return one candidate for all and one for the first letter."""
        found = (
            Candidate(words=letters.upper(), letters=len(letters)),
            Candidate(words=letters[0].upper(), letters=1),
        )
        return Reading(syllables=tuple(letters), candidates=found)

    def reset(self) -> None:
        """Count."""
        self.forgotten += 1


def method() -> InputMethod:
    """Return a method over the echo."""
    return InputMethod(Lexicon(Echo(), Seeds()))


def touch(one: InputMethod, targets: Iterable[str]) -> list[str]:
    """Touch one target after another; return what was fired."""
    return [fired for target in targets for fired in one.press(target)]


def test_writes_what_was_chosen() -> None:
    """Letters fire nothing; a choice fires the words; erase reaches the field only afterwards."""
    one = method()
    keys = ["screen:key:m", "screen:key:u", "screen:erase"]
    assert touch(one, keys) == []
    assert one.state.letters == "m"
    assert touch(one, ["screen:candidate:0", "screen:erase", "screen:done"]) == [
        "text:M",
        "erase",
        "done",
    ]


def test_parts_are_written_together() -> None:
    """The words of a composition reach the field in one piece."""
    one = method()
    touch(one, ["screen:key:a", "screen:key:b", "screen:candidate:1"])
    assert one.state.words == "A"
    assert one.press("screen:candidate:0") == ("text:AB",)


def test_pages_of_keys() -> None:
    """Digits with X and house-number words, signs, capitals."""
    one = method()
    fired = touch(
        one,
        [
            *("screen:mode:digits", "screen:key:8", "screen:key:X", "screen:key:单元"),
            *("screen:mode:symbols", "screen:key:·", "screen:key::"),
            *("screen:mode:latin", "screen:shift", "screen:key:a", "screen:space"),
        ],
    )
    assert fired == ["text:8", "text:X", "text:单元", "text:·", "text:A", "text: "]


def test_other_targets_are_not_ours() -> None:
    """What belongs to the journey or the stage changes nothing here."""
    one = method()
    before = one.state
    others = ["next", "text:x", "screen:turn:+1", "screen:", "screen", "", "screen:key"]
    assert touch(one, others) == []
    assert one.state == before


def test_a_new_field_begins_empty() -> None:
    """Letters that wait and the page of digits do not go along; the engine forgets."""
    echo = Echo()
    one = InputMethod(Lexicon(echo, Seeds()))
    touch(one, ["screen:key:a", "screen:key:b", "screen:candidate:1"])
    one.begin(Purpose.NAME)
    assert (one.state.letters, one.state.words, one.state.mode) == ("", "", Mode.PINYIN)
    assert echo.forgotten
    touch(one, ["screen:mode:digits"])
    one.reset()
    assert one.state.mode is Mode.PINYIN


def test_searches_and_a_missing_dictionary_start_with_letters() -> None:
    """Pinyin is there for who can use it, and only when it works."""
    one = method()
    one.begin(Purpose.TEXT, latin=True)
    assert one.state.mode is Mode.LATIN
    one.begin(Purpose.TEXT)
    assert one.state.mode is Mode.PINYIN
    absent = InputMethod(Lexicon(AbsentEngine(), Seeds()))
    assert (absent.available, absent.state.mode) == (False, Mode.LATIN)


@given(st.text(max_size=20))
def test_any_target_is_borne(target: str) -> None:
    """A target that nobody made does nothing."""
    one = method()
    for tried in (target, f"screen:{target}", f"screen:key:{target}", f"screen:mode:{target}"):
        one.press(tried)
        assert set(one.state.letters) <= LETTERS | {BREAK}
