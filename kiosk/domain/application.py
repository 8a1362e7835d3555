"""One application: what a citizen files, complete and attributable."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

from kiosk.domain.commitments import CommitmentKind
from kiosk.domain.consent import Consent
from kiosk.domain.form import Form
from kiosk.domain.identity import SignedEvidence
from standards import canonical

CHANNEL = "自助端"
"""The channel every application of a terminal carries."""

LEGAL_REP: Final = "legal_rep"
"""The role of an enterprise's legal representative (法定代表人)."""
AGENT: Final = "agent"
"""The role of whoever the enterprise allowed to act for it."""

_READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are not mistaken for one another on paper."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A filed value and its source word (``id_card``, ``share:医保``, ``user``).

    ``disputed`` is what the citizen says against a shared value that they may not change here:
    what is right in their word, empty where nothing is disputed.
    """

    value: str
    source: str
    disputed: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Applicant:
    """The person who files, as on the card."""

    name: str
    id_no: str
    mobile: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EnterpriseSignIn:
    """For which enterprise the person files, as the intake answered a code of its licence.

    Attributes:
        uscc: its unified social credit code.
        name: as its licence says.
        role: as what the person acts for it.
        token: what the intake knows this sign-in by.
    """

    uscc: str
    name: str
    role: Literal["legal_rep", "agent"]
    token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FiledMaterial:
    """What became of one material of the checklist.

    Attributes:
        key: the dictionary's key (``discharge_record``).
        name: as the citizen read it (出院记录).
        disposition: the catalogue's word (`Disposition`) that held for the chosen items:
            ``capture`` for what is photographed here, ``share``, ``e_licence``, ….
        attachments: names of the envelope's files that show it, in page order; none for what is
            not photographed, and none for what is promised for later.
    """

    key: str
    name: str
    disposition: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Commitment:
    """A written promise (容缺承诺) about a material that is missing.

    Attributes:
        material: the dictionary's key.
        days: working days within which it will be brought; 0 where nothing follows.
        text_version: which words were agreed to, as `ConsentText.version`.
        time: when, RFC 3339 with offset.
        kind: the list's word (`CommitmentKind`); empty from an older terminal: it follows.
        listed: the version of the published list; empty with the kind.
        words: hex SHA-256 of the letter, as `Letter.digest` tells it; empty with the kind.
        due: the last day in time, ISO; empty where nothing follows.
    """

    material: str
    days: int
    text_version: str
    time: str
    kind: str = ""
    listed: str = ""
    words: str = ""
    due: str = ""

    @property
    def owed(self) -> bool:
        """Tell whether the material is still to be brought."""
        return self.kind in {"", CommitmentKind.FOLLOWS}

    def letter(self) -> dict[str, object]:
        """Return what a signature stands under of it, the words of the consent included."""
        return {
            "material": self.material,
            "kind": self.kind,
            "listed": self.listed,
            "days": self.days,
            "words": self.words,
            "due": self.due,
            "text_version": self.text_version,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """How the results reach the citizen.

    Attributes:
        together: everything at once when the last item is done, or each when it is ready.
        method: ``window`` (fetched), ``courier`` (sent) or ``e_licence`` (electronic only).
        window: where it is fetched; only for ``window``.
        recipient: whom it is sent to; only for ``courier``, as are the next two.
        address: where to.
        phone: the recipient's.
    """

    together: bool
    method: str
    window: str = ""
    recipient: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureRecord:
    """How the citizen confirmed the declaration.

    Attributes:
        method: ``handwriting`` or ``id_card`` (the card was read a second time).
        text_digest: hex SHA-256 of what was signed, as `signed_text_digest` tells it.
        time: RFC 3339 with offset.
        attachment: name of the envelope's picture of the handwriting, or empty.
        strokes: name of the envelope's file of its strokes, or empty.
        evidence: the second reading of the card; only for ``id_card``.
    """

    method: str
    text_digest: str
    time: str
    attachment: str = ""
    strokes: str = ""
    evidence: SignedEvidence | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """What is filed. The submission id and the bytes never change once made.

    ``items`` are item codes; ``created_at`` is RFC 3339 with offset; ``slip_token`` is 16
    random hexadecimal digits that open the progress page together with ``local_no``; ``role`` is
    who the applicant is in this thing (``mother``), ``person`` where it has no roles;
    ``situations`` are the answers that chose the items, by their key; ``enterprise`` for whom the
    person files in a thing of enterprises.
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
    role: str = "person"
    situations: Mapping[str, str] = field(default_factory=dict)
    materials: tuple[FiledMaterial, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    delivery: Delivery | None = None
    signature: SignatureRecord | None = None
    enterprise: EnterpriseSignIn | None = None

    def record(self) -> dict[str, Any]:
        """Return all members; what was added later is left out where nothing is said by it.

        An application without an enterprise or a disputed value has the bytes it always had.
        """
        members = asdict(self)
        if self.enterprise is None:
            del members["enterprise"]
        for answer in members["fields"].values():
            if not answer["disputed"]:
                del answer["disputed"]
        for promise in members["commitments"]:
            for name in ("kind", "listed", "words", "due"):
                if not promise[name]:
                    del promise[name]
        return members

    def canonical(self) -> bytes:
        """Return the RFC 8785 bytes: equal applications have equal bytes."""
        return canonical.dumps(self.record())


def answers(form: Form) -> dict[str, Answer]:
    """Return the filed values of a form; a produced field has none yet."""
    return {
        own.key: Answer(value=own.value, source=own.source, disputed=own.disputed)
        for own in form.fields
        if own.filled
    }


def signed_text_digest(
    fields: Mapping[str, Answer],
    declaration: str,
    commitments: Sequence[Commitment] = (),
    reviewed: Mapping[str, object] | None = None,
) -> str:
    """Return the hex SHA-256 of what a citizen signs.

    It is of the RFC 8785 bytes of ``{"declaration": …, "fields": {key: value}}``: the version of
    the declaration's words (`ConsentText.version`) and every filed value, without its source. With
    ``commitments`` it is also of their letters, ``"commitments": [{kind, …}]`` in their order.
    Where values are objected to it is also of ``"objections": {key: words}``.
    ``reviewed`` is what else the review showed (`Reviewed.told`): since envelopes of schema 3 all
    of it is signed, and the letters with the version of their consent.  Before, there was none.
    Terminal and intake count it alike, so that a signature stands under this application alone.
    """
    values: dict[str, object] = {key: answer.value for key, answer in fields.items()}
    signed: dict[str, object] = {"declaration": declaration, "fields": values}
    letters = [own.letter() for own in commitments if own.kind]
    if reviewed is not None:
        signed["reviewed"] = reviewed
    else:
        for told in letters:
            del told["text_version"]
    if letters:
        signed["commitments"] = letters
    objections = {key: own.disputed for key, own in fields.items() if own.disputed}
    if objections:
        signed["objections"] = objections
    return hashlib.sha256(canonical.dumps(signed)).hexdigest()


def without_objections(fields: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the filed values alone: all that was signed before envelopes of schema 3."""
    return {key: replace(own, disputed="") for key, own in fields.items()}


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
