"""What the clerk's page shows: records for templates, with everything sensitive already hidden.

A hidden value never reaches the browser; the clerk asks for each one, and that is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from intake.office import departments, filed, handing, listing, objections, spoken
from intake.office.acts import Choice, Words, choices, choices_at_once, objection_words, paper_words
from intake.office.clocks import stands
from intake.office.due import due_text
from intake.office.filed import FieldGroup, FieldRow, Materials, Pair, Signed
from intake.office.promises import catalogue_of
from intake.office.waiting import Lacks, lacking, promised
from intake.people import notices
from intake.province import numbers as provincial
from intake.records.model import Application, Event, Item, Notice, State
from intake.service.services import Services
from kiosk.domain.application import grouped
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.department_view import DepartmentView
from standards.masking import mask_id

ID_FIELD: Final = "applicant.id_no"
"""The name by which the applicant's number is revealed."""
_HAPPENED: Final = {
    "application.received": "送达统一受理系统",
    "item.supplied": "补正收到，重新核对",
    "item.supplement_required": "要求补正",
    "item.received": "收件",
    "item.accepted": "受理",
    "item.not_accepted": "不予受理",
    "item.in_review": "开始审查",
    "item.decided_granted": "准予",
    "item.decided_refused": "不予许可",
    "item.completed": "办结",
    "item.withdrawn": "撤回",
    handing.KIND: "承诺的材料已收到",
    provincial.KIND: "记下省里的编号",
    "archive.packed": "取出归档包",
    **objections.KINDS,
    "number.revealed": "查看了隐去的号码",
    "picture.opened": "查看了材料",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An application in the clerk's list; ``late`` says by how much a step is overdue."""

    number: str
    spoken_number: str
    thing: str
    applicant: str
    items: int
    terminal: str
    arrived: str
    state: str
    state_text: str
    group: str
    due: str
    late: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRow:
    """An item with what may be done to it.

    ``facts`` and ``papers`` are what its department receives, in the department's own names;
    ``waits`` are items it can't be decided before, ``owed`` promised papers that are not there,
    ``disputed`` values with an objection that nobody checked;
    ``left`` the working days it has when the supplement comes that its clock stands still for.
    """

    number: str
    spoken_number: str
    name: str
    department: str
    state: str
    state_text: str
    at: str
    due: str
    late: str
    left: int
    supplement: list[str]
    note: str
    check: str
    facts: list[str]
    papers: list[str]
    waits: list[str]
    owed: list[str]
    disputed: list[str]
    choices: list[Choice]


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRow:
    """A notice as it was issued; ``lines`` are its paragraphs."""

    title: str
    number: str
    item: str
    issuer: str
    at: str
    lines: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """A line of an application's history."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProvincialRow:
    """The province's number of an application or an item, empty where none is known."""

    ours: str
    name: str
    number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """Everything the clerk reads about one application.

    ``same_child`` are other people's applications about the same child: spoken number and number;
    ``provincial`` the province's numbers, by ours: first the whole, then each item.
    """

    row: Row
    same_child: list[Pair]
    local_no: str
    submitted: str
    id_no: str
    role: str
    read_at: str
    consents: list[str]
    situations: list[Pair]
    items: list[ItemRow]
    at_once: list[Choice]
    groups: list[FieldGroup]
    materials: Materials
    hand_in: Words
    objection: tuple[Words, ...]
    signed: Signed | None
    delivery: list[FieldRow]
    notices: list[NoticeRow]
    history: list[Happening]
    provincial: list[ProvincialRow]


def row(application: Application, now: datetime, show: str = "") -> Row:
    """Return an application's row in the list of the group ``show``, or in that of all.

    It stands where its neediest item of that group stands.
    """
    state = listing.standing(application, show)
    first = min((due for item in application.items if (due := item.owed_by)), default=None)
    return Row(
        number=application.application_no,
        spoken_number=grouped(application.application_no),
        thing=application.thing_name,
        applicant=application.applicant_name,
        items=len(application.items),
        terminal=application.terminal,
        arrived=spoken.time_text(application.received_at, now),
        state=state.value,
        state_text=state.text,
        group=application.standing,
        due=spoken.time_text(first, now) if first else "",
        late=spoken.late_text(first, now) if first else "",
    )


def detail(application: Application, services: Services) -> Detail:
    """Return the clerk's view of an application."""
    now = services.now()
    catalogue = catalogue_of(application, services.catalogues)
    workdays = services.catalogues.workdays(application.jurisdiction)
    evidence = application.details["evidence"]["evidence"]
    items = item_rows(application, services)
    return Detail(
        row=row(application, now),
        same_child=[
            Pair(label=grouped(number), value=number)
            for number in services.store.of_same_child(application)
        ],
        local_no=application.local_no,
        submitted=spoken.time_text(application.created_at, now),
        id_no=mask_id(application.applicant_id_no),
        role=filed.role_text(application),
        read_at=spoken.time_text(datetime.fromisoformat(evidence["time"]), now),
        consents=[_consent(one, catalogue, now) for one in application.details["consents"]],
        situations=filed.situations(application, catalogue),
        items=items,
        at_once=choices_at_once(items),
        groups=filed.groups(application, catalogue),
        materials=filed.materials(application, catalogue, workdays, now),
        hand_in=paper_words(),
        objection=objection_words(),
        signed=filed.signed(application, now),
        delivery=filed.delivery(application, catalogue),
        notices=[notice_row(one, application, now) for one in application.notices],
        history=_history(services.store.history(application.id), application, now),
        provincial=_provincial(application, services),
    )


def hidden_value(application: Application, key: str, services: Services) -> str:
    """Return a value in full, for the reveal button.

    Raises:
        Refusal: ``NOT_FOUND`` for a field the application does not have.
    """
    if key == ID_FIELD:
        return application.applicant_id_no
    return filed.value_in_full(application, key, catalogue_of(application, services.catalogues))


def item_rows(application: Application, services: Services) -> list[ItemRow]:
    """Return the items with what may be done to each."""
    before = services.rules.predecessors(application)
    papers, facts = services.rules.papers(application), services.rules.facts(application)
    own = departments.of(application, catalogue_of(application, services.catalogues))
    happened = services.store.history(application.id) if any(map(stands, application.items)) else ()
    return [
        _item(
            item,
            lacking(item, application, before, papers, facts),
            own.get(item.code),
            services,
            services.rules.left(application, item.code, happened) if stands(item) else 0,
        )
        for item in application.items
    ]


def state_text(item: Item) -> str:
    """Return the word of an item's state; a completed one keeps the word of its decision."""
    state = State(item.state)
    if state is State.COMPLETED and item.outcome:
        return f"{state.text}（{State(item.outcome).text}）"
    return state.text


def _item(
    item: Item,
    lacks: Lacks,
    own: DepartmentView | None,
    services: Services,
    left: int,
) -> ItemRow:
    now = services.now()
    workdays = services.catalogues.workdays(item.application.jurisdiction)
    due = item.owed_by
    example = bool(item.accepted_at) and services.rules.example(item.application, item.code)
    return ItemRow(
        number=item.no,
        spoken_number=grouped(item.no),
        name=item.name,
        department=item.department,
        state=item.state,
        state_text=state_text(item),
        at=spoken.time_text(item.state_at, now),
        due=due_text(due, workdays, now, before=" 前", example=example) if due else "",
        late=spoken.late_text(due, item.state_at if item.outcome else now) if due else "",
        left=left,
        supplement=item.supplement.splitlines(),
        note=item.note,
        check=item.application.details.get("checks", {}).get(item.code, {}).get("line", ""),
        facts=[one.name for one in own.facts] if own else [],
        papers=[one.name for one in own.papers] if own else [],
        waits=list(lacks.open),
        owed=list(lacks.owed),
        disputed=list(lacks.disputed),
        choices=choices(item, lacks),
    )


def notice_row(notice: Notice, application: Application, now: datetime) -> NoticeRow:
    """Return a notice as it was issued, without an addressee."""
    names = {item.id: item.name for item in application.items}
    return NoticeRow(
        title=notices.kinds()[notice.kind].title,
        number=notice.no,
        item=names[notice.item_id],
        issuer=notice.issuer,
        at=spoken.time_text(notice.at, now),
        lines=notice.text.splitlines(),
    )


def _provincial(application: Application, services: Services) -> list[ProvincialRow]:
    known = services.provincial.of([application.id])
    names = [("", application.application_no, "整份申报")]
    names += [(item.no, item.no, item.name) for item in application.items]
    return [
        ProvincialRow(ours=ours, name=name, number=known.get((application.id, item_no), ""))
        for item_no, ours, name in names
    ]


def _consent(consent: Mapping[str, str], catalogue: Catalogue | None, now: datetime) -> str:
    """Return a consent as title, edition and time."""
    text = catalogue.consents.get(consent["purpose"]) if catalogue else None
    title = text.title if text else consent["purpose"]
    try:
        given = spoken.time_text(datetime.fromisoformat(consent["time"]), now)
    except (ValueError, OverflowError):
        given = ""
    return f"{title} {given}".strip()


def _history(events: Sequence[Event], application: Application, now: datetime) -> list[Happening]:
    items = {item.id: item.name for item in application.items}
    papers = promised(application)
    handed = {one.event_id: papers.get(one.material, "") for one in application.handed_in}

    def what(event: Event) -> str:
        name = items.get(event.item_id or 0) or handed.get(event.id, "")
        return f"{name} {_HAPPENED.get(event.kind, event.kind)}"

    return [
        Happening(at=spoken.time_text(event.at, now), who=event.actor, what=what(event))
        for event in events
    ]
