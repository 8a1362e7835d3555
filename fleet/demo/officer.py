"""Who lets the ten terminals in: types the code that each shows, as somebody at the telephone."""

from __future__ import annotations

import threading
from typing import Final

from fleet.demo.places import PLACE, SITES, Places
from fleet.enrolments import LettingIn, NotLetIn, Placing
from fleet.enrolments.office import Approved

LOOK_S: Final = 0.2
PATIENCE_S: Final = 60.0


class NotEnrolled(Exception):
    """A terminal of the demonstration did not get in; the message says which."""


def let_in(letting_in: LettingIn, places: Places, by: str) -> None:
    """Approve every terminal that shows a code, until all are in.

    Raises:
        NotEnrolled: one is not in after a minute.
    """
    pause, waited = threading.Event(), 0.0
    outside = {
        site.name: site
        for site in SITES
        if not (places.terminals / site.name / "keys" / "mandate.json").exists()
    }
    while outside:
        for name, site in list(outside.items()):
            code = places.screen(name)
            placing = Placing(
                title=site.title,
                site=site.site,
                kind=site.kind,
                group=site.group,
                latitude=site.latitude,
                longitude=site.longitude,
            )
            approved = Approved(code=code, by=by, terminal=name, jurisdiction=PLACE)
            if code and _approved(letting_in, approved, placing):
                del outside[name]
        pause.wait(LOOK_S)
        waited += LOOK_S
        if waited > PATIENCE_S:
            raise NotEnrolled(", ".join(outside))


def _approved(letting_in: LettingIn, approved: Approved, placing: Placing) -> bool:
    try:
        letting_in.approve(approved, placing, replaces=False)
    except NotLetIn as refused:
        if refused.why == "decided":
            return True
        if refused.why in {"unreachable", "too_old"}:
            return False
        raise NotEnrolled(f"{approved.terminal}: {refused}") from refused
    return True
