"""What a releaser may ask of gates: as persons write numbers, within bounds, told in words."""

from __future__ import annotations

import re

import pytest

from fleet.console import gate_words
from fleet.rollouts.gate import Limits, may_fail
from fleet.rollouts.limits import BOUNDS, LimitRefused, changed, limits_of, written


def test_nothing_told_is_as_ever() -> None:
    """And what a form shows at first, sent back as it is, changes nothing."""
    assert limits_of({}) == Limits()
    shown = {own.name: own.number for own in gate_words.lines(Limits())}
    assert limits_of(shown) == Limits()
    assert changed(Limits()) == []
    assert written(Limits()) == ""


def test_what_is_told_is_taken_written_and_read_again() -> None:
    """In per cent, minutes, hours and days."""
    told = {"soak_s": "90", "failed_share": "2.5", "well_share": "99", "late_s": "0.5"}
    limits = limits_of(told)
    assert limits == Limits(soak_s=5400, failed_share=0.025, well_share=0.99, late_s=1800)
    assert written(limits) == "soak_s=90 failed_share=2.5 well_share=99 late_s=0.5"
    words = gate_words.told_limits(written(limits))
    assert words.startswith("每圈至少观察多久：90 分钟；")
    assert [own.is_changed for own in gate_words.lines(limits)].count(True) == 4


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda own: own.name)
def test_no_limit_leaves_its_bounds(bound: object) -> None:
    """Both ends may be told and nothing beyond; the page says what is right."""
    own = next(one for one in BOUNDS if one is bound)
    week = {"longest_s": "14"}
    for right in (own.least, own.most):
        limits_of({**week, own.name: f"{right:g}"})
    for wrong in (f"{own.least - 1:g}", f"{own.most + 1:g}", "x", "nan", "inf", "-inf", "1e999"):
        with pytest.raises(LimitRefused) as refused:
            limits_of({**week, own.name: wrong})
        words = gate_words.refused_limit(refused.value)
        assert re.search(rf"“{wrong}”。要写 {own.least:g} 到 {own.most:g} 的", words)


def test_who_watches_for_a_week_has_to_wait_for_as_long() -> None:
    """Else every ring would be overdue before it can be good."""
    with pytest.raises(LimitRefused) as refused:
        limits_of({"soak_s": "10080"})
    assert "短" in gate_words.refused_limit(refused.value)


def test_no_limit_lets_a_failure_pass_in_the_first_ring() -> None:
    """The widest gate there is still holds there."""
    widest = limits_of({"failed_few": "10", "failed_share": "5"})
    assert (may_fail(0, 1000, widest), may_fail(1, 1000, widest)) == (0, 50)
