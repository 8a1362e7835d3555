"""One command, one interface: the records with which a service says what it understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from drivers.service.envelope import Payload

MOST_REQUESTS = 32
"""Commands of one connection that may be queued or running."""

PayloadRule = Callable[[Payload], str | None]
"""Says what is wrong with a command's payload, or ``None``."""


def no_rule(payload: Payload) -> str | None:
    """Accept any payload."""
    del payload
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandSpec:
    """One command of one interface.

    Attributes:
        name: "Interface.Command".
        versions: message versions taken.
        answer_version: message version of its completion.
        check: rule for the payload.
        stop_grace_s: seconds a running command is given to stop by itself, after which its worker
            is ended; more than `drivers.service.grace.STOP_S` stands in the table there.
        at_once: answered by the host whatever runs; all others queue for the device.
        in_service: whether it may be given while the device serves citizens, by whoever may then.
    """

    name: str
    versions: tuple[str, ...] = ("2.0",)
    answer_version: str = "3.0"
    check: PayloadRule = no_rule
    stop_grace_s: float = 0.4
    at_once: bool = False
    in_service: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class InterfaceSpec:
    """One interface: its commands and the events it may send, with their message version."""

    name: str
    commands: tuple[CommandSpec, ...] = ()
    events: Mapping[str, str] = field(default_factory=dict)
    maximum_requests: int = MOST_REQUESTS

    def described(self) -> Payload:
        """Return its entry in the answer of Common.Capabilities."""
        commands = {spec.name: {"versions": list(spec.versions)} for spec in self.commands}
        events = {name: {"versions": [version]} for name, version in self.events.items()}
        answer: dict[str, object] = {"name": self.name, "maximumRequests": self.maximum_requests}
        if commands:
            answer["commands"] = commands
        if events:
            answer["events"] = events
        return answer
