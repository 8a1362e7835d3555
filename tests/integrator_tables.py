"""The tables of docs/integrator.md, made from the code they tell of.

``python -m tests.integrator_tables`` writes them anew between their marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from intake.records.model import State
from intake.service.problems import catalogue
from kiosk.gateway.ports import MODULES
from kiosk.intake_check.examination import CHECKS
from kiosk.translation import Translator

DOCUMENT: Final = Path(__file__).resolve().parent.parent / "docs" / "integrator.md"
CLERK_ONLY: Final = frozenset(
    {"FOREIGN_PAGE", "STATE_CONFLICT", "REASON_MISSING", "PREDECESSOR_OPEN", "PAPER_OWED"}
    | {"OBJECTION_OPEN"}
)
"""Codes of the clerk's page: no terminal gets them."""


def modules() -> str:
    """Return the ten modules: port, methods, calls."""
    rows = []
    for one in MODULES:
        name = one.port.__name__
        for method, calls in one.calls.items():
            told = "<br>".join(f"`{call}`" for call in calls)
            rows.append((one.name, f"`{name}`", f"`{method}`", told))
        if not one.offered:
            rows.append((one.name, f"`{name}`", "–", "not offered"))
    return _table(("module", "port", "method", "calls"), rows)


def errors() -> str:
    """Return every problem that a terminal can get."""
    rows = [
        (f"`{code}`", str(own.status), "yes" if own.retryable else "no", own.title, own.help)
        for code, own in sorted(catalogue().items())
        if code not in CLERK_ONLY
    ]
    return _table(("code", "status", "retryable", "title_zh", "help"), rows)


def states() -> str:
    """Return the states of an item."""
    return _table(("state", "text"), [(f"`{own.value}`", own.text) for own in State])


def checks() -> str:
    """Return every rule that is looked at."""
    words = Translator("en", strict=True)

    def row(module: str, check: str, *, writes: bool) -> tuple[str, ...]:
        key = f"intake_check.checks.{check}"
        told = words.text(f"intake_check.modules.{module}")
        mend = words.text(f"{key}.fix")
        return (told, words.text(f"{key}.name"), "probe" if writes else "reads", mend)

    rows = [row(one.module, one.code, writes=one.writes) for one in CHECKS]
    return _table(("module", "rule", "how", "what keeps it"), rows)


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "modules": modules,
    "errors": errors,
    "states": states,
    "checks": checks,
}


def written(text: str) -> str:
    """Return a document with its tables made anew."""
    for name, made in TABLES.items():
        begin, end = f"<!-- {name}: made by tests.integrator_tables -->\n", f"<!-- /{name} -->"
        pattern = re.compile(f"(?<={re.escape(begin)}).*?(?={re.escape(end)})", re.DOTALL)
        found = pattern.findall(text)
        if len(found) != 1:
            raise ValueError(f"{name}: {len(found)} places instead of one")
        text = text.replace(f"{begin}{found[0]}{end}", f"{begin}{made()}{end}")
    return text


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8")), "utf-8")
