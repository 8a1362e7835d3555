"""Many terminals from one table: read, judged line by line, taken at once, taken back while unused.

A table is what spreadsheets save as CSV: UTF-8, or GB 18030 as Chinese Excel writes it; separated
by comma, semicolon or tab; its first line names the columns, in Chinese or English, in any order.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from fleet import journal
from fleet.store.model import Expected, Terminal
from fleet.terminals.groups import EVERYBODYS
from fleet.terminals.judging import doubts
from kiosk.status.rings import ring_of

MOST: Final = 5000
"""Lines of a table."""
COLUMNS: Final[Mapping[str, str]] = {
    "编号": "name",
    "名称": "title",
    "地点": "site",
    "场所": "kind",
    "地方": "jurisdiction",
    "组": "release_group",
    "纬度": "latitude",
    "经度": "longitude",
}
"""What a column may be called, and what it is; the English name does, too."""
KINDS: Final[Mapping[str, str]] = {
    "政务大厅": "hall",
    "银行": "bank",
    "邮政": "post",
    "通信营业厅": "telecom",
    "园区": "park",
    "商场": "mall",
    "楼宇": "building",
}
"""What a site's kind may be called; the English name does, too."""
_SEPARATORS: Final = ",;\t"
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What Excel's own files begin with."""
EXAMPLE: Final = "示例"
"""What the number of a template's example begins with; it is no number, so it can't be taken."""
TEMPLATE: Final = (
    "编号,名称,地点,场所,地方,组,纬度,经度\r\n"
    f"{EXAMPLE} 410700-0020（填好后删掉这一行）,牧野 1 号机,牧野区政务大厅,政务大厅,410700,stable,"
    "35.303,113.927\r\n"
)
"""A table to begin with."""


