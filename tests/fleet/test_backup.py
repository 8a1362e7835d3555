"""The console in one file: the same after it, on either database; a broken one changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from fleet import journal
from fleet.backup import make, restore
from fleet.cli import main
from fleet.errors import FleetError
from fleet.orders import command_key
from fleet.store import open_store
from fleet.store.model import Alarm, Base, Terminal
from fleet.terminals import days
from tests.fleet.test_bus import state as reported
from tests.fleet_databases import engine, enrolled, postgres_url, url

__all__ = ["engine", "postgres_url", "url"]


@pytest.fixture
def kept(engine: Engine, tmp_path: Path) -> Path:
    """A backup of a console with something in most kinds of columns."""
    enrolled(engine, "T-0001", "T-0002")
    state, repository = tmp_path / "state", tmp_path / "repository"
    command_key(state)
    (state / "files").mkdir()
    (state / "files" / "picture.jpg").write_bytes(b"sent")
    (repository / "published" / "7").mkdir(parents=True)
    (repository / "published" / "7" / "1.root.json").write_text("{}")
    (repository / "public").symlink_to("published/7")
    (repository / "previews" / "1").mkdir(parents=True)
    (repository / "previews" / "1" / "attract.png").write_bytes(b"painted")
    with engine.begin() as connection:
        days.keep(connection, [reported("T-0001")])
        fault = {"terminal": "T-0002", "fault": "receipt_printer.out", "level": 2}
        connection.execute(insert(Alarm).values(**fault, began_at=datetime.now(UTC)))
        journal.append(connection, "1001", "signed_in", "1001")
    make(engine, state, repository, tmp_path / "kept.tar.gz")
    return tmp_path / "kept.tar.gz"


def _everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }


def _empty(place: Path) -> Engine:
    return open_store(f"sqlite:///{place}/other.db").execution_options(writes=True)


def test_what_is_restored_is_what_there_was(engine: Engine, kept: Path, tmp_path: Path) -> None:
    """Into SQLite from either; the command key too, and not what terminals sent."""
    other, place = _empty(tmp_path), tmp_path / "back"
    restore(other, place, tmp_path / "releases", kept)
    assert _everything(other) == _everything(engine)
    assert journal.verify(other) == journal.verify(engine)
    same = command_key(place).public_key() == command_key(tmp_path / "state").public_key()
    assert same
    assert sorted(one.name for one in place.rglob("*")) == ["command.pem"]
    assert (tmp_path / "releases" / "public" / "1.root.json").read_text() == "{}"
    assert not (tmp_path / "releases" / "previews").exists(), "they can be painted again"
    assert (tmp_path / "releases" / "public").readlink() == Path("published/7")
    assert kept.stat().st_mode & 0o777 == 0o600
    other.dispose()


def test_numbers_go_on_after_a_restore(engine: Engine, kept: Path, tmp_path: Path) -> None:
    """A new alarm is a new row, on PostgreSQL as well."""
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    restore(engine, tmp_path / "back", None, kept)
    with engine.begin() as connection:
        fault = {"terminal": "T-0001", "fault": "disk.low", "level": 1}
        connection.execute(insert(Alarm).values(**fault, began_at=datetime.now(UTC)))
        assert len(connection.execute(select(Alarm)).all()) == 2


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def _other(_data: bytes) -> bytes:
    return b"no backup"


@pytest.mark.parametrize("damage", [_cut, _flipped, _other])
def test_a_broken_backup_changes_nothing(
    kept: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    """Not a row, not a file."""
    kept.write_bytes(damage(kept.read_bytes()))
    other = _empty(tmp_path)
    with pytest.raises(FleetError, match="take another one"):
        restore(other, tmp_path / "back", None, kept)
    assert not (tmp_path / "back").exists()
    new = f"sqlite:///{tmp_path}/new.db"
    assert main(["restore", str(kept), "--db", new, "--state", str(tmp_path / "back")]) == 1
    assert not (tmp_path / "new.db").exists()
    with other.connect() as connection:
        assert not connection.execute(select(Terminal)).all()
    other.dispose()


def test_nothing_is_overwritten(
    engine: Engine, kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a database that is used, nor a state, nor an older backup."""
    with pytest.raises(FleetError, match="not empty"):
        restore(engine, tmp_path / "back", None, kept)
    with pytest.raises(FleetError, match="not empty"):
        restore(_empty(tmp_path), tmp_path / "state", None, kept)
    with pytest.raises(FleetError, match="another file"):
        make(engine, tmp_path / "state", None, kept)
    nowhere = tmp_path / "nowhere.db"
    mistyped = ["backup", str(tmp_path / "new.gz"), "--db", f"sqlite:///{nowhere}"]
    assert main([*mistyped, "--state", str(tmp_path / "state")]) == 1
    assert not nowhere.exists()
    assert "there is no database" in capsys.readouterr().err
    _empty(tmp_path).dispose()
    words = ["backup", str(kept), "--db", f"sqlite:///{tmp_path}/other.db"]
    assert main([*words, "--state", str(tmp_path / "state")]) == 1
    assert "name another file" in capsys.readouterr().err
