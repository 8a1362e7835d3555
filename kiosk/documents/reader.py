"""Read one YAML file into plain values, with the line of every key and list entry.

Strings, numbers, booleans and null come out as YAML's safe schema says; a key given twice is
a fault, not the last one's victory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

_WIDE_COLON = re.compile(r"\s*(-\s+)?[\w-]+\s*：")
Location = tuple[str | int, ...]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentFault:
    """One fault: ``line`` counts from 1, ``key`` is dotted, ``hint`` says what to do next."""

    file: Path
    line: int
    key: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        what = f"{self.key}: {self.problem}" if self.key else self.problem
        return f"{where}: {what}. {self.hint}" if self.hint else f"{where}: {what}"


class DocumentError(Exception):
    """A document has faults; all of them are in ``faults``, in the order of the file."""

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file's value and the line of each path in it."""

    path: Path
    value: object
    lines: Mapping[Location, int]

    def line(self, path: Location) -> int:
        """Return the line of a path, or of the nearest part of it that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(path: Path) -> Document:
    """Return the document in a UTF-8 file.

    Raises:
        DocumentError: the file cannot be read, is not YAML, or gives a key twice.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    return parse(path, data)


def parse(path: Path, data: bytes) -> Document:
    """Return the document that a file's bytes are; ``path`` is named in faults.

    Raises:
        DocumentError: the bytes are not UTF-8, not YAML, or give a key twice.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        hint = "Save the file as UTF-8"
        raise _single(path, 1 + data[: error.start].count(b"\n"), "not UTF-8", hint) from error
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        line, hint = _advice(text, line)
        raise _single(path, line, f"not YAML: {problem}", hint) from error
    reading = _Reading(path)
    value = {} if node is None else reading.value(node, ())
    if reading.faults:
        raise DocumentError(tuple(reading.faults))
    return Document(path=path, value=value, lines=reading.lines)


def _advice(text: str, line: int) -> tuple[int, str]:
    """Return the line that is to be mended and how; a wide colon is complained of one line late."""
    lines = text.splitlines()
    for number in (line, line - 1):
        if 0 < number <= len(lines) and _WIDE_COLON.match(lines[number - 1]):
            return number, "Write the narrow : and a space instead of the wide ："
    return line, "Check indentation and quotes"


def _unreadable(path: Path, error: Exception) -> DocumentError:
    return _single(path, 1, f"cannot be read ({error})", "Check the name and the file")


def _single(path: Path, line: int, problem: str, hint: str) -> DocumentError:
    return DocumentError((DocumentFault(file=path, line=line, key="", problem=problem, hint=hint),))


@dataclass(slots=True)
class _Reading:
    """One pass over the node tree."""

    path: Path
    lines: dict[Location, int] = field(default_factory=dict)
    faults: list[DocumentFault] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, path: Location) -> object:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if isinstance(node, yaml.CollectionNode):
            if id(node) in self.seen:
                self.fault(line, path, "an alias (*name) is not supported here", "Write it out")
                return None
            self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return _scalar(node)

    def mapping(self, node: yaml.MappingNode, path: Location) -> dict[str, object]:
        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in values:
                first = self.lines[(*path, key)]
                self.fault(line, (*path, key), f"given twice, first in line {first}", "Keep one")
                continue
            self.lines[(*path, key)] = line
            values[key] = self.value(value_node, (*path, key))
        return values

    def fault(self, line: int, path: Location, problem: str, hint: str) -> None:
        key = ".".join(map(str, path))
        self.faults.append(
            DocumentFault(file=self.path, line=line, key=key, problem=problem, hint=hint)
        )


def _scalar(node: yaml.Node) -> object:
    """Return a scalar by YAML's core schema; anything else, a date say, stays text."""
    if node.tag.rpartition(":")[2] not in {"int", "float", "bool", "null"}:
        return str(node.value)
    value: object = yaml.constructor.SafeConstructor().construct_object(node)
    return value
