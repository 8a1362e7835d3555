"""The state of a terminal as the database has it, read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import structlog
from pydantic import ValidationError

from kiosk.status import Reported

log = structlog.get_logger()


def read_back(state: Mapping[str, Any] | None) -> Reported | None:
    """Return what is kept; none where nothing is, or what a program before wrote otherwise.

    The terminal tells its state anew within minutes, so what cannot be read is as good as none;
    one such row must not stop who takes in the states of all others.
    """
    if not state:
        return None
    try:
        return Reported.model_validate_json(json.dumps(state))
    except ValidationError as error:
        log.warning("kept_state_unreadable", faults=error.error_count())
        return None
