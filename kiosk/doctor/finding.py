"""What a look may tell: how bad, which case, and its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.translation import Translator


class Verdict(StrEnum):
    """How it stands with one thing that is taken for granted."""

    OK = "ok"
    ATTENTION = "attention"
    """It works; somebody must do something before it does not."""
    BROKEN = "broken"
    """Citizens lose something now."""
    UNKNOWN = "unknown"
    """It could not be looked at from here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: what was looked at; a section of ``doctor`` in the translations.
        case: how it was found; its words are ``doctor.<check>.<case>``, its next step
            ``doctor.<check>.<case>_fix``.
        verdict: how bad that is.
        values: for the words; of the terminal, never of a citizen.
    """

    check: str
    case: str
    verdict: Verdict
    values: Mapping[str, str | int] = field(default_factory=dict)

    def told(self, words: Translator) -> str:
        """Return the sentence for a person."""
        return words.text(f"doctor.{self.check}.{self.case}", **self.values)

    def fix(self, words: Translator) -> str:
        """Return the next step; empty where there is nothing to do."""
        key = f"doctor.{self.check}.{self.case}_fix"
        return words.text(key, **self.values) if words.has(key) else ""


def ok(check: str, **values: str | int) -> Finding:
    """Return that all is well."""
    return Finding(check=check, case="ok", verdict=Verdict.OK, values=values)


def attention(check: str, case: str, **values: str | int) -> Finding:
    """Return what somebody must see to soon."""
    return Finding(check=check, case=case, verdict=Verdict.ATTENTION, values=values)


def broken(check: str, case: str, **values: str | int) -> Finding:
    """Return what citizens lose by now."""
    return Finding(check=check, case=case, verdict=Verdict.BROKEN, values=values)


def unknown(check: str, case: str, **values: str | int) -> Finding:
    """Return what could not be looked at."""
    return Finding(check=check, case=case, verdict=Verdict.UNKNOWN, values=values)
