"""What a check may tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.translation import Translator

Value = str | int


class Verdict(StrEnum):
    """How it stands with one rule, or with all rules of a module."""

    OK = "ok"
    ATTENTION = "attention"
    """It works; somebody should mend it."""
    BROKEN = "broken"
    """Terminals would lose or mistake something."""
    SKIPPED = "skipped"
    """It was not tried, and why is told."""
    NOT_OFFERED = "not_offered"
    """The product asks nothing of this module."""


_ORDER = (Verdict.BROKEN, Verdict.ATTENTION, Verdict.OK, Verdict.SKIPPED, Verdict.NOT_OFFERED)


class Failed(Exception):
    """A rule is not kept: in which case, and the values of its sentence."""

    def __init__(self, case: str, verdict: Verdict = Verdict.BROKEN, **values: Value) -> None:
        super().__init__(case)
        self.case = case
        self.verdict = verdict
        self.values = values


class Skipped(Failed):
    """A rule was not tried."""

    def __init__(self, case: str, **values: Value) -> None:
        super().__init__(case, Verdict.SKIPPED, **values)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One rule that was looked at.

    Attributes:
        module: a code of `kiosk.gateway.ports.MODULES`, or ``line``.
        check: which rule; its words are ``intake_check.checks.<check>``.
        verdict: how it stands.
        case: how it was found; its words are ``intake_check.cases.<case>``.
        values: for the words; never of a citizen.
    """

    module: str
    check: str
    verdict: Verdict
    case: str = "ok"
    values: Mapping[str, Value] = field(default_factory=dict)

    def name(self, words: Translator) -> str:
        """Return what was looked at."""
        return words.text(f"intake_check.checks.{self.check}.name")

    def told(self, words: Translator) -> str:
        """Return how it was found."""
        reason = str(self.values.get("reason", ""))
        key = f"intake_check.reasons.{reason}"
        said = words.text(key) if reason and words.has(key) else reason
        return words.text(f"intake_check.cases.{self.case}", **{**self.values, "reason": said})

    def mend(self, words: Translator) -> str:
        """Return what to mend; empty where there is nothing to do."""
        if self.verdict not in {Verdict.BROKEN, Verdict.ATTENTION}:
            return ""  # why it was not tried says what to give
        own = f"intake_check.cases.{self.case}_fix"
        key = own if words.has(own) else f"intake_check.checks.{self.check}.fix"
        return words.text(key, **self.values) if words.has(key) else ""


def worst(found: list[Finding]) -> Verdict:
    """Return the verdict over several rules: the worst of those that were tried."""
    there = {one.verdict for one in found}
    return next((own for own in _ORDER if own in there), Verdict.SKIPPED)
