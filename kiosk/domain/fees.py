"""What a thing costs, told alike on the screen, on paper and on a telephone; pure.

An item says by its ``fee_kind`` whether its fee is known; words about a fee are for people and are
never read by the machine.  A guide has the Chinese sentence of :meth:`Fee.told`; where there is a
translation the same sentence stands under :attr:`Fee.key` (a test holds the two together).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

FEN: Final = 100
"""Fen in a yuan."""
TOLD: Final = {
    "none": "不收费",
    "amount": "{yuan} 元",
    "part": "办理不收费；另有费用",
    "amount_part": "{yuan} 元；另有费用",
    "open": "以窗口告知为准",
    "amount_open": "{yuan} 元；另有费用，以窗口告知为准",
}
"""The sentence of every fee, by the last word of its key."""


class FeeKind(StrEnum):
    """What is known of an item's fee."""

    NONE = "none"
    """The citizen pays nothing."""
    AMOUNT = "amount"
    """``fee_fen`` is all there is to pay."""
    PART = "part"
    """Filing costs ``fee_fen``; something beside it is paid by a published standard."""
    OPEN = "open"
    """Nobody has put the fee into figures: the window tells it."""


class Priced(Protocol):
    """What an item says of its fee, in 0.01 yuan."""

    @property
    def fee_kind(self) -> FeeKind:
        """What is known of it."""

    @property
    def fee_fen(self) -> int:
        """The amount."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fee:
    """What is to be paid: ``fen`` (0.01 yuan) are known, ``kind`` says whether that is all."""

    kind: FeeKind
    fen: int

    @property
    def whole(self) -> bool:
        """Nothing is to be paid beside the amount."""
        return self.kind in {FeeKind.NONE, FeeKind.AMOUNT}

    @property
    def yuan(self) -> str:
        """Return the amount in yuan; fen are told where there are any."""
        yuan, rest = divmod(self.fen, FEN)
        return f"{yuan}.{rest:02}" if rest else str(yuan)

    @property
    def key(self) -> str:
        """Return the key of the sentence among the translations; it takes ``yuan``."""
        return f"fee.{self._word}"

    @property
    def _word(self) -> str:
        return self.kind.value if self.whole or not self.fen else f"amount_{self.kind.value}"

    def told(self) -> str:
        """Return the sentence in Chinese."""
        return TOLD[self._word].format(yuan=self.yuan)


def fee(items: Iterable[Priced]) -> Fee:
    """Return what the items cost together; a fee that nobody knows makes the whole unknown."""
    every = tuple(items)
    kinds = {item.fee_kind for item in every}
    worst = (FeeKind.OPEN, FeeKind.PART, FeeKind.AMOUNT)
    kind = next((own for own in worst if own in kinds), FeeKind.NONE)
    return Fee(kind=kind, fen=sum(item.fee_fen for item in every))
