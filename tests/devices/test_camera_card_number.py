"""A bank card's number in read text."""

from __future__ import annotations

import pytest

from drivers.camera.card_number import Line, find_bank, find_number, is_card_number, luhn_digit
from drivers.simulated.camera_papers import account_number


def line(text: str, left: float = 0, middle: float = 100, score: float = 0.95) -> Line:
    """Return one piece of read text."""
    return Line(text=text, left=left, middle=middle, height=30, score=score)


@pytest.mark.parametrize("seed", range(50))
def test_one_wrong_digit_is_found(seed: int) -> None:
    """A number passes its check, and no longer when any one digit changes."""
    number = account_number(seed)
    print("seed", seed)
    assert is_card_number(number)
    assert number.startswith("9156")
    for place in range(len(number)):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not is_card_number(wrong)


@pytest.mark.parametrize("text", ["", "0", "915600000000", "12345678901", "９１５６" * 4, "-" * 16])
def test_what_is_not_a_number(text: str) -> None:
    """Too short, too long, other digits: none."""
    assert not is_card_number(text)
    assert not is_card_number("1" * 19 + luhn_digit("1" * 19))


def test_groups_apart_are_one_number() -> None:
    """Pieces in one row are put together from left to right, whatever order they came in."""
    number = account_number(3)
    pieces = [line(number[start : start + 4], left=start * 30) for start in (12, 0, 16, 4, 8)]
    assert find_number([*pieces, line("有效期至 09/34", middle=200)]) == number


def test_an_uncertain_digit_is_no_number() -> None:
    """One piece read with doubt spoils the number: better none than a wrong one."""
    number = account_number(3)
    pieces = [line(number[:8]), line(number[8:], left=300, score=0.5)]
    assert find_number(pieces) is None


def test_two_numbers_are_none() -> None:
    """Nobody can say which is the card's."""
    lines = [line(account_number(1), middle=100), line(account_number(2), middle=300)]
    assert find_number(lines) is None


def test_the_bank() -> None:
    """The bank's name is what ends in 银行; uncertain reading gives none."""
    assert find_bank([line("新乡市示例银行"), line("借记卡 DEBIT CARD")]) == "新乡市示例银行"
    assert find_bank([line("新乡市示例银行", score=0.4)]) is None
    assert find_bank([line("DEBIT CARD")]) is None
