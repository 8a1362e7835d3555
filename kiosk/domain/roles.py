"""Whom or what a group of values is about: the first part of their keys, as people read it.

The order of the table is the order in which the groups are read: people, then their matters, then
an enterprise and its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TITLES: Final[Mapping[str, str]] = {
    "person": "申请人",
    "newborn": "宝宝",
    "birth": "出生",
    "mother": "母亲",
    "father": "父亲",
    "spouse": "配偶",
    "child": "孩子",
    "onlychild": "独生子女",
    "student": "学生",
    "guardian": "另一位家长",
    "member": "家人",
    "elder": "老人",
    "carer": "平时照顾的人",
    "contact": "联系人",
    "deceased": "去世的人",
    "death": "死亡登记",
    "bereaved": "特殊家庭",
    "needy": "特困供养",
    "hardship": "困难家庭",
    "disability": "残疾",
    "vet": "退役军人",
    "move": "迁户口",
    "permit": "居住证",
    "passport": "护照",
    "abroad": "留学",
    "degree": "学历学位",
    "study": "公派留学",
    "record": "出入境和单位记录",
    "work": "就业",
    "archive": "档案",
    "flexible": "灵活就业参保",
    "retire": "退休",
    "pension": "养老",
    "health": "健康",
    "insurance": "参保",
    "medical": "医疗",
    "chronic": "门诊慢特病",
    "visit": "看病",
    "filing": "备案",
    "fund": "公积金",
    "house": "房子",
    "seller": "卖房人",
    "loan": "贷款",
    "credit": "征信",
    "rental": "公租房",
    "payee": "收款",
    "ssc": "社保卡",
    "bank": "银行账户",
    "ent": "企业",
    "setup": "新设企业",
    "legal_rep": "法定代表人",
    "founder": "法定代表人",
    "successor": "新法定代表人",
    "agent": "经办人",
    "shareholder": "第一位股东",
    "partner": "第二位股东",
    "supervisor": "监事",
    "bookkeeper": "财务负责人",
    "liquidator": "清算组负责人",
    "change": "变更",
    "closing": "注销",
    "owed": "欠缴情况",
    "asset": "名下财产",
    "compliance": "守法记录",
    "penalty": "行政处罚",
    "abnormal": "经营异常名录",
    "dishonest": "严重失信名单",
    "report": "年度报告",
    "product": "工业产品",
    "customs": "海关",
    "foreign": "外资",
    "tax": "税务",
    "invoice": "发票",
    "si": "社会保险",
    "seal": "印章",
    "employee": "员工",
    "contract": "劳动合同",
    "project": "项目",
    "premises": "经营场所",
    "food": "食品经营",
    "sign": "招牌",
    "fire": "消防",
    "utility": "报装",
    "line": "外线",
    "power": "用电",
    "gas": "用气",
    "water": "用水",
    "telecom": "通信",
    "freight": "道路货运",
    "driver": "驾驶员",
    "vehicle": "车辆",
    "trailer": "挂车",
    "load": "货物",
    "route": "路线",
    "special": "特型车",
    "delivery": "送达",
}
_BEGINNINGS: Final[Mapping[str, str]] = {
    "newborn": "孩子",
    **{
        role: TITLES[role]
        for role in (
            *("mother", "father", "spouse", "child", "guardian", "legal_rep", "founder"),
            *("successor", "agent", "shareholder", "partner", "supervisor", "bookkeeper"),
            *("liquidator", "employee"),
        )
    },
}
"""How the labels of a person's values begin; below the person's title it would be said twice."""


def title(role: str) -> str:
    """Return the title of a group; a role that nobody has named yet is 其他."""
    return TITLES.get(role, "其他")


def place(role: str) -> int:
    """Return where a group stands among the others."""
    return list(TITLES).index(role) if role in TITLES else len(TITLES)


def below(role: str, label: str) -> str:
    """Return a label as it stands below its group's title: 手机号 for 母亲手机号."""
    word = _BEGINNINGS.get(role, "")
    return label.removeprefix(word) if len(label) > len(word) + 1 else label
