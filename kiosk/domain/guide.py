"""The guide (办事指南) of a thing as one record, for screen, paper and telephone alike; pure.

It opens with what everybody asks – 谁能办 · 在哪办 · 怎么办 · 带什么 –, how often one has to come
and until when it is promised.  Then follow, for each item, the seven parts that the procedure
demands: 设定依据、受理条件、申请材料、办理流程（含流程图）、收费依据及标准、办结时限、办理结果.
The simple version is the opening and the papers; the complete one is all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.domain import acting, fees, going, materials, promise
from kiosk.domain.catalogue import Catalogue, Item, Mode, Status, Thing
from kiosk.domain.dictionary import Basis, Disposition
from kiosk.domain.jurisdiction import Jurisdiction

TYPICAL = "示例，未经本地确认"
"""Said at the head of a guide whose content no authority of the place has confirmed."""
CARD = "身份证（本人的，没过期的）"
HERE = "本自助终端"
VISIT_DAY = "哪天来提前与您约定"
AT_WINDOW = "还不能在这里提交，请到窗口办"
ELSEWHERE = "这里人来人往，不办这件事，请到政务服务大厅办"
"""The flow of what cannot be filed here."""
ASK_FIRST = "到窗口办要不要带，请先打 12345 问清楚"
"""Of a paper that only filing here would spare."""
HEADS = {
    "who": "谁能办",
    "where": "在哪办",
    "how": "怎么办",
    "bring": "带什么",
    "visits": "跑动次数",
    "days": "承诺办结时限",
    "fee": "收费",
}
"""What a guide opens with, in this order."""
PARTS = {
    "basis": "设定依据",
    "conditions": "受理条件",
    "papers": "申请材料",
    "process": "办理流程",
    "fee": "收费依据及标准",
    "time": "办结时限",
    "result": "办理结果",
}
"""The seven parts of every item, in this order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One of the opening heads or of the seven parts: its heading and its lines.

    ``pictures`` are keys of :mod:`kiosk.domain.sample_papers`, one for each line or none.
    """

    key: str
    title: str
    lines: tuple[str, ...]
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemGuide:
    """One item; of a check there is one ``line`` and no parts."""

    name: str
    departments: str
    line: str = ""
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> tuple[Part, ...]:
        """The seven parts, and what is to be heeded where anything is."""
        heed = (Part(key="notes", title="请注意", lines=self.notes),) if self.notes else ()
        return (*self.parts, *heed)


@dataclass(frozen=True, kw_only=True, slots=True)
class GuideRecord:
    """Everything a guide says; ``note`` is empty where all of it is confirmed."""

    service: str
    place: str
    name: str
    intro: str
    """How it goes here; empty where it cannot be filed."""
    note: str
    open: bool
    """It can be filed here."""
    heads: tuple[Part, ...]
    flow: tuple[str, ...]
    items: tuple[ItemGuide, ...]
    source: str
    version: str


def record(catalogue: Catalogue, code: str) -> GuideRecord:
    """Return the guide of a thing over all its items that are filed or checked.

    Raises:
        KeyError: the jurisdiction does not offer it, not even to be read about.
    """
    thing = catalogue.thing(code)
    items = thing.told_items
    place = catalogue.jurisdiction
    confirmed = all(item.basis is Basis.CONFIRMED for item in items)
    return GuideRecord(
        service=place.service_name,
        place=place.name,
        name=thing.name,
        intro=thing.intro if thing.open else "",
        note="" if confirmed else TYPICAL,
        open=thing.open,
        heads=_heads(thing, items, place, confirmed=confirmed),
        flow=flow(items) if thing.open else (_closed(thing),),
        items=tuple(_item(item, told=thing.open) for item in thing.items),
        source=thing.source,
        version=catalogue.short_version,
    )


def lines(own: GuideRecord, *, simple: bool) -> tuple[str, ...]:
    """Return a guide as lines of plain text."""
    found = [f"{own.name} · 办事指南（{'简版' if simple else '完整版'}）", own.place]
    found += [line for line in (own.note and f"【{own.note}】", own.intro) if line]
    for part in own.heads:
        found += ["", part.title, *(f"  {line}" for line in part.lines)]
    if not simple:
        found += ["", "办理流程图", *(f"  {line}" for line in own.flow)]
        for item in own.items:
            found += ["", f"■ {item.name}（{item.departments}）"]
            found += [f"  {item.line}"] if item.line else []
            for part in item.whole:
                found += [f"  {part.title}", *(f"    {line}" for line in part.lines)]
    return (*found, "", f"来源：{own.source}", f"事项库版本 {own.version}")


def steps(items: tuple[Item, ...]) -> tuple[tuple[Item, ...], ...]:
    """Return the items step by step; those of one step run side by side."""
    before = promise.predecessors(items)
    step: dict[str, int] = {}
    for code in promise.order(items):
        step[code] = 1 + max((step.get(own, 0) for own in before[code]), default=0)
    return tuple(
        tuple(item for item in items if step[item.code] == number)
        for number in sorted(set(step.values()))
    )


def flow(items: tuple[Item, ...]) -> tuple[str, ...]:
    """Return the flow in words: items of one step run side by side, steps one after another."""
    found = ["一次提交（一张表、一套材料）"]
    for number, own in enumerate(steps(items), 1):
        names = [_timed(item) for item in own]
        if len(names) == 1:
            found += ["　↓", f"第{number}步　{names[0]}"]
        else:
            found += ["　↓", f"第{number}步　这几项同时办：", *(f"　‖ {name}" for name in names)]
    return (*found, "　↓", "全部办完，一次告诉您结果")


def _timed(item: Item) -> str:
    return f"{item.name}（{item.limit_days} 个工作日）" if item.limit_days else item.name


def _heads(
    thing: Thing, items: tuple[Item, ...], place: Jurisdiction, *, confirmed: bool
) -> tuple[Part, ...]:
    example = "" if confirmed else "（示例）"
    asked = materials.merge(items).to_bring
    papers = (CARD, *(entry.material.name for entry in asked))
    pictures = ("id-card", *(entry.material.picture for entry in asked))
    return (
        _head("who", *acting.who(thing, items)),
        _head("where", *_where(thing, place)),
        _head("how", *_how(thing), *acting.confirmed_with(items), *joint_visits(thing, items)),
        replace(_head("bring", *papers), pictures=pictures),
        _head("visits", *_visits(thing, items, example)),
        _head("days", f"{promise.days(items)} 个工作日，从受理那天算{example}"),
        _head("fee", f"{fees.fee(items).told()}{example}"),
    )


def _head(key: str, *lines: str) -> Part:
    return Part(key=key, title=HEADS[key], lines=lines)


def _where(thing: Thing, place: Jurisdiction) -> tuple[str, ...]:
    if thing.withheld:
        return (ELSEWHERE,)
    if not thing.open:
        return (f"{place.name}还没有开办自助申报，请到窗口或打 12345 问清楚",)
    windows = [f"{own.name} {own.address} {own.hours}".strip() for own in place.windows]
    return (HERE, *(windows or place.places))


def _closed(thing: Thing) -> str:
    return ELSEWHERE if thing.withheld else AT_WINDOW


def _how(thing: Thing) -> tuple[str, ...]:
    if thing.withheld:
        return ("先看指南、备好材料，再到大厅办",)
    if not thing.open:
        return ("先看指南、备好材料，再到窗口办", "窗口要的材料可能多一些，先打 12345 问清楚")
    minutes = (f"{thing.minutes} 分钟左右",) if thing.minutes else ()
    return ("放身份证，一张表填完，一次提交", f"{thing.steps} 步办完", *minutes)


def _visits(thing: Thing, items: tuple[Item, ...], example: str) -> tuple[str, ...]:
    if not thing.open:
        return ("按窗口告知",)
    later = going.later_visits(thing, items)
    times = f"{1 + len(later)} 次{example}"
    return (f"{times}：先来这里提交", *(f"再去：{own}" for own in later)) if later else (times,)


def joint_visits(thing: Thing, items: tuple[Item, ...]) -> tuple[str, ...]:
    """Return each visit once: who comes, who sees to it that they come together, and when."""
    comes: dict[str, dict[str, None]] = {}
    for item in items:
        if item.joint_visit:
            comes.setdefault(item.joint_visit, {}).update(dict.fromkeys(item.departments))
    return tuple(
        f"上门查看：{name}。{'、'.join(who)}一起来，由{thing.lead or next(iter(who))}召集，"
        f"{VISIT_DAY}"
        for name, who in comes.items()
    )


def not_here(item: Item) -> str:
    """Say that a filing or check cannot be had here yet, with the document's word on when."""
    trial = "正在试点，" if item.status is Status.PILOT else ""
    return f"{trial}还不能在这里办{'：' if item.schedule else ''}{item.schedule}"


