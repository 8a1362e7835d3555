"""python-escpos, used to compose: its `Dummy` writes bytes, our transport sends them.

It is right for native QR codes and raster pictures. It is not used for Chinese text: it
sends no Chinese mode, and a line without a common Chinese character goes through single-byte code
pages, which turns full-width punctuation into question marks.

Importing it has effects that a terminal must not have, and `_dummy_class` contains them: it makes
a directory in the temporary directory, un-pickles a file named by the environment, and configures
the root logger. All its files go to a private directory that is removed as soon as it is imported.
"""

from __future__ import annotations

import importlib
import logging
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL import Image

_CAPABILITIES = Path(__file__).with_name("escpos_capabilities.json")
_ERROR_CORRECTION_M = 1


class _Dummy(Protocol):
    """The part of `escpos.printer.Dummy` used here."""

    output: bytes

    def qr(self, content: str, *, ec: int, size: int, native: bool) -> None: ...
    def image(
        self,
        img_source: Image.Image,
        *,
        impl: str,
        fragment_height: int,
        high_density_vertical: bool,
        high_density_horizontal: bool,
    ) -> None: ...


def native_qr(payload: str, dot_size: int) -> bytes:
    """Return GS ( k commands that draw `payload` (as UTF-8), error correction M, model 2.

    Args:
        payload: What the code says.
        dot_size: Dots of one module, 1 to 16.
    """
    dummy = _dummy()
    dummy.qr(payload, ec=_ERROR_CORRECTION_M, size=dot_size, native=True)
    return dummy.output


def raster(picture: Image.Image, rows: int, *, doubled: bool) -> bytes:
    """Return GS v 0 commands for a picture (dark is ink), at most `rows` rows each.

    Args:
        picture: What to print.
        rows: Rows of one command at most.
        doubled: Whether the printer draws each dot twice as wide and high.
    """
    dummy = _dummy()
    dummy.image(
        picture,
        impl="bitImageRaster",
        fragment_height=rows,
        high_density_vertical=not doubled,
        high_density_horizontal=not doubled,
    )
    return dummy.output


def _dummy() -> _Dummy:
    return _dummy_class()()


@lru_cache(maxsize=1)
def _dummy_class() -> type[_Dummy]:
    """Import python-escpos with its side effects contained."""
    root = logging.getLogger()
    handlers, temporary, environment = list(root.handlers), tempfile.tempdir, dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="escpos-") as private:
        os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = private
        os.environ["ESCPOS_CAPABILITIES_FILE"] = str(_CAPABILITIES)
        tempfile.tempdir = private
        try:
            dummy: type[_Dummy] = importlib.import_module("escpos.printer").Dummy
        finally:
            tempfile.tempdir = temporary
            _restore(environment)
            root.handlers[:] = handlers
    return dummy


def _restore(environment: dict[str, str]) -> None:
    for name in ("ESCPOS_CAPABILITIES_PICKLE_DIR", "ESCPOS_CAPABILITIES_FILE"):
        if name in environment:
            os.environ[name] = environment[name]
        else:
            os.environ.pop(name, None)
