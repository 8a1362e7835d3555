"""What the doctor says of releases, each with its words in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.doctor.finding import Verdict
from kiosk.doctor.releases import release
from kiosk.release.errors import Unusable
from kiosk.release.telling import keep_look
from kiosk.settings import Settings, config_root, load
from kiosk.translation import Translator
from tests.releases.conftest import Terminal
from tests.releases.repositories import Fleet


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A terminal that is told where releases are."""
    path = tmp_path / "own.yaml"
    path.write_text("release: {url: 'https://a.invalid/'}\n")
    return load([config_root() / "terminals" / "desk.yaml", path])


def test_each_case_has_its_words(
    settings: Settings, fleet: Fleet, terminal: Terminal, tmp_path: Path
) -> None:
    """Of installation, well, refused, stale, not believed, and without anything to believe by."""
    root, enrolled = tmp_path / "root.json", tmp_path / "enrolled.json"

    def told(folder: Path) -> tuple[str, Verdict]:
        found = release(settings, folder, root, enrolled, tmp_path / "door")
        for words in (Translator("zh"), Translator("en")):
            assert found.told(words)
            assert bool(found.fix(words)) is (found.verdict is not Verdict.OK)
        return found.case, found.verdict

    assert told(tmp_path) == ("no_root", Verdict.ATTENTION)
    enrolled.write_bytes(fleet.root)
    assert told(terminal.folder) == ("ok", Verdict.OK)
    (tmp_path / "door").mkdir()
    assert told(terminal.folder) == ("no_software_root", Verdict.ATTENTION)
    root.write_bytes(fleet.root)
    assert told(tmp_path / "none") == ("own", Verdict.OK)
    assert told(terminal.folder) == ("ok", Verdict.OK)
    for code in ("stale", "untrusted", "no_room"):
        keep_look(terminal.folder, f"release.{code}")
        assert told(terminal.folder) == (code, Verdict.ATTENTION)
    keep_look(terminal.folder, "release.unreachable")
    assert told(terminal.folder) == ("ok", Verdict.OK)
    fleet.release("2")
    terminal.refuses = Unusable
    terminal.update_from(fleet.repository.public)
    assert told(terminal.folder) == ("refused", Verdict.ATTENTION)
