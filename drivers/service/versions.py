"""Which message versions a connection has pinned by Common.SetVersions; pure.

The standard versions each message by itself.  A client that knows only one major version of a
command or an event can say so; from then on its connection is given and may give no other.  A
version that is not offered is refused as a whole, and nothing is pinned.
"""

from __future__ import annotations

from collections.abc import Mapping

from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.spec import CommandSpec


class Pins:
    """The pinned versions of every connection of one service.

    Args:
        commands: every command of the service by name.
        events: the message version of every event by name.
    """

    def __init__(self, commands: Mapping[str, CommandSpec], events: Mapping[str, str]) -> None:
        self._commands = commands
        self._events = events
        self._pinned: dict[int, dict[str, int]] = {}

    def pin(self, connection: int, payload: Payload) -> Outcome:
        """Take the payload of a Common.SetVersions command."""
        commands, events = _wanted(payload, "commands"), _wanted(payload, "events")
        offered = {name: _majors(spec.versions) for name, spec in self._commands.items()}
        told = {name: _majors((version,)) for name, version in self._events.items()}
        wrong = [name for name, major in commands.items() if major not in offered.get(name, ())]
        wrong += [name for name, major in events.items() if major not in told.get(name, ())]
        if wrong:
            return Outcome(
                code=CompletionCode.UNSUPPORTED_DATA,
                description=f"not offered in that version: {', '.join(sorted(wrong)[:5])}",
            )
        self._pinned.setdefault(connection, {}).update(commands)
        return Outcome()

    def takes(self, connection: int, spec: CommandSpec, version: str) -> bool:
        """Say whether this connection may give this command in this version."""
        major = self._pinned.get(connection, {}).get(spec.name)
        return version in spec.versions and (major is None or major in _majors((version,)))

    def forget(self, connection: int) -> None:
        """Forget what a connection has pinned."""
        self._pinned.pop(connection, None)


def _wanted(payload: Payload, key: str) -> dict[str, int]:
    wanted = payload.get(key)
    return dict(wanted) if isinstance(wanted, Mapping) else {}


def _majors(versions: tuple[str, ...]) -> set[int]:
    return {int(one.partition(".")[0]) for one in versions}
