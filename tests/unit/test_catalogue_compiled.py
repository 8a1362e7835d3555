"""The compiled catalogue: the same as from the files, never of other files, and a last good one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.catalogue import compiled, files
from kiosk.catalogue.faults import CatalogueError

CONFIG = Path(__file__).parents[2] / "config"
CODE = "410700"
THING = "catalogue/things/newborn.yaml"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the configuration that a test may spoil."""
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where compiled catalogues are kept."""
    return tmp_path / "state" / "catalogue"


def changed(config: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a thing's file."""
    path = config / THING
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_it_is_that_of_the_files(config: Path, folder: Path) -> None:
    """Compiled or read, a catalogue is the same in every part."""
    first = compiled.load(config, CODE, folder)
    again = compiled.load(config, CODE, folder)
    assert first.catalogue == again.catalogue == files.load(config, CODE)
    assert first.wrong is again.wrong is None


def test_where_nothing_can_be_kept_it_is_read(config: Path, folder: Path) -> None:
    """A full or read-only disk costs time, and no page."""
    folder.parent.write_text("a file where the folder would be")
    assert compiled.load(config, CODE, folder).catalogue == files.load(config, CODE)


def test_the_second_time_nothing_is_read_as_yaml(
    config: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is compiled is there without the files being understood anew."""
    compiled.load(config, CODE, folder)

    def unread(*_: object) -> None:
        raise AssertionError("the files are read")

    monkeypatch.setattr(compiled, "read_sources", unread)
    assert compiled.load(config, CODE, folder).catalogue.thing("newborn").name == "新生儿出生"


def test_a_changed_word_is_seen(config: Path, folder: Path) -> None:
    """The compiled file of other files is never taken, and it goes."""
    before = compiled.load(config, CODE, folder).catalogue.version
    changed(config, "intro: 孩子出生后的七件事", "intro: 孩子出生后要办的七件事")
    after = compiled.load(config, CODE, folder).catalogue
    assert after.version != before
    assert after.thing("newborn").intro.startswith("孩子出生后要办的")
    assert len(list(folder.glob(f"{CODE}-*.json"))) == 1


def test_spoilt_files_stop_nobody(config: Path, folder: Path) -> None:
    """The last good catalogue serves on, and what is wrong is told with file and line."""
    good = compiled.load(config, CODE, folder).catalogue
    changed(config, "limit_days: 1", "limit_day: 1")
    loaded = compiled.load(config, CODE, folder)
    assert loaded.catalogue == good
    assert loaded.wrong is not None
    assert loaded.wrong.file == config / THING
    assert "limit_days" in loaded.wrong.problem


def test_without_a_good_one_the_error_is_told(config: Path, folder: Path) -> None:
    """A new machine with spoilt files says so."""
    changed(config, "limit_days: 1", "limit_day: 1")
    with pytest.raises(CatalogueError, match="limit_days"):
        compiled.load(config, CODE, folder)


@pytest.mark.parametrize("spoilt", ["", "{", '{"version": "1"}', "\0" * 100])
def test_a_spoilt_compiled_file_is_made_anew(config: Path, folder: Path, spoilt: str) -> None:
    """A file cut by a power failure costs time, and nothing else."""
    good = compiled.load(config, CODE, folder).catalogue
    (kept,) = folder.glob(f"{CODE}-*.json")
    kept.write_text(spoilt, encoding="utf-8")
    assert compiled.load(config, CODE, folder).catalogue == good
    assert kept.stat().st_size > len(spoilt)
