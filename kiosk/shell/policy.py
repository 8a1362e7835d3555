"""When to start, show and end session processes: all decisions, no processes.

Theory of operation
-------------------
A *slot* is one session process. It is *warming* until its window exists with the
first page painted, then *ready* (hidden), then *active* (shown), then *leaving*
until it is dead. There is at most one active slot; the policy always wants one
ready slot behind it.

The active slot is replaced when it says that its visit ended, when it dies, and
when it drew no frame for `HUNG_AFTER` seconds. The standby is shown first and the
old process killed after it is seen, so that the screen is never black. Is no standby
ready, the old picture stays until one is.

A *maintenance* slot is not kept ready: it is warmed when staff ask for it, and shown only in place
of a session that no citizen has touched; one who touches it first wins.  It is followed by a
standby, however it ends, and owes nobody an explanation.

A slot that died after its visit began is followed by a page that tells the next
person in front of the screen what happened; past submit it shows the local number.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from kiosk.shell.memory import Memory
from kiosk.shell.slot import After, Kind, Phase, Slot

HUNG_AFTER = 5.0
"""Seconds without a drawn frame after which the active session is hung."""
STANDBY_HUNG_AFTER = 15.0
WARMING_LIMIT = 15.0
"""Seconds a session may take to its first painted page."""
SEEN_WITHIN = 1.0
"""Seconds the new session has to be seen before the old one is killed anyway."""
SWITCH = "switch"
TWICE_WITHIN = 20.0
"""Seconds between two turns of the key that end a visit."""
LADDER_WINDOW = 300.0
LADDER_STEPS = 8
"""Deaths within the window after which the shell gives up and the unit restarts it; not during
a visit that is well."""
BACK_OFF = 0.5
_BROKE = {"crashed": "crashed", "hung": "hung", "freed": "hung"}
"""Ends of a visit that the next page explains, by the word it explains them with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spawn:
    """Start a session process hidden; ``how`` says who asked for a maintenance session."""

    slot: int
    kind: Kind = Kind.VISIT
    how: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Show:
    """Raise a ready session's window."""

    slot: int
    after: After | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Kill:
    """End a process at once (SIGKILL works on a stopped one too)."""

    slot: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Write an audit event."""

    event: str
    fields: dict[str, str | int]


@dataclass(frozen=True, kw_only=True, slots=True)
class GiveUp:
    """Too many deaths: leave it to the service manager's ladder."""


Action = Spawn | Show | Kill | Record | GiveUp


