"""Records of unknown length on a plain line, and replies between them: Newland and Honeywell. Pure.

A record is a payload unless it begins as a reply does; within a payload nothing is looked for.
What a reply looks like is the family's own matter (`LineReceiver._find_reply`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from drivers.scanner.codec import (
    MAX_PAYLOAD,
    CommandReply,
    Damage,
    Event,
    Framing,
    Garbled,
    Overflow,
    Payload,
    Request,
    Verdict,
)
from drivers.scanner.symbology import ToldBy, split

VERDICTS: Final[Mapping[int, Verdict]] = MappingProxyType(
    {0x06: Verdict.ACCEPTED, 0x15: Verdict.BAD_VALUE, 0x05: Verdict.UNKNOWN_COMMAND}
)
"""ACK, NAK and ENQ mean the same in both families (NLS-HR52 p. 35; Honeywell N86 p. 166)."""

_TERMINATOR = re.compile(rb"[\r\n]")
_SPOILT = re.compile(
    rb"[^\]].{0,62}?[^ -~]\][A-Za-z][0-9A-Za-z]|[^ -~]\][A-Za-z][0-9A-Za-z]", re.DOTALL
)
"""What a disturbed line, or half a reply, makes of the beginning of a marked code."""

SETTINGS: Final = "settings"
"""The name of a reply that repeats all settings of the request that is out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A reply at the beginning of a record; `length` 0 means that it may become one."""

    length: int = 0
    reply: CommandReply | None = None


MAY_COME = Found()


def reply_to(asked: Request | None, parts: list[bytes], tag: int) -> CommandReply:
    """Return the reply that repeats these parts, each with its verdict at its end.

    It belongs to the settings that were asked for only if it repeats as many, and begins alike: a
    late answer to another question confirms nothing.
    """
    told = [VERDICTS.get(part[-1], Verdict.UNCLEAR) for part in parts if part] or [Verdict.UNCLEAR]
    first = parts[0][:-1] if parts[0] and parts[0][-1] in VERDICTS else parts[0]
    name, data = _letters(first[:tag]), first[tag:]
    refused: tuple[str, ...] = ()
    if asked and len(asked.settings) == len(told) and asked.settings[0].startswith(name or "?"):
        name = SETTINGS
        pairs = zip(asked.settings, told, strict=True)
        refused = tuple(one for one, verdict in pairs if verdict is not Verdict.ACCEPTED)
    verdict = next((one for one in told if one is not Verdict.ACCEPTED), Verdict.ACCEPTED)
    return CommandReply(name=name, verdict=verdict, refused=refused, data=data)


def _letters(tag: bytes) -> str:
    """Return a tag as ASCII letters and digits; anything else a stranger's code puts there goes."""
    return "".join(chr(byte) for byte in tag if byte < 0x80 and chr(byte).isalnum())


class LineReceiver:
    """The host's ear on a line without packets; see `drivers.scanner.codec.Receiver`."""

    stray: ClassVar[bytes] = b""
    """What an engine may leave before a suffix of our own: the suffix it had."""

    def __init__(self, framing: Framing, told_by: ToldBy, suffix: bytes = b"") -> None:
        self._framing = framing
        self._suffix = suffix
        self._told_by = told_by
        self._buffer = bytearray()
        self._skipping = False
        self._expected: Request | None = None

    @property
    def in_record(self) -> bool:
        """Whether a record has begun and is not complete."""
        return self._skipping or bool(self._buffer)

    def expect(self, request: Request | None) -> None:
        """Say which answer is waited for."""
        self._expected = request

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes as they came, return what is complete."""
        self._buffer += data
        events: list[Event] = []
        while self._buffer:
            before = len(self._buffer)
            if self._skipping:
                self._skip()
            elif event := self._next():
                events.append(event)
            if len(self._buffer) == before:
                break
        return events

    def idle(self) -> list[Event]:
        """The line was silent: the record that was begun is complete, or was cut short."""
        data, skipped = bytes(self._buffer), self._skipping
        self.reset()
        if skipped or not data:
            return []
        if reply := self._reply_at_rest(data):
            return [reply]
        if self._is_reply(data):
            return [Garbled(damage=Damage.CUT_SHORT)]
        if not self._suffix or self._framing is Framing.SUFFIX_ONLY:
            data = self._without_reply(data)
        if self._framing is Framing.SUFFIX_ONLY:
            begun = self._told(data.rstrip(b"\r\n"))
            begun = begun if isinstance(begun, Payload) else None
            return [Garbled(damage=Damage.CUT_SHORT, begun=begun)]
        ended = self._suffix and data.endswith(self._suffix)
        payload = self._told(data.removesuffix(self._suffix) if ended else data.rstrip(b"\r\n"))
        return [payload] if payload else []

    def reset(self) -> None:
        """Forget what was begun."""
        self._buffer.clear()
        self._skipping = False

    def answers(self) -> bytes:
        """Return nothing: these families wait for no acknowledgement."""
        return b""

    def _find_reply(self, record: bytes) -> Found | None:
        """Return the reply a record begins with; None when it is a payload."""
        raise NotImplementedError

    def _is_reply(self, record: bytes) -> bool:
        """Whether what silence cut off was surely a reply."""
        raise NotImplementedError

    def _without_reply(self, record: bytes) -> bytes:
        """Return a record that silence ended, without a reply that came right behind it."""
        return record

    def _reply_at_rest(self, record: bytes) -> CommandReply | None:
        """Return the reply that silence completes; None when there is none."""
        del record
        return None

    def _skip(self) -> None:
        """Drop the rest of a record that was too long."""
        end = self._end()
        self._skipping = end is None
        kept = len(self._suffix) - 1 if self._suffix else 0  # it may have begun
        del self._buffer[: end[1] if end else max(0, len(self._buffer) - kept)]

    def _next(self) -> Event | None:
        found = self._find_reply(bytes(self._buffer))
        if found is None:
            return self._payload()
        if found.length > MAX_PAYLOAD + len(self._suffix):
            return self._overflow()  # as if it had come in pieces
        del self._buffer[: found.length]
        return found.reply or self._overflow()

    def _payload(self) -> Event | None:
        end = self._end()
        if end and end[0] <= MAX_PAYLOAD:
            data = bytes(self._buffer[: end[0]])
            del self._buffer[: end[1]]
            return self._told(data.removesuffix(self.stray) if self._suffix else data)
        return self._overflow()

    def _end(self) -> tuple[int, int] | None:
        """Return where a payload ends and where its suffix does; None when neither has come."""
        if self._framing is Framing.GAP:
            return None
        if self._suffix:
            at = self._buffer.find(self._suffix)
            return None if at < 0 else (at, at + len(self._suffix))
        found = _TERMINATOR.search(self._buffer)
        return found.span() if found else None

    def _told(self, record: bytes) -> Payload | Garbled | None:
        if self._told_by is ToldBy.AIM and _SPOILT.match(record):
            return Garbled(damage=Damage.FOREIGN)
        told = split(self._told_by, record)
        if not told.data:
            return None
        return Payload(data=told.data, symbology=told.symbology, mark=told.mark)

    def _overflow(self) -> Overflow | None:
        if len(self._buffer) <= MAX_PAYLOAD + len(self._suffix):
            return None
        del self._buffer[: MAX_PAYLOAD + 1]
        self._skipping = True
        return Overflow()
