"""Commands of the centre: believed, written down, done at most once, answered.

Theory of operation
-------------------
A command is read and believed (`kiosk.status.command.read`), its id is written to a small file with
the time at which it expires, and only then is it done. The broker, a restart or a thief may bring
it again: an id that stands in the file is not done again; its answer is repeated. Whoever dies in
the middle finds the id without an outcome at the next start and tells ``interrupted``. Ids of what
has expired are forgotten, since nobody believes such a command any more; so the file is bounded by
what can be given within a week, and by `MOST`.

The broker keeps one command for each name that a terminal hears, and brings them in the order of
these names: what was said later may be heard first. Of commands that take the terminal out of
service or back, one that is older than the newest that was done is refused as ``overtaken``. A
maintenance window is measured against itself and against persons, not against other windows; its
stop that comes again is not done again, for staff may have let the terminal go on since.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk.audit import Event
from kiosk.crypto.provision import write_private
from kiosk.status.attachment import Attachment, AttachmentError
from kiosk.status.command import (
    EARLY,
    LONGEST,
    SERVICE,
    Command,
    CommandRefused,
    Done,
    Keys,
    Kind,
    read,
)

MOST: Final = 10_000
"""Commands remembered; more within a week are refused (``flooded``)."""
_COMMAND_DONE: Final = Event("command_done")
_COMMAND_REFUSED: Final = Event("command_refused")

Act = Callable[[Command], Attachment | None]
"""Does a command; what it returns is sent to the centre with the answer."""
Attach = Callable[[str, Attachment], bool]
Note = Callable[..., None]


class OrderFailed(Exception):
    """A command could not be done; ``why`` is a word for the console."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class OrderRefused(OrderFailed):
    """A command is not done now, and nothing is wrong; ``why`` is a word for the console."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A command that was taken: until when it could come again, and what became of it."""

    expires: float
    outcome: str = ""
    """Empty while it is being done."""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What the file says.

    Attributes:
        since: nothing given before is believed: what was known then is lost.
        known: by command id.
        service: when the newest command about being in service was given, by its window; under
            the empty name those of persons.
    """

    since: float
    known: Mapping[str, Known]
    service: Mapping[str, float] = field(default_factory=dict)


class Orders:
    """Does what the centre asks."""

    def __init__(
        self,
        path: Path,
        *,
        terminal: str,
        groups: Callable[[], frozenset[str]],
        keys: Callable[[], Keys],
        acts: Mapping[Kind, Act],
        note: Note,
        attach: Attach = lambda _command, _whole: False,
    ) -> None:
        """Take up what was begun before.

        Args:
            path: file of the commands that were done.
            terminal: this one.
            groups: tells whose commands are for it now, too.
            keys: tells whom to believe now.
            acts: does each kind; raises `OrderFailed` when it can't.
            note: takes an event and its fields for the log.
            attach: sends a command's file; says whether the broker has all of it.

        Raises:
            OSError: the file can neither be read nor set aside.
        """
        self._path = path
        self._terminal = terminal
        self._groups = groups
        self._keys, self._acts, self._note = keys, acts, note
        self._attach = attach
        self._memory = remembered(path)

    def take(self, data: bytes, now: datetime | None = None) -> Done | None:
        """Do a command, unless it was done; returns its answer, none for what is not believed.

        Raises:
            OSError: it could not be written down, and so was not done.
        """
        now = now or datetime.now(UTC)
        try:
            names = frozenset({self._terminal, *(f"@{one}" for one in self._groups())})
            command = read(data, self._keys(), names=names, now=now)
            if command.issued_at.timestamp() < self._memory.since:
                raise CommandRefused("before_loss")
        except CommandRefused as refused:
            self._note(_COMMAND_REFUSED, why=refused.why)
            return None
        known = self._memory.known.get(command.id)
        if known is not None:
            outcome, why = (known.outcome, known.why) if known.outcome else _BROKEN_OFF
            return self._answer(command.id, outcome, why)
        return self._do(command, now)

    def _do(self, command: Command, now: datetime) -> Done:
        self._forget(now)
        if len(self._memory.known) >= MOST:
            return self._told(command, "refused", "flooded")
        self._remember(command, "", "")
        outcome, why = self._held(command) or self._done(command)
        self._remember(command, outcome, why)
        return self._told(command, outcome, why)

    def _held(self, command: Command) -> tuple[str, str] | None:
        """Return what becomes of a command about service that says nothing newer; none: it does."""
        if command.kind not in SERVICE:
            return None
        at, heard = command.issued_at.timestamp(), self._memory.service
        if at < max(heard.get("", 0.0), heard.get(command.window, 0.0)):
            return "refused", "overtaken"
        if command.window and at == heard.get(command.window):
            return "done", ""
        return None

    def _done(self, command: Command) -> tuple[str, str]:
        act = self._acts.get(command.kind)
        if act is None:
            return "refused", "not_offered"
        try:
            made = act(command)
            if made is not None and not self._attach(command.id, made):
                return "failed", "not_sent"
        except OrderRefused as refused:
            return "refused", refused.why
        except OrderFailed as failed:
            return "failed", failed.why
        except AttachmentError:
            return "failed", "too_large"
        return "done", ""

    def _told(self, command: Command, outcome: str, why: str) -> Done:
        self._note(
            _COMMAND_DONE,
            id=command.id,
            kind=command.kind.value,
            by=command.by,
            outcome=outcome,
            why=why or "-",
        )
        return self._answer(command.id, outcome, why)

    def _answer(self, name: str, outcome: str, why: str) -> Done:
        return Done(id=name, terminal=self._terminal, outcome=outcome, why=why or None)

    def _remember(self, command: Command, outcome: str, why: str) -> None:
        own = Known(expires=command.expires_at.timestamp(), outcome=outcome, why=why)
        service = dict(self._memory.service)
        if command.kind in SERVICE and outcome == "done":
            service[command.window] = command.issued_at.timestamp()
        known = {**self._memory.known, command.id: own}
        self._keep(replace(self._memory, known=known, service=service))

    def _forget(self, now: datetime) -> None:
        then = now.timestamp()
        fresh = {name: one for name, one in self._memory.known.items() if one.expires >= then}
        oldest, newest = (now - LONGEST).timestamp(), (now + EARLY).timestamp()
        service = {name: at for name, at in self._memory.service.items() if oldest <= at <= newest}
        self._memory = replace(self._memory, known=fresh, service=service)

    def _keep(self, memory: Memory) -> None:
        write_private(self._path, json.dumps(asdict(memory)).encode())
        self._memory = memory


_BROKEN_OFF: Final = ("failed", "interrupted")


def remembered(path: Path) -> Memory:
    """Read the file; one that is damaged is set aside, and nothing given before now is believed.

    Raises:
        OSError: it can neither be read nor set aside.
    """
    try:
        told = json.loads(path.read_bytes())
        known = {str(name): Known(**one) for name, one in told["known"].items()}
        service = {str(name): float(at) for name, at in told.get("service", {}).items()}
        return Memory(since=float(told["since"]), known=known, service=service)
    except FileNotFoundError:
        return Memory(since=0.0, known={})
    except (ValueError, LookupError, TypeError, AttributeError):
        path.replace(path.with_name(f"{path.name}.damaged"))
        lost = Memory(since=datetime.now(UTC).timestamp(), known={})
        write_private(path, json.dumps(asdict(lost)).encode())
        return lost
