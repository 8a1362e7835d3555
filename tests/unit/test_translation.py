"""Interface texts: one table a language, complete in Chinese and in English."""

from __future__ import annotations

import re
import string

import pytest

from kiosk.documents import read
from kiosk.journey.view import plain, text
from kiosk.translation import MissingTextError, Translator, languages
from kiosk.translation.translator import files, keys
from screens.words import Words

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
"""Runs of Chinese characters and of their stops."""
LATIN = 0.5
"""Width of a Latin letter, in heights of its letters."""
CHINESE_IN_ENGLISH = {
    "enterprise.lead.show": "电子营业执照出示执照",
    "enterprise.trouble.too_long_hint": "出示执照",
    "enterprise.trouble.control_bytes_hint": "出示执照",
    "enterprise.trouble.foreign_hint": "出示执照",
    "nav.language": "中文",
    "input.language": "中",
    "help.cannot_hotline": "办不成事",
    "progress_scan.trouble.not_arrived_hint": "已保存",
    "staff.help.number_hint": "本机号",
    "staff.help.title": "已保存",
}
"""The way back to Chinese, what is said to a clerk, what is printed on paper."""
LATIN_IN_CHINESE = frozenset({"nav.language", "input.letters", "input.latin"})
"""Buttons that name letters."""
FOR_STAFF = ("faults.", "staff.", "upkeep.", "stick.", "trace.", "calibration.")
"""Words of maintenance mode: staff call parts and cases by their names."""
FOR_TECHNICIANS = ("doctor.", "setup.", "enrol.", "intake_check.", *FOR_STAFF)
"""Sentences that name commands and files; no citizen reads them."""
JARGON = ("高拍仪", "受理系统", "核验", "容缺", "授权", "共享", "办件", "对方", "拨打", "后台")
"""Words of the office that no citizen has to know."""
BUTTONS = {
    "nav.home": 3.0,
    "nav.back": 3.0,
    "nav.help": 5.0,
    "nav.size": 3.2,
    "nav.language": 2.5,
    "attract.begin": 13.0,
    "home.progress": 5.0,
    "home.mine": 8.0,
    "home.all": 3.0,
    "guide.start": 7.0,
    "guide.print": 9.0,
    "guide.sheet": 13.0,
    "guide.retry": 13.0,
    "card.retry": 6.5,
    "question.next": 4.5,
    "choose.next": 11.0,
    "consent.agree": 9.0,
    "consent.decline": 4.5,
    "declined.continue": 9.0,
    "declined.reconsider": 9.0,
    "declined.finish": 9.0,
    "fetching.retry": 6.5,
    "fetching.cancel": 6.5,
    "review.change": 2.5,
    "review.sign": 11.0,
    "review.sign_objected": 11.0,
    "review.submit": 10.0,
    "materials.capture": 6.0,
    "materials.one_more": 8.0,
    "materials.anew": 5.0,
    "materials.commit": 14.0,
    "capture.shoot": 7.0,
    "captured.keep": 8.0,
    "captured.again": 4.0,
    "captured.more": 8.0,
    "commit.agree.follows": 14.0,
    "commit.agree.other": 14.0,
    "materials.vouch": 14.0,
    "listed.open": 14.0,
    "sign.submit": 4.0,
    "sign.wipe": 3.5,
    "sign.confirm": 17.0,
    "receipt.finish": 8.5,
    "receipt.reprint": 6.5,
    "rating.send": 4.0,
    "rating.skip": 9.0,
    "warning.continue": 5.0,
    "warning.finish": 9.0,
    "help.close": 12.0,
    "digits.erase": 5.0,
    "progress_scan.retry": 6.5,
    "screens.leaf.next": 6.0,
    "screens.leaf.before": 6.0,
}
"""How wide a button may be in any language, in heights of its letters."""


@pytest.fixture(scope="module")
def english() -> Translator:
    """English, as a test sees it."""
    return Translator("en", strict=False)


@pytest.fixture(scope="module")
def chinese() -> Translator:
    """Chinese, as a test sees it."""
    return Translator(strict=False)


def test_values_take_their_places() -> None:
    """A key's words with values; a value with braces stays as it is."""
    zh = Translator(strict=True)
    assert zh.text("slip.help", phone="12345") == "咨询电话 12345"
    assert zh.text("fault.empty", label="{x}") == "请填{x}"


def test_one_and_several_have_their_words() -> None:
    """English counts: a page, two pages; a number may come as words."""
    en = Translator("en", strict=True)
    assert en.text("materials.captured", n="1") == "1 page taken"
    assert en.text("materials.captured", n=2) == "2 pages taken"
    assert en.text("stage.days_after", n=1) == "within 1 working day after acceptance"


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
    """What a language has no folder or no words for is Chinese."""
    assert Translator("xx", strict=True).text("truth.received") == "已收件"
    assert Translator("en", strict=True).text("truth.received") == "Received"


