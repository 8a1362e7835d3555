"""Newland's unified commands. Pure.

::

    host → scanner   7E 01 "0000" | @ or # | TAG SUB data {; TAG SUB data} | 3B 03
    scanner → host   02 01 "0000" | the same again, and before each ; 06, 15 or 05 | 03
    payload          any bytes, then CR, LF or both, then, or instead, silence

`#` sets a value until power-off, `@` for ever (which wears the flash: not used here).
`*` in the place of a value asks for it.
A reply is told from a payload by how a record begins.

Sources: Newland NLS-HR52 manual p. 35 and NLS-HR42 manual p. 30 (syntax, verdicts, `*`); Newland
EM3000 guide p. 36 (``?`` and ``!``); Sunmi scanner page and three public drivers (``SCNTRG``,
``SCNMOD``, ``TSUENA``, ``TSUSET``, ``QRYSYS``); Newland FM430 guide p. 240 to 243 (``AIDENA``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from drivers.scanner.codec import CommandReply, Framing, Request, Verdict
from drivers.scanner.lines import (
    MAY_COME,
    SETTINGS,
    VERDICTS,
    Found,
    LineReceiver,
    reply_to,
)
from drivers.scanner.symbology import ToldBy

ASK_ALIVE: Final = b"?"
"""What older engines are asked; they answer `ALIVE`."""
ALIVE: Final = b"!"

START: Final = "SCNTRG1"
STOP: Final = "SCNTRG0"
SYSTEM_INFO: Final = "QRYSYS"
OLD_ENGINE: Final = "?"

_COMMAND_PREFIX: Final = b"~\x010000"
_REPLY_PREFIX: Final = b"\x02\x010000"
_END: Final = b";\x03"
_PARTS = re.compile(rb"(?<=[\x05\x06\x15]);")
_TAG = 6
_TRIGGER: Final = b"SCNTRG"
"""Its value belongs to the name: a late answer to "stop" is none to "start"."""
_SETTING = re.compile(r"[A-Z0-9]{6}[0-9A-Fa-f]{0,20}")


def command(text: str) -> bytes:
    """Return the bytes of a command that lasts until power-off."""
    return _COMMAND_PREFIX + b"#" + text.encode("ascii") + _END


def command_reply(sent: bytes, *verdicts: Verdict, data: bytes = b"") -> bytes:
    """Return the scanner's reply to the command text `sent` (as `#SCNTRG1`); for the simulator."""
    numbers = {verdict: bytes([number]) for number, verdict in VERDICTS.items()}
    parts = zip(sent.split(b";"), verdicts, strict=True)
    return _REPLY_PREFIX + b";".join(part + data + numbers[one] for part, one in parts) + _END


class NewlandCodec:
    """The family of Newland; see `drivers.scanner.codec.Codec`."""

    @property
    def name(self) -> str:
        """The family's name."""
        return "newland"

    def receiver(self, framing: Framing, told_by: ToldBy, suffix: bytes = b"") -> LineReceiver:
        """Return an ear for one line."""
        return _Receiver(framing, told_by, suffix)

    def identify(self) -> tuple[Request, ...]:
        """Ask for the system's information; engines from before that know only one question."""
        return (
            Request(name=SYSTEM_INFO, data=command(SYSTEM_INFO)),
            Request(name=OLD_ENGINE, data=ASK_ALIVE),
        )

    def configure(self, settings: Sequence[str]) -> Request | None:
        """Set values in memory, all in one exchange."""
        if not settings:
            return None
        return Request(name=SETTINGS, data=command(";".join(settings)), settings=tuple(settings))

    def check(self, setting: str) -> Request | None:
        """Ask for the value that `setting` sets."""
        tag = setting[:_TAG]
        return Request(name=tag, data=command(f"{tag}*"))

    def start(self) -> tuple[Request, ...]:
        """Pull the trigger."""
        return (Request(name=START, data=command(START)),)

    def stop(self) -> Request | None:
        """Let the trigger go."""
        return Request(name=STOP, data=command(STOP), answered=False)

    def fault_of(self, setting: str) -> str | None:
        """Refuse what is no tag, sub-tag and value: above all a storage sign."""
        if _SETTING.fullmatch(setting):
            return None
        return "is not three letters, three letters and a value in hexadecimal, such as SCNMOD0"


class _Receiver(LineReceiver):
    def _find_reply(self, record: bytes) -> Found | None:
        asked_old = self._expected is not None and self._expected.name == OLD_ENGINE
        if asked_old and record.startswith(ALIVE):
            return Found(length=1, reply=CommandReply(name=OLD_ENGINE, verdict=Verdict.ACCEPTED))
        if not record.startswith(_REPLY_PREFIX):
            return MAY_COME if _REPLY_PREFIX.startswith(record) else None
        end = record.find(_END)
        if end < 0:
            return MAY_COME
        body = record[len(_REPLY_PREFIX) : end]
        return Found(length=end + len(_END), reply=self._parse(body))

    def _is_reply(self, record: bytes) -> bool:
        return record.startswith(_REPLY_PREFIX)

    def _without_reply(self, record: bytes) -> bytes:
        """Take off the answer to a trigger that was pulled anew just as the code came."""
        at = record.rfind(_REPLY_PREFIX)
        answers = at > 0 and record.endswith(_END) and _TRIGGER in record[at:]
        return record[:at] if answers else record

    def _parse(self, body: bytes) -> CommandReply:
        """Read `#SCNMOD0<ACK>;TSUENA1<ACK>`: what was asked, what was added, the verdicts."""
        text = body.lstrip(b"@#")
        tag = len(START) if text.startswith(_TRIGGER) else _TAG
        return reply_to(self._expected, _PARTS.split(text), tag)
