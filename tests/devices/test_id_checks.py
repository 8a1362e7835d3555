"""Checks tell what is odd about a card, and refuse none."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from drivers.id_reader.card import CardKind
from drivers.id_reader.checks import checks
from drivers.id_reader.codec import CardBlock, Reply
from drivers.id_reader.outcomes import CardReading
from drivers.id_reader.record import card_record, person_record
from tests.devices.people import CARD, OTHER_KINDS


def test_a_good_card_passes_every_check() -> None:
    """A citizen's card has them all."""
    assert checks(CARD) == {
        "id_no": True,
        "sex": True,
        "birth_date": True,
        "validity": True,
        "nation": True,
        "name": True,
    }


@pytest.mark.parametrize("card", OTHER_KINDS, ids=lambda card: card.kind.value)
def test_the_other_kinds_have_the_checks_that_make_sense(card: object) -> None:
    """A permit has no nation; an old one has no number of eighteen digits to hold against."""
    assert isinstance(card, type(CARD))
    found = checks(card)
    assert all(found.values())
    assert "nation" not in found
    assert ("birth_date" in found) == (card.kind is not CardKind.FOREIGNER_2017)


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"id_no": "400702199003050028"}, {"id_no", "sex", "birth_date"}),
        ({"id_no": "40070219900305002"}, {"id_no", "sex", "birth_date"}),
        ({"sex_code": "1"}, {"sex"}),
        ({"sex_code": "7"}, {"sex"}),
        ({"birth_date": dt.date(1990, 3, 6)}, {"birth_date"}),
        ({"nation_code": "57"}, {"nation"}),
        ({"valid_to": dt.date(2020, 5, 1)}, {"validity"}),
        ({"valid_from": dt.date(1989, 5, 1)}, {"validity"}),
        ({"name": "陈\ufffd云"}, {"name"}),
        ({"valid_to": None}, set()),
        ({"valid_to": dt.date(2021, 5, 1)}, set()),
    ],
)
def test_what_is_odd_is_told_by_name(change: dict[str, object], failed: set[str]) -> None:
    """Each odd thing fails its own check; an expired card is not odd."""
    card = dataclasses.replace(CARD, **change)  # type: ignore[arg-type]
    assert {name for name, good in checks(card).items() if not good} == failed


@pytest.mark.parametrize("id_no", ["XYZ40078501020", "xyz400785010200", "1234007850102000"])
def test_an_old_permit_has_three_letters_and_twelve_digits(id_no: str) -> None:
    """Nothing more of its number is known."""
    assert not checks(dataclasses.replace(OTHER_KINDS[0], id_no=id_no))["id_no"]


def test_a_new_permit_begins_with_nine() -> None:
    """A citizen's number on it is told."""
    assert not checks(dataclasses.replace(OTHER_KINDS[1], id_no=CARD.id_no))["id_no"]


def test_codes_have_their_names_beside_them() -> None:
    """Words of GB/T 2261.1 and GB/T 3304; a code nobody knows stays, and is called 其他."""
    record = card_record(CARD)
    assert (record["sex"], record["sex_name"]) == ("2", "女")
    assert (record["nation"], record["nation_name"]) == ("01", "汉")
    odd = card_record(dataclasses.replace(CARD, sex_code="7", nation_code="57"))
    assert (odd["sex"], odd["sex_name"]) == ("7", "其他")
    assert (odd["nation"], odd["nation_name"]) == ("57", "其他")
    foreigner = card_record(OTHER_KINDS[0])
    assert (foreigner["nation"], foreigner["nation_name"]) == ("", "")


def test_the_newest_address_is_told_when_there_is_one() -> None:
    """None at all is left out; one that nobody could ask for is null."""
    told = {
        newest: person_record(CardReading(card=CARD, photo=b"", newest_address=newest))
        for newest in ("河南省新乡市", "", None)
    }
    assert told["河南省新乡市"]["newest_address"] == "河南省新乡市"
    assert "newest_address" not in told[""]
    assert told[None]["newest_address"] is None
    foreigner = CardReading(card=OTHER_KINDS[0], photo=b"", newest_address=None)
    assert "newest_address" not in person_record(foreigner)


def test_a_kind_tells_what_only_it_has() -> None:
    """Further keys stand for what the card says further."""
    extra = [set(card_record(card)) - set(card_record(CARD)) for card in OTHER_KINDS]
    assert extra == [
        {"name_en", "nationality", "card_version"},
        {"name_en", "nationality", "issue_count", "previous_permit"},
        {"pass_number", "issue_count"},
    ]


def test_what_is_read_does_not_show_in_a_repr() -> None:
    """Whoever logs an object by mistake logs nothing of its holder."""
    reading = CardReading(card=CARD, photo=b"photo", newest_address="address", fingerprints=b"f")
    assert repr(reading) == "CardReading(card=Card(kind=citizen))"
    assert repr(CardBlock(text=b"t", photo=b"p")) == "CardBlock()"
    assert repr(Reply(sw=b"ok!", data=b"d")) == "Reply(sw=b'ok!')"
