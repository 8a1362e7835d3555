"""Gives commands and keeps what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError
from sqlalchemy import Connection, Engine, delete, func, insert, select

from fleet import journal
from fleet.errors import FleetError
from fleet.store.model import Answer, Order
from fleet.terminals.writing import write_rows
from kiosk.status.command import Command, Done, Kind, command_id, sign

GOOD_FOR: Final = timedelta(hours=1)
"""By default; a terminal that comes back later is not surprised by an old wish."""

Send = Callable[[str, bytes, int], bool]


class NotGiven(FleetError):
    """The command would not be obeyed, or the bus is away; the operator must act."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What an operator wants.

    Attributes:
        recipient: a terminal, or ``@`` and a group.
        kind: of command.
        argument: for out of service, what citizens read.
        by: work number.
        good_for: until it is over, from when it holds.
        window: the maintenance window that gives it; none: a person does.
        since: from when it is meant to hold; by default from now.
    """

    recipient: str
    kind: Kind
    argument: str
    by: str
    good_for: timedelta = GOOD_FOR
    window: int | None = None
    since: datetime | None = None


class CommandDesk:
    """One console's commands."""

    def __init__(self, engine: Engine, key: Ed25519PrivateKey, send: Send) -> None:
        """Take the database, the console's key, and the way to the bus.

        Args:
            engine: of the fleet's database.
            key: signs commands.
            send: gives bytes to a recipient for so many seconds; says whether they went out.
        """
        self._engine = engine.execution_options(writes=True)
        self._key, self._send = key, send

    def give(self, wanted: Wanted, now: datetime | None = None) -> str:
        """Write a command down, sign it and send it; returns its id.

        Raises:
            NotGiven: it is not one that a terminal would obey, or the bus is away; the journal
                tells of it.
        """
        now = now or datetime.now(UTC)
        command = _made(wanted, now)
        with self._engine.begin() as connection:
            connection.execute(
                insert(Order).values(
                    id=command.id,
                    recipient=command.to,
                    kind=command.kind.value,
                    argument=command.argument,
                    given_by=command.by,
                    issued_at=command.issued_at,
                    expires_at=command.expires_at,
                )
            )
            _noted(connection, "command_given", command)
        seconds = max(1, int((command.expires_at - now).total_seconds()))
        if not self._send(command.to, sign(command, self._key), seconds):
            self._take_back(command)
            raise NotGiven("消息服务没有连上，指令没有发出去，请稍后再试")
        return command.id

    def _take_back(self, command: Command) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(Order).where(Order.id == command.id))
            _noted(connection, "command_not_sent", command)

    def answered(self, done: Done) -> None:
        """Keep a terminal's answer; a repeated one changes nothing but its time."""
        with self._engine.begin() as connection:
            if connection.scalar(select(Order.id).where(Order.id == done.id)) is None:
                return
            row = {
                "command": done.id,
                "terminal": done.terminal,
                "outcome": done.outcome,
                "why": done.why,
                "at": datetime.now(UTC),
            }
            write_rows(connection, Answer, ["command", "terminal"], [row])

    def newest(self, recipient: Sequence[str] | None, count: int) -> Sequence[Any]:
        """Return commands, newest first: to these recipients, or all."""
        wanted = select(Order).order_by(Order.issued_at.desc()).limit(count)
        if recipient is not None:
            wanted = wanted.where(Order.recipient.in_(list(recipient)))
        with self._engine.connect() as connection:
            return connection.execute(wanted).all()

    def asked(self, terminal: str, command: str) -> Kind | None:
        """Return what a command to a terminal, or to all of a group, asked for; none: no such."""
        with self._engine.connect() as connection:
            wanted = select(Order.recipient, Order.kind).where(Order.id == command)
            row = connection.execute(wanted).one_or_none()
        if row is None or not (row.recipient == terminal or row.recipient.startswith("@")):
            return None
        return Kind(row.kind)

    def answers(self, commands: Sequence[str]) -> Sequence[Any]:
        """Return what became of commands."""
        with self._engine.connect() as connection:
            return connection.execute(
                select(Answer).where(Answer.command.in_(list(commands))).order_by(Answer.at)
            ).all()

    def outcomes(self, commands: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return how many terminals answered each command how; counted by the database."""
        wanted = (
            select(Answer.command, Answer.outcome, func.count().label("terminals"))
            .where(Answer.command.in_(list(commands)))
            .group_by(Answer.command, Answer.outcome)
        )
        found: dict[str, dict[str, int]] = {own: {} for own in commands}
        with self._engine.connect() as connection:
            for row in connection.execute(wanted):
                found[row.command][row.outcome] = row.terminals
        return found


def _made(wanted: Wanted, now: datetime) -> Command:
    issued_at = wanted.since or now
    try:
        return Command(
            id=command_id(wanted.window),
            to=wanted.recipient,
            kind=wanted.kind,
            argument=wanted.argument,
            by=wanted.by,
            issued_at=issued_at,
            expires_at=issued_at + wanted.good_for,
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise NotGiven(f"指令不对（{place}），请检查后再试") from error


def _noted(connection: Connection, action: str, command: Command) -> None:
    detail = f"{command.kind.value} {command.argument}".strip()
    journal.append(connection, command.by, action, command.to, detail=detail)
