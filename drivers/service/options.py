"""What may stand in a device's entry of the file of ports: one rule a key. Pure.

A rule takes a value as YAML gave it and returns what is wrong with it, or ``None``. The message
goes on after the name of the key: "is not a number". A rule made here also says itself as a JSON
Schema, for the published one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

OptionRule = Callable[[object], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, and the JSON Schema that says the same."""

    problem: OptionRule
    schema: Mapping[str, object]

    def __call__(self, value: object) -> str | None:
        """Return what is wrong with a value, or ``None``."""
        return self.problem(value)


def schema_of(rule: OptionRule) -> dict[str, object]:
    """Return a rule as a JSON Schema; one that takes anything when the rule does not say."""
    if rule is port:
        return {"type": "string", "minLength": 1, "not": {"pattern": _UNSTABLE.pattern[:-2] + "$"}}
    return dict(rule.schema) if isinstance(rule, Rule) else {}


_UNSTABLE = re.compile(r"/dev/(tty(USB|ACM)|video|hidraw|input/event|usb/lp)[0-9]+\Z")

_WITH_PATH = re.compile(r"(?:[a-z][a-z-]*:)?(/(?!/).*)", re.DOTALL)


def port(value: object) -> str | None:
    """Take the path or URL of a port that keeps its name when cables are moved."""
    if not isinstance(value, str) or not value:
        return "is not the path or URL of a port"
    if _UNSTABLE.search(value):
        return "names a port that moves; use its link below by-id or by-path"
    return None


def path_of(named: str) -> str:
    """Return the path in the name of a port; empty for what has none, such as a URL.

    What a path is opened as may stand before it: ``usb:``, ``hid-pos:``, ``hid-keyboard:``.
    """
    found = _WITH_PATH.fullmatch(named)
    return found[1] if found else ""


def number(low: float, high: float) -> OptionRule:
    """Take a number between `low` and `high`, both included."""

    def rule(value: object) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "is not a number"
        return None if low <= value <= high else f"is not between {low:g} and {high:g}"

    return Rule(rule, {"type": "number", "minimum": low, "maximum": high})


def word(pattern: str) -> OptionRule:
    """Take a text of this form (a regular expression, whole)."""

    def rule(value: object) -> str | None:
        fits = isinstance(value, str) and re.fullmatch(pattern, value)
        return None if fits else f"is not of the form {pattern}"

    return Rule(rule, {"type": "string", "pattern": f"^({pattern})$"})


def one_of(*values: int) -> OptionRule:
    """Take one of these whole numbers."""

    def rule(value: object) -> str | None:
        fits = value in values and not isinstance(value, bool)
        return None if fits else f"is not one of {', '.join(map(str, values))}"

    return Rule(rule, {"enum": list(values)})


BAUDRATE: Final[OptionRule] = number(1200, 921600)
PROFILE: Final[OptionRule] = word("[a-z0-9][a-z0-9-]*")
