"""The engine: known words, the city's words first, nothing learned, nothing on disk, fast."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.input import google_pinyin, seeds
from screens.input.engine import MAX_LETTERS, AbsentEngine
from screens.input.google_pinyin import EngineMissing, GooglePinyin
from screens.input.lexicon import Lexicon
from screens.input.method import InputMethod
from screens.input.seeds import Purpose, Seeds


@pytest.fixture(scope="module")
def engine() -> Iterator[GooglePinyin]:
    """The installed engine with the built dictionary."""
    taught = google_pinyin.built("user.dict")
    assert taught, "python assets/build_pinyin.py"
    opened = GooglePinyin(taught.read_bytes())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lexicon(engine: GooglePinyin) -> Lexicon:
    """The engine with the city's lists."""
    return Lexicon(engine, google_pinyin.open_seeds())


def words(lexicon: Lexicon, letters: str, purpose: Purpose = Purpose.TEXT) -> list[str]:
    """Return the candidates of letters."""
    return [one.words for one in lexicon.look_up(letters, purpose).candidates]


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("xinxiang", "新乡"),
        ("xinxiangshi", "新乡市"),
        ("hongqiqu", "红旗区"),
        ("weibinqu", "卫滨区"),
        ("muyequ", "牧野区"),
        ("fengquanqu", "凤泉区"),
        ("weihuishi", "卫辉市"),
        ("huixianshi", "辉县市"),
        ("changyuanshi", "长垣市"),
        ("huojiaxian", "获嘉县"),
        ("yuanyangxian", "原阳县"),
        ("yanjinxian", "延津县"),
        ("fengqiuxian", "封丘县"),
        ("xinxiangshihongqiqu", "新乡市红旗区"),
        ("danyuan", "单元"),
        ("hqq", "红旗区"),
        ("xi'an", "西安"),
        ("gongjijin", "公积金"),
    ],
)
def test_words_of_the_city_come_first(lexicon: Lexicon, letters: str, first: str) -> None:
    """Places of the city, words of an address, initials, the break, everyday words."""
    assert words(lexicon, letters)[0] == first


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("zhangsan", "张三"),
        ("limuchen", "李沐辰"),
        ("muchen", "沐辰"),
        ("wangxiaoming", "王小明"),
        ("ouyangruoxi", "欧阳若汐"),
        ("li", "李"),
        ("shan", "单"),
        ("xie", "谢"),
    ],
)
def test_names(lexicon: Lexicon, letters: str, first: str) -> None:
    """In the field of a name, surnames come first and whole names are put together."""
    assert words(lexicon, letters, Purpose.NAME)[0] == first


def test_every_seeded_word_is_on_the_first_leaf(lexicon: Lexicon) -> None:
    """What the lists name is found without turning a leaf."""
    for word, letters in seeds.load().readings:
        for purpose in Purpose:
            found = words(lexicon, letters, purpose)[:8]
            assert word in found, (word, letters, found)


def test_words_come_before_single_characters(lexicon: Lexicon) -> None:
    """Longer words first, then the characters of the first syllable."""
    found = words(lexicon, "muchen", Purpose.NAME)
    lengths = [len(one) > 1 for one in found]
    assert lengths == sorted(lengths, reverse=True)
    assert "穆" in found


@pytest.mark.parametrize(
    ("letters", "character"),
    [("yan", "䶮"), ("jie", "㛃"), ("ji", "𠮷"), ("kun", "堃"), ("yi", "祎"), ("da", "龘")],
)
def test_rare_characters_can_be_reached(lexicon: Lexicon, letters: str, character: str) -> None:
    """Characters of real names that the dictionary lacks are among the candidates."""
    assert character in words(lexicon, letters)


@pytest.mark.parametrize("letters", ["v", "vvv", "'", "''", "a" * MAX_LETTERS, "i", "zh", "x'x'x"])
def test_odd_letters_are_borne(lexicon: Lexicon, letters: str) -> None:
    """Candidates use up at least one of the letters and no more than there are."""
    for purpose in Purpose:
        for one in lexicon.look_up(letters, purpose).candidates:
            assert 1 <= one.letters <= len(letters)
            assert one.words


def test_a_key_takes_less_than_five_milliseconds(lexicon: Lexicon) -> None:
    """The processor's time for the slowest of many keys, names included; the best of three."""
    spent: list[float] = []
    for letters in ("xinxiangshihongqiqu", "limuchen", "hqqxxs", "yi", "zhongguorenmin"):
        typed = [letters[:end] for end in range(1, len(letters) + 1)]
        spent += [min(_cost(lexicon, one) for _ in range(3)) for one in typed]
    assert max(spent) < 0.005


def _cost(lexicon: Lexicon, letters: str) -> float:
    begin = time.process_time()
    lexicon.look_up(letters, Purpose.NAME)
    return time.process_time() - begin


