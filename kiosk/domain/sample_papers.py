"""Sample pictures of papers: what one looks like, and where on it a number stands; pure.

They are ours: drawn of a few shapes, nobody's names, no emblem of any authority, and “样张” across
every one.  A dictionary names one as ``birth-certificate``, or with the place that is meant as
``birth-certificate/编号``.  The same shapes go to the screen, to paper and to a telephone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

INK, PALE, GOLD = "#41505A", "#C9D3D2", "#C98A12"
MARKED = "#FFF1C9"
WIDE: Final = 100.0
"""Every picture is so many units wide."""
_WORD: Final = 6.0
"""Size of the words of a row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle with rounded corners; ``fill`` or ``line`` may be empty."""

    x: float
    y: float
    wide: float
    high: float
    fill: str = ""
    line: str = ""
    thick: float = 0.6
    round: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """One line of words around a middle (or from the left); ``tilted``: rising to the right."""

    x: float
    y: float
    words: str
    size: float
    colour: str = INK
    bold: bool = False
    left: bool = False
    tilted: bool = False


Shape = Box | Written


@dataclass(frozen=True, kw_only=True, slots=True)
class SamplePaper:
    """A kind of paper: how it is cut, what stands at its head, and its rows by name."""

    cut: Literal["card", "booklet", "certificate", "sheet", "slip", "photo", "plan"]
    title: str
    rows: tuple[str, ...] = ()
    paper: str = "#FFFFFF"
    accent: str = "#2A5563"


HIGH: Final = {
    "card": 63.0,
    "booklet": 70.0,
    "certificate": 72.0,
    "sheet": 132.0,
    "slip": 60.0,
    "photo": 130.0,
    "plan": 75.0,
}
"""How high a picture is, by its cut."""

_RED, _GREEN, _WARM, _BLUE, _ROSE = "#A8423B", "#2F7A61", "#FBF6E8", "#EAF1F4", "#FBEFEC"
_PERSON = ("姓名", "公民身份号码")


def _paper(cut: str, title: str, *rows: str, paper: str = "#FFFFFF", ink: str = "") -> SamplePaper:
    return SamplePaper(
        cut=cut,  # type: ignore[arg-type]
        title=title,
        rows=rows,
        paper=paper,
        accent=ink or "#2A5563",
    )


PAPERS: Final[dict[str, SamplePaper]] = {
    "id-card": _paper("card", "", *_PERSON, paper="#E4EFEB"),
    "id-card-back": _paper("card", "居民身份证", "签发机关", "有效期限", paper="#E4EFEB"),
    "residence-permit": _paper("card", "居住证", "姓名", "证号", paper=_BLUE),
    "social-card": _paper("card", "社会保障卡", "姓名", "社会保障卡号", paper="#E2ECF6"),
    "bank-card": _paper("card", "银行卡", "卡号", paper="#E9E4F2", ink="#54427E"),
    "driving-licence": _paper(
        "card", "驾驶证", "姓名", "证号", "档案编号", paper=_BLUE, ink="#2B4A86"
    ),
    "vehicle-licence": _paper(
        "card", "行驶证", "号牌号码", "车辆识别代号", "发动机号码", paper=_BLUE, ink="#2B4A86"
    ),
    "vehicle-plate": _paper("card", "车辆号牌", "号牌号码", paper="#FFF6D6", ink="#7A5B10"),
    "household-register": _paper(
        "booklet", "常住人口登记卡", "姓名", "与户主关系", *_PERSON[1:], paper=_WARM
    ),
    "marriage-certificate": _paper(
        "booklet", "结婚证", "持证人", "结婚证字号", paper=_ROSE, ink=_RED
    ),
    "divorce-certificate": _paper(
        "booklet", "离婚证", "持证人", "离婚证字号", paper=_ROSE, ink=_RED
    ),
    "passport": _paper("booklet", "护照", "护照号", "姓名（拼音）", paper="#EFE8EA", ink="#6B2B3A"),
    "visa": _paper("booklet", "签证页", "签证种类", "有效期", paper=_BLUE),
    "personal-certificate": _paper("booklet", "证件", "姓名", "证号", paper=_WARM, ink=_RED),
    "disability-certificate": _paper("booklet", "残疾人证", "姓名", "残疾人证号", paper=_WARM),
    "birth-certificate": _paper(
        "certificate", "出生医学证明", "编号", "新生儿姓名", "母亲姓名", paper="#F3F6E6", ink=_GREEN
    ),
    "business-licence": _paper(
        "certificate", "营业执照", "统一社会信用代码", "名称", "住所", paper=_WARM, ink=_RED
    ),
    "licence": _paper("certificate", "许可证", "证号", "单位名称", "有效期", paper=_WARM, ink=_RED),
    "property-certificate": _paper(
        "certificate", "不动产权证书", "证号", "权利人", "不动产单元号", paper=_ROSE, ink=_RED
    ),
    "diploma": _paper("certificate", "毕业证书", "姓名", "学校", "证书编号", paper=_WARM, ink=_RED),
    "contract": _paper("sheet", "合同", "合同编号", "甲方", "乙方"),
    "form": _paper("sheet", "申请表", "姓名", "申请事项", "本人签名"),
    "decision": _paper("sheet", "决定书", "文号", "对谁", "日期"),
    "proof": _paper("sheet", "证明", "编号", "证明什么", "日期"),
    "letter": _paper("sheet", "介绍信", "编号", "开给谁", "日期"),
    "medical-record": _paper("sheet", "病历·出院记录", "姓名", "诊断", "医院盖章"),
    "report": _paper("sheet", "报告", "题目", "编写单位", "日期"),
    "rules": _paper("sheet", "管理制度", "单位名称", "负责人签名"),
    "resolution": _paper("sheet", "股东会决议", "公司名称", "决议事项", "股东签名"),
    "list": _paper("sheet", "清单", "名称", "数量", "金额"),
    "transcript": _paper("sheet", "成绩单", "姓名", "学校", "成绩"),
    "invoice": _paper("slip", "票据", "票据号码", "金额", paper="#FDF7EE", ink=_RED),
    "photo": _paper("photo", "证件照"),
    "picture": _paper("plan", "照片"),
    "plan": _paper("plan", "图纸"),
}
"""All kinds, by the key that a dictionary names."""


def known(key: str) -> bool:
    """Tell whether there is such a picture, and the place on it that is named."""
    name, _, place = key.partition("/")
    return name in PAPERS and (not place or place in PAPERS[name].rows)


def keys() -> tuple[str, ...]:
    """Return every key, with and without a place."""
    return tuple(
        one
        for name, own in PAPERS.items()
        for one in (name, *(f"{name}/{place}" for place in own.rows))
    )


def high(key: str) -> float:
    """Return how high the picture is, in units of its width of 100."""
    return HIGH[PAPERS[key.partition("/")[0]].cut]


def shapes(key: str) -> tuple[Shape, ...]:
    """Return the shapes of a picture, the undermost first.

    Raises:
        KeyError: there is no such picture.
    """
    name, _, place = key.partition("/")
    own = PAPERS[name]
    ground, *rest = _DRAWN[own.cut](own, place)
    sample = Written(
        x=50, y=HIGH[own.cut] * 0.6, words="样张", size=26, colour="#D9A441", tilted=True
    )
    if own.cut in {"photo", "plan"}:  # on what fills it; elsewhere under the words
        return (ground, *rest, sample)
    return (ground, sample, *rest)


def _ground(own: SamplePaper, *, corner: float = 2.0) -> Iterator[Shape]:
    yield Box(
        x=0.8,
        y=0.8,
        wide=WIDE - 1.6,
        high=HIGH[own.cut] - 1.6,
        fill=own.paper,
        line=PALE,
        thick=0.8,
        round=corner,
    )


def _rows(
    own: SamplePaper, place: str, at: tuple[float, float], wide: float, step: float
) -> Iterator[Shape]:
    """Draw the rows one under another; the one that is meant is framed."""
    x, y = at
    for number, name in enumerate(own.rows):
        yield from _row(name, (x, y + number * step), wide, meant=name == place)


def _row(name: str, at: tuple[float, float], wide: float, *, meant: bool) -> Iterator[Shape]:
    (x, y), long = at, len(name) * _WORD
    if meant:
        yield Box(
            x=x - 2.5, y=y - 5.5, wide=wide + 5, high=11, fill=MARKED, line=GOLD, thick=1.4, round=2
        )
    yield Written(x=x, y=y, words=name, size=_WORD, left=True, bold=meant)
    bar = max(10.0, wide - long - 4)
    if long + 12 < wide:
        yield Box(
            x=x + wide - bar,
            y=y - 1.8,
            wide=bar,
            high=3.6,
            fill=GOLD if meant else PALE,
            round=1.8,
        )


def _head(own: SamplePaper, x: float, y: float, size: float) -> Iterator[Shape]:
    if own.title:
        yield Written(x=x, y=y, words=own.title, size=size, colour=own.accent, bold=True)


def _person(x: float, y: float, wide: float) -> Iterator[Shape]:
    """Draw nobody: a frame with a head and shoulders."""
    tall = wide * 1.26
    yield Box(x=x, y=y, wide=wide, high=tall, fill="#DCE5E6", line=PALE, round=1)
    head = wide * 0.4
    yield Box(
        x=x + wide * 0.3, y=y + tall * 0.2, wide=head, high=head, fill="#9DB2B5", round=head / 2
    )
    yield Box(
        x=x + wide * 0.16, y=y + tall * 0.62, wide=wide * 0.68, high=tall * 0.38, fill="#9DB2B5",
        round=wide * 0.2,
    )  # fmt: skip


def _card(own: SamplePaper, place: str) -> Iterator[Shape]:
    yield from _ground(own, corner=5)
    if own is PAPERS["bank-card"]:
        yield from _head(own, 22, 12, 9)
        yield Box(x=10, y=22, wide=14, high=10, fill="#E5C56A", line=GOLD, round=1.5)
        meant = place == "卡号"
        if meant:
            yield Box(x=6, y=37, wide=88, high=13, fill=MARKED, line=GOLD, thick=1.4, round=2)
        yield Written(x=50, y=43.5, words="0000 0000 0000 0000", size=8.5, bold=meant)
        return
    if own.title:
        yield from _head(own, 50, 11, 9)
    from_top = 26.0 if own.title else 17.0
    pictured = own.title not in {"居民身份证", "行驶证", "车辆号牌"}
    yield from _rows(own, place, (9, from_top), 54.0 if pictured else 80.0, 13)
    if pictured:
        yield from _person(70, 19, 22)


def _booklet(own: SamplePaper, place: str) -> Iterator[Shape]:
    yield from _ground(own)
    yield Box(x=49.7, y=1, wide=0.6, high=HIGH["booklet"] - 2, fill=PALE)
    yield from _head(own, 26, 12, 9 if len(own.title) < 5 else 6.4)
    yield from _person(16, 23, 21)
    for number, name in enumerate(own.rows):
        y = 14.0 + 19 * number
        yield from _row(name, (54, y), 40, meant=name == place)
        yield Box(x=54, y=y + 7, wide=34 if number % 2 else 26, high=3, fill=PALE, round=1.5)


def _certificate(own: SamplePaper, place: str) -> Iterator[Shape]:
    yield from _ground(own)
    yield Box(x=4, y=4, wide=92, high=64, line=own.accent, thick=0.9, round=1)
    yield Box(x=6, y=6, wide=88, high=60, line=own.accent, thick=0.4, round=1)
    yield from _head(own, 50, 16, 10)
    yield from _rows(own, place, (14, 30), 72, 13)


def _sheet(own: SamplePaper, place: str) -> Iterator[Shape]:
    yield from _ground(own, corner=1)
    yield from _head(own, 50, 17, 12 if len(own.title) < 6 else 9)
    last = own.rows[-1]
    for number, name in enumerate(own.rows[:-1]):
        yield from _row(name, (12, 36 + 14 * number), 76, meant=name == place)
    for number, share in enumerate((76, 76, 70, 76, 44)):
        yield Box(x=12, y=66 + number * 8, wide=share, high=3, fill="#E1E6E5", round=1.5)
    yield from _row(last, (34, 116), 54, meant=last == place)


def _slip(own: SamplePaper, place: str) -> Iterator[Shape]:
    yield from _ground(own, corner=1)
    yield from _head(own, 50, 11, 10)
    yield from _rows(own, place, (12, 28), 76, 13)
    yield Box(x=12, y=49, wide=50, high=3, fill=PALE, round=1.5)


def _photo(own: SamplePaper, _place: str) -> Iterator[Shape]:
    yield from _ground(own, corner=1)
    yield from _person(6, 8, 88)


def _plan(own: SamplePaper, _place: str) -> Iterator[Shape]:
    yield from _ground(own, corner=1)
    yield from _head(own, 50, 11, 9)
    if own.title == "照片":
        yield Box(x=10, y=20, wide=80, high=47, fill="#DCE5E6", line=PALE)
        yield Box(x=20, y=34, wide=60, high=14, fill="#9DB2B5", round=2)
        yield Box(x=26, y=48, wide=48, high=19, fill="#B9C8CA")
        return
    for box in ((10, 20, 48, 28), (58, 20, 32, 47), (10, 48, 24, 19), (34, 48, 24, 19)):
        x, y, wide, tall = box
        yield Box(x=x, y=y, wide=wide, high=tall, line=INK, thick=0.9)
    yield Box(x=44, y=46.8, wide=8, high=2.4, fill="#FFFFFF")


_DRAWN: Final[dict[str, Callable[[SamplePaper, str], Iterator[Shape]]]] = {
    "card": _card,
    "booklet": _booklet,
    "certificate": _certificate,
    "sheet": _sheet,
    "slip": _slip,
    "photo": _photo,
    "plan": _plan,
}
