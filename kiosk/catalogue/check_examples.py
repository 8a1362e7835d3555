"""Check the examples of fields: each is there, and its own question takes it.

What a citizen is shown as an example, and what a test types, must be right.  An example is tried on
fixed days, so that a file that is right today is right in any year: one may be written from today
(``today-400``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from kiosk.catalogue.build import Builder
from kiosk.catalogue.check_dictionary import is_pattern
from kiosk.catalogue.faults import Location, fault
from kiosk.catalogue.sources import Sources
from kiosk.documents import Document, DocumentFault
from kiosk.domain.dictionary import Field, FieldKind
from kiosk.domain.examples import example
from kiosk.domain.faults import check

DAYS: Final = (date(2026, 11, 22), date(2036, 2, 29))
"""On these days every example is tried; a fixed one lies before the first."""
_WRITE: Final[Mapping[FieldKind, str]] = MappingProxyType(
    {
        FieldKind.TEXT: "Write one that fits the pattern",
        FieldKind.CHOICE: "Write the value of one of its choices",
        FieldKind.MULTI: "Write values of its choices in their order, as a,b",
        FieldKind.DATE: "Write a day within its bounds, as 2019-05-01 or today-400",
        FieldKind.MOMENT: "Write a local time, as today-20T06:20",
        FieldKind.MONTH: "Write a month, as 2019-05",
        FieldKind.PERIOD: "Write two dates, as today-20/today-10",
        FieldKind.MONEY: "Write an amount in fen, as 100000 for 1000 yuan",
        FieldKind.INTEGER: "Write a whole number within its bounds",
        FieldKind.DECIMAL: "Write a number within its bounds with at most two decimals",
        FieldKind.PASSAGE: "Write 2 to 200 characters",
        FieldKind.NAME: "Write a name, as 张示例",
        FieldKind.ID_NUMBER: "Leave it out: there is a synthetic one",
        FieldKind.ACCOUNT: "Write a number of 12 to 19 digits that begins with 9156",
        FieldKind.DIVISION: "Write a prefecture's code, as 110000",
        FieldKind.MOBILE: "Write one of segment 154, as 15400000001",
        FieldKind.ADDRESS: "Write 4 to 100 characters, as 示例省示例市示例区示范路1号",
        FieldKind.CREDIT_CODE: "Write one with the division 4007xx and right check characters",
    }
)
"""What to write for an example, by its field's kind."""


def check_examples(sources: Sources) -> Iterator[DocumentFault]:
    """Return the fields without an example, and examples that their own fields refuse."""
    fields = Builder(sources.whole_dictionary(), sources.place.file).fields
    for source in sources.dictionary:
        for key, own in source.file.fields.items():
            if is_pattern(own.pattern):  # one that is not is a fault of its own
                yield from _field(source.document, fields[key], fields)


def _field(document: Document, own: Field, fields: Mapping[str, Field]) -> Iterator[DocumentFault]:
    at: Location = ("fields", own.key)
    if not example(own, DAYS[0]):
        yield fault(document, at, "needs an example", f"{_hint(own)} in example.")
        return
    for today in DAYS:
        told = example(own, today)
        found = check(own, told, today=today, answers=_beside(own, fields, today))
        if found is not None:
            where = (*at, "example") if own.example else at
            problem = f"its own question refuses the example {told} ({found.code})"
            yield fault(document, where, problem, f"{_hint(own)}.")
            return


def _hint(own: Field) -> str:
    pattern = f" {own.pattern}" if own.kind is FieldKind.TEXT and own.pattern else ""
    return f"{_WRITE[own.kind]}{pattern}"


def _beside(own: Field, fields: Mapping[str, Field], today: date) -> dict[str, str]:
    """Return the examples of the fields that decide what this one takes."""
    names = (*own.choices_from, *own.surname_of, *([own.outside] if own.outside else []))
    return {name: example(fields[name], today) for name in names if name in fields}
