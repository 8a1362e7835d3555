"""What one person has filed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake.records.model import Application


def filed_by(engine: Engine, id_no: str, place: str, *, limit: int) -> Sequence[Application]:
    """Return a person's applications in the city of ``place`` (GB/T 2260), newest first.

    The caller must have seen evidence that the person is there.
    """
    wanted = (
        select(Application)
        .where(Application.applicant_id_no == id_no)
        .where(Application.jurisdiction.startswith(place[:4], autoescape=True))
        .order_by(Application.id.desc())
        .limit(limit)
    )
    with Session(engine, expire_on_commit=False) as session:
        return session.scalars(wanted).all()
