"""Line breaking and the choice of faces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.fonts import MISSING, advance, runs
from screens.text import COUNTERS, NO_END, NO_START, atoms, break_lines, shorten

ALPHABET = "市民可随时补打凭条身份证，。！？、（）《》“”：0123456789 AbC"


def lines(words: str, room: int, *, balance: bool = False) -> tuple[str, ...]:
    """Break at the size of running text."""
    return break_lines(words, face="sans", size=30, room=room, balance=balance)


@given(st.text(alphabet=ALPHABET, max_size=80), st.integers(200, 900), st.booleans())
def test_nothing_is_lost_and_every_line_fits(words: str, room: int, balance: bool) -> None:
    """The lines hold the same characters, none is wider than the room."""
    broken = lines(words, room, balance=balance)
    assert "".join(broken).replace(" ", "") == words.replace(" ", "")
    assert all(advance(line, "sans", 30) <= room for line in broken)


@given(st.text(alphabet="市民可随时补打凭条", min_size=2, max_size=60), st.integers(200, 900))
def test_no_lonely_last_character(words: str, room: int) -> None:
    """The last of several lines has more than one character."""
    broken = lines(words, room)
    assert len(broken) == 1 or len(broken[-1]) > 1


def test_marks_do_not_begin_or_end_a_line() -> None:
    """避头尾, at every width."""
    words = "约还能打 12 张。今天（周日）2 张没打出来，市民“可随时”补打：《办事指南》第 3 页！"
    for room in range(150, 900, 10):
        for line in lines(words, room):
            assert line[0] not in NO_START
            assert line[-1] not in NO_END


def test_a_number_stays_with_what_it_counts() -> None:
    """“12 张” is one piece."""
    assert "12 张" in "|".join(atoms("还能打 12 张。"))
    for counter in COUNTERS:
        assert f"12 {counter}" in atoms(f"有 12 {counter}")


def test_known_words_are_not_cut_while_there_is_another_way() -> None:
    """身份证 stays whole."""
    for room in range(200, 700, 20):
        assert any("身份证" in line for line in lines("请把您的身份证平放在感应区上面等一下", room))


def test_a_long_number_breaks_at_its_groups() -> None:
    """A number that is wider than the room is cut between groups."""
    assert lines("4107 0020 2611 2200 0017", 250)[0].split(" ")[0] == "4107"
    assert all(
        len(group) == 4 for line in lines("4107 0020 2611 2200 0017", 250) for group in line.split()
    )


def test_a_name_among_latin_words_is_not_cut() -> None:
    """“Hello 陈晓芸.” breaks before or after the name, at every width that holds it."""
    for room in range(160, 900, 10):
        broken = lines("Hello 陈晓芸. What is found goes straight into the form.", room)
        assert any("陈晓芸." in line for line in broken), room


def test_a_number_is_not_cut_where_it_fits_on_a_line_of_its_own() -> None:
    """Neither stars nor groups are parted for the sake of a word before them."""
    for number in ("***************7335", "4107 0020 2611 2200 0001"):
        for words in (f"Application number {number}", f"新乡市示例银行  {number}"):
            own = int(advance(number, "sans", 30)) + 1
            for room in range(own, 900, 10):
                assert any(number in line for line in lines(words, room)), room


def test_a_cut_is_shown() -> None:
    """Lines that are left out leave an ellipsis that fits."""
    broken = lines("市民可随时补打凭条" * 6, 300)
    short = shorten(broken, 2, face="sans", size=30, room=300)
    assert len(short) == 2
    assert short[-1].endswith("…")
    assert advance(short[-1], "sans", 30) <= 300


def test_rare_characters_of_names_are_drawn() -> None:
    """䶮 㛃 𬭎 𠮷 have glyphs in all faces; what no face has is a geta mark, not nothing."""
    for face in ("sans", "bold", "serif"):
        assert runs("䶮㛃𬭎𠮷", face) == ((face, "䶮㛃𬭎𠮷"),)
    assert runs("王\U0001f600", "sans") == (("sans", f"王{MISSING}"),)
