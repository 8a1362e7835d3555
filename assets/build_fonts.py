# ruff: noqa: INP001 - assets holds data; this recipe is run by path
"""Recipe of the three faces the terminal is set in.

Debian's ``fonts-noto-cjk`` are collections whose first face has Japanese glyph shapes.
This takes the simplified Chinese faces out of them, writes each as a font of its own into
``build/fonts`` and beside them ``coverage.json``: for each face the code points it can
draw, as ``[first, last, first, last, ...]``, and the verdict on a list of rare characters
that stand in real names.  Runs in a few seconds, and in none when nothing has changed.

    python assets/build_fonts.py [--out build/fonts] [--source /usr/share/fonts/opentype/noto]
"""

from __future__ import annotations

import argparse
import hashlib
import json
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
    for name, (collection, full_name) in FACES.items():
        font = _face(source / collection, full_name)
        known = set(font.getBestCmap())
        coverage[name] = ranges(known)
        rare[name] = "".join(c for c in RARE_NAMES if ord(c) not in known)
        _copy_tables(font, out / name)
    report = {"coverage": coverage, "rare_names": RARE_NAMES, "rare_names_missing": rare}
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
