"""Honeywell's (formerly Metrologic's) serial commands. Pure.

::

    trigger on, off   16 54 0D, 16 55 0D; obeyed, never answered
    command           16 4D 0D | TAG SUB data {; TAG SUB data} | ! or .
    reply             the same again, and before each ; and the end 06, 15 or 05
    query             ? in the place of the data; the reply has the value there
    REVINF.           answered by lines of text, then REVINF 06 .
    payload           any bytes, then CR, LF or both, then, or instead, silence

`!` sets a value until power-off, `.` for ever (which wears the flash: only used to ask).
A reply has no beginning of its own: a record is one if it has the form of one, tag, value and
verdict to the end. While `REVINF.` is answered, everything is its text.

Sources: Honeywell CF3680 guide p. 160, N86 guide p. 163 to 166, N431X guide p. 169 to 170, NCR 7837
guide p. 138 (syntax, verdicts, `!` and `.`); a public tool that prints whole replies to several
settings; HenkVanAsselt/python_hon_usbhid (README: the lines of REVINF and its end).
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

TRIGGER_ON: Final = b"\x16T\r"
TRIGGER_OFF: Final = b"\x16U\r"
MENU: Final = b"\x16M\r"
REVISION: Final = "REVINF"

TEXT_QUIET_S: Final = 0.2
"""Silence that ends a text without an end, in seconds."""

_TAG = 6
_PUNCTUATION: Final = frozenset(b",;.!")
_SETTING = re.compile(r"[A-Z0-9]{6}[0-9A-Fa-f]{0,40}")
_REVISION_END = re.compile(rb"REVINF([\x05\x06\x15])\.")
_PART = rb"[0-9A-Z]{3,6}[0-9A-Za-z]{0,40}[\x05\x06\x15]"
_REPLY = re.compile(rb"(" + _PART + rb"(?:[;,]" + _PART + rb")*)[.!]")
_HALF_REPLY = re.compile(_PART)
_PARTS = re.compile(rb"(?<=[\x05\x06\x15])[;,]")
_LONGEST_LABEL_VALUE = 40
_LABELS: Final = (b"Product Name", b"Software Revision", b"Serial Number")
"""The lines of REVINF that are kept; nothing else of it is shown or logged."""


def command_reply(text: bytes, *verdicts: Verdict) -> bytes:
    """Return the scanner's reply to a command text with its storage sign; for the simulator."""
    numbers = {verdict: bytes([number]) for number, verdict in VERDICTS.items()}
    left = list(verdicts)
    answer = bytearray()
    for byte in text:
        if byte in _PUNCTUATION:
            answer += numbers[left.pop(0)]
        answer.append(byte)
    return bytes(answer)


class HoneywellCodec:
    """The family of Honeywell; see `drivers.scanner.codec.Codec`."""

    @property
    def name(self) -> str:
        """The family's name."""
        return "honeywell"

    def receiver(self, framing: Framing, told_by: ToldBy, suffix: bytes = b"") -> LineReceiver:
        """Return an ear for one line."""
        return _Receiver(framing, told_by, suffix)

    def identify(self) -> tuple[Request, ...]:
        """Ask for the revision."""
        return (Request(name=REVISION, data=MENU + b"REVINF.", quiet_s=TEXT_QUIET_S),)

    def configure(self, settings: Sequence[str]) -> Request | None:
        """Set values in memory, all in one exchange."""
        if not settings:
            return None
        text = ";".join(settings) + "!"
        return Request(name=SETTINGS, data=MENU + text.encode("ascii"), settings=tuple(settings))

    def check(self, setting: str) -> Request | None:
        """Ask for the value that `setting` sets."""
        tag = setting[:_TAG]
        return Request(name=tag, data=MENU + f"{tag}?.".encode("ascii"))

    def start(self) -> tuple[Request, ...]:
        """Pull the trigger."""
        return (Request(name="trigger", data=TRIGGER_ON, answered=False),)

    def stop(self) -> Request | None:
        """Let the trigger go."""
        return Request(name="trigger", data=TRIGGER_OFF, answered=False)

    def fault_of(self, setting: str) -> str | None:
        """Refuse what is no tag, sub-tag and value: above all a storage sign."""
        if _SETTING.fullmatch(setting):
            return None
        return "is not three letters, three letters and a value in hexadecimal, such as TRGMOD0"


class _Receiver(LineReceiver):
    stray = b"\r"  # of VSUFCR, should an engine add a suffix where others replace it

    def _find_reply(self, record: bytes) -> Found | None:
        if self._expected and self._expected.quiet_s:
            return _find_text(record, self._expected)
        whole = _REPLY.match(record)
        if not whole:
            return None  # a beginning of one waits for its end as a payload does
        parts = _PARTS.split(whole[1])
        return Found(length=whole.end(), reply=reply_to(self._expected, parts, _TAG))

    def _is_reply(self, record: bytes) -> bool:
        return _HALF_REPLY.match(record) is not None

    def _reply_at_rest(self, record: bytes) -> CommandReply | None:
        asked = self._expected
        if asked is None or not asked.quiet_s:
            return None
        return CommandReply(name=asked.name, verdict=Verdict.UNCLEAR, data=_identity(record))


def _find_text(record: bytes, asked: Request) -> Found:
    end = _REVISION_END.search(record)
    if not end:
        return MAY_COME
    verdict = VERDICTS[end[1][0]]
    reply = CommandReply(name=asked.name, verdict=verdict, data=_identity(record[: end.start()]))
    return Found(length=end.end(), reply=reply)


def _identity(text: bytes) -> bytes:
    """Return the known lines of a revision report, each value short and printable ASCII.

    What is none of them is dropped: a code that came in between is nobody's identity.
    """
    kept = []
    for line in text.splitlines():
        label, _, value = line.partition(b":")
        value = value.strip()
        short = len(value) <= _LONGEST_LABEL_VALUE
        if label in _LABELS and short and re.fullmatch(rb"[ -~]+", value):
            kept.append(value)
    return b" ".join(kept)
