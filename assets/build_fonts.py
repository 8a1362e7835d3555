# ruff: noqa: INP001 - assets holds data; this recipe is run by path
"""Recipe of the three faces the terminal is set in.

Debian's ``fonts-noto-cjk`` are collections whose first face has Japanese glyph shapes.
This takes the simplified Chinese faces out of them, writes each as a font of its own into
``build/fonts`` and beside them ``coverage.json``: for each face the code points it can
draw and for each part of a face those it has, as ``[first, last, first, last, ...]``, and the
verdict on a list of rare characters that stand in real names.

A whole face is 16-25 MB, and whoever sets words in it at twelve sizes keeps twelve lots of its
tables and of its mapped pages.  So of each face two small parts are written too, with the same
outlines: what nearly all words are made of, and what most names are made of besides (the two
levels of GB/T 2312-1980); the whole face is opened for the rest only.  Runs in ten seconds, and in
none when nothing has changed.

    python assets/build_fonts.py [--out build/fonts] [--source /usr/share/fonts/opentype/noto]
"""

from __future__ import annotations

import argparse
import hashlib
import json
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("/usr/share/fonts/opentype/noto")

FACES = {
    "NotoSansSC-Regular.otf": ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"),
    "NotoSansSC-Bold.otf": ("NotoSansCJK-Bold.ttc", "Noto Sans CJK SC Bold"),
    "NotoSerifSC-Bold.otf": ("NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC Bold"),
}
"""Output file → collection and full name of the face in it."""

LATIN = {*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2027)}
"""Code points of what stands between Chinese characters besides the marks of GB/T 2312."""

LEVELS = {"level1": ((0xA1, 0xA3), (0xB0, 0xD7)), "level2": ((0xD8, 0xF7),)}
"""Parts of a face: first and last lead bytes (rows) of GB/T 2312-1980 in EUC-CN.

Rows 1-3 are marks, figures and full-width letters, 16-55 the 3755 characters of the first level (by
how often they are used), 56-87 the 3008 of the second.
"""

RARE_NAMES = "䶮㛃𬭎𠮷㑇㺹䬃䥑𬍛𫓧𫟼𬘭𬸚𬬭𬱖喆堃犇淼龘燚囍翀祎"
"""Characters met in names on identity cards that poorer fonts lack."""


class FontsMissing(Exception):
    """A collection or a face is not on this machine: install ``fonts-noto-cjk``."""


def _face(collection: Path, full_name: str) -> Any:
    """Open the one face called ``full_name`` of a collection."""
    from fontTools.ttLib import TTCollection  # noqa: PLC0415  - not needed when fresh

    if not collection.exists():
        raise FontsMissing(f"{collection} (apt-get install fonts-noto-cjk)")
    for font in TTCollection(str(collection), lazy=True).fonts:
        if font["name"].getDebugName(4) == full_name:
            return font
    raise FontsMissing(f"{full_name} in {collection}")


def _copy_tables(font: Any, path: Path) -> None:
    """Write the face as a font of its own, table by table, undecoded."""
    from fontTools.ttLib.sfnt import SFNTWriter  # noqa: PLC0415  - not needed when fresh

    tags = [tag for tag in font.reader.keys() if tag != "DSIG"]  # noqa: SIM118  - no dict
    with path.open("wb") as file:
        writer = SFNTWriter(file, len(tags), font.sfntVersion)
        for tag in tags:
            writer[tag] = font.reader[tag]
        writer.close()


def characters(level: str) -> set[int]:
    """Return the code points of a level."""
    points = set(LATIN) if level == "level1" else set()
    for first, last in LEVELS[level]:
        for row, cell in product(range(first, last + 1), range(0xA1, 0xFF)):
            points |= {ord(c) for c in bytes((row, cell)).decode("gb2312", "ignore")}
    return points


def part(name: str, level: str) -> str:
    """Return the file name of a level of a face."""
    return name.replace(".otf", f"-{level}.otf")


def _write_part(face: Path, path: Path, points: set[int]) -> None:
    """Write some characters of a face as a font of its own, outlines and hints unchanged."""
    from fontTools import subset  # noqa: PLC0415  - not needed when fresh

    options = subset.Options()
    options.layout_features, options.name_IDs = [], []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    options.notdef_outline = True
    font = subset.load_font(str(face), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    subset.save_font(font, str(path), options)


def _write_parts(out: Path, drawn: set[int]) -> dict[str, list[int]]:
    """Write the parts of all faces; return what each has of what every face can draw."""
    levels = {level: characters(level) & drawn for level in LEVELS}
    for name, (level, points) in product(FACES, levels.items()):
        _write_part(out / name, out / part(name, level), points)
    return {level: ranges(points) for level, points in levels.items()}


def ranges(code_points: set[int]) -> list[int]:
    """Write a set of code points as first, last, and so on."""
    flat: list[int] = []
    for point in sorted(code_points):
        if flat and flat[-1] == point - 1:
            flat[-1] = point
        else:
            flat += [point, point]
    return flat


def _stamp(source: Path) -> str:
    """Digest of this recipe and of the identity (size, time) of its inputs."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for collection, _ in FACES.values():
        path = source / collection
        if not path.exists():
            raise FontsMissing(f"{path} (apt-get install fonts-noto-cjk)")
        found = path.stat()
        digest.update(f"{collection} {found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()


def build(out: Path, source: Path = SOURCE) -> bool:
    """Build the faces into ``out``; return False when they were already fresh."""
    stamp, mark = _stamp(source), out / "stamp"
    if mark.exists() and mark.read_text() == stamp:
        return False
    out.mkdir(parents=True, exist_ok=True)
    coverage: dict[str, list[int]] = {}
    rare: dict[str, str] = {}
    drawn: list[set[int]] = []
    for name, (collection, full_name) in FACES.items():
        font = _face(source / collection, full_name)
        known = set(font.getBestCmap())
        drawn.append(known)
        coverage[name] = ranges(known)
        rare[name] = "".join(c for c in RARE_NAMES if ord(c) not in known)
        _copy_tables(font, out / name)
    report = {
        "coverage": coverage,
        "levels": _write_parts(out, set.intersection(*drawn)),
        "rare_names": RARE_NAMES,
        "rare_names_missing": rare,
    }
    (out / "coverage.json").write_text(json.dumps(report, ensure_ascii=False))
    mark.write_text(stamp)
    return True


def main() -> None:
    """Build, then say what is there and which rare characters no face can draw."""
    parser = argparse.ArgumentParser(description="Build the fonts of the terminal.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "fonts")
    parser.add_argument("--source", type=Path, default=SOURCE)
    given = parser.parse_args()
    done = build(given.out, given.source)
    report = json.loads((given.out / "coverage.json").read_text())
    print("built" if done else "fresh", given.out)
    for name, missing in report["rare_names_missing"].items():
        print(f"  {name}: rare name characters missing: {missing or 'none'}")


if __name__ == "__main__":
    main()
