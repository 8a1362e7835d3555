"""What is wrong in the catalogue's files: every fault with its file, line and next step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from kiosk.documents import Document, DocumentFault
from kiosk.domain.problem import DeveloperMustAct

Location = tuple[str | int, ...]


class CatalogueError(DeveloperMustAct):
    """The catalogue's files are wrong; ``file``, ``line`` and ``problem`` are the first fault's.

    ``faults`` holds every fault found.
    """

    code = "problem.catalogue"

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        super().__init__(detail="\n".join(map(str, faults)))
        self.faults = faults
        self.file: Path = faults[0].file
        self.line: int = faults[0].line
        self.problem: str = str(faults[0])


def fault(document: Document, location: Location, problem: str, hint: str = "") -> DocumentFault:
    """Return a fault at a place of a document; ``hint`` says what to write instead."""
    return DocumentFault(
        file=document.path,
        line=document.line(location),
        key=".".join(map(str, location)),
        problem=problem,
        hint=hint,
    )


def near(name: str, known: Iterable[str]) -> str:
    """Return a question after the known name that looks most like this one, or nothing."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"Did you mean {found[0]}?" if found else ""


def strangers(
    document: Document, at: Location, names: Iterable[str], known: Iterable[str], what: str
) -> list[DocumentFault]:
    """Return a fault for each name that leads nowhere; ``what`` is what it should name."""
    keys = list(known)
    return [
        fault(document, (*at, index), f"there is no {what} {name}", near(name, keys))
        for index, name in enumerate(names)
        if name not in keys
    ]
