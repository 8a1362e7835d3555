"""The intake's answers, read strictly: a record, or :class:`IntakeGarbled`.

Nothing is guessed and nothing is coerced. Members that are not known are ignored, so that an intake
may add some. Texts are stripped of control, bidirectional and zero-width characters, because they
are shown and printed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from kiosk.domain.application import AGENT, LEGAL_REP, EnterpriseSignIn
from kiosk.domain.known import Known
from kiosk.gateway.errors import IntakeGarbled, RefusedProblem
from kiosk.gateway.transport import Reply
from standards.charset import printable

SourceState = Literal["ok", "none", "timeout", "denied"]
CheckState = Literal["ok", "not_found", "unavailable"]

_TEXT_LIMIT = 500
_NUMBER = re.compile(r"[0-9A-Z-]{4,40}")
_SOURCE_STATES = {"ok", "none", "timeout", "denied"}
_CHECK_STATES = {"ok", "not_found", "unavailable"}

Object = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The application is filed; ``items`` are (item code, number), in the order filed.

    ``envelope_digest`` is the hex SHA-256 of what was filed, empty when the intake says none.
    """

    application_no: str
    items: tuple[tuple[str, str], ...]
    received_at: str
    envelope_digest: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """The intake is still at it; ask again with the same bytes after ``retry_after`` seconds."""

    retry_after: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The intake did not file it; final unless ``problem.retryable``."""

    problem: RefusedProblem


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueVersions:
    """The current catalogue version, and all that are accepted (it among them)."""

    version: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckLine:
    """How a check between authorities came out; ``line`` is the sentence that says so."""

    state: CheckState
    line: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Prefilled:
    """Values by field key, how each source that was asked did, and checks by item code."""

    values: Mapping[str, Known] = field(default_factory=dict)
    sources: Mapping[str, SourceState] = field(default_factory=dict)
    checks: Mapping[str, CheckLine] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemProgress:
    """Where one item stands; ``at`` is RFC 3339, ``supplement`` what is still to be handed in.

    ``provincial_no`` is the number the province has given it, empty for none.
    """

    name: str
    no: str
    state: str
    state_text: str
    at: str
    supplement: str = ""
    provincial_no: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Where an application stands; ``as_of`` is RFC 3339."""

    application_no: str
    thing_name: str
    items: tuple[ItemProgress, ...]
    as_of: str
    provincial_no: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedItem:
    """An item of a place: our codes, its name, its departments, and the province's code or none."""

    thing: str
    item: str
    name: str
    departments: tuple[str, ...]
    provincial_code: str = ""
    open: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Licence:
    """An electronic licence: ``kind`` as people say it; ``valid_to`` ISO, empty for no end."""

    kind: str
    no: str
    status: str
    valid_to: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Licences:
    """How the register of licences did, and what it told."""

    state: SourceState
    licences: tuple[Licence, ...] = ()


def document(reply: Reply) -> Object:
    """Return the JSON object of an answer."""
    try:
        value = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise IntakeGarbled("not_json") from error
    return _object(value, "answer")


def problem(reply: Reply) -> RefusedProblem:
    """Read a problem document."""
    raw = document(reply)
    retryable = raw.get("retryable")
    if not isinstance(retryable, bool):
        raise IntakeGarbled("retryable")
    code = _text(raw, "code")
    if not re.fullmatch(r"[A-Z0-9_]{1,60}", code):
        raise IntakeGarbled("code")
    return RefusedProblem(
        code=code,
        title=_text(raw, "title_zh"),
        detail=_text(raw, "detail_zh", empty=True),
        help=_text(raw, "help", empty=True),
        retryable=retryable,
        field=_text(raw, "field") if isinstance(raw.get("field"), str) else None,
    )


def accepted(reply: Reply, items: tuple[str, ...], digest: str) -> Accepted:
    """Read the answer to a filing; numbers that belong to another filing are garbled."""
    raw = document(reply)
    numbers = tuple(
        (_text(one, "item"), _number(one, "no")) for one in _objects(raw.get("items"), "items")
    )
    if sorted(code for code, _ in numbers) != sorted(items):
        raise IntakeGarbled("items")
    told = _text(raw, "envelope_digest") if "envelope_digest" in raw else ""
    if told not in {"", digest}:
        raise IntakeGarbled("envelope_digest")
    return Accepted(
        application_no=_number(raw, "application_no"),
        items=numbers,
        received_at=_text(raw, "received_at"),
        envelope_digest=told,
    )


def catalogue_versions(reply: Reply) -> CatalogueVersions:
    """Read the answer about catalogue versions."""
    raw = document(reply)
    accepted_ones = raw.get("accepted")
    if not isinstance(accepted_ones, list) or not all(isinstance(v, str) for v in accepted_ones):
        raise IntakeGarbled("accepted")
    return CatalogueVersions(version=_text(raw, "version"), accepted=tuple(accepted_ones))


def prefilled(reply: Reply) -> Prefilled:
    """Read pre-filled values."""
    raw = document(reply)
    values = _object(raw.get("values"), "values")
    sources = _object(raw.get("sources"), "sources")
    if not set(sources.values()) <= _SOURCE_STATES:
        raise IntakeGarbled("sources")
    return Prefilled(
        values={key: _known(_object(one, "values")) for key, one in values.items()},
        sources=cast("dict[str, SourceState]", dict(sources)),
        checks={
            code: _check(_object(one, "checks"))
            for code, one in _object(raw.get("checks", {}), "checks").items()
        },
    )


