"""The limits of a rollout's gates in words: what is asked for, this time and as ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fleet.rollouts.gate import Limits
from fleet.rollouts.limits import BOUNDS, Bound, LimitRefused, changed

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "soak_s": ("每圈至少观察多久", "分钟"),
    "failed_few": ("从第二圈起，每圈最多失败几台（但不超过有回音的一成）", "台"),
    "failed_share": ("圈大了，最多失败几成（比上面一条多时按这条）", "%"),
    "well_share": ("有回音、没失败的里面，至少多少已生效", "%"),
    "heard_share": ("整圈里，至少多少已生效", "%"),
    "crash_margin": ("办理中崩溃，最多比别处多", "个百分点"),
    "done_margin": ("办成的，最多比别处少", "个百分点"),
    "late_s": ("连着却没来取，多久以后不再等它", "小时"),
    "longest_s": ("最多观察多久，还看不出来就请人看", "天"),
}
"""Of each limit: what is asked for, and the unit in which it is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One limit as a page shows it, and as a form asks for it."""

    name: str
    word: str
    unit: str
    number: str
    usual_number: str
    least: str
    most: str
    step: str
    is_changed: bool

    @property
    def now(self) -> str:
        """The limit with its unit."""
        return f"{self.number} {self.unit}"

    @property
    def usual(self) -> str:
        """What it is when nobody changes it."""
        return f"{self.usual_number} {self.unit}"


def lines(limits: Limits) -> Sequence[Line]:
    """Return every limit of a rollout, in the order in which persons are asked."""
    other, usual = changed(limits), Limits()
    return [
        Line(
            name=own.name,
            word=_WORDS[own.name][0],
            unit=_WORDS[own.name][1],
            number=own.told(limits),
            usual_number=own.told(usual),
            least=f"{own.least:g}",
            most=f"{own.most:g}",
            step="1" if own.whole else "0.1",
            is_changed=own in other,
        )
        for own in BOUNDS
    ]


def told_limits(detail: str) -> str:
    """Return what the journal says of changed limits, in words."""
    told = (part.partition("=") for part in detail.split())
    return "；".join(_said(name, number) for name, _, number in told)


def refused_limit(refused: LimitRefused) -> str:
    """Return what is wrong with a limit that somebody told, and what is right."""
    own: Bound = refused.bound
    word, unit = _WORDS[own.name]
    if refused.shorter:
        return (
            f"“{word}”是 {refused.told} {unit}，比至少要观察的时间还短。请改长，或者少观察一会儿。"
        )
    whole = "整数" if own.whole else "数字"
    return (
        f"“{word}”写的是“{refused.told}”。要写 {own.least:g} 到 {own.most:g} 的{whole}（{unit}）。"
    )


def _said(name: str, number: str) -> str:
    if name not in _WORDS:
        return f"{name} {number}"
    word, unit = _WORDS[name]
    return f"{word}：{number} {unit}"
