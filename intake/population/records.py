"""What the population document is made of, and the numbers that are recognisably nobody's.

ID numbers begin with the division prefix 40, which GB/T 2260 never assigned; mobile numbers lie in
segment 154, allotted to no operator; account numbers begin with 9156, a range no bank issues;
numbers of medical invoices begin with the same 40.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, Final

from standards.identity_number import check_digit

DIVISIONS: Final = tuple(f"4007{n:02d}" for n in range(1, 13))
"""Division codes used in ID numbers; 40 is no province of GB/T 2260."""
REGION: Final = ("410700", "河南省新乡市")
INSURANCE_KINDS: Final = ("城乡居民基本医疗保险", "职工基本医疗保险")
MALE: Final = "1"
FEMALE: Final = "2"
"""GB/T 2261.1."""
HAN: Final = "01"
"""GB/T 3304."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What the chip of a resident ID card says.

    ``sex`` is a GB/T 2261.1 code, ``nation`` a GB/T 3304 code, dates are ISO 8601;
    ``valid_to`` is ``None`` for a card without end (长期).
    """

    name: str
    sex: str
    nation: str
    birth_date: str
    address: str
    id_no: str
    issuer: str
    valid_from: str
    valid_to: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Household:
    """A person's line in the household register (户口簿).

    ``region`` and ``native_place`` are GB/T 2260 codes of a prefecture-level place,
    ``relation_to_head`` is a GB/T 4761 code.
    """

    region: str
    native_place: str
    head_name: str
    relation_to_head: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One synthetic person and everything the reference sources know of them.

    ``otherwise`` is what single registers (``profile``, ``share:医保``) hold differently from all
    others, by source and by the name that the fact has in a form (``mobile``).
    """

    ref: str
    role: str
    card: Card
    mobile: str | None = None
    residence_address: str | None = None
    marital_status: str = "10"
    insurance: dict[str, str] | None = None
    social_security: dict[str, str] | None = None
    employer: dict[str, str] | None = None
    family: dict[str, Any] = field(default_factory=dict)
    licences: list[dict[str, str | None]] = field(default_factory=list)
    household: Household | None = None
    otherwise: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Birth:
    """A birth as the hospital, the insurer and the treasury recorded it; the child has no name.

    ``mother`` and ``father`` are ID numbers (``father`` None when nobody was named), ``born`` is
    local time to the minute, ``admission`` two ISO dates with a slash, ``cost_fen`` 0.01 yuan,
    ``delivery_mode`` 1 natural, 2 caesarean, 3 assisted, ``cert_no`` the birth certificate's
    number when one was issued before.
    """

    ref: str
    mother: str
    father: str | None
    sex: str
    born: str
    weeks: int
    weight_g: int
    length_cm: int
    region: str
    institution: str
    delivery_mode: str
    admission: str
    cost_fen: int
    invoice_no: str
    cert_no: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Authorisation:
    """``giver`` allows ``holder`` (both references) to use the giver's data for one thing."""

    giver: str
    holder: str
    thing: str

    def record(self) -> dict[str, str]:
        """Return the record as the document writes it."""
        return {"from": self.giver, "to": self.holder, "thing": self.thing}


def chance(*names: object) -> Random:
    """Return a generator of its own for each person, so that adding one changes no other."""
    return Random("/".join(map(str, names)))  # noqa: S311 - reproducible, nothing is kept secret


def id_number(rng: Random, birth: date, sex: str) -> str:
    """Make an ID number (GB 11643) of an unassigned division for ``birth`` and ``sex``."""
    order = rng.randrange(0, 499) * 2 + (0 if sex == FEMALE else 1)
    body = f"{rng.choice(DIVISIONS)}{birth:%Y%m%d}{order:03d}"
    return body + check_digit(body)


def mobile(rng: Random) -> str:
    """Make a mobile number in segment 154, which is allotted to nobody."""
    return f"154{rng.randrange(10**8):08d}"


def account_number(rng: Random) -> str:
    """Make a 19-digit account number that passes Luhn in a range no bank issues."""
    body = f"9156{rng.randrange(10**14):014d}"
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(body))]
    return body + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def invoice_number(rng: Random) -> str:
    """Make a 20-digit number of an electronic medical invoice that no treasury issues."""
    return f"40{rng.randrange(10**18):018d}"
