"""Names of codes as a card reader has them: a code that is in no table is called 其他."""

from __future__ import annotations

import pytest

from standards.nation import NATIONS, spoken_nation
from standards.sex import Sex, spoken_sex


def test_every_known_code_has_its_own_name() -> None:
    """56 nationalities and the two codes beside them; the four sexes."""
    assert {spoken_nation(code) for code in NATIONS} == set(NATIONS.values())
    assert [spoken_sex(sex.value) for sex in Sex] == ["未知", "男", "女", "未说明"]


@pytest.mark.parametrize("code", ["", "00", "57", "96", "99", "1", "汉", "x"])
def test_an_unknown_code_is_other(code: str) -> None:
    """00 and 57 are what some readers write for a code they could not read."""
    assert spoken_nation(code) == "其他"
    assert spoken_sex(code * 2) == "其他"
