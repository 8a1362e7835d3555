"""Somebody of staff for a terminal on a desk: a card of the synthetic population, a PIN each start.

An installed terminal begins without staff; there they are put on the list by `kiosk staff add`.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.domain.calendar import LEGAL_TIME
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.staff import Person, Role, StaffError, card_hash, hash_pin

WHO: Final = "guo-anhe"
"""Of the population: he has no errand of his own in the examples."""
WORK_NO: Final = "0317"
_DAY: Final = timedelta(days=1)


def let_in(state: Path) -> tuple[str, str]:
    """Put him on the list of staff with a new PIN; returns the card's name and the PIN.

    Raises:
        OSError: the list cannot be read or written.
        kiosk.maintenance.staff.StaffError: it is damaged.
    """
    document = json.loads((state / "population" / "population.json").read_bytes())
    own = next(one for one in document["people"] if one["ref"] == WHO)
    keeping = Keeping(state)
    keeping.make()
    pin, hashed = _new_pin()
    person = Person(
        work_no=WORK_NO,
        role=Role.ENGINEER,
        card=card_hash(keeping.key(), own["card"]["id_no"]),
        pin=hashed,
        sites=("410700-*",),
        until=datetime.now(LEGAL_TIME).date() + _DAY,
    )
    keeping.keep_staff(keeping.staff().put(person))
    return str(own["card"]["name"]), pin


def _new_pin() -> tuple[str, str]:
    while True:
        pin = f"{secrets.randbelow(1_000_000):06}"
        try:
            return pin, hash_pin(pin)
        except StaffError:  # one that would be guessed: take another
            continue
