"""Read the lists of the policy documents from their text; shares no code with the catalogue.

Two layouts: 新乡市's table lost its columns (one cell a paragraph, a merged cell printed once);
晋城市城区's rows kept their tabs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
DEPARTMENT = re.compile(r"(局|委|中心|公司|分行|支队|海关|残联|通管办|部门|运营商|(?<=局)等)$")
"""How the name of a department ends; no matter ends so."""
DEADLINE = re.compile(r"底前$|统筹推进$")
SHARED_PREFIX = "市"


@dataclass
class Row:
    """One item as the table prints it; ``cell`` is its department cell, merged ones repeated."""

    name: str
    cell: str


@dataclass
class Entry:
    """One thing as the table prints it."""

    number: int
    name: str
    lead: str
    deadline: str
    group: str = ""
    rows: list[Row] = field(default_factory=list)


def text_of(name: str) -> str:
    """Return a document's text."""
    return (FOLDER / name).read_text(encoding="utf-8")


def bare(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s", "", text)


def xinxiang() -> list[Entry]:
    """Return 附件1 of 新乡市's document."""
    text = text_of("xinxiang-2024.txt")
    table = text.split("牵头市领导\n", 1)[1].split("附件2\n", 1)[0]
    cells = _joined([line.strip() for line in table.split("\n") if line.strip()])
    entries: list[Entry] = []
    starts = [index for index, cell in enumerate(cells) if re.fullmatch(r"\d{1,2}", cell)]
    for start, end in zip(starts, [*starts[1:], len(cells)], strict=True):
        block = _block(cells[start:end])
        if entries and entries[-1].number == block.number:  # the same thing on the next page
            entries[-1].rows += block.rows
        else:
            entries.append(block)
    return entries


def _joined(cells: list[str]) -> list[str]:
    """Put together a cell that was broken after a comma."""
    joined: list[str] = []
    for cell in cells:
        if joined and joined[-1].endswith("、"):
            joined[-1] += cell
        else:
            joined.append(cell)
    return joined


def _block(cells: list[str]) -> Entry:
    """Read one thing's cells: number, name, first item, lead, departments, deadline, leader, rest.

    The name may take several paragraphs: what stands between it and the first item is known by
    the item being the last cell before the lead department.
    """
    lead = next(index for index, cell in enumerate(cells) if DEPARTMENT.search(cell))
    due = next(index for index, cell in enumerate(cells) if DEADLINE.search(cell))
    first = Row(cells[lead - 1], cells[lead + 1])
    name = "".join(cells[1 : lead - 1]).removesuffix("“一件事”")
    entry = Entry(int(cells[0]), name, cells[lead], cells[due], rows=[first])
    for cell in cells[due + 2 :]:
        if DEPARTMENT.search(cell):
            entry.rows[-1].cell = cell
        else:
            entry.rows.append(Row(cell, entry.rows[-1].cell))
    return entry


def jincheng() -> list[Entry]:
    """Return the 附件 of 晋城市城区's document, its cells where they were printed."""
    table = text_of("jincheng-chengqu-2024.txt").split("\n序号\t", 1)[1]
    entries: list[Entry] = []
    group = deadline = ""
    for line in table.split("\n"):
        cells = [bare(cell) for cell in line.split("\t")]
        if len(cells) < 5 or cells[1] == "“一件事”名称":
            continue
        if heading := re.fullmatch(r"(.+)[（(]\d+项[）)]", cells[0]):
            group = heading[1]
            continue
        departments = [cell for cell in cells[3:] if DEPARTMENT.search(cell)]
        if cells[0]:
            deadline = next((cell for cell in cells[4:] if cell.startswith("20")), deadline)
            lead = departments[0].removeprefix("★")
            entries.append(Entry(int(cells[0]), cells[1], lead, deadline, group))
            departments = [lead]
        rows = entries[-1].rows
        cell = departments[0] if departments else rows[-1].cell
        rows.append(Row(cells[2], cell))
    return entries


def written_out(cell: str) -> list[str]:
    """Return the departments of a cell in full: the first one's 市 is all of theirs; 等 is none."""
    names = re.split(r"、|及", cell.removesuffix("等"))
    if not names[0].startswith(SHARED_PREFIX):
        return names
    whole = ("市", "人行", "新乡", "网络")
    return [
        name if name.startswith(whole) and name != "市场监管局" else f"市{name}" for name in names
    ]
