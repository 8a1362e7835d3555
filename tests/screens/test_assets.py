"""Fonts and icons are what they are said to be."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from screens.fonts import LUCIDE, ROOT, covers, directory, icon


def recipe() -> ModuleType:
    """Load the font recipe by path."""
    spec = importlib.util.spec_from_file_location("recipe", ROOT / "assets" / "build_fonts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_icons_are_the_vendored_ones() -> None:
    """Every file of the icon font has the digest of SOURCE.toml."""
    told = tomllib.loads((LUCIDE / "SOURCE.toml").read_text())
    for name, file in told["files"].items():
        assert hashlib.sha256((LUCIDE / name).read_bytes()).hexdigest() == file["sha256"], name


def test_every_named_icon_exists() -> None:
    """Icons named in pages and in the catalogue are in the font."""
    for path in [*(ROOT / "screens").rglob("*.py"), *(ROOT / "kiosk" / "journey").glob("*.py")]:
        for name in re.findall(r'icon(?:=|\(\s*)"([a-z0-9-]+)"', path.read_text()):
            assert icon(name), (path, name)
    for path in (ROOT / "config" / "catalogue").rglob("*.yaml"):
        for name in re.findall(r"^\s*icon: ([a-z0-9-]+)$", path.read_text(), re.MULTILINE):
            assert icon(name), (path, name)


def test_built_fonts_are_whole() -> None:
    """What setup built is of this recipe, is not built again, and misses no rare character."""
    assert not recipe().build(directory())
    whole(directory())


@pytest.mark.campaign
def test_fonts_are_built_once(tmp_path: Path) -> None:
    """A second run finds nothing to do."""
    build = recipe().build
    assert build(tmp_path)
    assert not build(tmp_path)
    whole(tmp_path)


def whole(place: Path) -> None:
    """Fail where the report misses a rare character, or a face is none."""
    report = json.loads((place / "coverage.json").read_text())
    assert set(report["rare_names_missing"].values()) == {""}
    assert (place / "NotoSansSC-Regular.otf").read_bytes()[:4] == b"OTTO"


def test_coverage_is_what_the_font_says() -> None:
    """The ranges of the report agree with the font's own table."""
    from fontTools.ttLib import TTFont

    known = TTFont(directory() / "NotoSansSC-Regular.otf", lazy=True).getBestCmap()
    for point in range(0x20, 0x30000, 97):
        assert covers("sans", chr(point)) == (point in known)
