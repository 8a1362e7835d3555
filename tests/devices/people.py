"""A synthetic card for the device tests; its division prefix 40 is assigned to nobody."""

from __future__ import annotations

import datetime as dt

from drivers.id_reader.card import Card

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
