"""Answers from the registers of other authorities, played by the synthetic population.

Which sources a value may come from, and in which order, is the catalogue's word (``share:医保``,
``account``); what the value is, is the population's (:mod:`intake.registers.holdings`).  Only the
person the evidence names is answered for, and the other parent of a newborn only where that parent
allowed it.

Every source is asked at the same time and has :data:`SOURCE_LIMIT_S`; one that is late, knows
nothing, or was not consented to, takes nothing away from the others.  For tests and training a
source can be slow, silent, wrong or partial.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from intake.registers.holdings import Population, PopulationError, View
from kiosk.domain import derive
from kiosk.domain.dictionary import Field
from kiosk.domain.known import Known
from kiosk.domain.sources import BUSINESS_LICENCE, on_card, registers
from standards.masking import mask_id, mask_mobile

__all__ = ["BREAKAGES", "PopulationError", "Prefilled", "Registers"]

SOURCE_LIMIT_S: Final = 3.0
"""A source that takes longer is given up; the terminal waits 8 s for everything."""
RECORD_TIME: Final = "2026-01-31T00:00:00+08:00"
"""When the synthetic records were last changed."""
WRONG: Final = "\u202e?"
"""What a source that is wrong sends: no kind of field takes it, for it turns the text around."""

SourceState = Literal["ok", "none", "timeout", "denied"]
Breakage = Literal["silent", "wrong", "partial"]
BREAKAGES: Final[tuple[Breakage, ...]] = ("silent", "wrong", "partial")
"""A source never answers, sends nonsense, or answers for every second field only."""
_HELD: Final = ("share:", BUSINESS_LICENCE)
"""Beginnings of sources whose values are an authority's."""
Values = dict[str, Known]
Questions = Mapping[str, Sequence[Field]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Prefilled:
    """Values by field key, and how each source that was asked did."""

    values: Values
    sources: dict[str, SourceState]


class Registers:
    """The registers of all other authorities together."""

    def __init__(
        self,
        population: Path | Population,
        slow: Mapping[str, float] | None = None,
        broken: Mapping[str, Breakage] | None = None,
    ) -> None:
        """Take a population, or read its file.

        ``slow`` delays sources by seconds, ``broken`` spoils them.

        Raises:
            PopulationError: the file is missing or not as documented.
        """
        read = population if isinstance(population, Population) else Population.read(population)
        self._population = read
        self._slow = dict(slow or {})
        self._broken = dict(broken or {})
        self._closing = threading.Event()
        self._askers = ThreadPoolExecutor(max_workers=32, thread_name_prefix="source")

    @property
    def population(self) -> Population:
        """Whom the registers know."""
        return self._population

    def close(self) -> None:
        """Give up every question under way."""
        self._closing.set()
        self._askers.shutdown(wait=False, cancel_futures=True)

    def answer(
        self,
        id_no: str,
        fields: Iterable[Field],
        *,
        consented: bool,
        role: str = "person",
        thing: str = "",
        uscc: str = "",
    ) -> Prefilled:
        """Return what the registers know about these fields.

        ``id_no`` is the applicant's, ``role`` the one they have in the form of ``thing``, ``uscc``
        the enterprise they signed in for, empty for none.  A source is ``denied`` when nothing was
        consented to, or when it holds only what another person has not allowed the applicant to
        use.
        """
        wanted = list(fields)
        asked = _by_source(wanted, role)
        if not consented:
            return Prefilled(values={}, sources=dict.fromkeys(asked, "denied"))
        view = self._population.view(id_no, role, thing, uscc=uscc)
        answers, sources = self._answers(asked, view)
        values = {
            field.key: known
            for field in wanted
            if (known := _first(field, role, answers)) is not None
        }
        unread = [field for field in wanted if not on_card(field, role)]
        follows = derive.derived(unread, view.facts()) if view else {}
        return Prefilled(
            values={**_dated(follows), **values},
            sources={source: sources.get(source, "denied") for source in asked},
        )

    def _answers(
        self, asked: Questions, view: View | None
    ) -> tuple[dict[str, Values], dict[str, SourceState]]:
        """Ask every register that may tell something, all at the same time."""
        refused = _refused(asked, view)
        questions = {
            source: self._askers.submit(self._ask, source, view, about)
            for source, about in asked.items()
            if source not in refused
        }
        wait(questions.values(), timeout=SOURCE_LIMIT_S)
        return _gathered(questions)

    def _ask(self, source: str, view: View | None, fields: Sequence[Field]) -> Values:
        """Play one register's answer."""
        breakage = self._broken.get(source)
        late = SOURCE_LIMIT_S * 2 if breakage == "silent" else self._slow.get(source, 0.0)
        self._closing.wait(late)
        if view is None:
            return {}
        told = {field.key: _value(view, source, field) for field in fields}
        values = {key: known for key, known in told.items() if known is not None}
        if breakage == "wrong":
            return {key: replace(one, value=WRONG, masked="") for key, one in values.items()}
        if breakage == "partial":
            return dict(list(values.items())[::2])
        return values


def _by_source(fields: Iterable[Field], role: str) -> dict[str, list[Field]]:
    """Return the fields that each register is asked for."""
    asked: dict[str, list[Field]] = {}
    for field in fields:
        for source in registers(field, role):
            asked.setdefault(source, []).append(field)
    return asked


def _refused(asked: Questions, view: View | None) -> frozenset[str]:
    """Return the sources that hold nothing the applicant may see."""
    if view is None:
        return frozenset()
    return frozenset(
        source
        for source, fields in asked.items()
        if not any(view.may_see(field.key) for field in fields)
    )


def _first(field: Field, role: str, answers: Mapping[str, Values]) -> Known | None:
    """Return the value of the first register that has one, with what further ones say instead."""
    told = [answers.get(source, {}).get(field.key) for source in registers(field, role)]
    found = [known for known in told if known is not None]
    if not found:
        return None
    first = found[0]
    others: dict[str, str] = {}
    for own in found:
        if own.value != first.value:
            others.setdefault(own.value, own.source)
    return replace(first, others=tuple(others.items()))


def _dated(values: Values) -> Values:
    """Return values that follow from records, as old as these."""
    return {key: replace(known, as_of=RECORD_TIME) for key, known in values.items()}


def _gathered(
    questions: Mapping[str, Future[Values]],
) -> tuple[dict[str, Values], dict[str, SourceState]]:
    """Collect the answers that came in time."""
    answers: dict[str, Values] = {}
    sources: dict[str, SourceState] = {}
    for source, question in questions.items():
        if not question.done():
            question.cancel()
            sources[source] = "timeout"
            continue
        answers[source] = question.result()
        sources[source] = "ok" if answers[source] else "none"
    return answers, sources


def _value(view: View, source: str, field: Field) -> Known | None:
    """Return one value as the register words it, or None when it has none to tell."""
    value = view.told(field, source) if view.may_see(field.key) else None
    if value is None:
        return None
    # What an authority holds is disputed with the authority, not typed over here.
    editable = "user" in field.sources and not source.startswith(_HELD)
    known = Known(value=value, source=source, as_of=RECORD_TIME, editable=editable)
    mask = _MASKS.get(field.key.rpartition(".")[2])
    return replace(known, masked=mask(value)) if mask else known


def _mask_account(number: str) -> str:
    """Hide an account number but for its last four digits."""
    return "*" * (len(number) - 4) + number[-4:]


_MASKS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"mobile": mask_mobile, "id_no": mask_id, "account_no": _mask_account}
)
"""How a value is shown on a screen that others may see, by the last part of its key."""
