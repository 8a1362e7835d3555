"""A filing's rows, put down in the caller's transaction: one statement a table.

What is stored is stated here as rows and not as objects: a filing is written once and read by
nobody in its own transaction, so there is nothing that a unit of work would have to watch.

Everything that can be asked before the number is asked before: the number's row is the lock behind
which all filings of a city's day wait, until the transaction ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from intake.office import children, listing
from intake.office.decisions import Rules
from intake.receiving.filing import Filing, ItemLine
from intake.receiving.numbers import item_no, next_application_no
from intake.records.model import AboutChild, Application, Attachment, Event, Item, Material, State
from intake.service.problems import Refusal

Cells = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """What a filed application has for ever; ``new`` is false when it had been filed before.

    ``items`` are pairs of an item's code and its number, in the order in which they were filed.
    """

    application_no: str
    body_digest: str
    items: tuple[tuple[str, str], ...]
    received_at: datetime
    new: bool


def found(connection: Connection, submission_id: str) -> Filed | None:
    """Return what is filed under a submission id, or None."""
    wanted = (
        select(
            Application.application_no,
            Application.body_digest,
            Application.received_at,
            Item.code,
            Item.no,
        )
        .join(Item, Item.application_id == Application.id)
        .where(Application.submission_id == submission_id)
        .order_by(Item.position)
    )
    rows = connection.execute(wanted).all()
    if not rows:
        return None
    return Filed(
        application_no=rows[0].application_no,
        body_digest=rows[0].body_digest,
        items=tuple((row.code, row.no) for row in rows),
        received_at=rows[0].received_at,
        new=False,
    )


def record(connection: Connection, filing: Filing, rules: Rules, now: datetime) -> Filed:
    """Put a filing down, with its number.

    Raises:
        Refusal: ``MATERIAL_MISSING``.
        IntegrityError: the submission id or the slip's code is taken.
    """
    _require_materials(connection, filing)
    due = rules.due(filing, State.SUBMITTED, now)
    # The number's row is locked first: filings follow each other, and events are in order.
    number = next_application_no(connection, filing.jurisdiction, now)
    own: int = connection.execute(
        insert(Application).returning(Application.id), _application(filing, number, due, now)
    ).scalar_one()
    lines = [
        _item(line, due, now) | {"application_id": own, "position": at, "no": item_no(number, at)}
        for at, line in enumerate(filing.items)
    ]
    items = _put(connection, Item, lines)
    _put(connection, Event, _events(own, filing, items, now))
    _put(connection, Attachment, _attachments(own, filing))
    known = children.keys(filing.details)
    _put(connection, AboutChild, [{"application_id": own, "key": key} for key in known])
    return Filed(
        application_no=number,
        body_digest=filing.body_digest,
        items=tuple((line["code"], line["no"]) for line in lines),
        received_at=now,
        new=True,
    )


def progress_key(local_no: str, token: str) -> str:
    """Return the digest by which a slip finds its application."""
    return hashlib.sha256(f"{local_no}.{token}".encode()).hexdigest()


def _put(connection: Connection, table: Any, rows: list[Cells]) -> list[Row[Any]]:
    """Insert rows by one statement; return their keys, in their order."""
    if not rows:
        return []
    # Asked for keys, SQLAlchemy writes many rows by one statement, and compiles it once.
    keys = table.__table__.primary_key.columns
    putting = insert(table).returning(*keys, sort_by_parameter_order=len(keys) == 1)
    return list(connection.execute(putting, rows))


def _application(filing: Filing, number: str, due: datetime | None, now: datetime) -> Cells:
    """Return the row of a filing; an item that a register has answered is due to nobody."""
    states = {_state(line) for line in filing.items}
    return {
        "submission_id": filing.submission_id,
        "body_digest": filing.body_digest,
        "application_no": number,
        "local_no": filing.local_no,
        "progress_key": progress_key(filing.local_no, filing.slip_token),
        "thing": filing.thing,
        "thing_name": filing.thing_name,
        "jurisdiction": filing.jurisdiction,
        "catalogue_version": filing.catalogue_version,
        "terminal": filing.terminal,
        "applicant_name": filing.applicant_name,
        "applicant_id_no": filing.applicant_id_no,
        "details": filing.details,
        "envelope": filing.envelope,
        "signature": filing.signature,
        "created_at": filing.created_at,
        "received_at": now,
        "standing": listing.neediest(states),
        "due_at": due if State.SUBMITTED in states else None,
    }


def _item(line: ItemLine, due: datetime | None, now: datetime) -> Cells:
    """Return the row of one item, submitted now; a check that was answered is done with it."""
    return {
        "code": line.code,
        "name": line.name,
        "department": line.department,
        "state": _state(line).value,
        "state_at": now,
        "due_at": None if line.decided else due,
        "accepted_at": None,
        "supplement": "",
        "outcome": State.DECIDED_GRANTED.value if line.decided else "",
        "note": "",
    }


def _state(line: ItemLine) -> State:
    return State.COMPLETED if line.decided else State.SUBMITTED


def _events(own: int, filing: Filing, items: list[Row[Any]], now: datetime) -> list[Cells]:
    """Return that it was received, and what is decided already."""

    def event(kind: str, actor: str, item: int | None) -> Cells:
        return {"application_id": own, "item_id": item, "kind": kind, "actor": actor, "at": now}

    return [
        event("application.received", filing.terminal, None),
        *(
            event(f"item.{_state(line)}", line.department, key.id)
            for line, key in zip(filing.items, items, strict=True)
            if line.decided
        ),
    ]


def _attachments(own: int, filing: Filing) -> list[Cells]:
    """Return the rows of the materials an application names."""
    return [
        {
            "application_id": own,
            "name": one.name,
            "sha256": one.sha256,
            "size": one.size,
            "media_type": one.media_type,
        }
        for one in filing.attachments
    ]


def _require_materials(connection: Connection, filing: Filing) -> None:
    """Refuse a filing that names a file which has not arrived, or has another size."""
    wanted: Mapping[str, int] = {one.sha256: one.size for one in filing.attachments}
    if not wanted:
        return
    asked = select(Material.sha256, Material.size).where(Material.sha256.in_(wanted))
    here = {(row.sha256, row.size) for row in connection.execute(asked)}
    if {(one.sha256, one.size) for one in filing.attachments} - here:
        raise Refusal("MATERIAL_MISSING", "attachments")