WRITE = """
import os, sys
from screens.input import InputMethod, Purpose
def rss(): return int(open("/proc/self/statm").read().split()[1]) * 4
before = rss()
method = InputMethod.opened()
assert method.available
method.begin(Purpose.TEXT)
said = []
for word, choices in (("kanglianglu", "康良路"), ("kanglianglu", "")):
    for letter in word:
        method.press("screen:key:" + letter)
    found = [one.words for one in method.state.reading.candidates]
    said.append("康良路" in found)
    for character in choices:
        now = [one.words for one in method.state.reading.candidates]
        method.press(f"screen:candidate:{now.index(character)}")
    method.reset()
print(*said, rss() - before, file=sys.stderr)
files = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if n.isdigit()
         and os.path.lexists(f"/proc/self/fd/{n}")]
print(*[f for f in files if f.startswith("/") and "memfd" not in f and "/dev/" not in f])
"""


def write_in_a_visit(home: Path) -> tuple[list[str], str]:
    """Write an unknown street in a process of its own; return what it said and held open."""
    done = subprocess.run(
        [sys.executable, "-c", WRITE],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(home), "TMPDIR": str(home)},
        cwd=Path(__file__).parent.parent.parent,
    )
    return done.stderr.split()[-3:], done.stdout.strip()


def test_nothing_is_learned_and_nothing_is_written(tmp_path: Path) -> None:
    """A word composed by one citizen is offered neither again nor to the next one."""
    taught = google_pinyin.built("user.dict")
    assert taught
    before = taught.read_bytes(), taught.stat().st_mtime_ns
    for _ in range(2):
        (first, second, _), _ = write_in_a_visit(tmp_path)
        assert (first, second) == ("False", "False")
    assert (taught.read_bytes(), taught.stat().st_mtime_ns) == before
    assert list(tmp_path.iterdir()) == []


def test_no_file_for_writing_is_open_and_memory_is_small(tmp_path: Path) -> None:
    """The user dictionary lives in memory only; engine and lists cost less than 8 MB."""
    (_, _, kilobytes), files = write_in_a_visit(tmp_path)
    assert "user.dict" not in files
    assert int(kilobytes) < 8_000


def test_the_memory_file_opens_in_a_process_that_cannot_be_dumped() -> None:
    """The session hardens itself; ``/proc/self/fd`` must still open for the library."""
    program = """
import ctypes, os
from screens.input.google_pinyin import GooglePinyin
import encodings.utf_16_le
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
assert ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) == 0
assert GooglePinyin().look_up("xinxiang").candidates
"""
    root = Path(__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)


@pytest.mark.parametrize("missing", ["library", "dictionary"])
def test_without_an_engine_letters_can_be_written(
    missing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing installed is no reason to fail: the pad starts with letters and says so."""
    if missing == "library":
        monkeypatch.setattr(google_pinyin, "library", _no_library)
    else:
        monkeypatch.setattr(google_pinyin, "SYSTEM_DICTIONARIES", "no/such.dat")
    method = InputMethod.opened()
    assert not method.available
    assert method.press("screen:key:a") == ("text:a",)


def _no_library(_name: str = "") -> None:
    raise EngineMissing("not installed")


def test_damaged_files_do_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A dictionary or a list that is broken or gone only costs the order of candidates."""
    (tmp_path / "user.dict").write_bytes(b"rubbish" * 99)
    (tmp_path / "rare.json").write_text("{")
    monkeypatch.setattr(google_pinyin, "BUILT", (tmp_path,))
    assert google_pinyin.open_seeds() == Seeds()
    monkeypatch.setattr(seeds, "directory", lambda: tmp_path / "none")
    assert google_pinyin.open_seeds() == Seeds()


def test_a_rubbish_user_dictionary_still_opens() -> None:
    """The library begins a new one, in the memory file."""
    program = """
from screens.input.google_pinyin import GooglePinyin
assert GooglePinyin(b"rubbish" * 99).look_up("xinxiang").candidates
"""
    root = Path(__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)


def test_the_absent_engine_shows_what_was_typed() -> None:
    """It offers nothing, and says that there is nothing."""
    absent = AbsentEngine()
    assert absent.look_up("xi'an").syllables == ("xi", "an")
    assert absent.look_up("xi'an").candidates == ()
    assert absent.available is False


def test_what_the_library_would_die_of_is_kept_from_it() -> None:
    """Its assertions end the process; long runs of initials and ambiguous cuts hold no danger."""
    program = """
import random
from screens.input.google_pinyin import GooglePinyin, built
engine = GooglePinyin(built("user.dict").read_bytes())
letters = "abcdefghijklmnopqrstuvwxyz"
units = [*letters, *(one + "'" for one in letters), "zh", "sh", "ch", "zs", "szy", "fangan",
         "xian", "zhuang", "an'", "ai", "zhong'guo", "sd", "nge", "ganga", "angeng"]
for unit in units:
    engine.look_up((unit * 36)[:36])
seed = random.randrange(10**6)
print("seed", seed)
chance = random.Random(seed)
for _ in range(2000):
    engine.look_up("".join(chance.choices(units, k=12))[: chance.randint(1, 36)])
"""
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_letters_behind_the_sixth_syllable_wait(lexicon: Lexicon) -> None:
    """They are shown, and read when what is before them was chosen."""
    found = lexicon.look_up("zhongguorenminyinhangxinxiangshi")
    assert found.syllables[-3:] == ("xin", "xiang", "shi")
    assert found.candidates[0].letters < len("zhongguorenminyinhangxinxiangshi")
