"""Enterprises for those who come on behalf of one, with who may act for it.

Names say that they are examples, and unified social credit codes (GB 32100) lie in the division
prefix 40 that GB/T 2260 never assigned; their check characters are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from intake.population.records import Person, chance
from standards.credit_code import body_check, check_character

_CODES: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100, in the order of their values."""

WORKING: Final = "存续"
REVOKED: Final = "吊销"
"""What the register of enterprises calls one that may act, and one that may not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agent:
    """Who may act for an enterprise, until and including a day (ISO 8601), or without end."""

    id_no: str
    valid_to: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Enterprise:
    """One synthetic enterprise; ``legal_rep`` is the ID number of its legal representative."""

    ref: str
    uscc: str
    name: str
    address: str
    status: str
    legal_rep: str
    agents: tuple[Agent, ...] = ()


FIXED: Final[tuple[dict[str, Any], ...]] = (
    {
        "ref": "machinery",
        "name": "新乡示例机械有限公司",
        "address": "河南省新乡市红旗区示范路88号",
        "legal_rep": "li-jianguo",
        "agents": {"chen-xiaoyun": None, "guo-anhe": "2025-12-31"},
    },
    {
        "ref": "food",
        "name": "新乡示例食品有限公司",
        "address": "河南省新乡市牧野区样例街16号",
        "legal_rep": "chen-xiaoyun",
        "agents": {"rare-name": None},
    },
    {
        "ref": "transport",
        "name": "新乡示例运输有限公司",
        "address": "河南省新乡市卫滨区演示大道105号",
        "legal_rep": "wang-ziqing",
        "agents": {"zhao-min": None, "chen-xiaoyun": "2036-12-31"},
    },
    {
        "ref": "textile",
        "name": "新乡示例纺织有限公司",
        "address": "河南省新乡市凤泉区虚拟路7号",
        "status": REVOKED,
        "legal_rep": "no-mobile",
        "agents": {"chen-xiaoyun": None},
    },
    {
        "ref": "trade",
        "name": "晋城示例商贸有限公司",
        "address": "山西省晋城市城区模拟街21号",
        "legal_rep": "ma-lan",
        "agents": {"sun-zhiyuan": None},
    },
)
"""Who acts for whom; ``guo-anhe`` was allowed to until the end of 2025, and ``textile`` may do
nothing any more.  A new one goes to the end."""


def enterprises(seed: int, people: Mapping[str, Person]) -> list[Enterprise]:
    """Return the enterprises of the fixed persons, who are given by their references."""
    return [_enterprise(seed, people, **one) for one in FIXED]


def _enterprise(
    seed: int,
    people: Mapping[str, Person],
    *,
    ref: str,
    name: str,
    address: str,
    legal_rep: str,
    agents: Mapping[str, str | None],
    status: str = WORKING,
) -> Enterprise:
    rng = chance(seed, ref, "enterprise")
    body = "MA" + "".join(rng.choice(_CODES) for _ in range(6))
    return Enterprise(
        ref=ref,
        uscc=_with_checks(f"9140070{rng.randrange(1, 10)}{body}"),
        name=name,
        address=address,
        status=status,
        legal_rep=people[legal_rep].card.id_no,
        agents=tuple(
            Agent(id_no=people[agent].card.id_no, valid_to=until) for agent, until in agents.items()
        ),
    )


def _with_checks(first16: str) -> str:
    """Return a credit code with its two check characters: GB 11714 of the body, GB 32100 of all."""
    first17 = first16 + body_check(first16[8:])
    return first17 + check_character(first17)
