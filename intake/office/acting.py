"""One act on items of an application, inside the caller's transaction.

The application's row is locked first, so acts on one application follow each other: of two clerks
who do the same, one does it and the other is told what has happened.  All items of an act move, or
none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from intake.office.clocks import SUPPLIED
from intake.office.decisions import (
    FAILED,
    RUNNING,
    Act,
    Asks,
    Conflict,
    Rules,
    Transition,
    Who,
    due_date_kept,
    transition,
)
from intake.office.listing import place
from intake.office.waiting import Lacks, lacking
from intake.people import notices
from intake.receiving.numbers import CHINA, notice_no
from intake.records.model import Application, Event, Item, Notice, State
from intake.service.problems import Refusal

TEXT_LIMIT: Final = 2000
"""Characters of a reason or of a list of what is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doing:
    """What is being done to an application, and what the rules say about it."""

    application: Application
    act: Act
    text: str
    now: datetime
    rules: Rules
    predecessors: Mapping[str, frozenset[str]]
    papers: Mapping[str, frozenset[str]]
    facts: Mapping[str, Mapping[str, str]]
    happened: list[Event]
    """All that happened to the application, what this act does included."""


def perform(
    session: Session, rules: Rules, *, numbers: Sequence[str], act: Act, text: str, now: datetime
) -> Application:
    """Do one act to the items with these numbers.

    Raises:
        Refusal: ``NOT_FOUND``, ``REASON_MISSING``, or as :class:`Conflict` ``STATE_CONFLICT``,
            ``PREDECESSOR_OPEN``, ``PAPER_OWED`` and ``OBJECTION_OPEN``.
    """
    application = _locked(session, numbers)
    doing = Doing(
        application=application,
        act=act,
        text=written(text),
        now=now,
        rules=rules,
        predecessors=rules.predecessors(application),
        papers=rules.papers(application),
        facts=rules.facts(application),
        happened=_history(session, application),
    )
    wanted = [item for item in application.items if item.no in numbers]
    for item in _in_order(wanted, doing.predecessors):
        lacks = lacking(item, application, doing.predecessors, doing.papers, doing.facts)
        _move(session, item, _transition(item, lacks, doing), lacks, doing)
    place(application)
    session.flush()
    session.refresh(application)
    return application


def _locked(session: Session, numbers: Sequence[str]) -> Application:
    """Return the application of these items, locked; the items are read under the lock."""
    owners = set(session.scalars(select(Item.application_id).where(Item.no.in_(numbers))))
    known = session.scalars(select(Item.no).where(Item.no.in_(numbers))).all()
    if len(owners) != 1 or set(known) != set(numbers):
        raise Refusal("NOT_FOUND")
    return lock(session, Application.id == owners.pop())


def lock(session: Session, which: ColumnElement[bool]) -> Application:
    """Return one application, locked, as it is now.

    Raises:
        Refusal: ``NOT_FOUND``.
    """
    wanted = select(Application).where(which)
    found = session.scalars(
        wanted.with_for_update(of=Application), execution_options={"populate_existing": True}
    ).one_or_none()
    if found is None:
        raise Refusal("NOT_FOUND")
    return found


def _history(session: Session, application: Application) -> list[Event]:
    wanted = select(Event).where(Event.application_id == application.id).order_by(Event.id)
    return list(session.scalars(wanted))


def written(text: str) -> str:
    """Return what somebody wrote, without empty lines and characters that print nothing."""
    lines = ("".join(c for c in line if c.isprintable()).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)[:TEXT_LIMIT]


def _in_order(items: Iterable[Item], before: Mapping[str, frozenset[str]]) -> list[Item]:
    """Return the items with makers before those that use what they make."""
    by_code = {item.code: item for item in items}
    graph = {code: before.get(code, frozenset()) & by_code.keys() for code in by_code}
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError:  # the catalogue's check refuses one; an old release may have had it
        return list(by_code.values())
    ordered: list[Item] = []
    while ready := sorter.get_ready():
        ordered += sorted((by_code[code] for code in ready), key=lambda item: item.position)
        sorter.done(*ready)
    return ordered


