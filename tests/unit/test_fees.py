"""What a thing costs is one sentence everywhere, and words about a fee decide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from kiosk.domain import fees
from kiosk.domain.catalogue import Item
from kiosk.domain.fees import FeeKind
from kiosk.translation import Translator

CONFIG = Path(__file__).parents[2] / "config"


def item(kind: FeeKind, fen: int = 0) -> Item:
    """An item of which only the fee matters."""
    return Item(code="one", name="one", departments=(), fee_kind=kind, fee_fen=fen)


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ([], "不收费"),
        ([item(FeeKind.NONE)], "不收费"),
        ([item(FeeKind.AMOUNT, 1250), item(FeeKind.NONE)], "12.50 元"),
        ([item(FeeKind.AMOUNT, 8000)], "80 元"),
        ([item(FeeKind.PART)], "办理不收费；另有费用"),
        ([item(FeeKind.PART), item(FeeKind.AMOUNT, 5)], "0.05 元；另有费用"),
        ([item(FeeKind.OPEN), item(FeeKind.PART)], "以窗口告知为准"),
        ([item(FeeKind.OPEN), item(FeeKind.AMOUNT, 100)], "1 元；另有费用，以窗口告知为准"),
    ],
)
def test_a_fee_in_a_sentence(items: list[Item], told: str) -> None:
    """Fen are told, and a fee that nobody knows is never nothing; on the screen it reads alike."""
    fee = fees.fee(items)
    assert fee.told() == told
    assert Translator("zh").text(fee.key, yuan=fee.yuan) == told
    assert "{" not in Translator("en").text(fee.key, yuan=fee.yuan)


def test_words_decide_nothing() -> None:
    """“收不收费、收多少以…为准” has 不收费 in it and is no 不收费."""
    abroad = load(CONFIG, "410700").thing("study-abroad")
    degree = next(own for own in abroad.items if "收不收费" in own.guide.fee_basis)
    assert fees.fee([degree]).told() == "以窗口告知为准"
