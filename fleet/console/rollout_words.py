"""Words and figures of the pages of releases and rollouts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fleet.console import gate_words, setting_words
from fleet.release.differing import Difference
from fleet.rollouts.gate import Figure
from fleet.rollouts.standing import Tally
from kiosk.status.rings import line_of, ring_of

RINGS: Final = ("金丝雀", "第一批", "第二批", "其余终端")
"""The last one is no "all": on pages that act, all are all terminals."""
STEPS: Final = {
    "begun": "正在检查",
    "opening": "正在开放",
    "watching": "观察中",
    "asking": "等批准",
    "paused": "已暂停",
    "stopping": "正在退回",
    "stopped": "已退回",
    "done": "已完成",
}
ASKS: Final = {
    "onward": "金丝雀圈已过关，要发到后面的圈",
    "skip": "要不等观察，提前发到下一圈",
    "back": "要把已经发完的配置全部退回",
}
ACTS: Final = {
    "approve": "批准",
    "pause": "暂停",
    "resume": "继续",
    "abort": "中止并退回",
    "skip": "申请提前",
    "back": "申请退回",
}
TELLS: Final = {
    "approve": "批准以后马上执行，并记入审计。",
    "pause": "后面的圈不再开放。已经开放的圈照常使用，照常检查，坏了还会自动退回。",
    "resume": "从停下的地方继续，观察时间接着算。",
    "abort": "不再提供这个配置；已经用上的终端退回上一个配置。马上执行，不用批准。",
    "skip": "不等这一圈观察结束就开放下一圈。要另一位审批员批准才执行。",
    "back": "所有终端退回上一个配置，不再提供这一个。要另一位审批员批准才执行。",
}
FIGURES: Final = {
    "failed": "失败（退回、不接受、停办、失联）",
    "well": "有回音、没失败的里面已生效",
    "heard": "整圈里已生效",
    "crashes": "办理中崩溃",
    "done": "办成",
    "soaked": "观察时间",
}
STATES: Final = {"good": "达到", "wait": "还要等", "bad": "超过"}
STANDINGS: Final = {
    "well": "已生效",
    "trying": "试用中",
    "waiting": "还没取",
    "late": "迟迟没取",
    "absent": "原来就失联",
    "rolled_back": "自己退回",
    "refused": "没接受",
    "ill": "停办",
    "lost": "更新后失联",
    "held": "维护中，完了再看",
}
REASONS: Final = {
    "person": "有人操作",
    "overdue": "观察太久，回音还不够，请人看一看",
    "unfit": "没有通过检查：",
    "unpublished": "没有发布出去：",
}
PLACES: Final = {
    "staged": "等签名",
    "signed": "已签名，可以发布",
    "held": "等着开放",
    "published": "已发布",
    "withdrawn": "已撤回",
}
_LAYERS: Final[Mapping[str, str]] = {
    "defaults.yaml": "所有终端",
    "group.yaml": "这一组",
    "sites/*.yaml": "{0}",
    "jurisdictions/*.settings.yaml": "辖区 {0}",
    "groups/*.yaml": "组 {0}",
    "devices/*.yaml": "设备 {0}",
}
_SIGNS: Final = {"+": "新增", "-": "删去", "~": "改动"}


def group(name: str, place: Callable[[str], str] = str) -> str:
    """Return what a group is called: its ring, and its line where that is a place.

    Args:
        name: of the group.
        place: what a line is called (`fleet.console.naming`).
    """
    ring = RINGS[ring_of(name)]
    line = line_of(name)
    return f"{place(line)} {ring}" if line else ring


def why(told: str) -> str:
    """Return why a rollout was stopped or paused."""
    key, _, rest = told.partition(" ")
    if key == "gate":
        figure, _, where = rest.partition(" ")
        return f"{group(where)}没有过关：{FIGURES.get(figure, figure)}"
    return f"{REASONS.get(key, key)}{rest}"


def detail(entry: Any) -> str:
    """Return what an entry of the journal says of a rollout, beyond its action."""
    told: str = entry.detail
    match entry.action:
        case "rollout_aborted" | "rollout_paused":
            return why(told)
        case "rollout_asked" | "rollout_approved":
            return ASKS.get(told, told)
        case "rollout_begun":
            return " → ".join(map(group, told.split(" → ")))
        case "rollout_went_on":
            return f"开放{group(told)}圈"
        case "rollout_limited":
            return gate_words.told_limits(told)
    return told


def sign(difference: Difference) -> str:
    """Return what kind of change it is."""
    return _SIGNS.get(difference.sign, "")


def whom(difference: Difference) -> str:
    """Return for whom a change is."""
    kind, _, name = difference.whom.partition(" ")
    if kind == "sites/*.yaml":
        name = setting_words.site(name)
    return _LAYERS[kind].format(name) if kind in _LAYERS else ""


def figure(own: Figure) -> str:
    """Return a figure's value and limit."""
    now = own.now.replace(" min", " 分钟")
    limit = own.limit.replace(" min", " 分钟")
    return f"{now}（要求 {limit}）" if limit else f"{now}（办件还少，不比较）"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A piece of a ring's picture: how it fares, from where and how wide in per cent."""

    kind: str
    start: float
    width: float


def bars(tally: Tally | None) -> tuple[Bar, ...]:
    """Return a ring as a picture of progress; nothing before it is open."""
    if tally is None or not tally.all:
        return ()
    pieces = (("well", tally.well), ("trying", tally.trying + tally.held), ("failed", tally.failed))
    made, start = [], 0.0
    for kind, count in pieces:
        width = 100 * count / tally.all
        if count:
            made.append(Bar(kind=kind, start=round(start, 2), width=round(width, 2)))
        start += width
    return tuple(made)


def ring_bars(shown: Any) -> tuple[Bar, ...]:
    """Return a ring's picture; of one that comes back: how many still have the release."""
    if shown.still is None:
        return bars(shown.tally)
    if not shown.still or not shown.terminals:
        return ()
    width = round(100 * min(1.0, shown.still / shown.terminals), 2)
    return (Bar(kind="trying", start=0.0, width=width),)


def counted(tally: Tally | None) -> str:
    """Return a ring's counts in words."""
    if tally is None:
        return ""
    told = [f"{tally.well} / {tally.all} 已生效"]
    for kind, word in STANDINGS.items():
        count = getattr(tally, kind)
        if count and kind != "well":
            told.append(f"{count} {word}")
    return " · ".join(told)