def _transition(item: Item, lacks: Lacks, doing: Doing) -> Transition:
    """Return what the table and the order of items allow.

    What is granted although an item before it failed needs a word on what takes its place.
    """
    state = State(item.state)
    found = transition(state, doing.act, accepted=item.accepted_at is not None)
    if found is None:
        raise Conflict("STATE_CONFLICT", f"“{item.name}”现在是“{state.text}”，没有再改动。")
    grants = doing.act is Act.GRANT
    if grants and lacks.open:
        told = f"“{item.name}”要用{quoted(lacks.open)}的办理结果，要等它准予后才能决定。"
        raise Conflict("PREDECESSOR_OPEN", told)
    if grants and lacks.owed:
        told = f"“{item.name}”要用申请人承诺后补的{quoted(lacks.owed)}，现在还没有收到。"
        raise Conflict("PAPER_OWED", told)
    if grants and lacks.disputed:
        told = f"申请人对“{item.name}”用到的{quoted(lacks.disputed)}有异议，还没有核对。"
        raise Conflict("OBJECTION_OPEN", told)
    asks = found.asks is not Asks.NOTHING or (grants and lacks.failed)
    if asks and not doing.text:
        raise Refusal("REASON_MISSING", "text")
    return found


def _move(session: Session, item: Item, leads: Transition, lacks: Lacks, doing: Doing) -> None:
    """Bring an item to its new state, with its notice, its event and its effect on others."""
    to = leads.to
    item.state, item.state_at = to.value, doing.now
    if to is State.ACCEPTED:
        item.accepted_at = item.accepted_at or doing.now
    if to in {State.DECIDED_GRANTED, State.DECIDED_REFUSED}:
        item.outcome = to.value
    item.supplement = doing.text if to is State.SUPPLEMENT_REQUIRED else ""
    if to in FAILED:
        _tell_dependents(item, to, doing)
    actor = item.department if leads.who is Who.DEPARTMENT else leads.who.value
    event = Event(
        application_id=doing.application.id,
        item_id=item.id,
        kind=SUPPLIED if doing.act is Act.SUPPLIED else f"item.{to.value}",
        actor=actor,
        at=doing.now,
    )
    session.add(event)
    doing.happened.append(event)
    _set_due(item, doing)
    if leads.notice:
        doing.application.notices.append(_notice(item, leads.notice, actor, lacks, doing))


def _set_due(moved: Item, doing: Doing) -> None:
    """Say when the moved item is due, and every accepted one that its clock may have moved."""
    state = State(moved.state)
    if not due_date_kept(state):
        moved.due_at = doing.rules.due(doing.application, state, doing.now)
    promised = doing.rules.promised(doing.application, doing.happened)
    for item in doing.application.items:
        if State(item.state) in RUNNING and item.code in promised:
            item.due_at = promised[item.code]


def _tell_dependents(item: Item, to: State, doing: Doing) -> None:
    """Note at the items that need this one's product that it will not come."""
    for other in doing.application.items:
        if item.code in doing.predecessors.get(other.code, frozenset()):
            other.note = (
                f"前一事项“{item.name}”{to.text}，本事项要用的结果没有办出。"
                "请联系申请人：另行提供，或者撤回本事项。"
            )


def _notice(item: Item, kind: str, issuer: str, lacks: Lacks, doing: Doing) -> Notice:
    """Return the notice of an act, numbered within its item."""
    issued = sum(notice.item_id == item.id for notice in doing.application.notices)
    values = {
        "item": item.name,
        "no": item.no,
        "department": item.department,
        "date": _day(doing.now),
        "due": _due(item, kind, doing),
        "text": doing.text,
        "waits": quoted(lacks.open),
        "before": "" if item.due_at else quoted(lacks.open),
        "instead": doing.text if lacks.failed else "",
    }
    return Notice(
        item_id=item.id,
        kind=kind,
        no=notice_no(item.no, issued),
        issuer=issuer,
        at=doing.now,
        text=notices.compose(kind, values),
    )


def _due(item: Item, kind: str, doing: Doing) -> str:
    """Return until when, to the minute where hours count; empty where nothing is promised."""
    if item.due_at is None:
        return ""
    text = _moment(item.due_at) if kind == "receipt" else _day(item.due_at)
    own = item.code if item.accepted_at else ""
    return text + doing.rules.note(doing.application, item.due_at, own)


def quoted(names: Iterable[str]) -> str:
    """Return names as they stand in a sentence."""
    return "、".join(f"“{name}”" for name in names)


def _day(moment: datetime | None) -> str:
    """Return the day of a moment in legal time, empty for none."""
    local = moment and moment.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日" if local else ""


def _moment(moment: datetime | None) -> str:
    local = moment and moment.astimezone(CHINA)
    return f"{_day(local)} {local:%H:%M}" if local else ""
