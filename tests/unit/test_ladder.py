"""The end of the ladder: words on the screen, a bounded number of restarts, never given up."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageChops

from kiosk.cli import main
from kiosk.desk.display import start_virtual_screen
from kiosk.doctor.ladder import MOST_REBOOTS, TRY_AGAIN, alone, keep, next_rung, read
from kiosk.play.screen import Screen
from screens.ground import paint

NOW = 1_800_000_000.0


def test_the_machine_restarts_a_few_times_then_services_are_tried_again() -> None:
    """Each restart is remembered; when they don't help, the terminal waits and tries on."""
    reboots: tuple[float, ...] = ()
    for number in range(MOST_REBOOTS):
        rung = next_rung(reboots, NOW + 300 * number)
        assert rung.then == (("systemctl", "reboot"),)
        assert rung.pause > 0
        reboots = rung.reboots
    rung = next_rung(reboots, NOW + 1500)
    assert rung.then == TRY_AGAIN
    assert rung.reboots == reboots


def test_first_nobody_can_begin_and_the_screen_says_so() -> None:
    """Whatever follows, the shell is stopped and the words are painted."""
    for before in ((), (NOW,) * MOST_REBOOTS):
        stop, say = next_rung(before, NOW).at_once
        assert stop == ("systemctl", "stop", "kiosk-shell")
        assert "ground" in say


def test_old_restarts_are_forgotten_and_a_clock_set_back_is_not_trusted() -> None:
    """An hour later the ladder begins anew; times in the near future count."""
    assert next_rung((NOW - 7200,) * 9, NOW).then == (("systemctl", "reboot"),)
    assert next_rung((NOW + 60,) * MOST_REBOOTS, NOW).then == TRY_AGAIN


def test_restarts_are_remembered(tmp_path: Path) -> None:
    """Across starts of the machine; a damaged file lets the machine restart no more."""
    assert read(tmp_path, NOW) == ()
    keep(tmp_path, (NOW,))
    assert read(tmp_path, NOW) == (NOW,)
    for damaged in ("{", "", "5", '["?"]'):
        (tmp_path / "reboots.json").write_text(damaged)
        assert next_rung(read(tmp_path, NOW), NOW).then == TRY_AGAIN


def test_of_two_ladders_at_once_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Services fall together: the restart counts once, and the second ends before any command."""
    monkeypatch.setenv("PATH", "")
    with alone(tmp_path) as first:
        assert first
        assert main(["ladder", "kiosk-shell.service", "--state", str(tmp_path)]) == 0
    assert "another one" in capsys.readouterr().err
    assert read(tmp_path, NOW) == ()
    with alone(tmp_path) as again:
        assert again


def test_what_would_be_done_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The dry run changes nothing."""
    assert main(["ladder", "kiosk-agent.service", "--state", str(tmp_path), "--dry-run"]) == 0
    assert "systemctl reboot" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)])
def test_words_are_seen_where_no_window_is(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The X server keeps them when the painting process is gone; both pages fit the screen."""
    screen = start_virtual_screen(*size)
    try:
        monkeypatch.setenv("DISPLAY", screen.name)
        look = Screen(screen.name)  # a server without any client begins anew; xinit is one
        for says in ("starting", "out"):
            assert main(["ground", says]) == 0
            difference = ImageChops.difference(
                look.picture(), paint(says, size, (("咨询电话 12345",),))
            )
            assert difference.getbbox() is None
        look.close()
    finally:
        screen.stop()
