"""The opening check: nine things tried each morning, kept with date and work number.

The order is that of the hands: first what a person does at the devices, in the order in which they
stand, then what the terminal looks at by itself; that it does meanwhile, so it is done whatever the
person leaves open.  Nothing that is read or captured is kept.

A check may be done by several: each step that passed is kept with who had it pass, and nobody signs
for another's.  Of one that failed the reason is kept as keys of the words, without a value.

A practised clerk needs 90 seconds; nobody is held to it: each step has a patience of its own, and
what nobody did is told as not done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk.maintenance.hall_time import hall_time

FILE: Final = "check.json"
LONGEST_S: Final = 12 * 3600
"""Nobody stays longer in maintenance mode."""
MOST_KEPT: Final = 200
"""Half a year of days."""
_KEY: Final = re.compile(r"[a-z_]{1,40}(\.[a-zA-Z_]{1,40}){1,4}")
"""Of the catalogue of words."""


class Step(StrEnum):
    """What is tried, in this order."""

    CARD = "card"
    PRINT = "print"
    SCAN = "scan"
    CAPTURE = "capture"
    SOUND = "sound"
    TOUCH = "touch"
    NETWORK = "network"
    CLOCK = "clock"
    SPACE = "space"


BY_ITSELF: Final[Mapping[Step, str]] = {
    Step.NETWORK: "intake",
    Step.CLOCK: "clock",
    Step.SPACE: "disk",
}
"""Steps that need no person, by the doctor's word for each."""


class Result(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """The person left it out."""
    UNFINISHED = "unfinished"
    """Nobody did it."""


OPEN: Final = frozenset({Result.SKIPPED, Result.UNFINISHED})
"""Neither passed nor failed."""


class CheckError(ValueError):
    """A record is not of its form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One check as it is kept."""

    at: str
    by: str
    seconds: int
    results: Mapping[Step, Result]
    passed_at: Mapping[Step, str] = field(default_factory=dict)
    """When each step passed, those of which it is known."""
    passed_by: Mapping[Step, str] = field(default_factory=dict)
    """Whose work number it passed under, of those."""
    reasons: Mapping[Step, tuple[str, str]] = field(default_factory=dict)
    """Why a step failed and what to do about it: keys of the words, either may be empty."""

    def __post_init__(self) -> None:
        """Keep of a step what goes with how it ended."""
        passed = _of(Result.PASSED, self.results)
        failed = _of(Result.FAILED, self.results)
        for name, steps in (("passed_at", passed), ("passed_by", passed), ("reasons", failed)):
            own = {step: one for step, one in getattr(self, name).items() if step in steps}
            object.__setattr__(self, name, own)

    @classmethod
    def of(cls, document: object, *, by: str, at: datetime) -> Record:
        """Read what the session tells, or what is kept.

        ``seconds``, ``results``, ``reasons``, and, kept alone, ``passed_at`` and ``passed_by``; the
        session tells ``ago`` in their place: seconds since a step passed.

        Raises:
            CheckError: it is of another form.
        """
        try:
            results = {Step(k): Result(v) for k, v in document["results"].items()}  # type: ignore[index]
            seconds = int(document["seconds"])  # type: ignore[index]
            times = _passed_at(document, at)
            signed = {Step(k): str(v) for k, v in _within(document, "passed_by").items()}
            reasons = {Step(k): _keys(v) for k, v in _within(document, "reasons").items()}
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise CheckError("results by step, and seconds") from error
        if set(results) != set(Step) or not 0 <= seconds <= LONGEST_S:
            raise CheckError("every step, within its time")
        now = at.isoformat(timespec="seconds")
        return cls(
            at=now,
            by=by,
            seconds=seconds,
            results=results,
            passed_at=times,
            passed_by=signed,
            reasons=reasons,
        )

    def count(self, result: Result) -> int:
        """Return how many steps ended so."""
        return sum(own is result for own in self.results.values())

    def figures(self) -> dict[str, int]:
        """Return what the log says of it."""
        return {**{own.value: self.count(own) for own in Result}, "seconds": self.seconds}

    def as_document(self) -> dict[str, object]:
        """Return it as JSON data."""
        results = {step.value: own.value for step, own in self.results.items()}
        head = {"at": self.at, "by": self.by, "seconds": self.seconds}
        return {
            **head,
            "results": results,
            "passed_at": {step.value: at for step, at in self.passed_at.items()},
            "passed_by": {step.value: by for step, by in self.passed_by.items()},
            "reasons": {step.value: list(keys) for step, keys in self.reasons.items()},
        }

    def after(self, before: tuple[Record, ...]) -> dict[str, object]:
        """Return what is kept now: this one after the others, the oldest gone.

        A step that passed before this check, and was not done again in it, keeps its time and who
        had it pass; what this check tells of others is not asked.
        """
        last = before[-1] if before and _day(before[-1]) == _day(self) else None
        at, by = ({}, {}) if last is None else (last.passed_at, last.passed_by)
        own = replace(
            self,
            passed_at={**at, **self.passed_at},
            passed_by={**by, **dict.fromkeys(self.passed_at, self.by)},
        )
        kept_ones = (*before, own)[-MOST_KEPT:]
        return {"checks": [one.as_document() for one in kept_ones]}


def _day(record: Record) -> str:
    return hall_time(record.at)[0]


def _of(result: Result, results: Mapping[Step, Result]) -> frozenset[Step]:
    return frozenset(step for step, own in results.items() if own is result)


def _within(document: object, name: str) -> Mapping[str, object]:
    told = document.get(name, {}) if isinstance(document, Mapping) else {}
    if not isinstance(told, Mapping):
        raise TypeError(name)
    return told


def _keys(told: object) -> tuple[str, str]:
    """Return two keys of the words; nothing else is kept, whatever was read or captured."""
    why, hint = told if isinstance(told, list | tuple) else ("", "")
    keys = str(why), str(hint)
    if not any(keys) or not all(_KEY.fullmatch(key) for key in keys if key):
        raise ValueError("keys of the words")
    return keys


def _passed_at(document: object, now: datetime) -> dict[Step, str]:
    """Return when steps passed: as it is kept, or as the session counts it back from now."""
    told = document if isinstance(document, Mapping) else {}
    at = {
        Step(k): datetime.fromisoformat(v).isoformat() for k, v in told.get("passed_at", {}).items()
    }
    ago = {Step(k): min(LONGEST_S, max(0, int(v))) for k, v in told.get("ago", {}).items()}
    counted = {
        k: (now - timedelta(seconds=v)).isoformat(timespec="seconds") for k, v in ago.items()
    }
    return {**at, **counted}


def kept(document: Mapping[str, object]) -> tuple[Record, ...]:
    """Return the checks of a kept document, oldest first; what cannot be read is left out."""
    found: list[Record] = []
    checks = document.get("checks")
    for one in checks if isinstance(checks, list) else []:
        try:
            at = datetime.fromisoformat(one["at"])
            found.append(Record.of(one, by=str(one["by"]), at=at))
        except (TypeError, KeyError, ValueError):
            continue
    return tuple(found)
