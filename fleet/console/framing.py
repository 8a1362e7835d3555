"""A page in the frame that all have: who is signed in, where one is, how many alarms are open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response

from fleet.console.rendering import page
from fleet.console.services import Console
from fleet.people import SignedIn
from fleet.terminals import finding


def framed(
    template: str, rooms: Console, who: SignedIn, *, status: int = 200, **values: Any
) -> Response:
    """Render a page within the frame; ``values`` are for the template."""
    frame: Mapping[str, Any] = {
        "who": who,
        "rooms": rooms,
        "alarms": finding.alarms_open(rooms.engine),
        "here": template.removesuffix(".html"),
    }
    return page(template, status=status, **{**frame, **values})
