"""The page beside the pictures: what a terminal shows, before and after, read from the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from fleet.release import picture_words
from fleet.release.pictures import Preview

NAME: Final = "index.html"
_TEMPLATES: Final = Environment(
    loader=PackageLoader("fleet.release"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write(folder: Path, preview: Preview) -> Path:
    """Write the page into the folder of a preview; returns where it is."""
    page = folder / NAME
    name = preview.release or "还没有打包的配置"
    template = _TEMPLATES.get_template("album.html")
    page.write_text(template.render(preview=preview, name=name, words=picture_words), "utf-8")
    return page
