"""Answers from the registers of other authorities, played by the synthetic population.

Which source a value comes from is the catalogue's word (``share:医保``, ``account``); what the
value is, is the population's.  Only the person the evidence names is answered for.  Every source is
asked at the same time and has :data:`SOURCE_LIMIT_S`; one that is late, knows nothing, or was not
consented to, takes nothing away from the others.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from kiosk.domain.catalogue import Field
from kiosk.domain.known import Known
from standards.masking import mask_mobile

SOURCE_LIMIT_S: Final = 3.0
"""A source that takes longer is given up; the terminal waits 8 s for everything."""
NOT_ASKED: Final = ("id_card", "user", "produced:", "derived:")
"""Beginnings of source words that are not registers: the terminal knows these itself."""
RECORD_TIME: Final = "2026-01-31T00:00:00+08:00"
"""When the synthetic records were last changed."""

SourceState = Literal["ok", "none", "timeout", "denied"]
Record = Mapping[str, Any]
Values = dict[str, Known]


class PopulationError(Exception):
    """The population file is missing or damaged; the service does not start with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prefilled:
    """Values by field key, and how each source that was asked did."""

    values: Values
    sources: dict[str, SourceState]


class Registers:
    """The registers of all other authorities together."""

    def __init__(self, population: Path, slow: Mapping[str, float] | None = None) -> None:
        """Read a population file; ``slow`` delays the sources it names by seconds.

        Raises:
            PopulationError: the file is missing or not as documented.
        """
        try:
            people = json.loads(population.read_bytes())["people"]
            self._people: dict[str, Record] = {one["card"]["id_no"]: one for one in people}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PopulationError(f"{population}: {type(error).__name__}") from error
        self._slow = dict(slow or {})
        self._closing = threading.Event()
        self._askers = ThreadPoolExecutor(max_workers=16, thread_name_prefix="source")

    def close(self) -> None:
        """Give up every question under way."""
        self._closing.set()
        self._askers.shutdown(wait=False, cancel_futures=True)

    def answer(self, id_no: str, fields: Iterable[Field], *, consented: bool) -> Prefilled:
        """Return what the registers know of one person about these fields."""
        asked = _by_source(fields)
        if not consented:
            return Prefilled(values={}, sources=dict.fromkeys(asked, "denied"))
        person = self._people.get(id_no)
        questions = {
            source: self._askers.submit(self._ask, source, person, wanted)
            for source, wanted in asked.items()
        }
        wait(questions.values(), timeout=SOURCE_LIMIT_S)
        return _gathered(questions)

    def _ask(self, source: str, person: Record | None, fields: list[Field]) -> Values:
        """Play one register's answer."""
        self._closing.wait(self._slow.get(source, 0.0))
        if person is None:
            return {}
        values = {field.key: _value(person, source, field) for field in fields}
        return {key: value for key, value in values.items() if value is not None}


def _by_source(fields: Iterable[Field]) -> dict[str, list[Field]]:
    """Return the fields that each register is asked for: the first one a field names."""
    asked: dict[str, list[Field]] = {}
    for field in fields:
        if "id_card" in field.sources:
            continue
        register = next((s for s in field.sources if not s.startswith(NOT_ASKED)), None)
        if register is not None:
            asked.setdefault(register, []).append(field)
    return asked


def _gathered(questions: Mapping[str, Future[Values]]) -> Prefilled:
    """Collect the answers that came in time."""
    values: Values = {}
    sources: dict[str, SourceState] = {}
    for source, question in questions.items():
        if not question.done():
            question.cancel()
            sources[source] = "timeout"
            continue
        values |= question.result()
        sources[source] = "ok" if question.result() else "none"
    return Prefilled(values=values, sources=sources)


def _value(person: Record, source: str, field: Field) -> Known | None:
    """Return one value as the register words it, or None when it has none."""
    value = _READ[field.key](person) if field.key in _READ else None
    if value is None:
        return None
    # What an authority holds is disputed with the authority, not typed over here.
    editable = "user" in field.sources and not source.startswith("share:")
    known = Known(value=value, source=source, as_of=RECORD_TIME, editable=editable)
    mask = _MASKS.get(field.key)
    return replace(known, masked=mask(value)) if mask else known


def _at(*path: str) -> Callable[[Record], str | None]:
    """Return a reader of one place in a person's record; a missing branch is no value."""

    def read(person: Record) -> str | None:
        value: Any = person
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value if isinstance(value, str) and value else None

    return read


def _licence(kind: str) -> Callable[[Record], str | None]:
    """Return a reader of the number of a valid licence of one kind."""

    def read(person: Record) -> str | None:
        return next((one["no"] for one in person["licences"] if one["kind"] == kind), None)

    return read


def _mask_account(number: str) -> str:
    """Hide an account number but for its last four digits."""
    return "*" * (len(number) - 4) + number[-4:]


_READ: Final[Mapping[str, Callable[[Record], str | None]]] = {
    "person.mobile": _at("mobile"),
    "person.residence_address": _at("residence_address"),
    "person.marital_status": _at("marital_status"),
    "person.marriage_cert_no": _licence("结婚证"),
    "person.household_head": _at("family", "head_name"),
    "person.relation_to_head": _at("family", "relation_to_head"),
    "person.employer_name": _at("employer", "name"),
    "person.ssc_no": _at("social_security", "ssc_no"),
    "payee.bank_name": _at("social_security", "bank_name"),
    "payee.account_no": _at("social_security", "account_no"),
    "payee.account_name": _at("card", "name"),
    "ssc.bank": _at("social_security", "bank_name"),
    "delivery.recipient": _at("card", "name"),
    "delivery.address": _at("residence_address"),
    "insurance.region": _at("insurance", "region"),
    "insurance.status": _at("insurance", "status"),
    "insurance.kind": _at("insurance", "kind"),
}
"""Where the population keeps the value of a dictionary key."""

_MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "person.mobile": mask_mobile,
    "payee.account_no": _mask_account,
}
"""How a value is shown on a screen that others may see."""