def _item(item: Item, *, told: bool) -> ItemGuide:
    """Return what is said of an item; ``told``: its thing is open, and what is not is apart."""
    name, departments = item.name, item.department
    if item.mode in {Mode.FILE, Mode.CHECK} and not item.open:
        parts = () if told or item.mode is Mode.CHECK else _parts(item)
        notes = item.guide.notes if parts else ()
        return ItemGuide(
            name=name, departments=departments, line=not_here(item), parts=parts, notes=notes
        )
    if item.mode is Mode.CHECK:
        check = item.check
        asks = f"向{check.authority}查“{check.asks}”" if check else "由部门之间核查"
        line = f"核查：经您同意{asks}，不填表、不交材料"
        return ItemGuide(name=name, departments=departments, line=line)
    if item.mode is not Mode.FILE:
        return ItemGuide(name=name, departments=departments, line="；".join(_told(item)))
    handed_in = acting.handed_in(item)
    notes = (*item.guide.notes, *((handed_in,) if handed_in else ()))
    return ItemGuide(name=name, departments=departments, parts=_parts(item), notes=notes)


_ELSEWHERE = {
    Mode.SCENE: "日常直接使用，不用申请",
    Mode.COORDINATE: "由部门之间协同办理，您不用申请",
    Mode.STAFF_ONLY: "要到窗口由工作人员当面办",
}


