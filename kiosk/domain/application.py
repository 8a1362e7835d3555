"""One application: what a citizen files, complete and attributable."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from kiosk.domain.consent import Consent
from kiosk.domain.form import Form
from kiosk.domain.identity import SignedEvidence
from standards import canonical

CHANNEL = "自助端"
"""The channel every application of a terminal carries."""

_READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are not mistaken for one another on paper."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A filed value and its source word (``id_card``, ``share:医保``, ``user``)."""

    value: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Applicant:
    """The person who files, as on the card."""

    name: str
    id_no: str
    mobile: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """What is filed. The submission id and the bytes never change once made.

    ``items`` are item codes; ``created_at`` is RFC 3339 with offset; ``slip_token`` is 16
    random hexadecimal digits that open the progress page together with ``local_no``.
    """

    submission_id: str
    local_no: str
    slip_token: str
    thing: str
    items: tuple[str, ...]
    jurisdiction: str
    catalogue_version: str
    applicant: Applicant
    fields: Mapping[str, Answer]
    consents: tuple[Consent, ...]
    evidence: SignedEvidence
    terminal: str
    created_at: str
    channel: str = CHANNEL

    def canonical(self) -> bytes:
        """Return the RFC 8785 bytes: equal applications have equal bytes."""
        return canonical.dumps(asdict(self))


def answers(form: Form) -> dict[str, Answer]:
    """Return the filed values of a form; a produced field has none yet."""
    return {
        field.key: Answer(value=field.value, source=field.source)
        for field in form.fields
        if field.filled
    }


def local_no(terminal: str, day: date, submission_id: str) -> str:
    """Return the number a citizen holds before the intake answers: ``L0020261122K7QDM3``.

    ``L``, the last four characters of the terminal's id, the day as yymmdd, and six digits
    or letters (30 bits) of the submission id (a UUID). It names one submission only together
    with the slip's token.
    """
    bits = uuid.UUID(submission_id).int
    tail = "".join(_READABLE[(bits >> shift) & 31] for shift in (25, 20, 15, 10, 5, 0))
    return f"L{terminal_short(terminal)}{day:%y%m%d}{tail}"


def terminal_short(terminal: str) -> str:
    """Return the last four letters or digits of a terminal's id, upper case."""
    return "".join(c for c in terminal if c.isascii() and c.isalnum())[-4:].upper().rjust(4, "0")


def grouped(number: str) -> str:
    """Return a long number in groups of four, as people read it aloud."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
