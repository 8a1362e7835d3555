"""The person at the terminal, and the signed evidence that they were there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from kiosk.domain.known import Known
from kiosk.domain.problem import CitizenMustAct
from standards import canonical, nation
from standards.errors import StandardError
from standards.identity_number import IdentityNumber
from standards.sex import Sex

RESIDENT_ID_CARD = "111"
"""GA/T 517 code of the resident ID card among kinds of papers."""
CHINA = "156"
"""GB/T 2659.1: who holds a resident ID card is a citizen of China."""
LONG_TERM = "长期"
"""What a card says instead of an end date."""


class CardContentError(CitizenMustAct):
    """A card was read, but what it holds is not a person's data; try it again."""

    code = "problem.card_content"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What a resident ID card says; ``valid_to`` is None for a long-term card.

    ``nation`` is the two-digit GB/T 3304 code, ``id_no`` upper case.
    """

    name: str
    sex: Sex
    nation: str
    birth_date: date
    address: str
    id_no: str
    issuer: str
    valid_from: date
    valid_to: date | None

    @classmethod
    def from_card(cls, card: Mapping[str, object]) -> Person:
        """Return the person of a card reading (all values strings, dates ISO 8601).

        Sex and nation may be codes or names; ``valid_to`` may be null or 长期.

        Raises:
            CardContentError: a part is missing, malformed or contradicts the number.
        """
        try:
            number = IdentityNumber.parse(_text(card, "id_no"))
            person = cls(
                name=_text(card, "name"),
                sex=Sex.parse(_text(card, "sex")),
                nation=_nation(_text(card, "nation")),
                birth_date=date.fromisoformat(_text(card, "birth_date")),
                address=_text(card, "address"),
                id_no=number.text,
                issuer=_text(card, "issuer"),
                valid_from=date.fromisoformat(_text(card, "valid_from")),
                valid_to=_valid_to(card.get("valid_to")),
            )
        except (StandardError, ValueError, TypeError) as error:
            # The first error's text may hold what the card says; only its kind goes on.
            raise CardContentError(detail=type(error).__name__) from None
        if (person.sex, person.birth_date) != (number.sex, number.birth_date):
            raise CardContentError(detail="number contradicts sex or birth date")
        return person

    @property
    def nation_name(self) -> str:
        """The nationality's name without 族."""
        return nation.nation_name(self.nation)

    def valid_on(self, day: date) -> bool:
        """Tell whether the card is in force on ``day``, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def known(self, as_of: str, role: str = "person") -> dict[str, Known]:
        """Return what the card makes known of its holder, who has ``role`` in the form.

        None of it may be retyped.
        """
        until = self.valid_to.isoformat() if self.valid_to else LONG_TERM
        values = {
            "name": self.name,
            "id_type": RESIDENT_ID_CARD,
            "id_no": self.id_no,
            "sex": self.sex.value,
            "birth_date": self.birth_date.isoformat(),
            "ethnicity": self.nation,
            "nationality": CHINA,
            "household_address": self.address,
            "id_issuer": self.issuer,
            "id_valid_to": until,
        }
        return {
            f"{role}.{key}": Known(value=value, source="id_card", as_of=as_of, editable=False)
            for key, value in values.items()
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A device host's word that a card was read in a visit; it is signed as :meth:`canonical`.

    ``id_hash`` is :func:`id_hash`, ``time`` RFC 3339 with offset, ``method`` ``id_card``,
    ``nonce`` a random text that makes each reading different.
    """

    visit: str
    terminal: str
    id_hash: str
    time: str
    method: str
    nonce: str

    def canonical(self) -> bytes:
        """Return the RFC 8785 bytes that are signed."""
        return canonical.dumps(asdict(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedEvidence:
    """Evidence with the device host's signature, base64."""

    evidence: Evidence
    signature: str


def id_hash(visit: str, id_no: str) -> str:
    """Return the SHA-256 of ``visit:id_no``: it names a person only within one visit."""
    return hashlib.sha256(f"{visit}:{id_no}".encode()).hexdigest()


def _text(card: Mapping[str, object], key: str) -> str:
    value = card.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(key)
    return value


def _nation(text: str) -> str:
    return text if text in nation.NATIONS else nation.nation_code(text)


def _valid_to(value: object) -> date | None:
    if value is None or value == LONG_TERM:
        return None
    if not isinstance(value, str):
        raise TypeError("valid_to")
    return date.fromisoformat(value)