def _told(item: Item) -> tuple[str, ...]:
    return (_ELSEWHERE.get(item.mode, ""), *(c.text for c in item.guide.process))


def _parts(item: Item) -> tuple[Part, ...]:
    """Return the seven parts, each with something said."""
    guide = item.guide
    example = "" if item.basis is Basis.CONFIRMED else "（示例）"
    results = tuple(own.name for own in item.results)
    fee_basis = guide.fee_basis or "依据待主管部门提供"
    before = (f"{item.separate_days} 个工作日是单独办的时限",) if item.separate_days else ()
    days = (f"{item.limit_days} 个工作日{example}",)
    said: dict[str, tuple[str, ...]] = {
        "basis": (guide.basis or "待主管部门提供",),
        "conditions": tuple(_clause(c.text, c.legal_basis) for c in guide.conditions),
        "papers": _papers(item),
        "process": _process(item),
        "fee": tuple(dict.fromkeys((fees.fee((item,)).told(), fee_basis))),
        "time": (*days, *before),
        "result": results or (guide.result,),
    }
    return tuple(Part(key=key, title=PARTS[key], lines=own) for key, own in said.items())


def _process(item: Item) -> tuple[str, ...]:
    if not item.open:
        return (AT_WINDOW,)
    return tuple(_clause(own.text, own.legal_basis) for own in item.guide.process)


def _clause(text: str, basis: str) -> str:
    return f"{text}（{basis}）" if basis else text


def _papers(item: Item) -> tuple[str, ...]:
    entries = materials.merge((item,)).entries
    return tuple(
        f"{entry.material.name}：{_asked(entry, item) if entry.asked else _spared(entry, item)}"
        for entry in entries
    ) or ("不用交材料",)


def _asked(entry: materials.ChecklistEntry, item: Item) -> str:
    """A paper that another item makes is only brought by whoever files this one alone."""
    made = item.open and entry.material.disposition is Disposition.PRODUCED
    return "和前面的事项一起办，不用带；单独办要带原件" if made else "要带原件"


def _spared(entry: materials.ChecklistEntry, item: Item) -> str:
    if not item.open:
        return ASK_FIRST
    return f"不用带；{entry.material.reason}" if entry.material.reason else "不用带"
