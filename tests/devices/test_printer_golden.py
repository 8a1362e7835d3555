"""Receipts as pictures: the paper of the newborn's slip is as it was when somebody looked at it.

Written anew with ``YIDUAN_GOLDEN=write`` in the environment of this test; then look at it.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from drivers.printer.encoder import encode
from drivers.printer.paper import decode
from drivers.printer.profiles import load
from tests.devices.slips import URL, newborn

PLACE = Path(__file__).with_name("fixtures")
DIFFERENT = 0.01
"""Share of dots that may differ: another build of the font, not another layout."""


@pytest.mark.parametrize("model", ["simulated-80mm", "generic-80mm", "custom-vkp80"])
def test_the_paper_is_as_it_was(model: str) -> None:
    """Dot for dot, but for the font; and its code is read from the golden picture itself."""
    file = PLACE / f"newborn-{model}.png"
    ink = decode(encode(newborn(), load(model)).stream).sheet.ink()
    drawn = ink.point(lambda value: 0 if value >= 128 else 255, "1")
    if os.environ.get("YIDUAN_GOLDEN") == "write":
        drawn.save(file, optimize=True)
    golden = Image.open(file)
    assert drawn.size == golden.size
    assert (np.asarray(drawn) != np.asarray(golden)).mean() < DIFFERENT
    framed = Image.new("L", (golden.width + 80, golden.height), 255)
    framed.paste(golden.convert("L"), (40, 0))
    assert [code.text for code in zxingcpp.read_barcodes(np.asarray(framed))] == [URL]
