"""Configurations that are broken on purpose, one change each, reproducible by their number."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

_SCALAR = re.compile(r"^(\s*(?:- )?[\w.-]+: )([^\s#\[{|>].*)$")
_STRANGE = (
    "",
    "null",
    "-1",
    "1e999",
    "[]",
    "{}",
    "'\\0'",
    "true",
    "'" + "长" * 5000 + "'",
    "../..",
)


def broken(config: Path, into: Path, number: int) -> str:
    """Copy a configuration and spoil one file; returns what was done."""
    lot = Random(number)  # noqa: S311 - a test's lot
    shutil.copytree(config, into)
    shutil.rmtree(into / "schema")
    files = sorted(path for path in into.rglob("*.yaml") if "terminals" not in path.parts)
    path = lot.choice(files)
    how = lot.choice(WAYS)
    how(path, lot)
    return f"{number}: {how.__name__} in {path.relative_to(into)}"


def _gone(path: Path, lot: Random) -> None:
    del lot
    path.unlink()


def _cut_off(path: Path, lot: Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: lot.randrange(len(data))])


def _flipped(path: Path, lot: Random) -> None:
    data = bytearray(path.read_bytes())
    data[lot.randrange(len(data))] ^= 1 << lot.randrange(8)
    path.write_bytes(data)


def _line_gone(path: Path, lot: Random) -> None:
    lines = path.read_text().splitlines(keepends=True)
    del lines[lot.randrange(len(lines))]
    path.write_text("".join(lines))


def _line_twice(path: Path, lot: Random) -> None:
    lines = path.read_text().splitlines(keepends=True)
    at = lot.randrange(len(lines))
    lines.insert(at, lines[at])
    path.write_text("".join(lines))


def _moved_in(path: Path, lot: Random) -> None:
    lines = path.read_text().splitlines(keepends=True)
    at = lot.randrange(len(lines))
    lines[at] = f"  {lines[at]}"
    path.write_text("".join(lines))


def _strange_value(path: Path, lot: Random) -> None:
    _with_values(path, lot, lambda _values: lot.choice(_STRANGE))


def _anothers_value(path: Path, lot: Random) -> None:
    _with_values(path, lot, lot.choice)


def _with_values(path: Path, lot: Random, pick: Callable[[list[str]], str]) -> None:
    """Replace one value of a file."""
    lines = path.read_text().splitlines()
    found = {at: own for at, line in enumerate(lines) if (own := _SCALAR.match(line))}
    if not found:
        path.write_text("")
        return
    at = lot.choice(sorted(found))
    lines[at] = found[at][1] + pick([own[2] for own in found.values()])
    path.write_text("\n".join(lines) + "\n")


WAYS: tuple[Callable[[Path, Random], None], ...] = (
    *(_gone, _cut_off, _flipped, _line_gone, _line_twice, _moved_in),
    *(_strange_value, _strange_value, _anothers_value, _anothers_value),
)
