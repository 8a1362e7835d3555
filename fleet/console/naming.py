"""What pages call groups and places: the same words everywhere.

A group is called by its ring, and by its line where that is a place's own; a place by its name in
the configuration beside the console, or by its code where that has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import structlog
from jinja2 import pass_context
from jinja2.runtime import Context

from fleet.console import rollout_words
from fleet.console.parts import placed
from fleet.console.services import Console
from fleet.errors import FleetError
from fleet.terminals import groups
from kiosk.status import topics

log = structlog.get_logger()
EVERYBODY: Final = "所有终端"


def groups_there(rooms: Console, *kept: str) -> tuple[str, ...]:
    """Return the groups that a terminal may be put into; ``kept`` are in it whatever is known."""
    known = groups.there_are(rooms.engine, _released(rooms))
    return (*known, *(name for name in kept if name and name not in known))


def _released(rooms: Console) -> frozenset[str] | None:
    """Return groups that something was made for; None: there is nobody to ask."""
    if rooms.repository is None or not rooms.repository.exists:
        return None
    try:
        return frozenset(own.part.group for own in placed(rooms.repository))
    except FleetError as error:
        log.warning("groups_unread", problem=str(error))
        return None


def called(name: str, sort: str, rooms: Console | None) -> str:
    """Return what everybody, a group or a place is called.

    Args:
        name: that commands are given to.
        sort: ``all``, ``group`` or ``place``.
        rooms: where places have names; none: codes are shown.
    """
    if sort == "all":
        return EVERYBODY
    return _place(rooms, name) if sort == "place" else _group(rooms, name)


def _place(rooms: Console | None, code: str) -> str:
    return code if rooms is None else rooms.reports.names.place(code)


def _group(rooms: Console | None, name: str) -> str:
    return rollout_words.group(name, lambda line: _place(rooms, line))


@pass_context
def ring_named(context: Context, name: str) -> str:
    """Return what a group is called, for a template."""
    return _group(context.get("rooms"), name)


@pass_context
def place_named(context: Context, code: str) -> str:
    """Return what a place is called, for a template."""
    return _place(context.get("rooms"), code)


@pass_context
def row_named(context: Context, row: groups.Counted) -> str:
    """Return what a row of groups is called, for a template."""
    return called(row.name, row.sort, context.get("rooms"))


def recipient_named(name: str, rows: Any, rooms: Console) -> str:
    """Return what a recipient of commands is called, also one that has no terminal any more."""
    sorts: Iterator[str] = (one.sort for one in rows if one.name == name)
    absent = "all" if name == topics.ALL else "place" if name.isdigit() else "group"
    return called(name, next(sorts, absent), rooms)
