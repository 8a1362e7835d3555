"""The intake's file of holidays, for the working calendar of :mod:`kiosk.domain.calendar`.

``workdays.toml`` beside this file, or the file given to ``serve --workdays``.
"""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources
from pathlib import Path

from kiosk.domain.calendar import Workdays

__all__ = ["Workdays", "WorkdaysError", "read"]


class WorkdaysError(ValueError):
    """The file of holidays is missing or not as documented."""


def read(path: Path | None = None) -> Workdays:
    """Read a file of ``closed`` and ``worked`` days (TOML dates); without one, our own.

    Raises:
        WorkdaysError: it is missing or not as documented.
    """
    try:
        source = path or resources.files("intake") / "workdays.toml"
        lists = tomllib.loads(source.read_text("utf-8"))
        return Workdays(closed=_days(lists, "closed"), worked=_days(lists, "worked"))
    except (OSError, ValueError, TypeError) as error:
        raise WorkdaysError(f"{path}: {error}") from error


def _days(lists: dict[str, object], name: str) -> frozenset[date]:
    days = lists.get(name, [])
    if not isinstance(days, list) or not all(type(day) is date for day in days):
        raise WorkdaysError(f"{name} is not a list of dates")
    return frozenset(days)
