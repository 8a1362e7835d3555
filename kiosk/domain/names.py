"""Which characters a person's name, a written address and words of one's own are made of.

A name is of GB 18030: Han characters of every plane, private-use ones that older cards carry,
letters of foreign names, and the middle dot of names translated from other languages of China.
"""

from __future__ import annotations

import unicodedata

MOST = 50
"""Characters of the longest name."""
DOTS = frozenset("·•‧・")
"""Spellings of the middle dot that are met in the field; the first is the one filed."""
_JOINS = frozenset(" -'’.")
_PAIRS = (
    "欧阳司马上官诸葛司徒东方皇甫尉迟公孙慕容令狐长孙宇文端木独孤南宫夏侯轩辕钟离闻人太史申屠"
    "赫连澹台公冶宗政濮阳淳于单于呼延万俟百里东郭西门"
)
_OF_NAMES = frozenset({"Lo", "Lu", "Ll", "Lm", "Mn", "Mc", "Co"})
_NOT_WRITTEN = frozenset({"So", "Sk", "Cn", "Cs", "Cc"})
"""General categories of Unicode that names have, and that addresses have not."""
_HAN_PLANES = (range(0x20000, 0x2FFFE), range(0x30000, 0x3FFFE))
"""Planes 2 and 3, kept for Han characters; Unicode adds some with each edition (GB 18030-2022)."""
_COMPOUND = frozenset(_PAIRS[n : n + 2] for n in range(0, len(_PAIRS), 2))
"""Surnames of two characters."""


def is_name(text: str) -> bool:
    """Tell whether ``text`` can be a person's name: 1 to 50 characters, no digit, no picture."""
    if not 1 <= len(text) <= MOST or text != text.strip():
        return False
    inside = all(_in_names(c) or c in DOTS or c in _JOINS for c in text)
    return inside and _in_names(text[0]) and text[-1] not in DOTS


def is_written(text: str) -> bool:
    """Tell whether ``text`` is made of what addresses are written with: no picture, no control."""
    return all(_is_new(c) or unicodedata.category(c) not in _NOT_WRITTEN for c in text)


def is_passage(text: str) -> bool:
    """Tell whether ``text`` is words of one's own: written characters, a letter or digit among.

    Signs alone say nothing.  A picture, a control character or an unassigned one is no writing;
    signs that GBK has are (``㎡``, ``℃``): Chinese keyboards write them.
    """
    written = all(is_written(c) or _in_gbk(c) for c in text)
    return written and any(c.isalnum() or _is_new(c) for c in text)


def with_dots(text: str) -> str:
    """Return ``text`` with every middle dot written as ``·``."""
    return "".join("·" if c in DOTS else c for c in text)


def surname(name: str) -> str:
    """Return the family name that begins a Chinese name; empty for a name with a dot."""
    if not name or any(dot in name for dot in DOTS) or name[0].isascii():
        return ""
    return name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[:1]


def _in_names(character: str) -> bool:
    return _is_new(character) or unicodedata.category(character) in _OF_NAMES


def _in_gbk(character: str) -> bool:
    """Tell whether it is a sign of GBK, the older set that every input method has."""
    if unicodedata.category(character) != "So":
        return False
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _is_new(character: str) -> bool:
    """Tell whether it is a Han character younger than this Python's tables of Unicode."""
    in_plane = any(ord(character) in plane for plane in _HAN_PLANES)
    return in_plane and unicodedata.category(character) == "Cn"
