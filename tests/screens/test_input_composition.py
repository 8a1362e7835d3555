"""One composition: its transitions as a table, and walks that nobody planned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.input.composition import (
    DIGIT_KEYS,
    SYMBOL_KEYS,
    TRANSITIONS,
    Composition,
    Done,
    Emit,
    Erase,
    Insert,
    Key,
    KeyKind,
    Mode,
    Stage,
    press,
)
from screens.input.engine import BREAK, MAX_LETTERS, Candidate, Reading

K = KeyKind


def look_up(letters: str) -> Reading:
    """Read letters in twos: ``abcd`` is 〈ab〉〈cd〉, or 〈ab〉 first; x has no reading."""
    if letters.startswith("x"):
        return Reading(syllables=(letters,))
    whole = Candidate(words=f"〈{letters}〉", letters=len(letters))
    first = Candidate(words=f"〈{letters[:2]}〉", letters=len(letters[:2]))
    return Reading(syllables=(letters,), candidates=(whole, first))


def walk(keys: str, state: Composition | None = None) -> tuple[Composition, tuple[Emit, ...]]:
    """Press keys, written ``kind:value`` and divided by blanks; a single character is a key."""
    now, emitted = state or Composition(), ()
    for word in keys.split():
        kind, _, value = word.partition(":") if len(word) > 1 else ("key", ":", word)
        now, more = press(now, Key(kind=KeyKind(kind), value=value), look_up)
        emitted += more
    return now, emitted


@pytest.mark.parametrize(
    ("keys", "letters", "chosen", "emitted"),
    [
        ("a b", "ab", "", ()),
        ("a b candidate:0", "", "", (Insert(words="〈ab〉"),)),
        ("a b space", "", "", (Insert(words="〈ab〉"),)),
        ("a b c d candidate:1", "cd", "〈ab〉", ()),
        ("a b c d candidate:1 candidate:0", "", "", (Insert(words="〈ab〉〈cd〉"),)),
        ("a b ' c", "ab'c", "", ()),
        ("a b ' ' c", "ab'c", "", ()),
        ("' a", "a", "", ()),
        ("a b ' c candidate:1", "c", "〈ab〉", ()),
        ("a erase", "", "", ()),
        ("a b erase", "a", "", ()),
        ("a b c candidate:1 erase", "ab", "", ()),
        ("a b c d candidate:1 erase", "c", "〈ab〉", ()),
        ("erase", "", "", (Erase(),)),
        ("done", "", "", (Done(),)),
        ("a done", "a", "", ()),
        ("space", "", "", ()),
        ("x candidate:0", "x", "", ()),
        ("x space", "x", "", ()),
        ("a candidate:7", "a", "", ()),
        ("a key:Ä key:1 key:号", "a", "", ()),
        ("a b mode:digits", "", "", ()),
        ("a b c candidate:1 mode:latin", "", "", (Insert(words="〈ab〉"),)),
        ("mode:latin a shift b c space done", "", "", "a B c _ done"),
        ("mode:digits 1 单 key:单元 X a erase", "", "", "1 单元 X erase"),
        ("mode:symbols · key:号 ，", "", "", "· ，"),
        ("mode:nothing a", "a", "", ()),
    ],
)
def test_transitions(keys: str, letters: str, chosen: str, emitted: tuple[Emit, ...] | str) -> None:
    """What waits, what was chosen, and what was done to the field."""
    state, done = walk(keys)
    assert (state.letters, state.words) == (letters, chosen)
    assert done == (_told(emitted) if isinstance(emitted, str) else emitted)


def _told(words: str) -> tuple[Emit, ...]:
    ends: dict[str, Emit] = {"erase": Erase(), "done": Done(), "_": Insert(words=" ")}
    return tuple(ends.get(word, Insert(words=word)) for word in words.split())


def test_leaves_turn_and_close() -> None:
    """Not before the first, not beyond what there is, and back with any other letter."""
    state, _ = walk("a b leaf:+1")
    assert state.leaf == 1
    assert walk("leaf:-1 leaf:-1", state)[0].leaf == 0
    assert walk("leaf:+1 leaf:+1 leaf:+1", state)[0].leaf == 2
    assert walk("leaf:0", state)[0].leaf == 0
    assert walk("leaf:+9 leaf:x", state)[0].leaf == 1
    assert walk("c", state)[0].leaf == 0
    assert walk("x leaf:+1")[0].leaf == 0


def test_digits_and_signs_lead_back_to_what_was_written() -> None:
    """From pinyin to pinyin, from latin to latin."""
    assert walk("mode:digits mode:symbols")[0].writes is Mode.PINYIN
    assert walk("mode:latin mode:digits")[0].writes is Mode.LATIN


def test_letters_are_bounded() -> None:
    """More letters than an engine takes are not taken, chosen ones counted."""
    state, _ = walk("a " * (MAX_LETTERS + 9))
    assert len(state.letters) == MAX_LETTERS
    state, _ = walk("candidate:1 " + "a " * 9, state)
    assert len(state.letters) == MAX_LETTERS - 2


def test_every_stage_can_be_left() -> None:
    """In each stage the mode can be changed and something erased."""
    for stage in Stage:
        assert (stage, K.MODE) in TRANSITIONS
        assert (stage, K.ERASE) in TRANSITIONS


KEYS = st.one_of(
    st.sampled_from([*"abcxyz", BREAK]).map(lambda one: Key(kind=K.KEY, value=one)),
    st.integers(-1, 3).map(lambda one: Key(kind=K.CANDIDATE, value=str(one))),
    st.sampled_from([Key(kind=K.MODE, value=mode) for mode in Mode]),
    st.sampled_from([Key(kind=K.KEY, value=one) for one in (*DIGIT_KEYS, *SYMBOL_KEYS)]),
    st.sampled_from([Key(kind=kind) for kind in (K.SHIFT, K.ERASE, K.SPACE, K.DONE)]),
    st.sampled_from([Key(kind=K.LEAF, value=one) for one in ("+1", "-1", "0", "")]),
    st.builds(Key, kind=st.sampled_from(K), value=st.text(max_size=3)),
)


@given(st.lists(KEYS, max_size=80))
def test_walks(keys: list[Key]) -> None:
    """Never raises, stays in bounds, and writes nothing but what was chosen or stands on a key."""
    state = Composition()
    for key in keys:
        before = state
        state, emitted = press(state, key, look_up)
        assert len(state.letters) + sum(len(part.letters) for part in state.chosen) <= MAX_LETTERS
        assert bool(state.letters) or (not state.chosen and state.leaf == 0)
        assert state.reading == (look_up(state.letters) if state.letters else Reading())
        for one in emitted:
            if isinstance(one, Insert):
                assert one.words in _allowed(before, key)


def _allowed(before: Composition, key: Key) -> set[str]:
    """Return the words that a key may write in a state."""
    offered = {before.words + one.words for one in before.reading.candidates}
    return {*offered, before.words, key.value, key.value.upper(), " "}