@pytest.mark.parametrize("language", languages())
def test_files_are_sound(language: str) -> None:
    """No section in two files, and the same keys in every language."""
    seen: set[str] = set()
    for path in files(language):
        tree = read(path).value
        assert isinstance(tree, dict)
        own_keys = set(tree)
        assert not seen & own_keys, f"{path.name}: a section is in two files"
        seen |= own_keys
    assert sorted(keys(language) ^ keys()) == []


@pytest.mark.parametrize("language", languages())
def test_values_are_the_same_in_every_language(language: str, chinese: Translator) -> None:
    """No language drops a number that another one says."""
    own = Translator(language, strict=False)
    for key in keys():
        assert _places(own.text(key)) == _places(chinese.text(key)), key


def _places(words: str) -> set[str]:
    return {place for _, place, *_ in string.Formatter().parse(words) if place is not None}


def test_english_holds_no_chinese(english: Translator) -> None:
    """But for the few words that a reader of English needs in Chinese."""
    found = {key: "".join(HAN.findall(english.text(key))) for key in keys("en")}
    assert {key: words for key, words in found.items() if words} == CHINESE_IN_ENGLISH


def test_chinese_holds_no_english(chinese: Translator) -> None:
    """A person who knows no letters reads all of it; an example of what to type is one."""
    for key in keys() - LATIN_IN_CHINESE:
        if key.startswith(FOR_TECHNICIANS):
            continue
        words = re.sub(r"\{[^}]*\}", "", chinese.text(key)).replace("比如 shk", "")
        assert not re.search(r"[A-Za-z]", words), (key, words)


@pytest.mark.parametrize("word", JARGON)
def test_chinese_is_plain(word: str, chinese: Translator) -> None:
    """No word of the office where a plain one does; the province's modules have its words."""
    own = (*FOR_STAFF, "intake_check.modules.")
    told = (key for key in sorted(keys()) if not key.startswith(own))
    assert [key for key in told if word in chinese.text(key)] == []


@pytest.mark.parametrize("language", languages())
def test_every_trouble_says_what_to_do(language: str) -> None:
    """Whatever goes wrong has a second sentence, with a way on."""
    own = Translator(language, strict=True)
    told = [key for key in keys() if re.search(r"(\.trouble|^limit)\.[a-z_]+$", key)]
    beside = {key for key in told if not key.startswith(("trouble.", "screens."))}
    for key in sorted(key for key in beside if not key.endswith("_hint")):
        assert own.has(f"{key}_hint"), key


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", BUTTONS)
def test_buttons_are_short(key: str, language: str) -> None:
    """Words of a button fit where they stand."""
    words = Translator(language).text(key)
    width = sum(1.0 if HAN.match(letter) else LATIN for letter in words)
    assert width <= BUTTONS[key], f"{width:.1f}"


def test_english_claims_what_chinese_claims(english: Translator) -> None:
    """True words stay true: stored is not submitted, unknown is not printed."""
    number = {"local_no": "L1", "application_no": "N1"}
    assert {key: english.text(f"truth.{key}", **number) for key in ("stored", "submitted")} == {
        "stored": "Saved on this terminal, submitted by itself once online; local number L1",
        "submitted": "Submitted; application number N1",
    }
    for state in ("stored", "refused"):
        assert "ubmitted" not in english.text(f"truth.seal.{state}")
    assert "printed" not in english.text("truth.printed.unknown").lower()


@pytest.mark.parametrize(
    ("chinese_words", "english_words"),
    [
        ("2026年11月14日", "14 Nov 2026"),
        ("2026年11月14日 06:20", "14 Nov 2026 06:20"),
        ("11月14日 06:20", "14 Nov 06:20"),
        ("2026年11月", "Nov 2026"),
        ("2026年11月12日至2026年11月16日", "12 Nov 2026 – 16 Nov 2026"),
        ("3350克", "3350 g"),
        ("6,123.50元", "6,123.50 yuan"),
        ("姓名、手机号", "Name, Mobile number"),
        ("男  2026年11月14日 06:20  李沐辰", "Male  14 Nov 2026 06:20  李沐辰"),
        ("市公安局 工作日 9:00至17:00", "City police bureau, Working days 9:00 to 17:00"),
        (
            "孩子在本市的医院出生；孩子住在本市",
            "The child was born in a hospital of this city; The child lives in this city",
        ),
        ("陈晓芸", "陈晓芸"),
        ("新乡市牧野区样例街5月路12号", "新乡市牧野区样例街5月路12号"),
    ],
)
def test_values_are_told_in_english(chinese_words: str, english_words: str) -> None:
    """Dates, measures and lists of the catalogue; names and addresses stay as they are."""
    assert Words("en")(plain(chinese_words)) == english_words
    assert Words()(plain(chinese_words)) == chinese_words


@pytest.mark.parametrize(("language", "said"), [("zh", "11月27日"), ("en", "27 Nov")])
def test_a_month_has_a_name_where_the_language_has_names(language: str, said: str) -> None:
    """A page gives the number of a month."""
    assert Words(language)(text("screens.date.day", month=11, day=27)) == said
