"""What the pages show: records made for templates, with everything sensitive already hidden.

A hidden value never reaches the browser; the clerk asks for each one, and that is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from intake.catalogues import Catalogues
from intake.model import Application, Event, Item, State
from intake.numbers import CHINA
from intake.problems import Refusal
from kiosk.domain.application import grouped
from kiosk.domain.catalogue import Catalogue, Field
from kiosk.domain.form import shown
from standards.masking import mask_id, mask_mobile, mask_name

ID_FIELD: Final = "applicant.id_no"
"""The name by which the applicant's number is revealed."""
_SOURCES: Final = {
    "id_card": "身份证",
    "account": "统一身份认证",
    "profile": "个人空间",
    "e_licence": "电子证照",
    "user": "本人填写",
}
_HAPPENED: Final = {
    "application.received": "送达统一受理系统",
    "item.received": "收件",
    "item.accepted": "受理",
    "number.revealed": "查看了隐去的号码",
}
_STEPS: Final = (State.SUBMITTED, State.RECEIVED, State.ACCEPTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An application in the clerk's list."""

    number: str
    spoken_number: str
    thing: str
    applicant: str
    items: int
    terminal: str
    arrived: str
    state: str
    state_text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRow:
    """An item; ``done`` of the four steps are behind it."""

    number: str
    spoken_number: str
    name: str
    department: str
    state: str
    state_text: str
    at: str
    done: int
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldRow:
    """A filed value; ``hidden`` ones are shown masked and can be revealed."""

    key: str
    label: str
    value: str
    source: str
    own: bool
    hidden: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """A line of an application's history."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """Everything the clerk reads about one application."""

    row: Row
    local_no: str
    submitted: str
    id_no: str
    read_at: str
    consents: list[str]
    attachments: list[tuple[str, str]]
    items: list[ItemRow]
    fields: list[FieldRow]
    history: list[Happening]
    can_receive: list[str]
    can_accept: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicProgress:
    """What somebody with the slip may see."""

    service: str
    thing: str
    applicant: str
    spoken_number: str
    local_no: str
    submitted: str
    as_of: str
    items: list[ItemRow]


def row(application: Application, now: datetime) -> Row:
    """Return the list row of an application; its state is that of its slowest item."""
    state = min((State(item.state) for item in application.items), key=_STEPS.index)
    return Row(
        number=application.application_no,
        spoken_number=grouped(application.application_no),
        thing=application.thing_name,
        applicant=application.applicant_name,
        items=len(application.items),
        terminal=application.terminal,
        arrived=spoken_time(application.received_at, now),
        state=state.value,
        state_text=state.text,
    )


def detail(
    application: Application, history: Sequence[Event], catalogues: Catalogues, now: datetime
) -> Detail:
    """Return the clerk's view of an application."""
    catalogue = catalogue_of(application, catalogues)
    evidence = application.details["evidence"]["evidence"]
    names = {item.id: item.name for item in application.items}
    return Detail(
        row=row(application, now),
        local_no=application.local_no,
        submitted=spoken_time(application.created_at, now),
        id_no=mask_id(application.applicant_id_no),
        read_at=spoken_time(datetime.fromisoformat(evidence["time"]), now),
        consents=[_consent(one, catalogue, now) for one in application.details["consents"]],
        attachments=[(one.name, f"{one.size / 1024:.0f} KB") for one in application.attachments],
        items=item_rows(application, catalogue, now),
        fields=_fields(application.details["fields"], catalogue),
        history=[_happening(event, names, now) for event in history],
        can_receive=_numbers(application.items, State.SUBMITTED),
        can_accept=_numbers(application.items, State.RECEIVED),
    )


def public(application: Application, catalogues: Catalogues, now: datetime) -> PublicProgress:
    """Return the view for a telephone: no number of a person, the name masked."""
    catalogue = catalogue_of(application, catalogues)
    return PublicProgress(
        service=catalogue.jurisdiction.service_name if catalogue else "政务服务",
        thing=application.thing_name,
        applicant=mask_name(application.applicant_name),
        spoken_number=grouped(application.application_no),
        local_no=application.local_no,
        submitted=spoken_time(application.created_at, now),
        as_of=spoken_time(now, now),
        items=item_rows(application, catalogue, now),
    )


def hidden_value(application: Application, key: str, catalogues: Catalogues) -> str:
    """Return a value in full, for the reveal button.

    Raises:
        Refusal: ``NOT_FOUND`` for a field the application does not have.
    """
    if key == ID_FIELD:
        return application.applicant_id_no
    answer = application.details["fields"].get(key)
    if answer is None:
        raise Refusal("NOT_FOUND", "field")
    spec = _spec(catalogue_of(application, catalogues), key)
    return shown(spec, answer["value"]) if spec else str(answer["value"])


def catalogue_of(application: Application, catalogues: Catalogues) -> Catalogue | None:
    """Return the catalogue of an application, or the current one when it has retired."""
    try:
        return catalogues.of_version(application.jurisdiction, application.catalogue_version)
    except Refusal:
        pass
    try:
        return catalogues.accepted(application.jurisdiction)[0]
    except Refusal:
        return None


def spoken_time(moment: datetime, now: datetime) -> str:
    """Return a moment as people say it: 今天 14:36, 11月22日 09:10, 2025年3月1日 09:10."""
    local, today = moment.astimezone(CHINA), now.astimezone(CHINA)
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return f"今天 {clock}"
    day = f"{local.month}月{local.day}日"
    return f"{day} {clock}" if local.year == today.year else f"{local.year}年{day} {clock}"


def item_rows(
    application: Application, catalogue: Catalogue | None, now: datetime
) -> list[ItemRow]:
    """Return the items with their steps and what comes next."""
    return [_item(item, application.thing, catalogue, now) for item in application.items]


def _item(item: Item, thing: str, catalogue: Catalogue | None, now: datetime) -> ItemRow:
    state = State(item.state)
    return ItemRow(
        number=item.no,
        spoken_number=grouped(item.no),
        name=item.name,
        department=item.department,
        state=state.value,
        state_text=state.text,
        at=spoken_time(item.state_at, now),
        done=_STEPS.index(state) + 1,
        note=_next(item, state, thing, catalogue),
    )


def _next(item: Item, state: State, thing: str, catalogue: Catalogue | None) -> str:
    """Say what the next step is, in the promises of the jurisdiction."""
    if catalogue is None:
        return ""
    match state:
        case State.SUBMITTED:
            return f"窗口 {catalogue.jurisdiction.check_hours} 个工作小时内核对材料"
        case State.RECEIVED:
            return f"{item.department} {catalogue.jurisdiction.accept_days} 个工作日内决定是否受理"
        case State.ACCEPTED:
            days = _limit_days(catalogue, thing, item.code)
            return f"正在办理，从受理起 {days} 个工作日内办结" if days else "正在办理"


def _limit_days(catalogue: Catalogue, thing: str, code: str) -> int:
    """Return the promised working days of an item, 0 when the catalogue has it no more."""
    try:
        items = catalogue.thing(thing).items
    except KeyError:
        return 0
    return next((item.limit_days for item in items if item.code == code), 0)


def _numbers(items: Iterable[Item], state: State) -> list[str]:
    """Return the numbers of the items in a state."""
    return [item.no for item in items if item.state == state.value]


def _fields(
    answers: Mapping[str, Mapping[str, str]], catalogue: Catalogue | None
) -> list[FieldRow]:
    """Return the filed values in the catalogue's order, sensitive ones masked."""
    order = list(catalogue.dictionary) if catalogue else []
    keys = sorted(answers, key=lambda key: order.index(key) if key in order else len(order))
    return [_field(key, answers[key], _spec(catalogue, key)) for key in keys]


def _field(key: str, answer: Mapping[str, str], spec: Field | None) -> FieldRow:
    hidden = spec is None or spec.sensitive
    value = shown(spec, answer["value"]) if spec else answer["value"]
    return FieldRow(
        key=key,
        label=spec.label if spec else key,
        value=_masked(value) if hidden else value,
        source=source_text(answer["source"]),
        own=answer["source"] == "user",
        hidden=hidden,
    )


def _spec(catalogue: Catalogue | None, key: str) -> Field | None:
    return catalogue.dictionary.get(key) if catalogue else None


def _masked(value: str) -> str:
    """Hide a value by its shape: an ID number, a mobile number, anything else."""
    if len(value) == 18:
        return mask_id(value)
    if len(value) == 11 and value.isdigit():
        return mask_mobile(value)
    return "*" * max(len(value) - 4, 4) + (value[-4:] if len(value) > 8 else "")


def source_text(source: str) -> str:
    """Return a source word as a clerk reads it."""
    register, _, authority = source.partition(":")
    if register == "share" and authority:
        return f"{authority}共享"
    return _SOURCES.get(register, source)


def _consent(consent: Mapping[str, str], catalogue: Catalogue | None, now: datetime) -> str:
    """Return a consent as title, edition and time."""
    text = catalogue.consents.get(consent["purpose"]) if catalogue else None
    title = text.title if text else consent["purpose"]
    try:
        given = spoken_time(datetime.fromisoformat(consent["time"]), now)
    except (ValueError, OverflowError):
        given = ""
    return f"{title} {given}".strip()


def _happening(event: Event, names: Mapping[int, str], now: datetime) -> Happening:
    item = names.get(event.item_id or 0, "")
    what = _HAPPENED.get(event.kind, event.kind)
    return Happening(at=spoken_time(event.at, now), who=event.actor, what=f"{item} {what}".strip())
