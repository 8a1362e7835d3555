"""The few questions of a new terminal, asked one at a time or answered by a file.

An answer file is the terminal's own settings layer (``terminal.yaml``): what it does not say is
asked, or taken from the standard layers when nobody can be asked.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Say = Callable[[str], str]
"""Shows a prompt and returns what was typed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question.

    Attributes:
        key: dotted key of the settings.
        words: key of its sentence in the translations.
        suggestion: taken when nothing is typed; empty: it must be answered, or may be left open
            as its sentence says.
    """

    key: str
    words: str
    suggestion: str = ""


def questions() -> tuple[Question, ...]:
    """Return all questions in the order in which they are asked."""
    return (
        Question(key="terminal.id", words="setup.ask.id"),
        Question(key="jurisdiction", words="setup.ask.jurisdiction", suggestion="410700"),
        Question(key="site", words="setup.ask.site", suggestion="hall"),
        Question(key="terminal.site_name", words="setup.ask.site_name"),
        Question(key="intake.api_url", words="setup.ask.api_url"),
        Question(key="intake.public_url", words="setup.ask.public_url"),
        Question(key="intake.enrol_url", words="setup.ask.enrol_url"),
        Question(key="help.phone", words="setup.ask.phone", suggestion="12345"),
        Question(key="display.width", words="setup.ask.width", suggestion="1080"),
        Question(key="display.height", words="setup.ask.height", suggestion="1920"),
    )


def asked(given: Mapping[str, object], say: Callable[[Question, str], str]) -> dict[str, object]:
    """Return the answers: those given, and those of the questions that they leave open.

    Args:
        given: a settings layer.
        say: asks a question with a suggestion and returns what was typed.
    """
    answers = copy.deepcopy(dict(given))
    for question in questions():
        if _value(answers, question.key) is None:
            typed = say(question, question.suggestion).strip() or question.suggestion
            if typed:
                _set(answers, question.key, typed)
    return answers


def laid_over(before: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """Return a layer with another above it: groups are merged key by key, all else is replaced."""
    merged = dict(before)
    for key, value in above.items():
        under = merged.get(key)
        both = isinstance(under, Mapping) and isinstance(value, Mapping)
        merged[key] = laid_over(under, value) if both else value  # type: ignore[arg-type]
    return merged


def _value(answers: Mapping[str, object], key: str) -> object:
    found: object = answers
    for part in key.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def _set(answers: dict[str, object], key: str, typed: str) -> None:
    *groups, last = key.split(".")
    place = answers
    for group in groups:
        inner = place.setdefault(group, {})
        if not isinstance(inner, dict):
            return  # the check of the settings names it with file and line
        place = inner
    number = groups[:1] == ["display"] and typed.isdigit()
    place[last] = int(typed) if number else typed
