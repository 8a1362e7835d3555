"""Evaluations (好差评, GB/T 39735—2020): voluntary, one and at most one follow-up an application.

They have a table of their own and are on no clerk's page: whoever decides does not learn who
said what. The satisfaction is 5 非常满意, 4 满意, 3 基本满意, 2 不满意, 1 非常不满意.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Engine,
    ForeignKey,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.records.model import Application, Base
from intake.service.problems import Refusal

MOST = 2
"""The first one (首次) and one follow-up (追评)."""


class Evaluation(Base):
    """One evaluation, as it was given."""

    __tablename__ = "evaluation"
    __table_args__ = (
        UniqueConstraint("application_id", "assess_number"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="five_grades"),
        CheckConstraint("assess_number IN (1, 2)", name="one_follow_up"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    assess_number: Mapped[int]
    satisfaction: Mapped[int]
    options: Mapped[list[str]] = mapped_column(JSON)
    channel: Mapped[int]
    terminal: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """An evaluation as it arrives; ``key`` is a UUID, ``channel`` the field's ``pf``."""

    key: str
    application_id: int
    satisfaction: int
    options: tuple[str, ...]
    channel: int
    terminal: str


class Evaluations:
    """Keeps evaluations; every call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        """Stand on the database of a store."""
        self._writer = engine.execution_options(writes=True)

    def keep(self, given: Given, now: datetime) -> tuple[Evaluation, bool]:
        """Keep an evaluation, once for its key; false when it was kept before.

        Raises:
            Refusal: ``ALREADY_EVALUATED``, or ``IDEMPOTENCY_MISMATCH`` when another evaluation
                has this key.
        """
        try:
            return self._keep(given, now)
        except IntegrityError:  # the same key arrived twice at the same moment
            return self._keep(given, now)

    def _keep(self, given: Given, now: datetime) -> tuple[Evaluation, bool]:
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            # The application's row is the lock: two evaluations of it follow each other.
            owner = select(Application.id).where(Application.id == given.application_id)
            session.execute(owner.with_for_update())
            before = session.scalar(select(Evaluation).where(Evaluation.key == given.key))
            if before is not None:
                if not _same(before, given):
                    raise Refusal("IDEMPOTENCY_MISMATCH", "key")
                return before, False
            kept = Evaluation(
                key=given.key,
                application_id=given.application_id,
                assess_number=_count(session, given.application_id) + 1,
                satisfaction=given.satisfaction,
                options=list(given.options),
                channel=given.channel,
                terminal=given.terminal,
                at=now,
            )
            if kept.assess_number > MOST:
                raise Refusal("ALREADY_EVALUATED")
            session.add(kept)
            return kept, True


def _same(before: Evaluation, given: Given) -> bool:
    told = (given.application_id, given.satisfaction, list(given.options))
    return (before.application_id, before.satisfaction, before.options) == told


def _count(session: Session, application_id: int) -> int:
    counted = select(func.count()).where(Evaluation.application_id == application_id)
    return session.execute(counted).scalar_one()
