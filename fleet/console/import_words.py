"""What is wrong in a table of terminals, and what is right, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fleet.terminals import importing
from fleet.terminals.importing import Fault

REFUSED: Final[Mapping[str, str]] = {
    "not_text": "这不是文本表格。请在表格软件里另存为 CSV。",
    "workbook": "这是 Excel 工作簿。请在表格软件里点“另存为”，类型选 CSV（逗号分隔）。",
    "empty": "表里一台终端也没有。第一行写列名，从第二行起一行一台。",
    "no_columns": "第一行要有“编号”“名称”“地方”三列；还可以有地点、场所、组、纬度、经度。",
    "too_long": f"一次最多 {importing.MOST} 台，请分成几个表。",
    "too_large": "文件太大，一次最多 256 KB，请分成几个表。",
    "quotes": "引号没有收尾，或者收尾的引号后面还有字。整格加英文引号的，两头都要有；"
    "不用引号的，把引号删掉。",
    "taken_meanwhile": "表里的编号刚刚被别人用了，没有导入。请再预览一次。",
}
"""Why a whole table was not read."""
_COLUMNS: Final = {column: word for word, column in importing.COLUMNS.items()}
_RIGHT: Final[Mapping[str, str]] = {
    "name": "4 到 32 个字母、数字或短横线，不用短横线开头，如 410700-0020",
    "title": "1 到 60 个字，如 牧野 1 号机",
    "site": "最多 100 个字，如 牧野区政务大厅",
    "kind": "、".join(importing.KINDS) + "里的一个；空着就是政务大厅",
    "jurisdiction": "六位行政区划代码，如 410700",
    "release_group": "小写字母、数字和短横线，最多 31 个，如 canary；空着就是 stable",
    "latitude": "北纬多少度，3 到 54 的数，如 35.303；可以和经度一起空着",
    "longitude": "东经多少度，73 到 136 的数，如 113.927；可以和纬度一起空着",
}
"""What a column takes, with an example."""
_MENDED: Final[Mapping[str, str]] = {
    "twice": "每台一个编号：改掉一个，或者删掉一行",
    "in_use": "换一个没用过的编号，如 410700-0020；是换机的，删掉这一行，到那台终端的页面办",
    "expected": "删掉这一行；要改资料，先撤回那次导入",
    "unknown": "列名用" + "、".join(importing.COLUMNS),
    "doubled": "留一列，删掉另一列",
    "beyond": '字里面有逗号的，整格加英文引号，如 "大厅,东门"',
    "example": "删掉这一行",
    "no_place": "现在有的六位行政区划代码，如 410700",
    "swapped": "纬度填小的，如 35.303；经度填大的，如 113.927",
}
"""What to do about what is wrong whatever the column takes."""


_NUMBERS: Final = {"twice": "", "in_use": "在用", "expected": "导入过"}


def column(fault: Fault) -> str:
    """Return what the column is called in the table."""
    return _COLUMNS.get(fault.column, fault.column)


def wrong(fault: Fault) -> str:
    """Return what is wrong."""
    if fault.beside and fault.why in _NUMBERS and fault.said not in fault.beside:
        where = f"第 {fault.other} 行" if fault.why == "twice" else _NUMBERS[fault.why]
        return f"和{where}的 {fault.beside[0]} 只差字母大小写"
    return {
        "wrong": "写得不对",
        "missing": "没有填",
        "twice": f"和第 {fault.other} 行的编号一样",
        "in_use": "这个编号已经在用",
        "expected": "这个编号已经导入过",
        "unknown": "没有叫这个名字的列",
        "doubled": "有两列叫这个名字",
        "beyond": "比列名多出来的一格",
        "example": "这是模板里的例子",
        "no_place": "没有这个地方",
        "no_group": "没有这个组",
        "alone": "纬度和经度只填了一个",
        "swapped": "纬度和经度可能写反了",
        "abroad": "不在中国",
    }[fault.why]


def right(fault: Fault) -> str:
    """Return what is right, with an example where one says more."""
    if fault.why == "no_group":
        return f"{'、'.join(fault.beside)} 里的一个；空着就是 stable"
    return _MENDED.get(fault.why) or _RIGHT.get(fault.column, "")
