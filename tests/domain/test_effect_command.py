"""``kiosk effect``: the figures of a place, with denominators and the baseline's version."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from kiosk.cli import main

KEYS = [
    *("thing", "boxes_before", "fields", "generated", "produced", "typed", "materials_before"),
    *("asked", "days_before", "days_after", "steps_before", "steps_after", "basis"),
]


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Exactly these keys; the total sums things with a real filing alone."""
    assert main(["effect", "--jurisdiction", "新乡市", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["jurisdiction", "version", "things", "total"]
    assert len(told["things"]) == 21
    assert all(list(own) == KEYS for own in [*told["things"], told["total"]])
    checks = {"企业上市合法合规信息核查", "企业破产信息核查", "社会保障卡居民服务", "申请公租房"}
    filed = [own for own in told["things"] if own["thing"] not in checks]
    assert told["total"]["fields"] == sum(own["fields"] for own in filed)
    assert told["total"]["basis"] == "typical"


def test_csv_carries_the_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    """A row without its version can be compared with nothing."""
    assert main(["effect", "--jurisdiction", "140502", "--csv"]) == 0
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert len(rows) == 19
    assert {len(row["version"]) for row in rows} == {64}
    assert len({row["version"] for row in rows}) == 1


def test_the_table_says_what_is_an_example_and_what_misses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Shares have denominators, 开办餐饮店 is marked; a place without a list has no figures."""
    assert main(["effect"]) == 0
    told = capsys.readouterr().out
    restaurant = told.split("开办餐饮店\n")[1].split("\n\n")[0]
    assert "自动生成 14/29（48%）" in restaurant
    assert "▲低于50%" in restaurant
    why = restaurant.split("▲ 只有本人知道的 ")[1].splitlines()[0]
    count, names = why.split(" 项：")
    assert len(names.split("；")) == int(count) == 15
    assert "▲ " not in told.split("新生儿出生")[1].split("\n\n")[0]
    assert "示例" in restaurant.split("时间")[1]
    assert main(["effect", "--jurisdiction", "新县", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["things"] == []
    assert main(["effect", "--jurisdiction", "某县"]) == 2
