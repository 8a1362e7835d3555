"""The archive package of an application (归档信息包): all that came of it, in one file.

GB/T 42727—2023 (政务服务事项电子文件归档规范, before it DA/T 85—2019) has an item's electronic
records go to the archive as one package of files, metadata and what proves both. What ours holds
follows that idea; its layout is BagIt (:mod:`intake.archive.bag`), not the standard's own names of
folders and elements, which the receiving archive maps.

::

    data/envelope.json       the bytes exactly as the terminal signed them (RFC 8785)
    data/signature.json      the signature, and the terminal's public key where it is known
    data/materials/NNN.ext   the files, in the order of the envelope
    data/receipt.json        the answer that the terminal got
    data/acts.json           what happened: kind, who, when, to which item
    data/notices/NO.txt      each notice as it was issued, addressed
    data/description.json    numbers, dates, items, who; every file above with type, size, digests
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any, Final

from intake.archive.bag import Bag, BagWriter, Digests
from intake.archive.keys import Keys, SigningKey
from intake.office.promises import catalogue_of
from intake.people import notices
from intake.province.numbers import ProvincialNumbers
from intake.receiving.catalogues import Catalogues
from intake.records.model import Application, Event, Item, Notice, State
from intake.records.store import Store
from intake.service.services import china_time
from kiosk.domain.catalogue import Catalogue
from standards import canonical

FORMAT: Final = "yiduan-archive/1"
_ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "application/json": "json",
}
_ENVELOPE, _SIGNATURE, _RECEIPT = "envelope.json", "signature.json", "receipt.json"
_DESCRIPTION: Final = "description.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """An application with what belongs to it, read from the database.

    ``numbers`` are the province's, by item's number, empty for the whole; ``key`` is what the
    signature verifies with, where it is known.
    """

    application: Application
    happened: Sequence[Event]
    numbers: Mapping[str, str]
    catalogue: Catalogue | None
    key: SigningKey | None


def case(store: Store, catalogues: Catalogues, keys: Keys, application: Application) -> Case:
    """Return an application as it is now, ready to be packed."""
    numbers = ProvincialNumbers(store.engine).of([application.id])
    return Case(
        application=application,
        happened=store.history(application.id),
        numbers={item_no: number for (_, item_no), number in numbers.items()},
        catalogue=catalogue_of(application, catalogues),
        key=keys.of(application.signature),
    )


def pack(store: Store, own: Case, target: IO[bytes], now: datetime) -> None:
    """Write the package of a case into an open file."""
    application = own.application
    bag = BagWriter(target, application.application_no)
    files = [
        _told(path, title, kind, bag.add(path, body))
        for path, title, kind, body in _files(store, own)
    ]
    bag.add(_DESCRIPTION, canonical.dumps(_description(own, files)))
    bag.close(
        {
            "Source-Organization": _place(own) or "统一受理系统",
            "External-Identifier": application.application_no,
            "External-Description": FORMAT,
            "Bagging-Date": china_time(now)[:10],
        }
    )


def _files(store: Store, own: Case) -> Iterator[tuple[str, str, str, bytes]]:
    """Yield path, title, media type and bytes of all that is described."""
    application, kind = own.application, "application/json"
    yield _ENVELOPE, "申报（签名的原文）", kind, application.envelope
    yield _SIGNATURE, "终端签名", kind, canonical.dumps(_signature(own))
    for place, attachment in enumerate(application.attachments, 1):
        found = store.attached(application.application_no, attachment.id)
        assert found is not None  # noqa: S101 - a constraint of the database
        ending = _ENDINGS.get(attachment.media_type, "bin")
        path = f"materials/{place:03d}.{ending}"
        yield path, attachment.name, attachment.media_type, found[1]
    yield _RECEIPT, "提交的回答", kind, canonical.dumps(_receipt(application))
    yield "acts.json", "办理经过", kind, canonical.dumps(_acts(own))
    for notice in application.notices:
        title = notices.kinds()[notice.kind].title
        yield f"notices/{notice.no}.txt", title, "text/plain", _notice(notice, title, application)


def _signature(own: Case) -> dict[str, object]:
    told: dict[str, object] = dict(own.application.signature)
    if own.key is not None:
        told["provider"] = own.key.provider
        told["public"] = base64.b64encode(own.key.public).decode()
    return told


def _receipt(application: Application) -> dict[str, object]:
    return {
        "application_no": application.application_no,
        "envelope_digest": application.body_digest,
        "items": [{"item": item.code, "no": item.no} for item in application.items],
        "received_at": china_time(application.received_at),
    }


def _acts(own: Case) -> list[dict[str, object]]:
    numbers = {item.id: item.no for item in own.application.items}
    return [
        {
            "kind": event.kind,
            "who": event.actor,
            "at": china_time(event.at),
            "item": numbers.get(event.item_id or 0, ""),
        }
        for event in own.happened
    ]


def _notice(notice: Notice, title: str, application: Application) -> bytes:
    lines = (
        *(title, notice.no, "", f"{application.applicant_name}：", notice.text, ""),
        *(notice.issuer, china_time(notice.at), ""),
    )
    return "\n".join(lines).encode()


def _description(own: Case, files: list[dict[str, object]]) -> dict[str, object]:
    application = own.application
    return {
        "format": FORMAT,
        "application_no": application.application_no,
        "provincial_no": own.numbers.get("", ""),
        "local_no": application.local_no,
        "submission_id": application.submission_id,
        "thing": {"code": application.thing, "name": application.thing_name},
        "jurisdiction": {"code": application.jurisdiction, "name": _place(own)},
        "catalogue_version": application.catalogue_version,
        "created_at": china_time(application.created_at),
        "received_at": china_time(application.received_at),
        "terminal": application.terminal,
        "applicant": {
            "name": application.applicant_name,
            "id_no": application.applicant_id_no,
            "role": application.details.get("role", "person"),
            "enterprise": _enterprise(application),
        },
        "items": [_item(item, own) for item in application.items],
        "files": files,
    }


def _place(own: Case) -> str:
    return own.catalogue.jurisdiction.name if own.catalogue else ""


def _enterprise(application: Application) -> dict[str, object] | None:
    told = application.details.get("enterprise")
    return {key: told[key] for key in ("uscc", "name", "role")} if told else None


def _item(item: Item, own: Case) -> dict[str, object]:
    return {
        "code": item.code,
        "provincial_code": _provincial_code(item, own),
        "no": item.no,
        "provincial_no": own.numbers.get(item.no, ""),
        "name": item.name,
        "department": item.department,
        "state": item.state,
        "state_text": State(item.state).text,
        "state_at": china_time(item.state_at),
        "accepted_at": china_time(item.accepted_at) if item.accepted_at else "",
        "outcome": item.outcome,
        "supplement": item.supplement,
        "note": item.note,
    }


def _provincial_code(item: Item, own: Case) -> str:
    if own.catalogue is None:
        return ""
    thing = own.catalogue.thing(own.application.thing)
    return next((one.provincial_code for one in thing.items if one.code == item.code), "")


def _told(path: str, title: str, kind: str, digests: Digests) -> dict[str, object]:
    return {"path": f"data/{path}", "title": title, "media_type": kind, **asdict(digests)}


def inconsistent(bag: Bag, keys: Keys) -> Iterator[str]:
    """Yield a sentence for everything in a package that does not go together.

    A signature is verified by a key that is known here, never by the one that came with the
    package; without any ``keys`` it is not verified.

    Raises:
        BagError: it cannot be looked into.
    """
    try:
        description = json.loads(bag.read(f"data/{_DESCRIPTION}"))
        envelope = bag.read(f"data/{_ENVELOPE}")
        receipt = json.loads(bag.read(f"data/{_RECEIPT}"))
        yield from _files_differ(bag, description["files"])
        yield from _parts_differ(description, receipt, envelope)
        yield from _unsigned(envelope, json.loads(bag.read(f"data/{_SIGNATURE}")), keys)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield f"a member or a file is missing, or another one ({type(error).__name__})"


def _files_differ(bag: Bag, told: list[dict[str, Any]]) -> Iterator[str]:
    for one in told:
        own = asdict(Digests.of(bag.read(one["path"])))
        if own != {key: one[key] for key in own}:
            yield f"{one['path']}: {_DESCRIPTION} describes another file"
    there = {one["path"] for one in told} | {f"data/{_DESCRIPTION}"}
    for name in sorted({name for name in bag.names() if name.startswith("data/")} - there):
        yield f"{name}: {_DESCRIPTION} does not know it"


def _parts_differ(
    description: dict[str, Any], receipt: dict[str, Any], envelope: bytes
) -> Iterator[str]:
    if receipt["envelope_digest"] != Digests.of(envelope).sha256:
        yield f"{_RECEIPT}: is the answer to another envelope"
    if receipt["application_no"] != description["application_no"]:
        yield f"{_RECEIPT}: has another number than {_DESCRIPTION}"
    there = [one["sha256"] for one in description["files"] if "/materials/" in one["path"]]
    named = [one["sha256"] for one in json.loads(envelope)["attachments"]]
    if sorted(there) != sorted(named):
        yield "materials: are not those that the envelope names"


def _unsigned(envelope: bytes, signature: dict[str, Any], keys: Keys) -> Iterator[str]:
    if not keys:
        return
    key = keys.of(signature)
    if key is None:
        yield f"signature: nobody here knows key {signature['key_id']} of {signature['terminal']}"
    elif not key.signed(envelope, base64.b64decode(signature["signature"], validate=True)):
        yield "signature: is not that key's over this envelope"


def name_of(application: Application) -> str:
    """Return the name of a package's file."""
    return f"{application.application_no}.zip"
