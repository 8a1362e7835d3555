"""Views of the newborn visit's materials, made by hand: what is offered in the fullest states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from kiosk.journey import view as v
from kiosk.journey.view import Action, Check, Frame, Line, Notice, Steps, plain

MOTHER: Final = "陈晓芸"
NUMBER: Final = "4107 0020 2611 2200 0017"

NAV: Final = (
    Action(target="home", label=plain("首页"), icon="house"),
    Action(target="back", label=plain("返回"), icon="undo-2"),
    Action(target="help", label=plain("找人帮忙"), icon="hand-helping"),
)
TOOLS: Final = (
    Action(target="size", label=plain("大字"), icon="a-large-small"),
    Action(target="language", label=plain("EN"), icon="languages"),
)


def frame(go: str = "", target: str = "next", *, icon: str = "", done: int = 3) -> Frame:
    """Return the bars of a page of the thing, with a way on called ``go``."""
    return Frame(
        service="新乡市政务服务",
        place="红旗区政务服务中心 3 号机",
        thing="新生儿出生",
        steps=Steps(done=done, part=0.4),
        nav=NAV,
        go=Action(target=target, label=plain(go), icon=icon) if go else None,
        tools=TOOLS,
    )


def act(target: str, label: str, icon: str = "", *, chosen: bool = False, note: str = "") -> Action:
    """Return something to touch."""
    told = plain(note) if note else None
    return Action(target=target, label=plain(label), icon=icon, chosen=chosen, note=told)


SPARED: Final = (
    v.SparedGroup(
        disposition="e_licence",
        names=plain("母亲身份证、父亲身份证、结婚证（9 份）"),
        told=plain("电子证照，已核验"),
    ),
    v.SparedGroup(
        disposition="share",
        names=plain("户口簿、医保凭证、费用票据、费用清单"),
        told=plain("部门共享，不用交"),
    ),
    v.SparedGroup(
        disposition="produced",
        names=plain("出生医学证明、新生儿户口簿（7 份）"),
        told=plain("前一事项办出后自动用"),
    ),
    v.SparedGroup(
        disposition="generated",
        names=plain("首次签发登记表、报销申请表等 6 张表"),
        told=plain("系统按您填的生成"),
    ),
)


def material(key: str, name: str, state: Any, told: str) -> v.MaterialRow:
    """Return a paper that is asked, in ``state``."""
    card = key == "bank_card"
    again = {"waiting": "拍照", "captured": "重拍" if card else "再拍一页", "committed": "现在拍"}
    promise = act(f"commit:{key}", "今天没带，承诺后补", "file-clock")
    return v.MaterialRow(
        key=key,
        name=plain(name),
        state=state,
        told=plain(told),
        kind="card" if card else "page",
        capture=act(f"capture:{key}", again[state], "camera"),
        commit=promise if state == "waiting" else None,
        paper="bank-card/卡号" if card else "medical-record",
    )


RECORD: Final = material("discharge_record", "出院记录", "waiting", "还没拍，有几页拍几页")
CARD: Final = material("bank_card", "银行卡", "waiting", "还没拍，拍有卡号的一面")

MATERIALS: Final = v.MaterialsView(
    page="materials",
    frame=frame(),
    title=plain("只要您拍这 2 样"),
    lead=plain("纸放在镜头下面，拍下来就行，原件您带走"),
    rows=(RECORD, CARD),
    spared=SPARED,
    spared_count=26,
)
MATERIALS_DONE: Final = replace(
    MATERIALS,
    frame=frame("下一步"),
    title=plain("2 样都齐了"),
    rows=(
        material("discharge_record", "出院记录", "captured", "拍了 2 页"),
        material("bank_card", "银行卡", "committed", "答应 12月5日 前补"),
    ),
)


def checks(*ok: bool) -> tuple[Check, ...]:
    """Return the four questions a picture is judged by."""
    names = ("四个角都在", "清楚", "没有反光", "光线够")
    return tuple(Check(label=plain(n), ok=o) for n, o in zip(names, ok, strict=True))


CAPTURE: Final = v.CaptureView(
    page="capture",
    frame=frame(),
    title=plain("把出院记录放在镜头下面"),
    lead=plain("第 1 页，共几页拍几页；拍好一页再换下一页"),
    material=plain("出院记录"),
    kind="page",
    picture_no=1,
    checks=checks(True, True, False, True),
    ready=False,
    phase="looking",
    shoot=act("shoot", "拍照", "camera"),
    commit=act("commit:discharge_record", "今天没带，承诺后补", "file-clock"),
    paper="medical-record",
)
CAPTURE_CARD: Final = replace(
    CAPTURE,
    title=plain("把银行卡放在镜头下面"),
    lead=plain("有卡号的一面朝上，放平"),
    material=plain("银行卡"),
    kind="card",
    checks=checks(True, True, True, True),
    ready=True,
    paper="bank-card/卡号",
)
CAPTURE_TAKING: Final = replace(
    CAPTURE, phase="taking", ready=True, shoot=None, checks=checks(True, True, True, True)
)
CAPTURE_STOPPED: Final = replace(
    CAPTURE,
    phase="stopped",
    title=plain("镜头现在用不了"),
    lead=None,
    checks=checks(False, False, False, False),
    shoot=None,
    notices=(
        Notice(
            kind="trouble",
            text=plain("镜头没有反应"),
            hint=plain("可以先答应后补，或到窗口交这份材料。"),
            actions=(act("retry", "再试一次", "rotate-ccw"),),
        ),
    ),
)

CAPTURED: Final = v.CapturedView(
    page="captured",
    frame=frame(),
    title=plain("拍好了，看得清吗？"),
    lead=plain("出院记录，第 1 页"),
    material=plain("出院记录"),
    kind="page",
    picture="discharge_record-1",
    width=1240,
    height=1754,
    reading=False,
    number=None,
    bank=None,
    keep=act("keep", "看得清，就用它", "check"),
    again=act("again", "重拍", "rotate-ccw"),
    more=act("more", "还有，再拍一页", "plus"),
)
CAPTURED_CARD: Final = replace(
    CAPTURED,
    title=plain("和卡上的号码一样吗？"),
    lead=None,
    material=plain("银行卡"),
    kind="card",
    picture="bank_card-1",
    width=1012,
    height=638,
    number=plain("9156 0400 1234 5678 017"),
    bank=plain("新乡市示例银行"),
    keep=act("keep", "一样，就用它", "check"),
    more=None,
)
CAPTURED_READING: Final = replace(
    CAPTURED_CARD,
    title=plain("正在读卡号，请稍等"),
    reading=True,
    number=None,
    bank=None,
    keep=None,
)
CAPTURED_FAULT: Final = replace(
    CAPTURED,
    title=plain("这张不行，再拍一次"),
    keep=act("keep", "仍然用这张，由窗口判断", "check"),
    more=None,
    notices=(
        Notice(
            kind="trouble",
            text=plain("右上角没有拍进去"),
            hint=plain("请把纸往中间挪一挪，四个角都露出来。"),
        ),
    ),
)

COMMIT: Final = v.CommitView(
    page="commit",
    frame=frame(done=3),
    title=plain("今天没带，先答应后补"),
    lead=plain("这份材料用在：生育医疗费用报销"),
    material=plain("出院记录"),
    due=plain("12月5日（星期六）前"),
    terms=(
        plain("我有这份材料，内容真实，符合办理条件。"),
        plain("我会在期限内补上：材料交到窗口就行。"),
        plain("补上以前，报销不会打款，其他 6 个事项照常办。"),
    ),
    consequences=(
        plain("到期没有补，生育医疗费用报销不予办理。"),
        plain("说的不是真的，已经办出的会被撤销，并记入信用记录。"),
    ),
    agree=act("agree", "看清了，我答应", "check"),
    later_check=plain("收到补交的材料后，由办理部门核对"),
    read_list=act("read_list", "哪些材料可以先不交", "list"),
)

LISTED: Final = v.ListedView(
    page="listed",
    frame=frame(done=3),
    title=plain("哪些材料可以先不交"),
    lead=plain("公布的目录里一共 3 种，目录里没有的不能少"),
    published=plain("容缺受理、告知承诺的材料目录（示例）"),
    excluded=plain("涉及国家安全、公共安全、人身财产安全的事项，一样材料也不能少"),
    here=(
        v.ListedRow(
            name=plain("出院记录"),
            told=plain("后补：提交后 5 个工作日内补交"),
            serves=plain("生育医疗费用报销"),
        ),
    ),
    others=(
        v.ListedRow(
            name=plain("独生子女父母光荣证"),
            told=plain("免交：书面承诺代替，不用再交"),
            serves=plain("独生子女父母退休一次性奖励"),
        ),
        v.ListedRow(
            name=plain("住所租赁合同或使用证明"),
            told=plain("免交：书面承诺代替，不用再交"),
            serves=plain("企业变更登记、企业开办"),
        ),
    ),
)

DELIVERY: Final = v.DeliveryView(
    page="delivery",
    frame=frame("下一步"),
    title=plain("办好的证件，怎么给您？"),
    lead=plain("电子的办好就能看，纸的选一种"),
    methods=(
        act("deliver:courier", "快递到家", "truck", chosen=True, note="免费，办好后 3 天内到"),
        act("deliver:window", "到窗口取", "building-2", note="红旗区政务服务中心，周一到周六"),
        act("deliver:e_licence", "只要电子的", "smartphone", note="在手机上看，不发纸的"),
    ),
    together=(
        act("together:yes", "都办好了一起给", chosen=True, note="约 12月7日"),
        act("together:no", "办好一样给一样", note="最早 11月25日"),
    ),
    address=Line(name=plain("红旗区洪门镇静心路 18 号 2 单元 301"), aside=plain("陈晓芸 收")),
    change_address=act("change:delivery.address", "改地址", "pencil-line"),
)
