"""Where the read-only assets of an installation lie."""

from __future__ import annotations

import os
from pathlib import Path


def data_root() -> Path:
    """Return the directory that holds fonts, translations and vendored tables.

    The environment variable ``YIDUAN_ASSETS`` names it on an installed terminal; without
    it the ``assets`` directory beside the packages is used, as in a source tree.
    """
    named = os.environ.get("YIDUAN_ASSETS")
    return Path(named) if named else Path(__file__).resolve().parent.parent / "assets"
