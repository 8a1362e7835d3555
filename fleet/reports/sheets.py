"""Reports as CSV: UTF-8 with a byte-order mark, as office programs in the halls open it.

A text that a program would take for a formula (OWASP, CSV injection) gets an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a sheet line by line."""
    yield b"\xef\xbb\xbf" + _line(heads)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[object]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([_cell(one) for one in cells])
    return written.getvalue().encode()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
