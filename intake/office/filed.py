"""What a citizen filed, as the clerk reads it: form, materials, signature, delivery.

All of it comes from the checked details of the application.  An older terminal may have sent no
materials and no signature; then there is nothing to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any, Final

from intake.office import objections, spoken
from intake.office.due import due_text
from intake.office.waiting import follows, last_day
from intake.records.model import Application, Attachment, Event
from intake.service.problems import Refusal
from kiosk.domain import roles
from kiosk.domain.calendar import Workdays
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.commitments import CommitmentKind
from kiosk.domain.dictionary import Disposition, Field
from kiosk.domain.materials import merge
from kiosk.domain.words import shown

PICTURES: Final = frozenset({"image/jpeg", "image/png"})
"""Media types the page shows; every other file can only be saved."""
RESULTS: Final = "results."
"""Beginning of the names under which parts of the delivery are revealed."""
DISPUTED: Final = "disputed."
"""Beginning of the names under which a citizen's own word against a value is revealed."""
_PIECES: Final = re.compile(r"(?=([0-9]{4,}))|(?=(\b\w{6,}))")
"""What of a citizen's own words is telling by itself: figures, and words between marks."""
_DISPOSITIONS: Final = {
    Disposition.E_LICENCE: "电子证照",
    Disposition.SHARE: "部门共享",
    Disposition.PRODUCED: "前一事项办出",
    Disposition.GENERATED: "由填报内容生成",
}
_METHODS: Final = {"window": "到窗口领取", "courier": "寄送", "e_licence": "只要电子证照"}
_SIGNED: Final = {"handwriting": "在终端手写签名", "id_card": "再次刷身份证确认"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A name and what is so."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldRow:
    """A filed value; ``hidden`` ones are shown masked and can be revealed.

    ``disputed`` is what the citizen says is right instead of what a register told, hidden with it;
    ``checked`` what the clerk found about that.
    """

    key: str
    label: str
    value: str
    source: str = ""
    own: bool = False
    hidden: bool = False
    disputed: str = ""
    checked: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldGroup:
    """Values about one person or matter."""

    title: str
    fields: list[FieldRow]


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A file of the application; one that is no picture can only be saved."""

    id: int
    name: str
    size: str
    shown: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialRow:
    """What became of a material; ``kind`` is ``done``, ``later`` or ``missing``.

    ``used_by`` are the names of the items that need it, one booklet under two names included;
    ``key`` is what the catalogue calls it.
    """

    name: str
    kind: str
    text: str
    pictures: list[Picture]
    used_by: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Materials:
    """Those the citizen brought or promised, those nobody had to bring, and other files."""

    brought: list[MaterialRow]
    exempt: list[MaterialRow]
    others: list[Picture]


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """How the declaration was confirmed; ``digest`` names the words that were signed."""

    method: str
    at: str
    digest: str
    picture: Picture | None
    evidence: bool


_VOUCHED: Final[Mapping[str, str]] = {
    CommitmentKind.SPARED: "承诺免交，办成以后核对",
    CommitmentKind.REVIEWED_LATER: "承诺先办，实质审查后置",
    CommitmentKind.EXEMPT: "承诺豁免，日常监管中检查",
}
_FIRST_BYTES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def picture_type(body: bytes) -> str | None:
    """Return the media type of a picture by its first bytes, None for anything else."""
    return next((kind for head, kind in _FIRST_BYTES.items() if body.startswith(head)), None)


def role_text(application: Application) -> str:
    """Return who the applicant is in this thing: 母亲; empty where there are no roles."""
    role = application.details.get("role", "person")
    return "" if role == "person" else roles.title(role)


def situations(application: Application, catalogue: Catalogue | None) -> list[Pair]:
    """Return the questions that chose the items, with their answers."""
    answers: Mapping[str, str] = application.details.get("situations") or {}
    known = {}
    if catalogue is not None and application.thing in catalogue.jurisdiction.things:
        known = {one.code: one for one in catalogue.thing(application.thing).situations}
    pairs = []
    for code, value in answers.items():
        asked = known.get(code)
        option = asked.option(value) if asked else None
        pairs.append(
            Pair(
                label=asked.question if asked else code,
                value=option.label if option else value,
            )
        )
    return pairs


def groups(application: Application, catalogue: Catalogue | None) -> list[FieldGroup]:
    """Return the filed values by whom they are about, in the catalogue's order."""
    answers = application.details["fields"]
    order = list(catalogue.dictionary) if catalogue else []
    keys = sorted(answers, key=lambda key: order.index(key) if key in order else len(order))
    by_role: dict[str, list[FieldRow]] = {}
    for key in keys:
        role = key.partition(".")[0]
        row = _field(key, answers[key], _spec(catalogue, key))
        row = replace(row, checked=objections.told(application, key))
        by_role.setdefault(role, []).append(replace(row, label=roles.below(role, row.label)))
    titled: dict[str, list[FieldRow]] = {}
    for role in sorted(by_role, key=roles.place):
        titled.setdefault(roles.title(role), []).extend(by_role[role])
    return [FieldGroup(title=title, fields=rows) for title, rows in titled.items()]


def value_in_full(application: Application, key: str, catalogue: Catalogue | None) -> str:
    """Return a hidden value.

    Raises:
        Refusal: ``NOT_FOUND`` for a field the application does not have.
    """
    if key.startswith(RESULTS):
        told = application.details.get("delivery") or {}
        value = told.get(key.removeprefix(RESULTS))
        if isinstance(value, str):
            return value
        raise Refusal("NOT_FOUND", "field")
    own = key.removeprefix(DISPUTED)
    answer = application.details["fields"].get(own)
    if answer is None or (own != key and not answer.get("disputed")):
        raise Refusal("NOT_FOUND", "field")
    if own != key:
        return str(answer["disputed"])
    spec = _spec(catalogue, key)
    return shown(spec, answer["value"]) if spec else str(answer["value"])


def materials(
    application: Application, catalogue: Catalogue | None, workdays: Workdays, now: datetime
) -> Materials:
    """Return what became of each material."""
    files = {one.name: one for one in application.attachments}
    promised = {one["material"]: one for one in application.details.get("commitments") or ()}
    received = {one.material: one.event for one in application.handed_in}
    users = _users(application, catalogue)
    brought: list[MaterialRow] = []
    exempt: list[MaterialRow] = []
    used: set[str] = set()
    for one in application.details.get("materials") or ():
        pictures = [files[name] for name in one["attachments"] if name in files]
        used |= {picture.name for picture in pictures}
        promise = promised.get(one["key"])
        due = _promise_text(promise, workdays, now) if promise else ""
        row = _material(one, pictures, due, catalogue)
        if promise and row.kind == "later" and not follows(promise.get("kind", "")):
            row = replace(row, kind="done")
        if one["key"] in received:
            row = replace(row, kind="done", text=_received_text(received[one["key"]], now))
        row = replace(row, used_by=users.get(one["key"], ()))
        asked = one["disposition"] == Disposition.CAPTURE or pictures or promise
        (brought if asked else exempt).append(row)
    used |= _signature_files(application)
    others = [_picture(file) for name, file in files.items() if name not in used]
    return Materials(brought=brought, exempt=exempt, others=others)


def signed(application: Application, now: datetime) -> Signed | None:
    """Return how the declaration was confirmed, None where nothing says so."""
    told = application.details.get("signature")
    if not told:
        return None
    files = {one.name: one for one in application.attachments}
    picture = files.get(told.get("attachment") or "")
    return Signed(
        method=_SIGNED.get(told["method"], told["method"]),
        at=_time_text(told["time"], now),
        digest=told["text_digest"],
        picture=_picture(picture) if picture else None,
        evidence=bool(told.get("evidence")),
    )


def delivery(application: Application, catalogue: Catalogue | None) -> list[FieldRow]:
    """Return how the results reach the citizen; whom and where to is hidden."""
    told = application.details.get("delivery")
    if not told:
        return []
    together = "全部办完后一起给" if told["together"] else "办好一项给一项"
    rows = [
        FieldRow(key="", label="方式", value=_METHODS.get(told["method"], told["method"])),
        FieldRow(key="", label="时间", value=together),
    ]
    if told.get("window"):
        rows.append(FieldRow(key="", label="窗口", value=_window(told["window"], catalogue)))
    labels = {"recipient": "收件人", "address": "地址", "phone": "电话"}
    rows += [
        FieldRow(key=RESULTS + name, label=label, value=spoken.hidden(told[name]), hidden=True)
        for name, label in labels.items()
        if told.get(name)
    ]
    return rows


def private_values(application: Application, catalogue: Catalogue | None) -> Iterator[str]:
    """Yield every filed name, address and sensitive value, for texts that have to be without them.

    What a citizen wrote against a value is theirs, whatever the value is.
    """
    yield application.applicant_name
    yield application.applicant_id_no
    for key, answer in application.details["fields"].items():
        spec = _spec(catalogue, key)
        if key.endswith(("name", "address")) or spec is None or spec.sensitive:
            yield str(answer["value"])
        if answer.get("disputed"):
            yield str(answer["disputed"])
            yield from filter(None, chain(*_PIECES.findall(str(answer["disputed"]))))
    told = application.details.get("delivery") or {}
    yield from (told[name] for name in ("recipient", "address", "phone") if told.get(name))


def _field(key: str, answer: Mapping[str, str], spec: Field | None) -> FieldRow:
    sensitive = spec is None or spec.sensitive
    value = shown(spec, answer["value"]) if spec else answer["value"]
    disputed = answer.get("disputed", "")
    return FieldRow(
        key=key,
        label=spec.label if spec else key,
        value=spoken.hidden(value) if sensitive else value,
        source=spoken.source_text(answer["source"]),
        own=answer["source"] == "user",
        hidden=sensitive,
        disputed=spoken.hidden(disputed) if sensitive and disputed else disputed,
    )


def _spec(catalogue: Catalogue | None, key: str) -> Field | None:
    return catalogue.dictionary.get(key) if catalogue else None


def _material(
    one: Mapping[str, Any], files: list[Attachment], due: str, catalogue: Catalogue | None
) -> MaterialRow:
    if files:
        kind, text = "done", f"已拍 {len(files)} 页"
    elif due:
        kind, text = "later", due
    elif one["disposition"] == Disposition.CAPTURE:
        kind, text = "missing", "没有交"
    else:
        kind, text = "done", _DISPOSITIONS.get(one["disposition"], one["disposition"])
        maker = _maker(one["key"], catalogue)
        if one["disposition"] == Disposition.PRODUCED and maker:
            text = f"{maker}办出"
    return MaterialRow(
        key=one["key"],
        name=one.get("name") or one["key"],
        kind=kind,
        text=text,
        pictures=[_picture(file) for file in files],
    )


def _users(application: Application, catalogue: Catalogue | None) -> Mapping[str, tuple[str, ...]]:
    """Return, by the key of a material, the names of the filed items that need it."""
    codes = tuple(item.code for item in application.items)
    try:
        items = catalogue.thing(application.thing).chosen(codes) if catalogue else ()
    except KeyError:  # the current release offers the thing no more
        return {}
    return {entry.material.key: entry.used_by for entry in merge(items).entries}


def _maker(key: str, catalogue: Catalogue | None) -> str:
    """Return the name of the item that makes a material, empty when the catalogue knows none."""
    if catalogue is None:
        return ""
    items = {item.code: item for thing in catalogue.things for item in thing.items}
    for item in items.values():
        for material in item.materials:
            if material.key == key and material.made_by in items:
                return f"“{items[material.made_by].name}”"
    return ""


def _promise_text(promise: Mapping[str, Any], workdays: Workdays, now: datetime) -> str:
    """Return until when something will follow and whether that is past, or what was vouched for."""
    kind = promise.get("kind", "")
    if not follows(kind):
        return _VOUCHED.get(kind, kind)
    try:
        due = last_day(promise, workdays)
    except (ValueError, OverflowError, TypeError):
        return f"承诺后补，{promise['days']} 个工作日内"
    late = spoken.late_text(due, now)
    text = f"承诺后补，最迟 {due_text(due, workdays, now)}"
    return f"{text}，已超时 {late}" if late else text


def _received_text(event: Event, now: datetime) -> str:
    """Return when a promised paper was handed in, and who noted it."""
    return f"承诺的材料已收到，{spoken.time_text(event.at, now)} {event.actor}"


def _signature_files(application: Application) -> set[str]:
    told = application.details.get("signature") or {}
    return {told.get("attachment", ""), told.get("strokes", "")}


def _picture(file: Attachment) -> Picture:
    return Picture(
        id=file.id,
        name=file.name,
        size=spoken.size_text(file.size),
        shown=file.media_type in PICTURES,
    )


def _window(code: str, catalogue: Catalogue | None) -> str:
    windows = catalogue.jurisdiction.windows if catalogue else ()
    return next((f"{one.name} {one.address}".strip() for one in windows if one.code == code), code)


def _time_text(text: str, now: datetime) -> str:
    try:
        return spoken.time_text(datetime.fromisoformat(text), now)
    except (ValueError, OverflowError, TypeError):
        return ""
