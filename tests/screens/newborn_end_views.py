"""Views of the newborn visit from the review on, made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk.journey import standing
from kiosk.journey import view as v
from kiosk.journey.facts import Standing, Stroke
from kiosk.journey.view import Case, Line, Notice, plain
from tests.screens.newborn_views import MOTHER, NUMBER, act, frame


def _row(label: str, value: str, source: str = "身份证", *, mine: bool = False) -> v.ReviewRow:
    change = act(f"change:{label}", "改") if mine else None
    return v.ReviewRow(
        label=plain(label),
        value=plain(value),
        source=plain("您填的" if mine else source),
        by_citizen=mine,
        change=change,
    )


_BABY: Final = (
    _row("姓名", "李沐辰", mine=True),
    _row("性别", "女", "卫健委共享"),
    _row("出生时间", "2026-11-14 06:20", "卫健委共享"),
    _row("出生孕周", "39 周 2 天", "卫健委共享"),
    _row("出生体重", "3260 克", "卫健委共享"),
    _row("出生身长", "50 厘米", "卫健委共享"),
    _row("民族", "汉族", mine=True),
    _row("籍贯", "河南省新乡市", mine=True),
    _row("落户随", "随母亲", mine=True),
    _row("接生机构", "新乡市示例妇幼保健院", "卫健委共享"),
)


def _parent(name: str) -> tuple[v.ReviewRow, ...]:
    return (
        _row("姓名", name),
        _row("证件号码", "4007********002X"),
        _row("出生日期", "1990-01-01"),
        _row("国籍", "中国"),
        _row("民族", "汉族"),
        _row("手机号", "139****4007", "以前填过"),
        _row("户籍地址", "虚构省示例市样本区静心路 18 号", "公安共享"),
        _row("现住地址", "红旗区洪门镇静心路 18 号 2 单元 301", mine=True),
        _row("结婚证号", "J400701-2019-000123", "民政共享"),
        _row("与户主关系", "配偶", mine=True),
    )


_GROUPS: Final = (
    v.ReviewGroup(title=plain("宝宝"), summary=plain("李沐辰　女　2026-11-14 06:20"), rows=_BABY),
    v.ReviewGroup(
        title=plain("母亲"), summary=plain("陈晓芸　4007********002X"), rows=_parent(MOTHER)
    ),
    v.ReviewGroup(
        title=plain("父亲"), summary=plain("李建国　已在手机上同意"), rows=_parent("李建国")
    ),
    v.ReviewGroup(
        title=plain("办理"),
        summary=plain("7 项：出生证、接种证、户口、社保卡、报销、医保、育儿指导"),
        rows=(),
        change=act("change:items", "改"),
    ),
    v.ReviewGroup(
        title=plain("材料"),
        summary=plain("拍了 3 页，其余 26 样不用交"),
        rows=(),
        change=act("change:materials", "改"),
    ),
    v.ReviewGroup(
        title=plain("结果"),
        summary=plain("一起办好，快递到红旗区洪门镇静心路 18 号 2 单元 301"),
        rows=(),
        change=act("change:delivery", "改"),
    ),
    v.ReviewGroup(
        title=plain("报销到"),
        summary=plain("新乡市示例银行　尾号 8017"),
        rows=(
            _row("开户银行", "新乡市示例银行", mine=True),
            _row("银行账号", "9156 **** **** 8017", mine=True),
            _row("户名", MOTHER),
            _row("医疗总费用", "4,860.00 元", "医保共享"),
            _row("住院时间", "2026-11-13 至 2026-11-16", "医保共享"),
        ),
    ),
)

STATEMENT: Final = (
    plain("以上是真的，不是真的我负责。"),
    plain("同意各部门为办这 7 项使用这些信息。"),
)
REVIEW: Final = v.ReviewView(
    page="review",
    frame=frame("没有错，去签名", done=4),
    title=plain("请从头核对一遍"),
    lead=plain("39 项替您填好了，10 项是您填的"),
    rows=tuple(row for group in _GROUPS for row in group.rows),
    groups=_GROUPS,
    filled_for_you=39,
    filled_by_you=10,
    statement=STATEMENT,
)


def _stroke(*points: tuple[float, float]) -> Stroke:
    return Stroke(points=tuple((x, y, n * 0.02) for n, (x, y) in enumerate(points)))


STROKES: Final = (
    _stroke((0.20, 0.18), (0.24, 0.15), (0.27, 0.17), (0.28, 0.30), (0.25, 0.45), (0.19, 0.56)),
    _stroke((0.22, 0.36), (0.26, 0.34), (0.31, 0.33), (0.34, 0.30)),
    _stroke((0.31, 0.18), (0.31, 0.35), (0.30, 0.52), (0.29, 0.61)),
    _stroke((0.40, 0.23), (0.45, 0.22), (0.50, 0.23)),
    _stroke((0.41, 0.40), (0.47, 0.38), (0.53, 0.36)),
    _stroke((0.45, 0.16), (0.45, 0.32), (0.43, 0.48), (0.42, 0.59)),
    _stroke((0.58, 0.21), (0.65, 0.20), (0.73, 0.18)),
    _stroke((0.66, 0.19), (0.64, 0.36), (0.60, 0.52), (0.57, 0.60)),
    _stroke((0.64, 0.35), (0.69, 0.46), (0.75, 0.57)),
)
SIGN: Final = v.SignView(
    page="sign",
    frame=frame(done=4),
    title=plain("请签上您的名字"),
    lead=plain("用手指写，像在纸上一样"),
    name=MOTHER,
    strokes=(),
    signed=False,
    by_card=False,
    statement=STATEMENT,
    wipe=None,
    confirm=act("confirm", "不方便写字，用身份证确认", "id-card"),
)
SIGN_DONE: Final = replace(
    SIGN,
    frame=frame("提交", "submit", icon="send", done=4),
    strokes=STROKES,
    signed=True,
    wipe=act("wipe", "重写", "eraser"),
)
SIGN_BY_CARD: Final = replace(
    SIGN_DONE, strokes=(), by_card=True, wipe=act("wipe", "改成手写", "pen-line"), confirm=None
)

RATING: Final = v.RatingView(
    page="rating",
    frame=replace(frame(), steps=None),
    title=plain("这次办得怎么样？"),
    lead=plain("不评也可以，不影响您办的事"),
    grades=(
        act("rate:5", "非常满意", "laugh"),
        act("rate:4", "满意", "smile"),
        act("rate:3", "基本满意", "meh"),
        act("rate:2", "不满意", "frown"),
        act("rate:1", "非常不满意", "angry"),
    ),
    options=(),
    skip=act("finish", "不评了，结束"),
)
RATING_CHOSEN: Final = replace(
    RATING,
    frame=replace(frame("评好了", "next"), steps=None),
    grades=tuple(replace(g, chosen=g.target == "rate:2") for g in RATING.grades),
    options=(
        act("rate_option:words", "字看不懂"),
        act("rate_option:slow", "等得太久", chosen=True),
        act("rate_option:many", "要填的太多"),
        act("rate_option:device", "机器不好用"),
        act("rate_option:materials", "材料不好拍"),
        act("rate_option:other", "别的原因"),
    ),
)

MINE: Final = v.MineView(
    page="mine",
    frame=replace(frame(), steps=None, thing=None),
    title=plain("您办过的事"),
    lead=plain("点一件，看办到哪一步"),
    asking=False,
    cases=(
        Case(
            action=act("open_case:0", "新生儿出生"),
            thing="新生儿出生",
            number=NUMBER,
            told=plain("有 1 样要您补"),
            mark="needs_you",
        ),
        Case(
            action=act("open_case:1", "就医费用报销"),
            thing="就医费用报销",
            number="4107 0020 2610 0300 0204",
            told=plain("全部办好了，10月12日"),
            mark="done",
        ),
    ),
    empty=None,
)
MINE_ASKING: Final = replace(
    MINE, title=plain("正在查，请稍等"), lead=plain("一般几秒就好"), asking=True, cases=()
)
MINE_EMPTY: Final = replace(
    MINE,
    title=plain("没有查到您办过的事"),
    lead=None,
    cases=(),
    empty=Line(
        name=plain("这张身份证名下没有申报"),
        aside=plain("在别处办的，请扫那张凭条，或打 12345 问。"),
    ),
)

SCAN: Final = v.ProgressScanView(
    page="progress_scan",
    frame=replace(frame(), steps=None, thing=None),
    title=plain("请把凭条上的二维码对准扫码窗口"),
    lead=plain("离窗口一拳远，亮光对准二维码"),
    phase="show",
    by_card=act("by_card", "没有凭条，用身份证查", "id-card"),
)


def _item(number: int, name: str, state: str, told: str, *, more: str = "") -> v.ProgressItem:
    at = "11月24日 09:10"
    item = Standing(
        name=name,
        number=f"{NUMBER}{number:02}",
        state=state,
        state_text=told,
        at=at,
        supplement=more,
    )
    return v.ProgressItem(
        name=name,
        number=item.number,
        state_text=told,
        at=at,
        mark=standing.mark(item),
        done=standing.reached(item),
        supplement=more,
    )


SHOW: Final = v.ProgressShowView(
    page="progress_show",
    frame=replace(frame("看完了，结束", "finish", icon="log-out"), steps=None),
    title=plain("新生儿出生，办到这一步"),
    lead=plain(f"申报编号 {NUMBER} · 截至 11月24日 09:10"),
    application_no="41070020261122000017",
    thing="新生儿出生",
    as_of="11月24日 09:10",
    items=(
        _item(1, "出生医学证明", "completed", "已办结"),
        _item(2, "预防接种证", "completed", "已办结"),
        _item(3, "户口登记", "in_review", "审批中"),
        _item(4, "社会保障卡申领", "received", "已收件"),
        _item(
            5,
            "生育医疗费用报销",
            "supplement_required",
            "等您补正",
            more="出院记录第 2 页看不清，医保局请您再拍一次。",
        ),
        _item(6, "居民医保登记", "received", "已收件"),
        _item(7, "科学育儿指导服务登记", "accepted", "已受理"),
    ),
)
_ITEMS: Final = tuple(Line(name=plain(item.name), aside=plain(item.number)) for item in SHOW.items)
RECEIPT: Final = v.ReceiptView(
    page="receipt",
    frame=frame("办完了，结束", "finish", icon="log-out", done=5),
    title=plain("已提交，请取凭条"),
    lead=plain(f"已提交；申报编号 {NUMBER}"),
    outcome="submitted",
    seal=plain("已提交"),
    number_label=plain("申报编号"),
    number=NUMBER,
    items=_ITEMS,
    qr="http://127.0.0.1:8080/p/L0020261122A7K3.5f0c92d1a84be673",
    printing="printed",
    print_notice=Notice(
        kind="done",
        text=plain("凭条已打印"),
        actions=(act("reprint", "再打一张", "printer"),),
    ),
    stages=(
        Line(name=plain("提交，拿凭条"), aside=plain("今天")),
        Line(name=plain("窗口核对材料"), aside=plain("2 个工作小时内")),
        Line(name=plain("部门受理，扫码能看到"), aside=plain("1 个工作日内")),
        Line(name=plain("全部办好"), aside=plain("受理后 10 个工作日内")),
        Line(name=plain("快递到家（免费）"), aside=plain("办好后 3 天内")),
    ),
    card_notice=Notice(kind="bring", text=plain("请带走您的身份证")),
)
FAREWELL: Final = v.FarewellView(
    done=True,
    page="farewell",
    frame=replace(frame("回到首页", "finish"), nav=(), steps=None),
    title=plain("请带走您的身份证"),
    lead=plain("屏幕上您的信息已经清除，后面的人看不到。"),
    card_left=True,
    seconds=12,
)
FAREWELL_DONE: Final = replace(FAREWELL, title=plain("慢走，再见"), card_left=False, seconds=8)
RECEIPT_STORED: Final = replace(
    RECEIPT,
    title=plain("已保存，请记下本机号"),
    lead=plain("已保存在本机，联网后自动提交；本机号 L0020261122A7K3"),
    outcome="stored",
    seal=None,
    number_label=plain("本机号"),
    number="L0020261122A7K3",
    items=tuple(replace(line, aside=plain("卫生健康委员会")) for line in RECEIPT.items),
    printing="failed",
    print_notice=Notice(
        kind="trouble",
        text=plain("没打出来，请拍下或扫码"),
        actions=(act("reprint", "再打一张", "printer"),),
    ),
)
RECEIPT_REFUSED: Final = replace(
    RECEIPT_STORED,
    title=plain("没有提交成功"),
    lead=plain("未能提交"),
    outcome="refused",
    qr=None,
    print_notice=Notice(kind="info", text=plain("打印机现在用不了")),
    stages=(),
    card_notice=None,
    notices=(
        Notice(
            kind="trouble",
            text=plain("办事指南刚刚换了新的，这一份要重新核对"),
            hint=plain("请带上身份证到窗口办，或按“找人帮忙”。没有产生办件。"),
        ),
    ),
)
RECEIPT_ONE: Final = replace(RECEIPT, items=RECEIPT.items[:1])
SHOW_ONE: Final = replace(SHOW, items=(replace(SHOW.items[4]),))
SHOW_REFUSED: Final = replace(
    SHOW,
    items=(
        _item(1, "出生医学证明", "completed", "已办结"),
        _item(2, "户口登记", "not_accepted", "不予受理"),
        _item(3, "生育医疗费用报销", "decided_refused", "不予许可", more="出院记录"),
    ),
)
SHOW_CALM: Final = replace(SHOW, items=tuple(replace(i, supplement="") for i in SHOW.items))
SCAN_ASKING: Final = replace(
    SCAN, title=plain("正在查，请稍等"), lead=plain("一般几秒就好"), phase="asking", by_card=None
)
REVIEW_SHORT: Final = replace(REVIEW, rows=_BABY[:6], groups=())
REVIEW_LONG: Final = replace(
    REVIEW,
    groups=(
        *_GROUPS,
        *(replace(_GROUPS[-1], title=plain(f"另外 {n}"), rows=_BABY[1 : 2 + n]) for n in range(5)),
    ),
)
