"""What happened and stands: events that are no state of a part, and yet somebody must see to.

Theory of operation
-------------------
A card that looked copied is gone the next moment; the alarm about it has to stand until somebody
has seen it. Each row of `RULES` says which event begins a fault, which one ends it, and how long
it stands at most. Pure: events in, conditions out; after a start the log's events happen again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk.maintenance.faults import Condition

Fields = Mapping[str, object]
DAY: Final = timedelta(hours=24)
JUMP_S: Final = 300
MANY: Final = 5
"""Strange cards or codes since the last right PIN: one is a citizen's, so many are tries."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One fault that stands.

    Attributes:
        fault: ``subject.word`` of the list of faults.
        begins: the event that begins it.
        when: of its fields, which begin it.
        ends: events that end it; one of them with a value, such as ``staff_changed.unlock``.
        lasts: at most.
        excused: the event after which the next one that would begin it does not.
    """

    fault: str
    begins: str
    when: Callable[[Fields], bool] = lambda _fields: True
    ends: frozenset[str] = frozenset()
    lasts: timedelta = DAY
    excused: str = ""


def _is(reason: str) -> Callable[[Fields], bool]:
    return lambda fields: fields.get("reason") == reason


def _many(fields: Fields) -> bool:
    count = fields.get("count")
    return fields.get("reason") in {"unknown", "unknown_code"} and (
        isinstance(count, int) and count >= MANY
    )


def _far(fields: Fields) -> bool:
    """Say whether a clock was set so far that a jump will be noticed (`kiosk.agent.chores`)."""
    seconds = fields.get("seconds")
    return isinstance(seconds, int) and abs(seconds) > JUMP_S


_NOTHING_SIGNED: Final = frozenset({"stick_update_began", "release_trial", "release_committed"})
RULES: Final = (
    Rule(fault="staff_card.copied", begins="staff_refused", when=_is("unreadable")),
    Rule(fault="staff_card.expired", begins="staff_refused", when=_is("expired")),
    Rule(fault="staff_card.other_site", begins="staff_refused", when=_is("other_site")),
    Rule(fault="staff_card.disabled", begins="staff_refused", when=_is("disabled")),
    Rule(
        fault="staff_card.unknown",
        begins="staff_refused",
        when=_many,
        ends=frozenset({"staff_signed_in"}),
    ),
    Rule(
        fault="staff_card.locked",
        begins="staff_locked",
        ends=frozenset({"staff_changed.unlock"}),
        lasts=30 * DAY,
    ),
    Rule(
        fault="intake.unreachable",
        begins="intake_lost",
        ends=frozenset({"intake_back", "submission_delivered", "agent_started"}),
        lasts=30 * DAY,
    ),
    Rule(fault="stick.refused", begins="stick_refused", ends=_NOTHING_SIGNED),
    Rule(
        fault="clock.jumped",
        begins="clock_jumped",
        ends=frozenset({"clock_set"}),
        excused="clock_set",
    ),
    Rule(fault="audit.broken", begins="audit_damaged"),
    Rule(fault="audit.broken", begins="audit_not_followed"),
    Rule(fault="audit.broken", begins="events_lost"),
)
LONGEST: Final = max(rule.lasts for rule in RULES)


class Standing:
    """What stands now."""

    def __init__(self, kept: object = None) -> None:
        """Go on with what `as_document` returned; anything else is nothing."""
        self._until: dict[str, datetime] = {}
        self._excused: set[str] = set()
        for fault, until in kept.items() if isinstance(kept, dict) else ():
            with suppress(ValueError, TypeError):
                self._until[str(fault)] = datetime.fromisoformat(until).astimezone(UTC)

    def as_document(self) -> dict[str, str]:
        """Return what stands as JSON data."""
        return {fault: until.isoformat() for fault, until in sorted(self._until.items())}

    def heard(self, event: str, fields: Fields, at: datetime) -> None:
        """Let an event begin or end what it begins or ends; ``at`` with its offset."""
        names = {event, f"{event}.{fields.get('what')}"}
        for rule in RULES:
            stood = rule.fault in self._until  # the jump was noticed first: it is this one
            if rule.excused == event and _far(fields) and not stood:
                self._excused.add(rule.fault)
            if rule.begins == event and rule.fault in self._excused:
                self._excused.discard(rule.fault)
            elif rule.begins == event and rule.when(fields):
                self._until[rule.fault] = at + rule.lasts
            elif names & rule.ends:
                self._until.pop(rule.fault, None)

    def conditions(self, now: datetime) -> Iterator[Condition]:
        """Yield what stands; what a clock far ahead began stands a day from now."""
        for fault, until in self._until.items():
            if until > now + LONGEST:
                self._until[fault] = now + DAY
        for fault in [fault for fault, until in self._until.items() if now >= until]:
            del self._until[fault]
        for fault in self._until:
            subject, _, word = fault.partition(".")
            yield Condition(subject=subject, word=word)
