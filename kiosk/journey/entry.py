"""Writing into a field: what one more character or one less makes of its value.

Dates, times and spans are written as digits alone and become ISO 8601 once they are complete; an
unfinished value stays as its digits, which no check takes for an answer.  Amounts are written as
fen, the last two digits behind the point, as on a till.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from kiosk.domain import names
from kiosk.domain.dictionary import Choice, Field, FieldKind
from kiosk.domain.form import Form, FormField
from kiosk.domain.words import yuan
from kiosk.journey.view_parts import Keyboard
from standards.charset import printable

MOST = 100
"""Longest text in characters."""
FEW = 8
"""So many answers of a choice are shown on the page itself."""

CHOSEN = frozenset({FieldKind.CHOICE, FieldKind.MULTI})
"""Kinds that are answered by touching answers."""

_DIGITS: Mapping[FieldKind, tuple[int, ...]] = MappingProxyType(
    {
        FieldKind.DATE: (4, 2, 2),
        FieldKind.MOMENT: (4, 2, 2, 2, 2),
        FieldKind.MONTH: (4, 2),
        FieldKind.PERIOD: (4, 2, 2, 4, 2, 2),
        FieldKind.MOBILE: (3, 4, 4),
        FieldKind.ID_NUMBER: (6, 4, 4, 4),
        FieldKind.ACCOUNT: (4, 4, 4, 4, 3),
        FieldKind.INTEGER: (9,),
        FieldKind.MONEY: (12,),
    }
)
"""Digits of the kinds that are written as digits, in the groups they are read in."""

_ISO: Mapping[FieldKind, str] = MappingProxyType(
    {
        FieldKind.DATE: "{}-{}-{}",
        FieldKind.MOMENT: "{}-{}-{}T{}:{}",
        FieldKind.MONTH: "{}-{}",
        FieldKind.PERIOD: "{}-{}-{}/{}-{}-{}",
    }
)

_KEYBOARDS: Mapping[FieldKind, Keyboard] = MappingProxyType(
    {
        FieldKind.MOBILE: "mobile",
        FieldKind.ID_NUMBER: "id_number",
        FieldKind.ACCOUNT: "account",
        FieldKind.MONEY: "money",
        FieldKind.DECIMAL: "decimal",
        FieldKind.CREDIT_CODE: "latin",
    }
)

_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a unified social credit code (GB 32100)."""
_CREDIT_LENGTH = 18
_DECIMAL = re.compile(r"[0-9]{0,9}(\.[0-9]{0,2})?")
_NUMBERS = re.compile(r"(\[0-9\]|\\d|[0-9])(\{[0-9,]+\})?")
"""A pattern that takes digits alone."""


def keyboard(spec: Field) -> Keyboard:
    """Return the pad for a field; codes without a Chinese character are written in letters."""
    if spec.kind in _KEYBOARDS:
        return _KEYBOARDS[spec.kind]
    if spec.kind in _DIGITS:
        return "digits"
    if spec.kind is not FieldKind.TEXT or not spec.pattern:
        return "pinyin"
    if _NUMBERS.fullmatch(spec.pattern):
        return "digits"
    return "latin" if spec.pattern.isascii() and _letters_only(spec.pattern) else "pinyin"


def _letters_only(pattern: str) -> bool:
    """Tell whether a pattern lists the characters it takes: no dot, no class that is turned."""
    return "." not in pattern.replace("\\.", "") and "[^" not in pattern


def written(field: FormField, text: str) -> str:
    """Return the field's value with ``text`` written behind it; what does not fit is left out."""
    kind = field.kind
    if kind in _FREE:
        return _FREE[kind](field.value + text.upper())
    if kind not in _DIGITS:
        more = printable(text)
        return names.with_dots(field.value + more)[:MOST] if more.strip() or field.value else ""
    extra = "X" if kind is FieldKind.ID_NUMBER else ""
    fresh = "".join(c for c in text.upper() if c in "0123456789" + extra)
    return _complete(kind, (raw(field) + fresh)[: sum(_DIGITS[kind])])


def _credit(words: str) -> str:
    return "".join(c for c in words if c in _CREDIT)[:_CREDIT_LENGTH]


def _decimal(words: str) -> str:
    """Keep the longest beginning that is a number; a point alone has its zero before it."""
    found = _DECIMAL.match("0" + words if words.startswith(".") else words)
    return found.group() if found else ""


_FREE: Mapping[FieldKind, Callable[[str], str]] = MappingProxyType(
    {FieldKind.CREDIT_CODE: _credit, FieldKind.DECIMAL: _decimal}
)
"""Kinds whose characters are written as they are seen, and what is kept of them."""


def marked(value: str) -> tuple[str, ...]:
    """Return the answers that are marked, of a question with several."""
    return tuple(value.split(",")) if value else ()


def toggled(choices: tuple[Choice, ...], value: str, answer: str) -> str:
    """Return the marked answers with one more, or one less; in the order they are offered."""
    chosen = set(marked(value)) ^ {answer}
    return ",".join(own.value for own in choices if own.value in chosen)


def erased(field: FormField) -> str:
    """Return the field's value without its last character."""
    if field.kind not in _DIGITS:
        return field.value[:-1]
    return _complete(field.kind, raw(field)[:-1])


def raw(field: FormField) -> str:
    """Return the value as it is being written: digits alone where they are."""
    if field.kind not in _DIGITS:
        return field.value
    kept = "0123456789X" if field.kind is FieldKind.ID_NUMBER else "0123456789"
    return "".join(c for c in field.value if c in kept)


def seen(field: FormField) -> str:
    """Return the value as it is seen while it is written: digits in their groups."""
    if field.kind is FieldKind.MONEY:
        return yuan(int(raw(field) or "0")) if field.value else ""
    groups = _DIGITS.get(field.kind)
    return field.value if groups is None else " ".join(_grouped(raw(field), groups))


def _grouped(digits: str, groups: tuple[int, ...]) -> list[str]:
    parts, rest = [], digits
    for length in groups:
        if rest:
            parts.append(rest[:length])
        rest = rest[length:]
    return parts


def _complete(kind: FieldKind, digits: str) -> str:
    shape = _ISO.get(kind)
    if shape is None or len(digits) < sum(_DIGITS[kind]):
        return digits
    return shape.format(*_grouped(digits, _DIGITS[kind]))


# ---- what is offered instead of writing


def suggestions(form: Form, field: FormField) -> tuple[tuple[str, str], ...]:
    """Return values that one touch gives, each with the key it comes from.

    A newborn's name begins with a parent's surname; anything else is offered whole.
    """
    values = form.values()
    sources: list[tuple[str, Callable[[str], str]]] = [
        *((key, names.surname) for key in field.spec.surname_of),
        *((key, str) for key in field.spec.suggest),
    ]
    found: dict[str, str] = {}
    for key, made in sources:
        value = made(values.get(key, ""))
        if value:
            found.setdefault(value, key)
    return tuple((value, key) for value, key in found.items())


def on_page(choices: tuple[Choice, ...]) -> bool:
    """Tell whether a choice is few enough to be made on the form's own page."""
    return len(choices) <= FEW


def picked(field: Field, choices: tuple[Choice, ...]) -> bool:
    """Tell whether the field is chosen on a page of its own: a place, or one of many."""
    if field.kind is FieldKind.CHOICE:
        return not on_page(choices)
    return field.kind is FieldKind.DIVISION
