"""What a releaser may ask of gates: as persons write numbers, within bounds, told in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from fleet.console import gate_words
from fleet.rollouts.counts import Counts
from fleet.rollouts.gate import Facts, Limits, State, judge, may_fail
from fleet.rollouts.limits import BOUNDS, LimitRefused, changed, limits_of, written
from fleet.rollouts.standing import Tally


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


WIDEST = {own.name: f"{own.most:g}" for own in BOUNDS} | {"soak_s": "1", "heard_share": "10"}
"""What lets most pass: of failures the most that may be told, of the well the least."""


def _verdict(number: int, **tally: int) -> State:
    """Return what the widest gate says of a ring that was open long enough."""
    now = datetime.now(UTC)
    facts = Facts(
        number=number,
        opened=now - timedelta(minutes=2),
        tally=Tally(**tally),
        own=Counts(),
        others=Counts(),
    )
    return judge(facts, limits_of(WIDEST | {"well_share": "80"}), now).state


def test_no_limit_lets_a_failure_pass_in_the_first_ring() -> None:
    """The widest gate there is still holds there."""
    assert _verdict(0, well=999, ill=1) is State.BAD
    assert _verdict(0, well=1000) is State.GOOD


@pytest.mark.parametrize("how", ["rolled_back", "refused", "ill", "lost"])
@pytest.mark.parametrize(
    ("terminals", "most"), [(2, 1), (4, 1), (10, 1), (19, 1), (20, 2), (100, 10), (1000, 50)]
)
def test_no_limit_lets_a_release_pass_that_fails_on_many(
    terminals: int, most: int, how: str
) -> None:
    """At most one of a small ring, a tenth of a larger one, and never more than was asked for."""
    assert _verdict(1, well=terminals - most, **{how: most}) is State.GOOD
    assert _verdict(1, well=terminals - most - 1, **{how: most + 1}) is State.BAD
    assert _verdict(1, well=1, **{how: max(2, terminals - 1)}) is State.BAD


def test_who_is_absent_makes_no_failure_rare() -> None:
    """Of a hundred terminals twenty answer, and ten of them failed: that is half."""
    assert _verdict(1, well=10, rolled_back=10, absent=80) is State.BAD
    assert _verdict(1, well=18, rolled_back=2, absent=80) is State.GOOD
    assert _verdict(1, well=17, rolled_back=3, late=80) is State.BAD


def test_as_ever_one_may_fail_or_one_in_a_hundred() -> None:
    """What nobody changed is what it was, and a limit of none is none."""
    for terminals, most in ((4, 1), (199, 1), (1000, 10)):
        assert may_fail(1, Tally(well=terminals), Limits()) == most
    assert may_fail(1, Tally(well=10), limits_of({"failed_few": "0"})) == 0
