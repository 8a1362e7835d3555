"""What somebody with the slip may see: states, promises, what to bring, notices; no one's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from intake.office import filed, objections, spoken
from intake.office.clocks import stands
from intake.office.decisions import FAILED
from intake.office.due import due_text
from intake.office.filed import MaterialRow
from intake.office.promises import catalogue_of
from intake.office.views import NoticeRow, notice_row, state_text
from intake.office.waiting import Lacks, lacking
from intake.people import notices
from intake.records.model import Application, Item, State
from intake.service.services import Services
from kiosk.domain.application import grouped
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.dictionary import Basis
from standards.masking import mask_name

STEPS: Final = ("提交", "收件", "受理", "审批", "办结")
_DONE: Final = {
    State.SUBMITTED: 1,
    State.SUPPLEMENT_REQUIRED: 1,
    State.RECEIVED: 2,
    State.NOT_ACCEPTED: 2,
    State.ACCEPTED: 3,
    State.IN_REVIEW: 3,
    State.DECIDED_GRANTED: 4,
    State.DECIDED_REFUSED: 4,
    State.COMPLETED: 5,
    State.WITHDRAWN: 1,
}
_PLAIN: Final = {
    State.SUPPLEMENT_REQUIRED: "请补齐本页上面写的内容，交到政务大厅窗口。补齐以前不计时",
    State.DECIDED_REFUSED: "理由和不服时怎么办，写在下面的决定书里",
    State.NOT_ACCEPTED: "理由和不服时怎么办，写在下面的决定书里",
    State.COMPLETED: "已经全部办完",
    State.WITHDRAWN: "需要时可以重新申请",
}
_RESULTS: Final = {
    "window": "办结后请到您选的窗口领取结果",
    "courier": "办结后结果寄给您",
    "e_licence": "办结后到电子证照里看结果",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """An item; ``done`` of the five steps are behind it, ``ended`` says none will follow."""

    number: str
    spoken_number: str
    name: str
    state: str
    state_text: str
    at: str
    done: int
    ended: bool
    next: str
    late: bool
    supplement: list[str]
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicProgress:
    """An application for a telephone; the name is masked.

    ``whole`` is when all items are due together, empty while nobody can say; ``disputed`` names
    the values that the citizen says are wrong, and who told them.
    """

    service: str
    thing: str
    applicant: str
    spoken_number: str
    local_no: str
    submitted: str
    as_of: str
    finished: int
    whole: str
    promised: list[MaterialRow]
    disputed: list[str]
    items: list[Step]
    notices: list[NoticeRow]


def public(application: Application, services: Services) -> PublicProgress:
    """Return the view for a telephone: no number of a person, the name masked."""
    now = services.now()
    catalogue = catalogue_of(application, services.catalogues)
    workdays = services.catalogues.workdays(application.jurisdiction)
    brought = filed.materials(application, catalogue, workdays, now).brought
    private = tuple(filed.private_values(application, catalogue))
    steps = _steps(application, services, catalogue, private)
    return PublicProgress(
        service=catalogue.jurisdiction.service_name if catalogue else "政务服务",
        thing=application.thing_name,
        applicant=mask_name(application.applicant_name),
        spoken_number=grouped(application.application_no),
        local_no=application.local_no,
        submitted=spoken.time_text(application.created_at, now),
        as_of=spoken.time_text(now, now),
        finished=sum(step.ended for step in steps),
        whole=_whole(application, services),
        promised=[row for row in brought if row.kind == "later"],
        disputed=_disputed(application, catalogue),
        items=steps,
        notices=[
            _public(notice_row(notice, application, now), private)
            for notice in reversed(application.notices)
        ],
    )


def _steps(
    application: Application,
    services: Services,
    catalogue: Catalogue | None,
    private: tuple[str, ...],
) -> list[Step]:
    """Return the items, each with what is known around it."""
    rules = services.rules
    happened = services.store.history(application.id) if any(map(stands, application.items)) else ()
    before, papers = rules.predecessors(application), rules.papers(application)
    return [
        _step(
            item,
            _Seen(
                catalogue=catalogue,
                lacks=lacking(item, application, before, papers, rules.facts(application)),
                details=application.details,
                private=private,
                due=_due(item, application, services),
                left=rules.left(application, item.code, happened) if stands(item) else 0,
                now=services.now(),
            ),
        )
        for item in application.items
    ]


def _due(item: Item, application: Application, services: Services) -> str:
    """Return when an item is due, with what is not sure about it; empty for none."""
    if item.owed_by is None:
        return ""
    workdays = services.catalogues.workdays(application.jurisdiction)
    example = bool(item.accepted_at) and services.rules.example(application, item.code)
    return due_text(item.owed_by, workdays, services.now(), example=example)


def _disputed(application: Application, catalogue: Catalogue | None) -> list[str]:
    """Return what the citizen says registers have wrong, and what a check found; no values."""
    known = catalogue.dictionary if catalogue else {}
    over = all(one.outcome or State(one.state) in FAILED for one in application.items)
    unchecked = "事项已经办结" if over else "还在核对，核对完才会准予"
    return [
        f"{known[key].label if key in known else '一项信息'}"
        f"（{spoken.source_text(answer['source'])}）："
        + (objections.found(application, key) or unchecked)
        for key, answer in application.details["fields"].items()
        if answer.get("disputed")
    ]


def _whole(application: Application, services: Services) -> str:
    """Return when the last of several items is due that are not decided, if all have a day."""
    open_ones = [
        item for item in application.items if not item.outcome and State(item.state) not in FAILED
    ]
    days = [item.due_at for item in open_ones if item.accepted_at and item.due_at]
    if len(application.items) == 1 or not days or len(days) < len(open_ones):
        return ""
    workdays = services.catalogues.workdays(application.jurisdiction)
    example = any(services.rules.example(application, item.code) for item in open_ones)
    return due_text(max(days), workdays, services.now(), example=example)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """What is known around one item when its step is told."""

    catalogue: Catalogue | None
    lacks: Lacks
    details: Mapping[str, object]
    private: tuple[str, ...]
    due: str
    left: int
    now: datetime


def _step(item: Item, seen: _Seen) -> Step:
    state = State(item.state)
    late = bool(item.owed_by and item.owed_by < seen.now)
    return Step(
        number=item.no,
        spoken_number=grouped(item.no),
        name=item.name,
        state=state.value,
        state_text=state_text(item),
        at=spoken.time_text(item.state_at, seen.now),
        done=_DONE[State.ACCEPTED] if stands(item) else _DONE[state],
        ended=state in FAILED | {State.COMPLETED},
        next=_next(item, seen),
        late=late,
        supplement=notices.without_personal_data(item.supplement, seen.private).splitlines(),
        note=_note(item),
    )


def _note(item: Item) -> str:
    """Return what became of the item before, as said to the citizen."""
    return item.note.replace("请联系申请人：另行提供，或者撤回本事项。", "窗口会联系您。")


def _next(item: Item, seen: _Seen) -> str:
    """Say what happens next and by when, in plain words."""
    by = f"，最迟 {seen.due}" if seen.due else ""
    place = seen.catalogue.jurisdiction if seen.catalogue else None
    example = "（示例）" if place and place.promise_basis is Basis.TYPICAL else ""
    match State(item.state):
        case State.SUBMITTED:
            hours = f" {place.check_hours} 个工作小时内{example}" if place else ""
            return f"窗口{hours}核对完材料{by}"
        case State.RECEIVED:
            days = f" {place.accept_days} 个工作日内{example}" if place else ""
            return f"{item.department}{days}决定是否受理{by}"
        case State.ACCEPTED | State.IN_REVIEW:
            names = "、".join(f"“{name}”" for name in seen.lacks.open)
            what = f"先行审查，等{names}办出结果后再作决定" if names else "正在办理"
            return f"{item.department}{what}" + (f"{by}办结" if by else "")
        case State.DECIDED_GRANTED:
            told = seen.details.get("delivery")
            method = told.get("method", "") if isinstance(told, Mapping) else ""
            return "正在制作结果。" + _RESULTS.get(method, "办结后会告诉您怎么拿到结果")
        case State.SUPPLEMENT_REQUIRED if seen.left:
            return f"{_PLAIN[State.SUPPLEMENT_REQUIRED]}，补齐后还有 {seen.left} 个工作日办结"
        case plain:
            return _PLAIN[plain]


def _public(row: NoticeRow, private: tuple[str, ...]) -> NoticeRow:
    """Return a notice without the data of persons that somebody may have written into it."""
    text = notices.without_personal_data("\n".join(row.lines), private)
    return NoticeRow(
        title=row.title,
        number=row.number,
        item=row.item,
        issuer=row.issuer,
        at=row.at,
        lines=text.splitlines(),
    )
