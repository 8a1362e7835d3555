"""Applications about the same child: mother and father may each have filed one.

A child is known by what identifies it in the filed form: its own number, the number of its birth
certificate, or its mother's number with the time of birth.  Only digests are kept for this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.records.model import AboutChild, Application

MOST: Final = 5
"""Applications that are named on a page, the newest first."""
_KNOWN_BY: Final = (
    ("newborn.id_no",),
    ("birth.cert_no",),
    ("mother.id_no", "newborn.birth_datetime"),
)
"""The fields that together name one child."""


def keys(details: Mapping[str, Any]) -> list[str]:
    """Return the digests by which the child of a filed form is known; none without a child."""
    fields = details["fields"]
    known = []
    for names in _KNOWN_BY:
        values = [str(fields.get(name, {}).get("value", "")).strip().upper() for name in names]
        if all(values):
            text = "|".join((*names, *values))
            known.append(hashlib.sha256(text.encode()).hexdigest())
    return known


def others(session: Session, application: Application) -> Sequence[str]:
    """Return the numbers of the same child's applications that somebody else filed."""
    same = select(AboutChild.application_id).where(AboutChild.key.in_(keys(application.details)))
    wanted = (
        select(Application.application_no)
        .where(
            Application.id.in_(same),
            Application.applicant_id_no != application.applicant_id_no,
        )
        .order_by(Application.id.desc())
        .limit(MOST)
    )
    return session.scalars(wanted).all()
