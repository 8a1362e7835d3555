"""What the nightly look leaves: the document of the night before stands until the next is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.agent.sights import NIGHTLY, _of_night
from kiosk.cli import main
from kiosk.doctor import examination
from kiosk.doctor.finding import Finding, attention, broken
from kiosk.maintenance.faults import Condition

UNIT = Path(__file__).parents[2] / "systemd" / "kiosk-doctor.service"
OPEN = broken("keys", "open", file="terminal.pem")


def _look(into: Path, monkeypatch: pytest.MonkeyPatch, found: Iterator[Finding]) -> int:
    """Run the command over a machine of which this is found."""
    monkeypatch.setattr(examination, "examine", lambda _place: found)
    return main(["doctor", "--state", str(into.parent), "--json", "--into", str(into)])


def test_a_fault_of_the_night_stands_while_it_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is broken every night begins once: no alarm is over because somebody looks."""
    into, during = tmp_path / "last.json", list[list[Condition]]()

    def looking() -> Iterator[Finding]:
        during.append(list(_of_night(into)))
        yield OPEN

    for _ in range(2):
        assert _look(into, monkeypatch, looking()) == 2
    assert during[0] == []
    assert during[1] == list(_of_night(into)) != []
    assert [one.name for one in tmp_path.iterdir()] == ["last.json"]


def test_a_look_that_dies_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a look says nothing of what it did not come to."""
    into = tmp_path / "last.json"
    _look(into, monkeypatch, iter([OPEN]))
    before = into.read_bytes()

    def dying() -> Iterator[Finding]:
        yield attention("disk", "low", free=1, needed=2)
        raise MemoryError

    with pytest.raises(MemoryError):
        _look(into, monkeypatch, dying())
    assert into.read_bytes() == before


def test_a_look_that_cannot_be_kept_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No directory, no room: the unit fails by a status of its own, and the document is told."""
    status = _look(tmp_path / "none" / "last.json", monkeypatch, iter([OPEN]))
    said = capsys.readouterr()
    assert status == 3
    assert "last.json" in said.err
    assert json.loads(said.out)["findings"][0]["check"] == "keys"


def test_the_unit_leaves_it_where_the_agent_looks() -> None:
    """By the command, never by systemd, which empties a file before it begins."""
    text = UNIT.read_text()
    assert f"--into /var/lib/yiduan/{NIGHTLY}\n" in text
    assert f"StateDirectory=yiduan/{NIGHTLY.parent}\n" in text
    assert "StandardOutput=" not in text
