"""What is promised about a missing paper (容缺承诺), held against the published list.

Only what the list of the citizen's catalogue names may be missing, of its kind, for its days, under
its words, and nothing in an excluded area.  An older terminal tells no kind: its promise is to
bring the paper later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from intake.receiving.verification import moment
from intake.service.problems import Refusal
from kiosk.domain.application import Application, Commitment
from kiosk.domain.catalogue import Catalogue, Item
from kiosk.domain.commitment_letter import Letter, letter
from kiosk.domain.commitments import Commitments
from kiosk.domain.materials import ChecklistEntry

CODE: Final = "COMMITMENT_NOT_LISTED"
"""The problem of every promise that the list does not allow; the field says what is wrong."""
_VISIT: Final = timedelta(days=1)
"""A promise is made in the visit in which it is filed."""


def require_promises(
    application: Application,
    entries: dict[str, ChecklistEntry],
    items: Sequence[Item],
    catalogue: Catalogue,
) -> None:
    """Refuse what the list does not have.

    Args:
        application: what was filed.
        entries: its checklist, by material.
        items: its items, without what the answers spare.
        catalogue: as the citizen saw it.

    Raises:
        Refusal: ``INVALID`` for a promise made twice or at no time of this visit, and
            ``COMMITMENT_NOT_LISTED`` with the member that differs from the list.
    """
    keys = [own.material for own in application.commitments]
    if len(set(keys)) != len(keys):
        raise Refusal("INVALID", "application.commitments")
    for own in application.commitments:
        place = f"application.commitments.{own.material}"
        entry = entries.get(own.material)
        told = letter(catalogue.commitments, own.material, items) if entry else None
        if entry is None or not entry.asked or told is None:
            raise Refusal(CODE, place + _area(own, items, catalogue.commitments))
        _require_time(own, application, place)
        wrong = _wrong(own, told, catalogue)
        if wrong:
            raise Refusal(CODE, f"{place}.{wrong}")


def _area(own: Commitment, items: Sequence[Item], listed: Commitments | None) -> str:
    """Return where the fault is: in an excluded area, or just not in the list."""
    asking = (item for item in items if any(m.key == own.material for m in item.materials))
    return ".area" if listed and any(listed.area(item.code) for item in asking) else ""


def _wrong(own: Commitment, told: Letter, catalogue: Catalogue) -> str:
    """Return the member of a promise that is not as the list has it, empty for none."""
    if not own.kind:
        return "" if told.follows and 0 < own.days <= told.days else "days"
    wanted = {
        "kind": told.kind.value,
        "days": told.days,
        "listed": told.listed,
        "words": told.digest,
        "due": _due(own, told, catalogue),
        "text_version": catalogue.consents["commitment"].version,
    }
    return next((name for name, value in wanted.items() if getattr(own, name) != value), "")


def _due(own: Commitment, told: Letter, catalogue: Catalogue) -> str | None:
    """Return the last day for the paper, empty where nothing follows, None past all calendars."""
    at = moment(own.time)
    try:
        due = told.due(at, catalogue.workdays) if at else None
    except OverflowError:
        return None
    return due.isoformat() if due else ""


def _require_time(own: Commitment, application: Application, place: str) -> None:
    """The promise was made before the application, in the same visit."""
    at, made = moment(own.time), moment(application.created_at)
    if at is None or (own.kind and not _in_visit(at, made)):
        raise Refusal("INVALID", f"{place}.time")


def _in_visit(at: datetime, made: datetime | None) -> bool:
    return made is not None and timedelta(0) <= made - at <= _VISIT
