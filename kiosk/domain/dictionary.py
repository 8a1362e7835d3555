"""The dictionary: every fact a form may ask for and every paper it may need, each once.

Items of all things name fields and materials by key, so that a fact is asked once and a paper
brought once whatever is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class FieldKind(StrEnum):
    """What a field's value is written as."""

    TEXT = "text"
    """Characters, checked against ``pattern`` when there is one."""
    CHOICE = "choice"
    """The value of one of ``choices``."""
    DIVISION = "division"
    """A six-digit prefecture-level code of :mod:`standards.division`."""
    DATE = "date"
    """An ISO 8601 date, ``2026-11-22``."""
    NAME = "name"
    """A person's name: 1 to 50 characters of names, and ``·``."""
    ADDRESS = "address"
    """Where somebody lives: 4 to 100 characters."""
    MOBILE = "mobile"
    """A mobile number, 11 digits."""
    ID_NUMBER = "id_number"
    """A citizen identity number, GB 11643; ``sex`` may bound whose."""
    ACCOUNT = "account"
    """A bank account or card number, 12 to 19 digits; card numbers of 16 and more pass Luhn."""
    INTEGER = "integer"
    """A whole number between ``minimum`` and ``maximum``, in ``unit``."""
    MOMENT = "moment"
    """A local date and time, ``2026-11-14T06:20``."""
    MONTH = "month"
    """A month, ``2026-11``."""
    PERIOD = "period"
    """Two dates, ``2026-11-12/2026-11-16``."""
    MONEY = "money"
    """An amount in fen, written in yuan."""
    CREDIT_CODE = "credit_code"
    """A unified social credit code, GB 32100, 18 characters."""
    DECIMAL = "decimal"
    """A number with at most two decimals between ``minimum`` and ``maximum``, in ``unit``."""
    MULTI = "multi"
    """Values of some of ``choices``, in their order, with commas between."""
    PASSAGE = "passage"
    """Words of one's own, 2 to 200 characters on one line."""


class Table(StrEnum):
    """A code table of a standard whose entries a choice takes."""

    NATION = "nation"
    """GB/T 3304."""
    SEX = "sex"
    """GB/T 2261.1."""
    MARRIAGE = "marriage"
    """GB/T 2261.2."""
    RELATION = "relation"
    """GB/T 4761."""
    EDUCATION = "education"
    """GB/T 4658."""
    POLITICS = "politics"
    """GB/T 4762."""
    COUNTRY = "country"
    """GB/T 2659.1."""


class Disposition(StrEnum):
    """Where a material comes from, and with it who must act."""

    E_LICENCE = "e_licence"
    """Exempt: the electronic licence, or the card itself, takes its place."""
    SHARE = "share"
    """Exempt: another authority's data takes its place."""
    PRODUCED = "produced"
    """Made by another item (``made_by``); asked only when that item is not chosen."""
    CAPTURE = "capture"
    """The citizen brings it and it is captured at the terminal."""
    GENERATED = "generated"
    """Written by the system from the merged form."""


class Basis(StrEnum):
    """What a composition or a figure rests on."""

    CONFIRMED = "confirmed"
    """Given by the authority."""
    TYPICAL = "typical"
    """Composed from public practice; the authority must replace or confirm it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One answer of a choice field: the value filed and the words shown."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One fact that an item asks for.

    ``sources`` are tried in order: ``id_card``, ``account``, ``profile``, ``e_licence``,
    ``share:<authority>``, ``produced:<item code>``, ``derived:<key>``, ``capture:<material>``
    (read from a photographed paper), ``user``.
    ``earliest_days`` and ``latest_days`` bound a date, counted from today; ``outside`` names
    the field whose division a division may not be. ``table`` gives a choice the entries of a
    standard; ``choices_from`` narrows them to the values that these fields have, once one of
    them has any. ``suggest`` names fields whose values are offered with one touch, ``surname_of``
    those whose names begin a newborn's; ``sex`` is the GB/T 2261.1 code that an identity number
    must have.  ``example`` is a value that is nobody's: shown beside the question, told by the
    synthetic registers, typed by tests (:func:`kiosk.domain.examples.example` reads it);
    ``picture`` names a sample picture.
    """

    key: str
    label: str
    kind: FieldKind
    sources: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    help: str = ""
    pattern: str = ""
    earliest_days: int | None = None
    latest_days: int | None = None
    outside: str = ""
    table: Table | None = None
    choices_from: tuple[str, ...] = ()
    suggest: tuple[str, ...] = ()
    surname_of: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    sex: str = ""
    sensitive: bool = False
    example: str = ""
    picture: str = ""
    basis: Basis = Basis.CONFIRMED

    @property
    def only_user(self) -> bool:
        """Nobody but the citizen can give it: no card, licence or share, whoever is at work.

        An item that makes it (``makers``) gives it only where that item is chosen, too.
        """
        given = (s for s in self.sources if not s.startswith("produced:"))
        return all(s == "user" or s.startswith("capture:") for s in given)

    @property
    def makers(self) -> frozenset[str]:
        """Codes of the items that produce this value on the way."""
        head = "produced:"
        return frozenset(s.removeprefix(head) for s in self.sources if s.startswith(head))


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """A paper that a separate filing would ask for, and what becomes of it here.

    ``capture`` is the shape that is looked for under the camera, ``pages`` the most pictures of
    it. ``reads`` are the fields that are read from the picture. ``commitment_days`` are the
    working days within which it may follow against a signed commitment (容缺后补); 0: it may not.
    ``same_as`` names another material that is the same booklet: where both have to be brought, one
    picture serves both.
    """

    key: str
    name: str
    disposition: Disposition
    reason: str = ""
    made_by: str = ""
    capture: Literal["page", "card"] = "page"
    pages: int = 1
    reads: tuple[str, ...] = ()
    commitment_days: int = 0
    same_as: str = ""
    picture: str = ""
    legal_basis: str = ""
    basis: Basis = Basis.CONFIRMED
