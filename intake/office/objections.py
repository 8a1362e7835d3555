"""What a citizen said against a register's value is checked by a clerk: once, with a result.

Like an act on items it locks the application's row first.  The result is kept with the application
beside what was filed; whoever has the slip reads what was found, the clerk's words stay inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from intake.office.acting import lock, written
from intake.office.decisions import Conflict, Who
from intake.office.waiting import CHECKED, objections
from intake.records.model import Application, Event
from intake.service.problems import Refusal


class Outcome(StrEnum):
    """What the check found; the value is the last word of the act's name in ``acts.toml``."""

    UPHELD = "upheld"
    """The register is wrong; its keeper was told."""
    KEPT = "kept"
    """The register is right."""


KINDS: Final[Mapping[str, str]] = {
    f"objection.{Outcome.UPHELD}": "核对异议：确实不对",
    f"objection.{Outcome.KEPT}": "核对异议：原来的没有错",
}
"""The kinds of the event, with what the history says."""
TOLD: Final[Mapping[str, str]] = {
    Outcome.UPHELD: "核对过了，确实不对，已经告诉管这项信息的部门更正",
    Outcome.KEPT: "核对过了，原来的没有错",
}


def check(
    session: Session, *, number: str, field: str, outcome: Outcome, text: str, now: datetime
) -> Application:
    """Keep the result of checking an objection.

    Raises:
        Refusal: ``NOT_FOUND`` for an application that is not there and a value nobody objected to,
            ``REASON_MISSING`` without a text, or as :class:`Conflict` ``STATE_CONFLICT`` for one
            that was checked before.
    """
    application = lock(session, Application.application_no == number)
    if field not in objections(application):
        raise Refusal("NOT_FOUND", "field")
    said = written(text)
    if not said:
        raise Refusal("REASON_MISSING", "text")
    known = application.details.get(CHECKED) or {}
    if field in known:
        raise Conflict("STATE_CONFLICT", "这处异议已经核对过，没有再改动。")
    result = {"outcome": outcome.value, "text": said, "time": now.isoformat()}
    application.details = application.details | {CHECKED: known | {field: result}}
    kind, actor = f"objection.{outcome}", Who.WINDOW.value
    session.add(Event(application_id=application.id, kind=kind, actor=actor, at=now))
    session.flush()
    session.refresh(application)
    return application


def found(application: Application, field: str) -> str:
    """Return what the check of an objection found, for anybody; empty before."""
    result = (application.details.get(CHECKED) or {}).get(field)
    return TOLD[result["outcome"]] if result else ""


def told(application: Application, field: str) -> str:
    """Return what the check of an objection found, with what was written; empty before."""
    result = (application.details.get(CHECKED) or {}).get(field)
    return f"{TOLD[result['outcome']]}：{result['text']}" if result else ""
