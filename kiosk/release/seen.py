"""Versions of signed documents that this terminal has seen: nothing older is taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FILE: Final = "seen.json"


def versions_seen(folder: Path) -> Mapping[str, int]:
    """Return versions by role; a spoilt file is as none: the documents are there."""
    try:
        told = json.loads((folder / FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {str(role): int(own) for role, own in told.items() if isinstance(own, int)}
