"""Code 128 as modules, by python-barcode's table; drawing and commands are the callers'."""

from __future__ import annotations

import importlib


def code_128_modules(text: str) -> bytes | None:
    """Return the modules of a bar code, 1 for ink; None when `text` is not Code 128's."""
    foreign: type[Exception] = importlib.import_module("barcode.errors").BarcodeError
    try:
        (built,) = importlib.import_module("barcode.codex").Code128(text).build()
    except (foreign, KeyError, ValueError, RuntimeError):
        return None
    return bytes(int(module) for module in built)
