"""Bad input on the real stack: a true sentence, an audit event, nothing lost, a way on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.desk import Desk
from tests.waiting import until

pytestmark = pytest.mark.e2e


def _audited(desk: Desk, event: str, reason: str) -> bool:
    log = (desk.stack.state / "audit" / "audit.log").read_text().splitlines()
    return any(f'"e":"{event}"' in line and f'"reason":"{reason}"' in line for line in log)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("http://127.0.0.1\x1b@\x1dV", "control_bytes"),
        ("4" * 4090, "too_long"),
        ("https://example.org/p/L0020261122ABCDEF.0123456789abcdef", "foreign"),
        ("javascript:alert(1)", "foreign"),
    ],
)
def test_a_strange_code(desk: Desk, code: str, reason: str) -> None:
    """The page names what is wrong and lets the citizen scan again; nothing is opened."""
    desk.player.tap("begin")
    desk.player.reach("home")
    desk.player.tap("open_progress")
    desk.player.reach("progress_scan")
    desk.player.devices.do("scanner", show=code)

    def told() -> bool:
        seen = desk.player.link.look()
        notices = seen.facts.get("notices") if seen is not None else None
        return isinstance(notices, list) and f"progress_scan.trouble.{reason}" in notices

    until(told)
    seen = desk.player.reach("progress_scan")
    assert {"retry", "home"} & set(seen.targets)
    until(lambda: _audited(desk, "code_refused", reason))


@pytest.mark.parametrize(
    ("fault", "times"), [("checksum", 2), ("truncated", 2), ("foreign", 2), ("garbage", 1)]
)
def test_a_broken_card_frame(desk: Desk, fault: str, times: int) -> None:
    """A damaged frame is asked again; what stays broken is told, and another try works."""
    desk.play_until("card")
    until(lambda: (s := desk.player.link.look()) is not None and s.facts.get("armed"))
    desk.player.devices.do("id-reader", fail_during=fault, times=times)
    tries = 0
    while not _read_within(desk, 6.0):
        tries += 1
        assert tries < 5, "the card was never read"
        desk.player.devices.do("id-reader", fault=None)
        desk.player.devices.do("id-reader", lift=True)
        until(lambda: _waits_for_a_card(desk))
    desk.player.reach("consent")


def _read_within(desk: Desk, seconds: float) -> bool:
    """Put the card down; say whether the next page came."""
    desk.player.devices.do("id-reader", put="chen-xiaoyun")
    try:
        return until(
            lambda: (s := desk.player.link.look()) is not None and s.page == "consent",
            timeout=seconds,
        )
    except AssertionError:
        return False


def _waits_for_a_card(desk: Desk) -> bool:
    """Touch 再试一次 where it is offered; say whether a card can be put."""
    seen = desk.player.link.look()
    if seen is not None and "retry" in seen.targets:
        desk.player.screen.tap(*seen.targets["retry"].middle)
    return seen is not None and bool(seen.facts.get("armed"))


def test_a_full_disk_refuses_and_says_so(tmp_path: Path) -> None:
    """No room left: the review page says so, nothing is stored, nothing is claimed."""
    layer = tmp_path / "full.yaml"
    layer.write_text("outbox: {min_free_bytes: 1000000000000000}\n")
    with Desk(settings=[layer]) as desk:
        desk.play_until("review")
        desk.player.tap("submit")

        def told() -> bool:
            seen = desk.player.link.look()
            return seen is not None and seen.page == "review" and bool(seen.facts.get("notices"))

        until(told)
        assert sum(desk.stored().values()) == 0
        assert not desk.arrived()
