"""The terminal's fonts with the characters of the tests' papers alone: quick to lay out.

That the whole fonts draw what they should is proven in ``test_a4_document``; who only needs a sheet
takes these.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from fontTools import subset

from drivers.a4 import faces
from tests.devices import papers_a4

_OURS = "第页共〓打印日期终端年月日独孤某四五"


@contextmanager
def small_fonts() -> Iterator[None]:
    """Have this process and those it starts lay out with the small fonts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YIDUAN_FONTS", _made().name)
        yield


@cache
def _made() -> tempfile.TemporaryDirectory[str]:
    """Return the folder of the small fonts, made once and gone with this process."""
    folder = tempfile.TemporaryDirectory(prefix="yd-fonts-")
    papers = Path(papers_a4.__file__).read_text(encoding="utf-8")
    wanted = {ord(one) for one in papers + _OURS} | set(range(0x20, 0x7F))
    options = subset.Options(layout_features=[], hinting=False)
    for name in (faces.REGULAR, faces.BOLD):
        font = subset.load_font(str(faces.place() / name), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        subset.save_font(font, str(Path(folder.name) / name), options)
    return folder
