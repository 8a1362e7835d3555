"""Painting for the console goes on, whatever one release does to it."""

from __future__ import annotations

import io
import os
import tarfile
import threading
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from fleet.console.painter import Job, Painter
from fleet.errors import CannotPaint
from fleet.release import painting, previewing
from fleet.release.holding import Part
from fleet.release.painting import Target
from fleet.release.repository import Repository
from kiosk.desk import display
from tests.waiting import until

TARGET = Target(site="hall", jurisdiction="410700")


def part(folder: Path, digest: str, told: bytes) -> Part:
    """Lay down a pack that says this of itself."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in (("release.json", told), ("config/defaults.yaml", b"{}\n")):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    path = folder / digest[:8]
    path.write_bytes(zstd.compress(buffer.getvalue()))
    signed: dict[str, Any] = {"signed_by": (), "missing": 1, "expires": "2027-01-01"}
    own: dict[str, Any] = {"version": 1, "size": path.stat().st_size, "digest": digest}
    return Part(release="r", group="canary", pack=path, **own, **signed)


def failed(painter: Painter, digest: str) -> Job:
    """Wait until a job failed."""
    return until(lambda: next((j for j in painter.jobs(digest) if j.step == "failed"), None))


@pytest.fixture
def painter() -> Painter:
    """A painter with nothing to do."""
    return Painter()


def test_an_odd_release_does_not_end_painting(painter: Painter, tmp_path: Path) -> None:
    """One whose own words are nested beyond reason; the next is taken as if nothing had been."""
    repository = Repository(tmp_path / "repository")
    deep = part(tmp_path, "a" * 64, b"[" * 200_000)
    assert painter.ask(repository, deep, TARGET)
    assert "release.json is missing or wrong" in failed(painter, "a" * 64).problem
    assert painter.ask(repository, part(tmp_path, "b" * 64, b"{}"), TARGET)
    assert failed(painter, "b" * 64)
    assert painter.ask(repository, deep, TARGET), "it may be asked for again"
    assert failed(painter, "a" * 64)


def test_a_fault_of_our_own_is_told_and_painting_goes_on(
    painter: Painter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever nobody foresaw: each job is told to have failed, none waits for ever."""
    repository = Repository(tmp_path / "repository")

    def broken(*_: object) -> None:
        raise KeyError("pages")

    monkeypatch.setattr(previewing, "keep", broken)
    good = b'{"name": "n", "group": "canary", "built": "b", "format": 1}'
    digests = [letter * 64 for letter in "abc"]
    for digest in digests:
        assert painter.ask(repository, part(tmp_path, digest, good), TARGET)
    for digest in digests:
        assert "程序出错了（KeyError）" in failed(painter, digest).problem


def test_a_machine_without_threads_says_so(
    painter: Painter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And paints when it has one again."""

    def none(_: object) -> None:
        raise RuntimeError("can't start new thread")

    repository, own = Repository(tmp_path / "repository"), part(tmp_path, "a" * 64, b"{}")
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", none)
        assert painter.ask(repository, own, TARGET)
    assert "RuntimeError" in failed(painter, "a" * 64).problem
    assert painter.ask(repository, own, TARGET)
    until(lambda: "release.json is missing or wrong" in failed(painter, "a" * 64).problem)


def test_what_a_painter_says_is_read_whatever_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that complains in another charset."""
    program = tmp_path / "painter"
    program.write_bytes(b"#!/bin/sh\nprintf '\\377\\376 no GL\\n' >&2\nexit 9\n")
    program.chmod(0o755)
    monkeypatch.setattr(painting, "_display", lambda: (str(program),))
    with pytest.raises(CannotPaint, match="no GL"):
        painting.paint(painting.Draft(config=tmp_path, name="n"), None, TARGET, tmp_path / "into")


def test_painting_ends_though_the_screen_never_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An Xvfb that starts and names no display; nothing of it is left."""
    number = tmp_path / "number"
    program = tmp_path / "Xvfb"
    program.write_text(
        f"#!/bin/sh\necho $$ > {number}.part\nmv {number}.part {number}\nexec sleep 300\n"
    )
    program.chmod(0o755)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(painting, "WITHIN_S", 0)
    monkeypatch.setattr(painting, "GRACE_S", 2)
    draft = painting.Draft(config=tmp_path, name="n")
    with pytest.raises(CannotPaint, match="not painted within"):
        painting.paint(draft, None, TARGET, tmp_path / "into")
    assert not Path(f"/proc/{number.read_text().strip()}").exists()
    monkeypatch.setattr(display, "START_S", 0.2)
    with pytest.raises(display.NoScreen, match="named no display"):
        display.start_virtual_screen(64, 64)
    assert not Path(f"/proc/{number.read_text().strip()}").exists()
