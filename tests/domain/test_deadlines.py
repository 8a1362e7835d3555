"""When items that need one another are due, once their clocks run."""

from __future__ import annotations

from kiosk.domain.calendar import Clock, Workdays
from kiosk.domain.deadlines import Run, deadlines
from tests.legal_time import china

THURSDAY = china("2026-11-26 10:00")
CLOCK = Clock(started=THURSDAY)
MAKER = Run(code="maker", days=3, clock=CLOCK)
USER = Run(code="user", days=1, needs=frozenset({"maker"}), clock=CLOCK)


def due(*runs: Run) -> dict[str, str]:
    """Return the due days in legal time; empty where nobody can say."""
    found = deadlines(runs, Workdays())
    return {code: f"{day:%m-%d}" if day else "" for code, day in found.items()}


def test_a_chain_is_promised_together() -> None:
    """Reviewed side by side, the second is done with the first; one that waits begins then."""
    assert due(USER, MAKER) == {"user": "12-01", "maker": "12-01"}
    waiting = Run(code="user", days=1, waits=True, needs=frozenset({"maker"}), clock=CLOCK)
    assert due(waiting, MAKER)["user"] == "12-02"
    longer = Run(code="user", days=5, needs=frozenset({"maker"}), clock=CLOCK)
    assert due(longer, MAKER)["user"] == "12-03"


def test_nobody_can_say_before_the_first_can() -> None:
    """While the first is not accepted, or awaits a supplement, the second has no day."""
    assert due(USER, Run(code="maker", days=3)) == {"user": "", "maker": ""}
    standing = Clock(started=THURSDAY, stopped=((china("2026-11-27 10:00"), None),))
    assert due(USER, Run(code="maker", days=3, clock=standing))["user"] == ""
    assert due(USER, Run(code="other", days=3)) == {"user": "11-27", "other": ""}


def test_the_citizens_time_moves_a_day_and_an_offices_delay_does_not() -> None:
    """A supplement of the first moves both; its late decision moves nobody, an early one helps."""
    gave = Clock(
        started=THURSDAY, stopped=((china("2026-11-27 09:00"), china("2026-12-01 09:00")),)
    )
    assert due(USER, Run(code="maker", days=3, clock=gave))["user"] == "12-04"
    waiting = Run(code="user", days=1, waits=True, needs=frozenset({"maker"}), clock=CLOCK)
    for decided, then in (("2026-12-09 10:00", "12-02"), ("2026-11-27 10:00", "11-30")):
        ended = Run(code="maker", days=3, clock=CLOCK, ended=china(decided))
        assert due(waiting, ended)["user"] == then
    checked = Run(code="maker", days=0, ended=china("2026-11-28 10:00"))
    assert due(USER, checked)["user"] == "11-30"


def test_a_circle_ends() -> None:
    """Items that need one another are refused in a catalogue; here they end all the same."""
    one = Run(code="one", days=2, needs=frozenset({"two"}), clock=CLOCK)
    two = Run(code="two", days=4, needs=frozenset({"one"}), clock=CLOCK)
    assert due(one, two) == {"one": "12-02", "two": "12-02"}
