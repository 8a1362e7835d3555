"""Every script of a visit is played headless, and every word it shows has a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.journey.rehearsal import Rehearsal
from kiosk.journey.script import ScriptError, load
from tests.journeys.stage import SCRIPTS, context, world


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_script_plays(path: Path) -> None:
    """The visit goes the way the script says, and ends the way it says."""
    script = load(path)
    assert script.name == path.stem
    Rehearsal(script, world(), context).run()


def test_faults_are_named_with_their_line(tmp_path: Path) -> None:
    """A wrong target, an unknown key and a page that does not exist name file and line."""
    path = tmp_path / "bad.yaml"
    path.write_text(
        "name: bad\nabout: x\nsteps:\n"
        "  - {page: attract, tap: begn}\n"
        "  - {page: home, tapp: begin}\n"
        "  - {page: nowhere}\n"
        "  - {page: home, tap: help, put_card: x}\n"
    )
    with pytest.raises(ScriptError) as caught:
        load(path)
    lines = [fault.line for fault in caught.value.faults]
    assert lines == [4, 5, 6, 7]
    assert str(caught.value).startswith(f"{path}:4")
