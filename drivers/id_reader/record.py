"""A reading as a JSON object: what `XIdCard.Read` and `kiosk-devices read-card` tell of a card."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from drivers.id_reader.card import Card, CardKind
from drivers.id_reader.device import WITH_ADDRESS
from drivers.id_reader.outcomes import CardReading
from standards.nation import spoken_nation
from standards.sex import spoken_sex

_MORE: Mapping[CardKind, tuple[str, ...]] = MappingProxyType(
    {
        CardKind.CITIZEN: (),
        CardKind.FOREIGNER_2017: ("name_en", "nationality", "card_version"),
        CardKind.FOREIGNER_2023: ("name_en", "nationality", "issue_count", "previous_permit"),
        CardKind.HMT: ("pass_number", "issue_count"),
    }
)
"""What a kind has beside the fields of all."""


def card_record(card: Card) -> dict[str, object]:
    """Return the text of a card.

    Sex and nation are codes (GB/T 2261.1, GB/T 3304) with their names beside them, 其他 for a code
    that is in no table; dates are ISO 8601, ``valid_to`` null for 长期. What a kind of card does
    not have is an empty text.
    """
    record: dict[str, object] = {
        "kind": card.kind.value,
        "name": card.name,
        "sex": card.sex_code,
        "sex_name": spoken_sex(card.sex_code),
        "nation": card.nation_code,
        "nation_name": spoken_nation(card.nation_code) if card.nation_code else "",
        "birth_date": card.birth_date.isoformat(),
        "address": card.address,
        "id_no": card.id_no.upper(),
        "issuer": card.issuer,
        "valid_from": card.valid_from.isoformat(),
        "valid_to": card.valid_to.isoformat() if card.valid_to else None,
    }
    return record | {key: getattr(card, key) for key in _MORE[card.kind]}


def person_record(reading: CardReading) -> dict[str, object]:
    """Return the text of a card with ``newest_address``.

    It is left out when the card tells none, and null when nobody could ask for it.
    """
    record, newest = card_record(reading.card), reading.newest_address
    told = reading.card.kind in WITH_ADDRESS and newest != ""
    return record | ({"newest_address": newest} if told else {})
