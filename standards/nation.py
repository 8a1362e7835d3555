"""Codes of the nationalities of China, GB/T 3304 (民族), as resident ID cards carry them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from standards.errors import CodeError

# fmt: off
_IN_ORDER = (
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮",
    "布依", "朝鲜", "满", "侗", "瑶", "白", "土家", "哈尼",
    "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜",
    "水", "东乡", "纳西", "景颇", "柯尔克孜", "土", "达斡尔", "仫佬",
    "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米",
    "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固",
    "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
)
# fmt: on

NATIONS: Mapping[str, str] = MappingProxyType(
    {f"{number:02d}": name for number, name in enumerate(_IN_ORDER, start=1)}
    | {"97": "其他", "98": "外国血统中国籍人士"}
)
"""Two-digit code to name without 族, as printed on the card."""

OTHER = NATIONS["97"]
"""What is said of a code nobody knows; some readers write 00 or 57 for one they could not read."""

_CODES = {name: code for code, name in NATIONS.items()}


def nation_name(code: str) -> str:
    """Return the name of a two-digit code.

    Raises:
        CodeError: the code is not in the table.
    """
    try:
        return NATIONS[code]
    except KeyError:
        raise CodeError("not a nationality code of GB/T 3304") from None


def spoken_nation(code: str) -> str:
    """Return the name of a code as a card reader has it; 其他 for one that is not in the table."""
    return NATIONS.get(code, OTHER)


def nation_code(name: str) -> str:
    """Return the two-digit code of a name, with or without 族 at its end.

    Raises:
        CodeError: the name is not in the table.
    """
    for spelling in (name, name.removesuffix("族")):
        if spelling in _CODES:
            return _CODES[spelling]
    raise CodeError("not a nationality name of GB/T 3304")
