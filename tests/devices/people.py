"""Synthetic cards for the device tests; their division prefix 40 is assigned to nobody."""

from __future__ import annotations

import datetime as dt

from drivers.id_reader.card import Card, CardKind

CARD = Card(
    name="陈晓云",
    sex_code="2",
    nation_code="01",
    birth_date=dt.date(1990, 3, 5),
    address="河南省新乡市红旗区平原路街道金穗社区12号楼3单元501室",
    id_no="400702199003050027",
    issuer="新乡市公安局红旗分局",
    valid_from=dt.date(2020, 5, 1),
    valid_to=dt.date(2040, 5, 1),
)

RECORD = {
    "name": "陈晓云",
    "sex": "女",
    "nation": "汉族",
    "birth_date": "1990-03-05",
    "address": "河南省新乡市红旗区平原路街道金穗社区12号楼3单元501室",
    "id_no": "400702199003050027",
    "issuer": "新乡市公安局红旗分局",
    "valid_from": "2020-05-01",
    "valid_to": "2040-05-01",
}
"""The same card as the population file writes it."""

OTHER_KINDS = [
    Card(
        kind=CardKind.FOREIGNER_2017,
        name="安娜",
        name_en="ANNA EXAMPLE",
        sex_code="2",
        birth_date=dt.date(1985, 1, 2),
        id_no="XYZ400785010200",
        nationality="XYZ",
        card_version="01",
        issuer="4007",
        valid_from=dt.date(2019, 1, 1),
        valid_to=dt.date(2029, 1, 1),
    ),
    Card(
        kind=CardKind.FOREIGNER_2023,
        name="安娜",
        name_en="ANNA MARIA OF A VERY LONG FAMILY EXAMPLE NAME",
        sex_code="2",
        issue_count="01",
        birth_date=dt.date(1985, 1, 2),
        id_no="940999198501020008",
        nationality="XYZ",
        previous_permit="987",
        valid_from=dt.date(2024, 1, 1),
        valid_to=dt.date(2034, 1, 1),
    ),
    Card(
        kind=CardKind.HMT,
        name="林小明",
        sex_code="1",
        birth_date=dt.date(1992, 7, 8),
        address="河南省新乡市卫滨区",
        id_no="814000199207080016",
        issuer="新乡市公安局",
        pass_number="H40000000",
        issue_count="01",
        valid_from=dt.date(2022, 1, 1),
        valid_to=dt.date(2027, 1, 1),
    ),
]
"""One card of each kind beside the citizen's."""