@dataclass(slots=True)
class Policy:
    """The shell's decisions. Every method returns what to do now."""

    slots: dict[int, Slot] = field(default_factory=dict)
    _next: int = 0
    _active: int | None = None
    _outgoing: dict[int, float] = field(default_factory=dict)
    _owed: After | None = None
    _deaths: deque[float] = field(default_factory=deque)
    _not_before: float = 0.0
    _turned: float = float("-inf")
    """When the key switch was turned during a visit."""
    _stale: bool = False
    """What is on the screen was warmed before something changed that it shows."""

    @classmethod
    def recalled(cls, memory: Memory, now: float) -> Policy:
        """Go on where the shell before this one stopped; the clocks of all slots begin anew."""
        slots = {slot.name: replace(slot, since=now, frame=now) for slot in memory.slots}
        leaving = [slot.name for slot in slots.values() if slot.phase is Phase.LEAVING]
        return cls(
            slots=slots,
            _next=memory.last,
            _active=memory.active,
            _outgoing=dict.fromkeys(leaving, now + SEEN_WITHIN),
            _owed=memory.owed,
            _deaths=deque(memory.deaths),
            _stale=memory.stale,
        )

    def memory(self) -> Memory:
        """Return what the next shell has to know; equal as long as nothing but time changed."""
        return Memory(
            slots=tuple(replace(slot, since=0.0, frame=0.0) for slot in self.slots.values()),
            last=self._next,
            active=self._active,
            owed=self._owed,
            deaths=tuple(self._deaths),
            stale=self._stale,
        )

    @property
    def active(self) -> Slot | None:
        """The slot that is on the screen."""
        return self.slots.get(self._active) if self._active is not None else None

    @property
    def _untouched(self) -> bool:
        """A citizens' session is on the screen and nobody has touched it."""
        slot = self.active
        whose = slot is not None and slot.phase is Phase.ACTIVE and slot.kind is Kind.VISIT
        return whose and slot is not None and slot.visit is None

    @property
    def picturable(self) -> int | None:
        """The slot of whose page the centre may have a picture: nobody has touched it."""
        slot = self.active
        return slot.name if self._untouched and slot is not None else None

    @property
    def _serving(self) -> bool:
        """A healthy session serves somebody: dying standbys must not end their visit."""
        slot = self.active
        return slot is not None and slot.phase is Phase.ACTIVE and slot.visit is not None

    def tick(self, now: float) -> list[Action]:
        """Look at all clocks; call it at least every half second."""
        actions: list[Action] = []
        for slot in list(self.slots.values()):
            actions += self._judge(slot, now)
        for name, deadline in list(self._outgoing.items()):
            if now >= deadline:
                actions += self._let_go(name)
        return actions + self._fill(now)

    def ready(self, name: int, now: float) -> list[Action]:
        """A session's window exists and its first page is painted."""
        slot = self.slots[name]
        if slot.phase is not Phase.WARMING:  # said again to a shell that took it over
            return []
        slot.phase, slot.frame = Phase.READY, now
        if self.active is None or self.active.phase is Phase.LEAVING:
            return self._take_over(slot, now)
        if slot.kind is Kind.MAINTENANCE:
            return self._displace(slot, now) if self._untouched else self._drop([slot])
        return self._displace(slot, now) if self._stale and self._untouched else []

    def staff(self, name: int, how: str, now: float) -> list[Action]:
        """Somebody holds the emblem or turned the key switch at this session's screen.

        The key turned twice ends a visit that is stuck: nobody else has it, once is no sign.
        """
        slot = self.active
        if slot is None or name != self._active:
            return []
        if how == SWITCH and slot.visit is not None:
            before, self._turned = self._turned, now
            return self.free(now) if now - before <= TWICE_WITHIN else []
        return self.maintain(how, now)

    def maintain(self, how: str, now: float) -> list[Action]:
        """Staff want in; not while a citizen is served, and once."""
        there = any(
            slot.kind is Kind.MAINTENANCE and slot.phase is not Phase.LEAVING
            for slot in self.slots.values()
        )
        if there or not self._untouched:
            return []
        self._next += 1
        self.slots[self._next] = Slot(name=self._next, kind=Kind.MAINTENANCE, since=now, frame=now)
        return [Spawn(slot=self._next, kind=Kind.MAINTENANCE, how=how)]

    def renew(self, now: float) -> list[Action]:
        """What sessions show at first has changed: the next one is warmed anew."""
        self._stale = self._untouched
        old = [slot for slot in self.slots.values() if slot.kind is Kind.VISIT]
        waiting = [slot for slot in old if slot.phase in {Phase.WARMING, Phase.READY}]
        return self._drop(waiting) + self._fill(now)

    def framed(self, name: int, now: float) -> None:
        """A session drew a frame."""
        if name in self.slots:
            self.slots[name].frame = now

    def seen(self, name: int) -> list[Action]:
        """The shown session drew its first visible frame: the old ones may go."""
        if name != self._active:
            return []
        self.slots[name].explains = None
        return [action for old in list(self._outgoing) for action in self._let_go(old)]

    def free(self, now: float) -> list[Action]:
        """Staff end a visit that is stuck; past submit the next page tells its number."""
        slot = self.active
        if slot is None or slot.visit is None or slot.phase is Phase.LEAVING:
            return []
        return self._replace(slot, "freed", now)

    def visit_began(self, name: int, visit: str) -> list[Action]:
        """A citizen touched the screen; not a page that gives way: its touch came too late."""
        if name != self._active or self.slots[name].phase is Phase.LEAVING:
            return []
        if self.slots[name].visit == visit:  # said again
            return []
        self.slots[name].visit = visit
        asked = [slot for slot in self.slots.values() if slot.kind is Kind.MAINTENANCE]
        began = Record(event="visit_began", fields={"visit": visit})
        return [began, *self._drop([slot for slot in asked if slot.phase is Phase.WARMING])]

    def handing_over(self, name: int, local_no: str) -> None:
        """The visit hands its submission over; whether it is stored is not known yet."""
        self.slots[name].local_no, self.slots[name].certain = local_no, False

    def submitted(self, name: int, local_no: str) -> None:
        """The visit is past submit; a crash from here on shows this number."""
        self.slots[name].local_no, self.slots[name].certain = local_no, True

    def ended(self, name: int, how: str, now: float) -> list[Action]:
        """The visit ended by itself: finished, abandoned, timed_out."""
        if name != self._active or self.slots[name].phase is Phase.LEAVING:
            return []
        return self._replace(self.slots[name], how, now)

    def exited(self, name: int, status: int, now: float) -> list[Action]:
        """A process is gone, wanted or not."""
        slot = self.slots.pop(name, None)
        self._outgoing.pop(name, None)
        if slot is None:
            return self._fill(now)
        if name != self._active:
            expected = slot.phase is Phase.LEAVING
            return ([] if expected else self._died(slot, status, now)) + self._fill(now)
        self._active = None
        if slot.phase is Phase.LEAVING:
            return self._fill(now)
        actions = self._died(slot, status, now)
        self._owe(slot, "crashed")
        actions += self._close_visit(slot, "crashed")
        return actions + self._promote(now) + self._fill(now)

    def _judge(self, slot: Slot, now: float) -> list[Action]:
        """Find a slot that hangs."""
        limit = {
            Phase.WARMING: WARMING_LIMIT,
            Phase.READY: STANDBY_HUNG_AFTER,
            Phase.ACTIVE: HUNG_AFTER,
        }.get(slot.phase)
        if limit is None or now - slot.frame <= limit:
            return []
        hung = Record(event="session_hung", fields={"slot": slot.name})
        self._deaths.append(now)
        if slot.name == self._active:
            return [hung, *self._replace(slot, "hung", now)]
        slot.phase = Phase.LEAVING
        return [hung, Kill(slot=slot.name)]

    def _replace(self, slot: Slot, how: str, now: float) -> list[Action]:
        slot.phase = Phase.LEAVING
        self._owe(slot, how)
        return self._close_visit(slot, how) + self._promote(now) + self._fill(now)

    def _owe(self, slot: Slot, how: str) -> None:
        """Remember what the next page must explain."""
        if how not in _BROKE:
            self._owed = None
        elif slot.visit:
            certain = slot.certain or slot.local_no is None
            self._owed = After(how=_BROKE[how], local_no=slot.local_no, certain=certain)
        else:  # it broke before its own explanation was seen: that is still owed
            self._owed = slot.explains

    def _close_visit(self, slot: Slot, how: str) -> list[Action]:
        if slot.visit is None:
            return []
        return [Record(event="visit_ended", fields={"visit": slot.visit, "how": how})]

    def _promote(self, now: float) -> list[Action]:
        for slot in self.slots.values():
            if slot.phase is Phase.READY and slot.kind is Kind.VISIT:
                return self._take_over(slot, now)
        return []

    def _displace(self, slot: Slot, now: float) -> list[Action]:
        """Put a session in place of one that nobody has touched."""
        if self.active is not None:
            self.active.phase = Phase.LEAVING
            self._owed = self.active.explains
        return self._take_over(slot, now)

    def _drop(self, slots: list[Slot]) -> list[Action]:
        for slot in slots:
            slot.phase = Phase.LEAVING
        return [Kill(slot=slot.name) for slot in slots]

    def _take_over(self, slot: Slot, now: float) -> list[Action]:
        old, self._active = self._active, slot.name
        slot.phase, slot.frame = Phase.ACTIVE, now
        if old is not None and old in self.slots:
            self._outgoing[old] = now + SEEN_WITHIN
        if slot.kind is Kind.MAINTENANCE:  # what is owed, the next citizens' page explains
            return [Show(slot=slot.name, after=None), *self._fill(now)]
        self._stale = False
        owed, self._owed = self._owed, None
        slot.explains = owed
        return [Show(slot=slot.name, after=owed), *self._fill(now)]

    def _let_go(self, name: int) -> list[Action]:
        self._outgoing.pop(name, None)
        return [Kill(slot=name)] if name in self.slots else []

    def _died(self, slot: Slot, status: int, now: float) -> list[Action]:
        self._deaths.append(now)
        if slot.phase is Phase.WARMING:
            self._not_before = now + BACK_OFF
        return [Record(event="session_crashed", fields={"slot": slot.name, "status": status})]

    def _fill(self, now: float) -> list[Action]:
        """Keep one session warming or ready behind the active one."""
        while self._deaths and now - self._deaths[0] > LADDER_WINDOW:
            self._deaths.popleft()
        if len(self._deaths) > LADDER_STEPS:
            return [] if self._serving else [GiveUp()]
        visits = (slot for slot in self.slots.values() if slot.kind is Kind.VISIT)
        waiting = any(slot.phase in {Phase.WARMING, Phase.READY} for slot in visits)
        if waiting or now < self._not_before:
            return []
        self._next += 1
        self.slots[self._next] = Slot(name=self._next, since=now, frame=now)
        return [Spawn(slot=self._next)]
