"""What a terminal shows under a draft, painted for real beside what went before."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from PIL import Image

from fleet.cli import main
from fleet.release import building, holding, pictures
from fleet.release.repository import Repository
from tests.releases.conftest import fleet, fleets, place
from tests.releases.repositories import GROUP, Fleet, configuration

__all__ = ["fleet", "fleets", "place"]
CONFIG = Path(__file__).resolve().parent.parent.parent / "config"
OWN = """\
jurisdiction: "411523"
terminal: {id: 411523-0001, name: 一号机}
intake: {api_url: "https://stand-in.invalid", public_url: "https://stand-in.invalid"}
display: {width: 600, height: 1066, px_per_mm: 2.24}
"""

MADE = pictures.Preview(
    digest="1" * 64,
    release="one",
    group=GROUP,
    before="",
    trouble="",
    site="hall",
    jurisdiction="410700",
    name="新乡市",
    place="大厅",
    own=False,
    width=600,
    height=1066,
    at="2026-11-28T10:00+08:00",
    made_at="2026-11-28T02:00:00+00:00",
    pages=(),
)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The configuration that ships."""
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path / "config"


def _say(sources: Path, key: str) -> None:
    """Let every hall say something more."""
    hall = sources / "sites" / "hall.yaml"
    hall.write_text(f"{hall.read_text()}{key}\n")


