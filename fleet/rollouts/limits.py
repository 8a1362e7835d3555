"""What a releaser may ask of the gates of one rollout, and within which bounds.

Numbers are told as persons write them: minutes, hours, days, terminals, per cent. What is not told
is as ever. The bounds keep a gate a gate, and what no bound of one number can keep the gate keeps
itself (`fleet.rollouts.gate.may_fail`): in the first ring no failure is let pass, and later
never more than one, or a tenth of those who answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fleet.errors import FleetError
from fleet.rollouts.gate import Limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """One limit as a person tells it.

    Attributes:
        name: field of `Limits`.
        least, most: that may be told.
        factor: what is told, times this, is the field's value.
        whole: only whole numbers.
    """

    name: str
    least: float
    most: float
    factor: float
    whole: bool = False

    def told(self, limits: Limits) -> str:
        """Return a limit as a person tells it."""
        return f"{round(getattr(limits, self.name) / self.factor, 4):g}"

    def value(self, told: str) -> float:
        """Return the field's value; raises `LimitRefused`."""
        try:
            number = float(told)
        except ValueError:
            raise LimitRefused(self, told) from None
        if not self.least <= number <= self.most or (self.whole and number != int(number)):
            raise LimitRefused(self, told)
        value = number * self.factor
        return round(value) if self.whole or self.name.endswith("_s") else round(value, 6)


BOUNDS: Final[Sequence[Bound]] = (
    Bound(name="soak_s", least=1, most=10_080, factor=60, whole=True),
    Bound(name="failed_few", least=0, most=10, factor=1, whole=True),
    Bound(name="failed_share", least=0, most=5, factor=0.01),
    Bound(name="well_share", least=80, most=100, factor=0.01),
    Bound(name="heard_share", least=10, most=100, factor=0.01),
    Bound(name="crash_margin", least=0, most=5, factor=0.01),
    Bound(name="done_margin", least=0, most=10, factor=0.01),
    Bound(name="late_s", least=0.5, most=48, factor=3600),
    Bound(name="longest_s", least=1, most=14, factor=86_400),
)
"""In the order in which persons are asked."""
_BY_NAME: Final = {own.name: own for own in BOUNDS}


class LimitRefused(FleetError):
    """A limit is no number, or out of bounds; who begins the rollout tells another.

    ``shorter`` instead: it is to be watched for longer than is waited at all.
    """

    def __init__(self, bound: Bound, told: str, *, shorter: bool = False) -> None:
        """Keep which and what."""
        super().__init__(f"{bound.name}={told}: from {bound.least:g} to {bound.most:g}")
        self.bound = bound
        self.told = told
        self.shorter = shorter


def limits_of(told: Mapping[str, str]) -> Limits:
    """Return the limits that somebody told, by name; what is missing or empty is as ever.

    Raises:
        LimitRefused: one is out of its bounds.
    """
    given = {own: told.get(own.name, "").strip() for own in BOUNDS}
    values = {own.name: own.value(text) for own, text in given.items() if text}
    limits = Limits(**values)  # type: ignore[arg-type]  # whole ones are whole
    if limits.longest_s < limits.soak_s:
        longest = _BY_NAME["longest_s"]
        raise LimitRefused(longest, longest.told(limits), shorter=True)
    return limits


def changed(limits: Limits) -> Sequence[Bound]:
    """Return which limits are not as ever."""
    usual = Limits()
    return [own for own in BOUNDS if getattr(limits, own.name) != getattr(usual, own.name)]


def written(limits: Limits) -> str:
    """Return the changed ones for the journal: ``failed_few=2 soak_s=90``, as they were told."""
    return " ".join(f"{own.name}={own.told(limits)}" for own in changed(limits))
