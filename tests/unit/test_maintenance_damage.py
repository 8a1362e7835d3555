"""Files of maintenance mode that cannot be read: what the commands and the glance say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.maintenance.damage import CHECKED, damaged
from kiosk.maintenance.facts import Examined, Found, Looked
from kiosk.maintenance.intents import Said
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.staff import Role
from tests.unit.test_maintenance_course import Stay


def test_a_damaged_list_has_a_next_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What to do is said, not only what the parser met."""
    Keeping(tmp_path).make()
    (Keeping(tmp_path).folder / "staff.json").write_text("{")
    assert main(["staff", "--state", str(tmp_path), "list"]) == 1
    assert "kiosk staff add" in capsys.readouterr().err


@pytest.mark.parametrize("name", CHECKED)
def test_a_damaged_file_is_a_task_on_the_glance(tmp_path: Path, name: str) -> None:
    """The doctor finds it; whoever comes in reads what is lost and what to do."""
    keeping = Keeping(tmp_path)
    keeping.make()
    (keeping.folder / f"{name}.json").write_text("{")
    assert list(damaged(tmp_path)) == [name]
    stay = Stay().signed_in(Role.ENGINEER)
    found = Found(check="upkeep", case=name, verdict="attention", values={"file": name})
    stay.say(Said.EXAMINED, Examined(findings=(found,)))
    assert f"upkeep.{name}" in [one.key for one in stay.view().tasks]


def test_what_happened_while_nobody_was_there_is_a_task() -> None:
    """A card that looked copied is gone; the next one who comes in reads of it."""
    stay = Stay().signed_in(Role.CLERK)
    stay.say(Said.LOOKED, Looked(stands=("staff_card.copied", "no.fault")))
    assert "staff_card.copied" in [one.key for one in stay.view().tasks]
