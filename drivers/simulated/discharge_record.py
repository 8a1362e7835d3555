"""What a hospital's discharge record tells, in the words of its two pages: pure.

The facts come from `population.json`, so that the paper under the camera says what the registers
fill in. `RECORD` is the paper of a camera that was given no population; a test holds it to the one
that a desk is set up with.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from standards.sex import Sex

NATURAL, CAESAREAN, ASSISTED = "1", "2", "3"
"""How a child was born, by the codes of the population's `delivery_mode`."""
_BORN = {NATURAL: "经阴道分娩", CAESAREAN: "行剖宫产，娩出", ASSISTED: "经阴道助产，娩出"}
_DIAGNOSED = {NATURAL: "顺产", CAESAREAN: "剖宫产", ASSISTED: "助产"}
_WOUND = {
    NATURAL: "会阴一度裂伤已缝合",
    CAESAREAN: "子宫和腹壁切口逐层缝合",
    ASSISTED: "会阴切口已缝合",
}
_STAY = (
    "产后体温、血压平稳，子宫复旧好，恶露量少。新生儿已接种卡介苗和第一针乙肝疫苗，"
    "听力筛查通过，母乳喂养。"
)
_SHARES = (("床位费", 9), ("检查化验费", 33), ("药品费", 11), ("护理费", 6))
"""Hundredths of the costs; what is left is the delivery's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DischargeRecord:
    """A mother's stay for one birth; `cost_fen` is in 0.01 yuan."""

    mother: str
    sex: Sex
    born: dt.datetime
    weeks: int
    weight_g: int
    length_cm: int
    hospital: str
    delivery_mode: str
    admitted: dt.date
    discharged: dt.date
    cost_fen: int

    @property
    def number(self) -> str:
        """The number of the stay, an invented one."""
        return f"ZY{self.admitted.year}-04173"

    @property
    def signed(self) -> str:
        """The day under the record."""
        return _day(self.discharged)

    def head(self) -> tuple[tuple[str, str], ...]:
        """Return label and value of the head's entries, two a line."""
        return (
            ("姓名", self.mother),
            ("性别", "女"),
            ("科室", "产科"),
            ("住院号", self.number),
            ("入院日期", _day(self.admitted)),
            ("出院日期", self.signed),
        )

    def sections(self) -> tuple[tuple[str, str], ...]:
        """Return heading and text of each section of the first page."""
        told = f"足月{_DIAGNOSED[self.delivery_mode]}一活{self.sex.zh}婴；产后恢复良好。"
        return (
            ("入院诊断", f"孕{self.weeks}周，临产；头位，单胎。"),
            ("出院诊断", told),
            ("分娩经过", self._birth()),
            ("住院经过", _STAY),
            ("出院情况", "一般情况好，伤口愈合良好，母婴同日出院。"),
        )

    def costs(self) -> tuple[tuple[str, str], ...]:
        """Return each kind of cost and its amount in yuan, then the total."""
        parts = {kind: self.cost_fen * share // 100 for kind, share in _SHARES}
        kind = "手术费" if self.delivery_mode == CAESAREAN else "分娩接生费"
        parts[kind] = self.cost_fen - sum(parts.values())
        parts["合计"] = self.cost_fen
        return tuple((name, f"{fen / 100:,.2f}") for name, fen in parts.items())

    def _birth(self) -> str:
        how = _BORN[self.delivery_mode]
        return (
            f"{self.mother}于{_day(self.born)}{self.born:%H}时{self.born:%M}分在我院{how}一"
            f"{self.sex.zh}婴，体重{self.weight_g}克，身长{self.length_cm}厘米，"
            "评分1分钟9分、5分钟10分。胎盘胎膜娩出完整，产后出血约180毫升，"
            f"{_WOUND[self.delivery_mode]}。"
        )


RECORD = DischargeRecord(
    mother="陈晓芸",
    sex=Sex.FEMALE,
    born=dt.datetime(2026, 11, 14, 6, 20),  # noqa: DTZ001 - the hospital's local time
    weeks=38,
    weight_g=3190,
    length_cm=51,
    hospital="新乡市示例妇幼保健院",
    delivery_mode=CAESAREAN,
    admitted=dt.date(2026, 11, 13),
    discharged=dt.date(2026, 11, 18),
    cost_fen=6339_56,
)


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
