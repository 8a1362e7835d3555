"""The clerk's list: applications by what has to be done with them, found by number or name.

An application is listed and counted in every group in which one of its items is, so that no work
hides behind other work.  Where only one word fits, it stands where its item stands that is first in
need of somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from intake.province.numbers import holders
from intake.records.model import Application, Item, State

OVERDUE: Final = "overdue"
"""Shows what should have been done by now, whatever its group."""
PAGE_SIZE: Final = 30
"""Applications on one page of the list."""
_NUMBER_LENGTH: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A tab of the list: the states it gathers."""

    key: str
    name: str
    states: tuple[State, ...]


GROUPS: Final = (
    Group(key="submitted", name="待收件", states=(State.SUBMITTED,)),
    Group(key="supplement", name="待补正", states=(State.SUPPLEMENT_REQUIRED,)),
    Group(key="received", name="待受理", states=(State.RECEIVED,)),
    Group(key="accepted", name="待审查", states=(State.ACCEPTED,)),
    Group(key="in_review", name="审批中", states=(State.IN_REVIEW,)),
    Group(key="decided", name="待办结", states=(State.DECIDED_GRANTED, State.DECIDED_REFUSED)),
    Group(key="completed", name="已办结", states=(State.COMPLETED,)),
    Group(key="closed", name="已终止", states=(State.NOT_ACCEPTED, State.WITHDRAWN)),
)
"""In the order in which an application is in need of somebody."""
RANK: Final[Mapping[State, int]] = {
    state: rank for rank, state in enumerate(state for group in GROUPS for state in group.states)
}
_APPLICATION: Final = Item.application_id
_GROUP_RANK: Final = {state: at for at, group in enumerate(GROUPS) for state in group.states}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What of the list is looked at: a group's key or all, words searched for, page from 1.

    ``show`` may also be :data:`OVERDUE`: what was due before ``now``. ``codes`` are our items that
    the province has under the words.
    """

    show: str = ""
    words: str = ""
    page: int = 1
    now: datetime | None = None
    codes: tuple[str, ...] = ()

    def has(self, application: Application) -> bool:
        """Say whether an application belongs to the group that is shown."""
        if self.show == OVERDUE and self.now is not None:
            return application.due_at is not None and application.due_at < self.now
        return not self.show or self.show in groups_of(application)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One page of the list, newest first, and how many applications there are on all pages."""

    applications: Sequence[Application]
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def standing(application: Application, show: str = "") -> State:
    """Return the state an application is shown in, in the list of the group ``show`` or of all."""
    states = [State(item.state) for item in application.items]
    here = [state for state in states if GROUPS[_GROUP_RANK[state]].key == show]
    return min(here or states, key=RANK.__getitem__)


def group_of(application: Application) -> str:
    """Return the key of the group of the item that is first in need of somebody."""
    return neediest({State(item.state) for item in application.items})


def neediest(states: Iterable[State]) -> str:
    """Return the key of the group whose state is first in need of somebody; there is one state."""
    return GROUPS[_GROUP_RANK[min(states, key=RANK.__getitem__)]].key


def groups_of(application: Application) -> frozenset[str]:
    """Return the keys of all groups in which an application has an item."""
    return frozenset(GROUPS[_GROUP_RANK[State(item.state)]].key for item in application.items)


def place(application: Application) -> None:
    """Bring what the list is made of up to date with the items."""
    application.standing = group_of(application)
    application.due_at = min(
        (due for item in application.items if (due := item.owed_by)), default=None
    )


def listed(session: Session, wanted: Wanted) -> Listed:
    """Return one page of the list."""
    total = session.scalar(_matching(select(func.count(Application.id)), wanted)) or 0
    page = _matching(select(Application), wanted).order_by(Application.id.desc())
    page = page.limit(PAGE_SIZE).offset((wanted.page - 1) * PAGE_SIZE)
    return Listed(applications=session.scalars(page).all(), total=total)


def counts(session: Session, now: datetime) -> dict[str, int]:
    """Return how many applications have an item in each group, and how many are ``overdue``."""
    within = [func.count(_APPLICATION.distinct()).filter(_in(group)) for group in GROUPS]
    found = session.execute(select(*within)).one()
    late = select(func.count(Application.id)).where(Application.due_at < now)
    return {
        **{group.key: count for group, count in zip(GROUPS, found, strict=True)},
        OVERDUE: session.scalar(late) or 0,
    }


def first_waiting(session: Session) -> Application | None:
    """Return the application that has waited longest to be received, or None."""
    wanted = _matching(select(Application), Wanted(show="submitted"))
    found: Application | None = session.scalar(wanted.order_by(Application.id).limit(1))
    return found


def _in(group: Group) -> ColumnElement[bool]:
    """Say of an item whether it is in a group."""
    return Item.state.in_([state.value for state in group.states])


def _matching(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.show == OVERDUE:
        query = query.where(Application.due_at < wanted.now)
    elif wanted.show:
        shown = next(group for group in GROUPS if group.key == wanted.show)
        query = query.where(Application.id.in_(select(_APPLICATION).where(_in(shown))))
    words = wanted.words.strip()
    if not words:
        return query
    # People type a number with the gaps it is printed with; an item's number has two digits more.
    number = "".join(words.split()).upper()
    cut = number[:_NUMBER_LENGTH] if number.isdigit() else number
    return query.where(
        or_(
            Application.application_no.contains(cut, autoescape=True),
            Application.local_no.contains(number, autoescape=True),
            Application.id.in_(holders(number)),
            Application.id.in_(select(_APPLICATION).where(Item.code.in_(wanted.codes))),
            Application.applicant_name.contains(words, autoescape=True),
        )
    )
