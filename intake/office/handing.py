"""A promised paper (容缺后补) is handed in at the window: once, inside the caller's transaction.

Like an act on items it locks the application's row first; of two clerks who note the same paper,
one does it and the other is told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from intake.office.acting import lock
from intake.office.decisions import Conflict, Who
from intake.office.waiting import owed, promised
from intake.records.model import Application, Event, HandedIn
from intake.service.problems import Refusal

KIND: Final = "material.handed_in"
"""The kind of the event."""


def hand_in(session: Session, *, number: str, material: str, now: datetime) -> Application:
    """Note that a promised paper of an application has been received.

    Args:
        session: the caller's transaction.
        number: the application's number.
        material: the key of the paper in the catalogue.
        now: when it was received.

    Raises:
        Refusal: ``NOT_FOUND`` for an application that is not there and a paper nobody promised,
            or as :class:`Conflict` ``STATE_CONFLICT`` for one that was received before.
    """
    application = lock(session, Application.application_no == number)
    name = promised(application).get(material)
    if name is None:
        raise Refusal("NOT_FOUND", "material")
    if material not in owed(application):
        raise Conflict("STATE_CONFLICT", f"“{name}”已经记为收到，没有再改动。")
    event = Event(application_id=application.id, kind=KIND, actor=Who.WINDOW.value, at=now)
    application.handed_in.append(HandedIn(material=material, event=event))
    session.flush()
    session.refresh(application)
    return application