def enterprise(reply: Reply, token: str) -> EnterpriseSignIn:
    """Read for which enterprise a person has signed in with ``token``."""
    raw = document(reply)
    role = raw.get("role")
    if role not in {LEGAL_REP, AGENT}:
        raise IntakeGarbled("role")
    return EnterpriseSignIn(
        uscc=_text(raw, "uscc"),
        name=_text(raw, "name"),
        role="legal_rep" if role == LEGAL_REP else "agent",
        token=token,
    )


def progress(reply: Reply) -> Progress:
    """Read where an application stands."""
    return _progress(document(reply))


def progress_list(reply: Reply) -> tuple[Progress, ...]:
    """Read where all applications of a person stand; there may be none."""
    told = document(reply).get("applications")
    if not isinstance(told, list):
        raise IntakeGarbled("applications")
    return tuple(_progress(_object(one, "applications")) for one in told)


def listed_items(reply: Reply) -> tuple[ListedItem, ...]:
    """Read the items of a place; there may be none."""
    told = document(reply).get("items")
    if not isinstance(told, list):
        raise IntakeGarbled("items")
    return tuple(_listed(_object(one, "items")) for one in told)


def licences(reply: Reply) -> Licences:
    """Read the licences of a person; there may be none."""
    raw = document(reply)
    told, state = raw.get("licences"), raw.get("state")
    if not isinstance(told, list) or state not in _SOURCE_STATES:
        raise IntakeGarbled("licences")
    return Licences(
        state=cast("SourceState", state),
        licences=tuple(
            Licence(
                kind=_text(one, "kind"),
                no=_text(one, "no"),
                status=_text(one, "status"),
                valid_to=_text(one, "valid_to", empty=True),
            )
            for one in (_object(each, "licences") for each in told)
        ),
    )


def _listed(raw: Object) -> ListedItem:
    departments = raw.get("departments")
    is_open = raw.get("open")
    if not isinstance(departments, list) or not all(isinstance(one, str) for one in departments):
        raise IntakeGarbled("departments")
    if not isinstance(is_open, bool):
        raise IntakeGarbled("open")
    return ListedItem(
        thing=_text(raw, "thing"),
        item=_text(raw, "item"),
        name=_text(raw, "name"),
        departments=tuple(departments),
        provincial_code=_text(raw, "provincial_code", empty=True),
        open=is_open,
    )


def _progress(raw: Object) -> Progress:
    return Progress(
        application_no=_number(raw, "application_no"),
        thing_name=_text(raw, "thing_name"),
        items=tuple(_item(one) for one in _objects(raw.get("items"), "items")),
        as_of=_text(raw, "as_of"),
        provincial_no=_provincial(raw),
    )


def _known(raw: Object) -> Known:
    editable = raw.get("editable")
    if not isinstance(editable, bool):
        raise IntakeGarbled("editable")
    return Known(
        value=_text(raw, "value"),
        source=_text(raw, "source"),
        as_of=_text(raw, "as_of", empty=True),
        editable=editable,
        masked=_text(raw, "masked") if isinstance(raw.get("masked"), str) else "",
        others=_others(raw.get("others", [])),
    )


def _others(raw: object) -> tuple[tuple[str, str], ...]:
    """Read what further sources say instead; an intake without the member says nothing."""
    if not isinstance(raw, list):
        raise IntakeGarbled("others")
    read = (_object(one, "others") for one in raw)
    return tuple((_text(one, "value"), _text(one, "source")) for one in read)


def _check(raw: Object) -> CheckLine:
    state = raw.get("state")
    if state not in _CHECK_STATES:
        raise IntakeGarbled("state")
    return CheckLine(state=cast("CheckState", state), line=_text(raw, "line"))


def _item(raw: Object) -> ItemProgress:
    return ItemProgress(
        name=_text(raw, "name"),
        no=_number(raw, "no"),
        state=_text(raw, "state"),
        state_text=_text(raw, "state_text"),
        at=_text(raw, "at"),
        supplement=_text(raw, "supplement", empty=True) if "supplement" in raw else "",
        provincial_no=_provincial(raw),
    )


def _provincial(raw: Object) -> str:
    """Return the province's number; an intake without the member knows none."""
    return _number(raw, "provincial_no") if raw.get("provincial_no") else ""


def _object(value: object, name: str) -> Object:
    if not isinstance(value, dict):
        raise IntakeGarbled(name)
    return value


def _objects(value: object, name: str) -> list[Object]:
    if not isinstance(value, list) or not value:
        raise IntakeGarbled(name)
    return [_object(one, name) for one in value]


def _text(raw: Object, name: str, *, empty: bool = False) -> str:
    """Return a text member, fit to be shown; an empty one only where it may be."""
    value = raw.get(name)
    if not isinstance(value, str) or len(value) > _TEXT_LIMIT:
        raise IntakeGarbled(name)
    shown = printable(value)
    if not shown and not empty:
        raise IntakeGarbled(name)
    return shown


def _number(raw: Object, name: str) -> str:
    """Return a number of an application or item."""
    value = _text(raw, name)
    if not _NUMBER.fullmatch(value):
        raise IntakeGarbled(name)
    return value
