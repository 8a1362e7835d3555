"""What a check (核验) between authorities comes to: one line, and no form.

An authority is asked through the registers that hold the check's fields; a check without fields
asks the authority itself.  Who did not consent is not asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from intake.registers.prefill import Prefilled
from kiosk.domain.catalogue import Item, Mode
from kiosk.domain.dictionary import Field, FieldKind
from kiosk.domain.sources import on_card, registers

CheckState = Literal["ok", "not_found", "unavailable"]
_LINES: Final[Mapping[CheckState, str]] = {
    "ok": "{authority}部门已核验：{asks}，查到了，不用您填表。",
    "not_found": "{authority}部门没有查到：{asks}。请带有关证件到窗口人工核验。",
    "unavailable": "{authority}部门现在连不上，还没有核验：{asks}。可以先提交，由工作人员补核。",
}
_ASKED: Final = "check."
"""Beginning of the keys by which a check without fields is asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """How a check came out; ``line`` is the sentence the citizen and the clerk read."""

    state: CheckState
    line: str


def asked(items: Iterable[Item]) -> list[Field]:
    """Return a question for each check that has no fields a register could answer."""
    return [
        Field(
            key=_key(item),
            label=item.name,
            kind=FieldKind.TEXT,
            sources=(f"share:{item.check.authority}",),
            example="是",
        )
        for item in items
        if item.mode is Mode.CHECK and item.check and not item.fields
    ]


def results(items: Iterable[Item], answer: Prefilled, role: str) -> dict[str, CheckResult]:
    """Return how the checks among the items came out, by their codes."""
    return {
        item.code: _result(item, _state(item, answer, role))
        for item in items
        if item.mode is Mode.CHECK and item.check
    }


def without_questions(answer: Prefilled) -> Prefilled:
    """Return an answer without what only checks asked."""
    values = {key: own for key, own in answer.values.items() if not key.startswith(_ASKED)}
    return Prefilled(values=values, sources=answer.sources)


def _state(item: Item, answer: Prefilled, role: str) -> CheckState:
    """Return ``ok`` when every fact is known that a register holds."""
    needed: dict[str, tuple[str, ...]] = {
        field.key: registers(field, role)
        for field in item.fields
        if not on_card(field, role) and registers(field, role)
    }
    if not item.fields and item.check:
        needed = {_key(item): (f"share:{item.check.authority}",)}
    missing = [sources for key, sources in needed.items() if key not in answer.values]
    if not missing:
        return "ok"
    late = any(answer.sources.get(source) == "timeout" for own in missing for source in own)
    return "unavailable" if late else "not_found"


def _result(item: Item, state: CheckState) -> CheckResult:
    check = item.check
    words = {"authority": check.authority, "asks": check.asks} if check else {}
    return CheckResult(state=state, line=_LINES[state].format(**words))


def _key(item: Item) -> str:
    return f"{_ASKED}{item.code.replace('-', '_')}"