def test_a_draft_that_greets_otherwise_changes_that_page_alone(
    fleet: Fleet, sources: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one in force and the staged one, for one terminal; what was painted stays beside it."""
    repository, own = fleet.repository, place / "terminal.yaml"
    own.write_text(OWN)
    _say(sources, "idle: {greeting: 新春办事不打烊}")
    building.build(repository, sources, GROUP, name="spring", now=fleet.now)
    asked = ["release", "preview", GROUP, "--repository", str(repository.path)]
    assert main([*asked, "--before", str(CONFIG), "--settings", str(own)]) == 0
    assert "1 changed" in capsys.readouterr().out
    (part,) = holding.staged_parts(repository)
    (kept,) = pictures.kept(repository, part.digest)
    assert [page.key for page in kept.preview.having("changed")] == ["attract"]
    assert kept.preview.having("alone", "new", "gone") == ()
    assert {page.kind for page in kept.preview.having("same")} == {"home", "help", "guide", "out"}
    assert (kept.preview.release, kept.preview.before) == ("spring", str(CONFIG))
    assert kept.preview.own
    for page in kept.preview.pages:
        for side in ("before", "after"):
            path = kept.picture(side, page.key, small=False)
            assert (path is not None) == (side in page.sides)
            if path is not None:
                with Image.open(path) as picture:
                    assert picture.size == (600, 1066)
    files = {path.stem.removesuffix("-small") for path in (kept.folder / "before").iterdir()}
    assert files == {"attract"}
    page = (kept.folder / "index.html").read_text()
    assert f"和 {CONFIG} 比：有变化 1 页，没有变化" in page
    assert 'src="before/attract-small.png" alt="没人时的首页，改前"' in page
    assert "新县 · 政务大厅" in page


def test_a_wrong_draft_is_told_by_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is painted of it."""
    sources = configuration(tmp_path / "config", "1")
    _say(sources, "timeouts: {idle: 5}")
    out = tmp_path / "out"
    assert main(["release", "preview", str(sources), "--out", str(out), "--site", "hall"]) == 1
    assert re.search(r"hall\.yaml:\d+: timeouts\.idle", capsys.readouterr().err)
    assert not list(out.rglob("*.png"))


def test_what_cannot_be_painted_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine without a display; a place that is none; nowhere to put pictures."""
    preview = ["release", "preview", str(configuration(tmp_path / "config", "1"))]
    out = ["--out", str(tmp_path / "out")]
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    for more, told in (
        (out, "neither a display nor Xvfb"),
        ([*out, "--jurisdiction", "xinxiang"], "name a kind of site"),
        ((), "say where pictures go"),
        (["--repository", str(tmp_path)], "for a release that is built"),
    ):
        assert main([*preview, *more]) == 1
        assert told in capsys.readouterr().err


@pytest.mark.campaign
def test_what_comes_and_what_goes_is_told(
    sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another list of things: guides that nobody finds any more are named, with their pictures."""
    defaults, out = sources / "defaults.yaml", tmp_path / "out"
    defaults.write_text(defaults.read_text().replace('"410700"', '"411523"'))
    asked = ["release", "preview", str(sources), "--out", str(out), "--landscape"]
    assert main([*asked, "--before", str(CONFIG), "--at", "2026-10-01T02:00"]) == 0
    assert re.search(r"\d+ changed, .*\d+ gone", capsys.readouterr().out)
    page = (out / "index.html").read_text()
    assert 'src="before/guide-retirement-small.png" alt="一次告知 · 退休，去掉"' in page
    assert 'src="after/guide-newborn-small.png" alt="一次告知 · 新生儿出生，改后"' in page
    assert "横屏 1920×1080" in page
    assert "2026年10月1日 02:00" in page
    assert not (out / "after" / "guide-retirement.png").exists()
    shown = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all((out / name).is_file() for name in shown)
    assert main([*asked, "--site", "mall"]) == 1
    assert "is not empty" in capsys.readouterr().err


def test_pictures_go_with_their_release(fleet: Fleet, place: Path) -> None:
    """Another terminal is kept beside the first, the same one replaced; a gone release goes."""
    repository = fleet.repository
    fleet.build("2")
    (part,) = holding.staged_parts(repository)
    for digest, names in (("1" * 64, ("hall",)), (part.digest, ("hall", "mall", "hall"))):
        for name in names:
            with pictures.workplace(repository, digest) as folder:
                pictures.write(folder, MADE)
                pictures.keep(repository, folder, replace(MADE, digest=digest), name)
    assert pictures.kept(repository, "1" * 64) == ()
    assert {own.folder.name for own in pictures.kept(repository, part.digest)} == {"hall", "mall"}


def _kept(repository: Repository, digest: str, name: str = "hall") -> Path:
    with pictures.workplace(repository, digest) as folder:
        pictures.write(folder, MADE)
        return pictures.keep(repository, folder, replace(MADE, digest=digest), name)


def test_pictures_are_there_for_whoever_reads_the_folder_they_are_in(
    fleet: Fleet, place: Path
) -> None:
    """The console runs as another user than who painted; what it may not read, it tells."""
    into = _kept(fleet.repository, "1" * 64)
    assert into.stat().st_mode == into.parent.stat().st_mode
    assert pictures.unreadable(fleet.repository, "1" * 64) == ()
    assert pictures.unreadable(fleet.repository, "2" * 64) == ()
    for folder in (place.parent, place):
        folder.chmod(0o755)
    before = os.geteuid()
    for barred in (into, into.parent):
        barred.chmod(0)
        try:
            if before == 0:
                os.seteuid(65534)
            assert pictures.kept(fleet.repository, "1" * 64) == ()
            assert pictures.unreadable(fleet.repository, "1" * 64) == (barred,)
        finally:
            os.seteuid(before)
        barred.chmod(0o755)


def test_where_somebody_paints_nothing_is_cleared(fleet: Fleet) -> None:
    """Another command's release may be gone by now; its folder goes when it is done."""
    previews = fleet.repository.path / "previews"
    with pictures.workplace(fleet.repository, "1" * 64) as folder:
        left = folder.with_name(".left")
        left.mkdir()
        _kept(fleet.repository, "2" * 64)
        assert folder.is_dir()
        assert not left.exists(), "nobody paints into it: a power cut left it"
    _kept(fleet.repository, "2" * 64)
    assert {own.name for own in previews.iterdir()} == {"2" * 64}


PAGE = asdict(
    pictures.Page(
        key="attract", kind="attract", of="", leaf=0, elder=False, change="same", width=1, height=1
    )
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pages": [{**PAGE, "key": "../../../../etc/shadow"}]},
        {"pages": [{**PAGE, "key": ["attract"]}]},
        {"pages": [{**PAGE, "change": "stolen"}]},
        {"pages": [{**PAGE, "width": 0}]},
        {"pages": [{"key": "attract"}]},
        {"at": "yesterday"},
        {"own": "no"},
    ],
)
def test_a_table_that_is_none_of_ours_is_no_preview(fleet: Fleet, wrong: dict[str, object]) -> None:
    """Its keys are parts of paths; the others are believed by a page."""
    table = _kept(fleet.repository, "1" * 64) / pictures.TABLE
    told = {**json.loads(table.read_text()), "pages": [PAGE]}
    table.write_text(json.dumps(told))
    assert len(pictures.kept(fleet.repository, "1" * 64)) == 1
    table.write_text(json.dumps({**told, **wrong}))
    assert pictures.kept(fleet.repository, "1" * 64) == ()
