"""Samples of the form: groups of fields, one question with elder letters, the older questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from kiosk.journey import view as v
from screens.sample import NEXT, TODAY, Sample, act, frame, say
from screens.samples_home import composed

_HEALTH: Final = say("卫健共享", "Health")
KNOWN: Final = (
    v.KnownFact(label=say("出生时间", "Born"), value=say("2026年11月14日 06:20"), source=_HEALTH),
    v.KnownFact(label=say("性别", "Sex"), value=say("女", "Female"), source=_HEALTH),
)
MORE: Final = (
    *KNOWN,
    v.KnownFact(label=say("出生体重", "Weight"), value=say("3,250 克", "3,250 g"), source=_HEALTH),
    v.KnownFact(
        label=say("出生医院", "Hospital"),
        value=say("示例市妇幼保健院（样本区院区）"),
        source=_HEALTH,
    ),
)


def row(key: str, words: str, english: str, **more: object) -> v.FormRow:
    """Return one fact that the citizen gives."""
    usual: dict[str, object] = {
        "aside": None,
        "kind": "text",
        "value": None,
        "options": (),
        "suggestions": (),
        "focus": None,
        "clear": None,
        "focused": False,
        "fault": None,
        "why": None,
    }
    return v.FormRow(key=key, label=say(words, english), **{**usual, **more})  # type: ignore[arg-type]


_NAME: Final = row(
    "newborn.name",
    "宝宝姓名",
    "Name of the child",
    aside=say("出生证、户口等 6 项都要用，只填一次", "Six items use it; asked once"),
    value=say("李沐"),
    suggestions=(
        act("suggest:newborn.name:0", "随父姓 李", "Father's: 李"),
        act("suggest:newborn.name:1", "随母姓 陈", "Mother's: 陈"),
    ),
    focus=act("focus:newborn.name", "宝宝姓名"),
    clear=v.Action(target="clear", label=v.text("form.clear"), icon="circle-x"),
    focused=True,
)
_SETTLE: Final = row(
    "birth.settle_with",
    "户口随谁",
    "Registered with",
    aside=say("户口登记要用", "For the household registration"),
    kind="choice",
    value=say("随母亲 陈晓芸"),
    options=(
        act("choose:birth.settle_with:mother", "随母亲 陈晓芸", "Mother 陈晓芸", chosen=True),
        act("choose:birth.settle_with:father", "随父亲 李建国", "Father 李建国"),
    ),
)
_NATION: Final = row(
    "newborn.ethnicity",
    "民族",
    "Nationality",
    aside=say("从父母民族中选", "One of the parents'"),
    kind="choice",
    options=(
        act("choose:newborn.ethnicity:01", "汉族", "Han"),
        act("choose:newborn.ethnicity:03", "回族", "Hui"),
    ),
)
_ADDRESS: Final = row(
    "mother.residence_address",
    "现在住哪里",
    "Where you live now",
    value=say("示例省示例市样本区静心路 18 号 3 号楼 2 单元 501 室"),
    focus=act("focus:mother.residence_address", "现在住哪里"),
    why=say("户口本上的地址可能不是您现在住的", "It may differ from the register"),
)
_PLACE: Final = row(
    "newborn.native_place",
    "籍贯",
    "Native place",
    kind="pick",
    focus=act("open:newborn.native_place", "籍贯"),
    fault=say("请选籍贯", "Choose the native place"),
)
_MOBILE: Final = row(
    "mother.mobile",
    "您的手机号",
    "Your mobile",
    value=say("139 0000"),
    focus=act("focus:mother.mobile", "您的手机号"),
    clear=v.Action(target="clear", label=v.text("form.clear"), icon="circle-x"),
    focused=True,
)
_CERTIFICATE: Final = row(
    "birth.cert_no",
    "出生医学证明编号",
    "Number of the birth certificate",
    value=say("A4000"),
    focus=act("focus:birth.cert_no", "出生医学证明编号"),
    why=say("在出生医学证明的最上面", "On the top of the certificate"),
    focused=True,
    paper="birth-certificate/编号",
)
_TITLE: Final = say("宝宝的信息", "About the child")


def form() -> v.FormView:
    """Return the page of the child's facts, with the pad."""
    return v.FormView(
        page="form",
        frame=frame(2, 0.45, go=NEXT),
        title=_TITLE,
        known=KNOWN,
        rows=(_NAME, _SETTLE, _NATION),
        left=10,
        number=1,
        of=3,
        input=v.Input(field="newborn.name", keyboard="pinyin", value="李沐"),
    )


