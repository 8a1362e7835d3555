"""Word lists from which the synthetic population is named and housed.

They are everyday characters and invented streets put together by chance; no list of persons was
used.  Districts are the real ones of 新乡市, because forms show them; streets and numbers are not.
"""

from __future__ import annotations

from typing import Final

SURNAMES: Final = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
"""Common one-character surnames."""

COMPOUND_SURNAMES: Final = ("欧阳", "司徒", "诸葛", "上官")
"""Two-character surnames, so that forms meet names of four characters."""

GIVEN_FEMALE: Final = tuple("芸敏静丽娟霞燕玲芳雪梅兰慧颖琳悦瑶宁欣怡秀雯岚婷")
"""Characters for given names of women."""

GIVEN_MALE: Final = tuple("伟强磊军勇杰涛斌鹏辉刚健峰龙林森浩宇博超立志远航")
"""Characters for given names of men."""

GIVEN_EITHER: Final = tuple("晓文思明春嘉永新若子安和一清")
"""First characters of given names of two, for anybody."""

DISTRICTS: Final = (
    ("红旗区", "新乡市公安局红旗分局"),
    ("卫滨区", "新乡市公安局卫滨分局"),
    ("牧野区", "新乡市公安局牧野分局"),
    ("凤泉区", "新乡市公安局凤泉分局"),
    ("卫辉市", "卫辉市公安局"),
    ("辉县市", "辉县市公安局"),
    ("获嘉县", "获嘉县公安局"),
)
"""District of 新乡市 and the authority that issues its resident ID cards."""

STREETS: Final = ("示范路", "样例街", "演示大道", "试行巷", "虚拟路", "模拟街")
"""Invented streets, recognisable as such."""

EMPLOYERS: Final = (
    "新乡市示例机械有限公司",
    "新乡市样板纺织有限公司",
    "河南演示食品有限公司",
    "卫辉市虚构建材有限公司",
)
"""Invented employers."""

MINORITIES: Final = ("02", "03", "11", "15")
"""GB/T 3304 codes of the few who are not Han (01): Mongol, Hui, Manchu, Tujia."""
