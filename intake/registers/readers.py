"""Where a record of the population keeps a fact, by the name that it has in a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Record = Mapping[str, Any]
Read = Callable[[Record], str | None]


def _at(*path: str) -> Read:
    """Return a reader of one place in a record; a missing branch is no value."""

    def read(record: Record) -> str | None:
        value: Any = record
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, int):
            return str(value)
        return value if isinstance(value, str) and value else None

    return read


def _licence(kind: str) -> Read:
    """Return a reader of the number of a valid licence of one kind."""

    def read(person: Record) -> str | None:
        return next((one["no"] for one in person["licences"] if one["kind"] == kind), None)

    return read


def _always(value: str) -> Read:
    return lambda _record: value


PERSON: Final[Mapping[str, Read]] = {
    "name": _at("card", "name"),
    "id_type": _always("111"),
    "id_no": _at("card", "id_no"),
    "sex": _at("card", "sex"),
    "birth_date": _at("card", "birth_date"),
    "nationality": _always("156"),
    "ethnicity": _at("card", "nation"),
    "mobile": _at("mobile"),
    "household_address": _at("card", "address"),
    "household_region": _at("household", "region"),
    "household_head": _at("household", "head_name"),
    "relation_to_head": _at("household", "relation_to_head"),
    "native_place": _at("household", "native_place"),
    "residence_address": _at("residence_address"),
    "marital_status": _at("marital_status"),
    "marriage_cert_no": _licence("结婚证"),
    "employer_name": _at("employer", "name"),
    "ssc_no": _at("social_security", "ssc_no"),
}
"""Where a person's record keeps an attribute; codes of GA/T 517 (111) and GB/T 2659.1 (156)."""

CERTIFIED: Final = frozenset({"name", "id_type", "id_no", "sex", "birth_date", "nationality"})
"""What a marriage certificate says of the other spouse."""

OTHER: Final[Mapping[str, Read]] = {
    "payee.bank_name": _at("social_security", "bank_name"),
    "payee.account_no": _at("social_security", "account_no"),
    "payee.account_name": _at("card", "name"),
    "ssc.bank": _at("social_security", "bank_name"),
    "delivery.recipient": _at("card", "name"),
    "delivery.address": _at("residence_address"),
    "insurance.region": _at("insurance", "region"),
    "insurance.status": _at("insurance", "status"),
    "insurance.kind": _at("insurance", "kind"),
}
"""Where a person's record keeps what is theirs under another name."""

BIRTH: Final[Mapping[str, Read]] = {
    "newborn.sex": _at("sex"),
    "newborn.birth_datetime": _at("born"),
    "newborn.gestational_weeks": _at("weeks"),
    "newborn.birth_weight_g": _at("weight_g"),
    "newborn.birth_length_cm": _at("length_cm"),
    "birth.cert_no": _at("cert_no"),
    "birth.place_region": _at("region"),
    "birth.institution": _at("institution"),
    "birth.delivery_mode": _at("delivery_mode"),
    "mother.relation_to_applicant": _always("52"),
    "medical.admission_period": _at("admission"),
    "medical.cost_total": _at("cost_fen"),
    "medical.invoice_no": _at("invoice_no"),
}
"""Where the record of a birth keeps a fact; 52 is 母亲 in GB/T 4761."""

_STATUSES: Final = {"存续": "1", "吊销": "2"}
ENTERPRISE: Final[Mapping[str, Read]] = {
    "name": _at("name"),
    "uscc": _at("uscc"),
    "registered_address": _at("address"),
    "business_address": _at("address"),
    "licence_status": lambda record: _STATUSES.get(record["status"]),
}
"""Where an enterprise's record keeps an attribute."""