class TableRefused(Exception):
    """It is no table of terminals; ``why`` is a word for the page.

    ``not_text``, ``workbook``, ``empty``, ``no_columns``, ``too_long``, ``taken_meanwhile``,
    ``quotes``; ``said`` is what stands in the first line instead of the columns, ``line`` where a
    quotation mark begins that does not end.
    """

    def __init__(self, why: str, said: str = "", line: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.said = said
        self.line = line


class Line(BaseModel):
    """A terminal that is expected."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{3,31}$")]
    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    site: Annotated[str, StringConstraints(max_length=100)] = ""
    kind: Literal["hall", "bank", "post", "telecom", "park", "mall", "building"] = "hall"
    jurisdiction: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    release_group: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")] = (
        "stable"
    )
    latitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    """Beyond 90 as well: `fleet.terminals.judging` says that it stands where longitude belongs."""
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong in a line.

    Attributes:
        line: number in the file, from 1.
        column: a key of `Line`; of a column or cell that has no such, its own name or place.
        why: ``wrong``, ``missing``, ``twice``, ``in_use``, ``expected``, ``unknown`` and
            ``doubled`` (a column), ``beyond`` (a cell right of all columns), ``example`` (the
            template's line), or one of `fleet.terminals.judging.Doubt`.
        said: what stands there.
        other: of ``twice``, the line that was first.
        beside: of ``twice``, ``in_use`` and ``expected``, the number that is there, which may be
            written in other letters; of ``no_group``, the groups that there are.
    """

    line: int
    column: str
    why: str
    said: str
    other: int = 0
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table that was read: its lines, and what is wrong with it."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


def decoded(data: bytes) -> str:
    """Return the text of a file; raises `TableRefused`."""
    if data.startswith(_WORKBOOKS):
        raise TableRefused("workbook")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableRefused("not_text")


def read(engine: Engine, text: str, groups: Collection[str] = EVERYBODYS) -> Table:
    """Read a table and judge every line.

    Numbers are the same when only the case of their letters differs: nobody hears it on the phone.

    Args:
        engine: of the fleet's database.
        text: the table.
        groups: that there are.

    Raises:
        TableRefused: it has no lines, too many, or not the columns that are needed.
    """
    lines: dict[str, Line] = {}
    places: dict[str, int] = {}
    faults: list[Fault] = []
    for number, values in _readable(text, faults):
        try:
            line = Line.model_validate(values)
        except ValidationError as error:
            faults += [_fault(number, values, one) for one in error.errors(include_url=False)]
            continue
        faults += _doubtful(number, values, line, groups)
        key = line.name.lower()
        if key in lines:
            first = (lines[key].name,)
            why = {"column": "name", "why": "twice", "said": line.name}
            faults.append(Fault(line=number, **why, other=places[key], beside=first))
            continue
        places[key], lines[key] = number, line
    faults += _known(engine, places, lines)
    faults.sort(key=lambda one: one.line)
    return Table(lines=tuple(lines.values()), faults=tuple(faults))


def take(
    engine: Engine,
    text: str,
    by: str,
    now: datetime | None = None,
    groups: Collection[str] = EVERYBODYS,
) -> str:
    """Expect every terminal of a table; returns the batch's id.

    Raises:
        TableRefused: it can't be read, or something is wrong with it by now: nothing is taken.
    """
    table = read(engine, text, groups)
    if table.faults:
        raise TableRefused("taken_meanwhile")
    batch, now = secrets.token_hex(8), now or datetime.now(UTC)
    common = {"batch": batch, "imported_by": by, "imported_at": now}
    try:
        with engine.execution_options(writes=True).begin() as connection:
            rows = [
                line.model_dump() | common | {"ring": ring_of(line.release_group)}
                for line in table.lines
            ]
            connection.execute(insert(Expected), rows)
            detail = f"{len(table.lines)} 台"
            journal.append(connection, by, "terminals_imported", batch, detail=detail)
    except IntegrityError as error:  # somebody else's import, at the same moment
        raise TableRefused("taken_meanwhile") from error
    return batch


def take_back(engine: Engine, batch: str, by: str) -> int:
    """Expect no more those of a batch whose machines have not enrolled; returns how many."""
    with engine.execution_options(writes=True).begin() as connection:
        gone = connection.execute(delete(Expected).where(Expected.batch == batch)).rowcount
        if gone:
            journal.append(connection, by, "import_taken_back", batch, detail=f"{gone} 台")
    return int(gone)


def batches(engine: Engine, count: int) -> Sequence[Any]:
    """Return imports of which machines are awaited still, newest first, and how many."""
    wanted = (
        select(
            Expected.batch,
            Expected.imported_by,
            Expected.imported_at,
            func.count().label("awaited"),
        )
        .group_by(Expected.batch, Expected.imported_by, Expected.imported_at)
        .order_by(Expected.imported_at.desc())
        .limit(count)
    )
    with engine.connect() as connection:
        return connection.execute(wanted).all()


def expected(engine: Engine, name: str) -> Any | None:
    """Return where a terminal is expected to stand; none when it is not expected."""
    with engine.connect() as connection:
        return connection.execute(select(Expected).where(Expected.name == name)).one_or_none()


def _readable(text: str, faults: list[Fault]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line's number and cells; who reads says where a quotation mark goes wrong."""
    whole = text.removeprefix("\ufeff")
    separator = max(_SEPARATORS, key=whole.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(whole, newline=""), delimiter=separator, strict=True)
    cells = _Cells(reader)
    try:
        yield from _rows(whole, cells, faults)
    except csv.Error as error:
        if "\0" in whole:
            raise TableRefused("not_text") from error
        raise TableRefused("quotes", line=cells.begun) from error


class _Cells:
    """Rows of a table, and the line in which the row that is read now begins."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.begun = 1

    def __iter__(self) -> Iterator[list[str]]:
        for row in self._reader:
            yield row
            self.begun = self._reader.line_num + 1

    @property
    def line(self) -> int:
        return int(self._reader.line_num)


def _rows(text: str, reader: _Cells, faults: list[Fault]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line's number and its filled cells by column; add what has no column to faults."""
    rows = iter(reader)
    try:
        names = [_column(cell) for cell in next(rows)]
    except StopIteration:
        raise TableRefused("empty") from None
    if not {"name", "title", "jurisdiction"} <= set(names):
        raise TableRefused("no_columns", text.split("\n", 1)[0].strip()[:60])
    faults += _of_names(names)
    count = 0
    for cells in rows:
        filled = {place: cell.strip() for place, cell in enumerate(cells) if cell.strip()}
        values = {names[own]: cell for own, cell in filled.items() if own < len(names)}
        values = {name: cell for name, cell in values.items() if name in Line.model_fields}
        if not filled:
            continue
        faults += _beyond(reader.line, filled, names)
        count += 1
        if count > MOST:
            raise TableRefused("too_long")
        if "kind" in values:
            values["kind"] = KINDS.get(values["kind"], values["kind"])
        yield reader.line, values
    if not count:
        raise TableRefused("empty")


def _of_names(names: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for each column that is no column, or stands there for the second time."""
    for place, name in enumerate(names):
        if name and name not in Line.model_fields:
            yield Fault(line=1, column=name[:60], why="unknown", said=name[:60])
        elif name and name in names[:place]:
            yield Fault(line=1, column=name, why="doubled", said=f"第 {place + 1} 格")


def _beyond(number: int, filled: Mapping[int, str], names: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for each cell that stands under no name."""
    for place, cell in filled.items():
        if place >= len(names) or not names[place]:
            where = f"第 {place + 1} 格"
            yield Fault(line=number, column=where, why="beyond", said=cell[:60])


def _column(cell: str) -> str:
    name = cell.strip().lower()
    return COLUMNS.get(name, {"group": "release_group"}.get(name, name))


def _fault(number: int, values: Mapping[str, str], error: Any) -> Fault:
    column = str(error["loc"][0])
    said = values.get(column, "")
    why = "missing" if error["type"] == "missing" else "wrong"
    if column == "name" and said.startswith(EXAMPLE):
        why = "example"
    return Fault(line=number, column=column, why=why, said=said[:60])


def _doubtful(
    number: int, values: Mapping[str, str], line: Line, groups: Collection[str]
) -> Iterator[Fault]:
    """Yield what can't be although it is written well."""
    for column, why in doubts(line, groups):
        there = tuple(groups) if why == "no_group" else ()
        said = values.get(column, "")[:60]
        yield Fault(line=number, column=column, why=why, said=said, beside=there)


def _known(engine: Engine, places: Mapping[str, int], lines: Mapping[str, Line]) -> Iterator[Fault]:
    """Yield a fault for each that is a terminal already, or expected already."""
    keys = list(places)
    with engine.connect() as connection:
        for why, column in (("in_use", Terminal.name), ("expected", Expected.name)):
            for start in range(0, len(keys), 500):
                part = keys[start : start + 500]
                for name in connection.scalars(select(column).where(func.lower(column).in_(part))):
                    key = name.lower()
                    said = lines[key].name
                    number = places[key]
                    yield Fault(line=number, column="name", why=why, said=said, beside=(name,))
