"""One time for screen and paper: that of the hall, whatever zone the machine keeps."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.calendar import LEGAL_TIME


def hall_time(at: str) -> tuple[str, str]:
    """Return date and time of day, ``YYYY-MM-DD`` and ``HH:MM``, of a moment in ISO 8601.

    A moment without a zone is of the hall already; what is no moment is returned as the date.
    """
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at, ""
    own = moment if moment.tzinfo is None else moment.astimezone(LEGAL_TIME)
    return f"{own:%Y-%m-%d}", f"{own:%H:%M}"