def filling() -> Iterator[Sample]:
    """Yield pages of the form; with elder letters the journey gives one row a page."""
    whole = form()
    yield Sample(name="form", view=whole)
    yield Sample(name="form-composing", view=whole, composition=composed())
    many = replace(whole, known=MORE, rows=(replace(_NAME, focused=False), _ADDRESS, _PLACE))
    many = replace(many, input=None, number=2)
    yield Sample(name="form-more", view=many)
    yield Sample(name="form-more-second", view=many, leaf=1)
    wrong = v.Notice(
        kind="trouble",
        text=say("还有 1 项没填", "One fact is missing"),
        hint=say("红色的那一项，填好再按下一步。", "The red one; then go on."),
    )
    yield Sample(name="form-fault", view=replace(many, notices=(wrong,), known=()))
    written = v.Input(field="mother.mobile", keyboard="mobile", value="1390000")
    digits = replace(whole, known=(), rows=(_MOBILE, _ADDRESS), input=written, number=3)
    yield Sample(name="form-mobile", view=digits)
    latin = v.Input(field="birth.cert_no", keyboard="latin", value="A4000")
    where = replace(digits, rows=(_CERTIFICATE,), input=latin)
    yield Sample(name="form-where", view=where)
    one = replace(
        whole, known=(), rows=(_NAME,), title=say("宝宝叫什么名字？", "What is the name?")
    )
    yield Sample(name="form-one", view=one)
    choice = replace(one, rows=(_SETTLE,), input=None, title=say("孩子户口随谁？", "With whom?"))
    yield Sample(name="form-one-choice", view=choice)
    place = replace(choice, rows=(_PLACE,), title=say("孩子的籍贯是哪里？", "Native place?"))
    yield Sample(name="form-one-pick", view=place)


_KINDS: Final = (
    ("resettled_retiree", "异地安置退休人员", "Retired, moved away", "退休后搬到外地长住"),
    ("long_term_resident", "异地长期居住人员", "Living elsewhere", "在外地住半年以上"),
    ("posted_worker", "常驻异地工作人员", "Posted elsewhere", "单位派到外地工作"),
    ("referred_patient", "异地转诊人员", "Referred by a hospital", "医院开了转诊单"),
    ("other_temporary", "其他临时外出就医人员", "Others", "急诊、临时去外地看病"),
)
_PROVINCES: Final = (
    *("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江"),
    *("上海", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南"),
    *("湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州"),
    *("云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆"),
)
_YUNNAN: Final = (
    *("昆明市", "曲靖市", "玉溪市", "保山市"),
    *("昭通市", "丽江市", "普洱市", "临沧市"),
    *("楚雄彝族自治州", "红河哈尼族彝族自治州", "文山壮族苗族自治州", "西双版纳傣族自治州"),
    *("大理白族自治州", "德宏傣族景颇族自治州", "怒江傈僳族自治州", "迪庆藏族自治州"),
)


def _asked(page: str, title: v.Text, number: int = 2) -> dict[str, object]:
    return {
        "page": page,
        "frame": frame(2, 0.3 + number / 10, go=NEXT),
        "title": title,
        "field": "filing.kind",
        "number": number,
        "of": 4,
        "why": None,
    }


def asking() -> Iterator[Sample]:
    """Yield the pages of one question."""
    options = tuple(
        act(f"choose:filing.kind:{code}", name, english, chosen=number == 1, note=say(note))
        for number, (code, name, english, note) in enumerate(_KINDS)
    )
    which = say("您是哪一种情况？", "Which applies to you?")
    choice = v.ChoiceView(**_asked("choice", which), options=options)  # type: ignore[arg-type]
    yield Sample(name="choice", view=choice)
    why = say("没有查到，所以请您自己填", "Nothing was found, so please say it yourself")
    yield Sample(name="choice-few", view=replace(choice, options=options[:2], why=why))
    where = say("去哪个省看病？", "Which province?")
    tiles = tuple(act(f"province:{n}", name) for n, name in enumerate(_PROVINCES, 11))
    base = _asked("province", where)
    yield Sample(
        name="province",
        view=v.DivisionView(**base, province=None, options=tiles),  # type: ignore[arg-type]
    )
    places = tuple(act(f"place:{n}", name, chosen=n == 9) for n, name in enumerate(_YUNNAN))
    base = _asked("place", say("去哪个市看病？", "Which city?"))
    yield Sample(
        name="place",
        view=v.DivisionView(**base, province="云南", options=places),  # type: ignore[arg-type]
    )
    day = v.DateView(
        **_asked("date", say("从哪一天开始？", "From which day?"), 3),  # type: ignore[arg-type]
        today=TODAY,
        first=TODAY,
        last=TODAY + timedelta(days=90),
        chosen=TODAY + timedelta(days=2),
    )
    yield Sample(name="date", view=day)
    yield Sample(name="date-next-month", view=day, leaf=1)
    yield from _digits()


def _digits() -> Iterator[Sample]:
    keys = [act(f"digit:{digit}", digit) for digit in "123456789"]
    keys += [act("", ""), act("digit:0", "0"), act("erase", "删一位", "Erase", icon="delete")]
    view = v.DigitsView(
        **_asked("digits", say("请输入您的手机号", "Your mobile number"), 4),  # type: ignore[arg-type]
        typed="1390000",
        groups=(3, 4, 4),
        wanted=11,
        keys=tuple(keys),
    )
    yield Sample(name="digits", view=view)
    wrong = v.Notice(
        kind="trouble",
        text=say("这个号码不对", "This number is wrong"),
        hint=say("手机号是 11 位，请一位一位对一遍。", "It has 11 digits; check them one by one."),
    )
    yield Sample(name="digits-wrong", view=replace(view, notices=(wrong,), typed="13900004007"))
