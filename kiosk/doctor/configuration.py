"""Settings and catalogue: are they taken, and is anything offered."""

from __future__ import annotations

from kiosk.catalogue import files
from kiosk.catalogue.faults import CatalogueError
from kiosk.doctor.finding import Finding, attention, broken, ok
from kiosk.doctor.place import Place
from kiosk.settings import Settings, SettingsError, load
from kiosk.settings.layers import config_root


def settings(place: Place) -> tuple[Settings | None, Finding]:
    """Return the settings and how it stands with them; None when they are refused."""
    try:
        found = load(place.settings)
    except SettingsError as error:
        first, count = error.faults[0], len(error.faults)
        return None, broken("settings", "refused", problem=str(first), count=count)
    own = found.terminal
    return found, ok("settings", terminal=own.id, site=own.site_name)


def catalogue(own: Settings) -> Finding:
    """Load the place's catalogue as a session would."""
    try:
        found = files.load(config_root(), own.jurisdiction)
    except CatalogueError as error:
        return broken("catalogue", "refused", problem=str(error).splitlines()[0])
    offered = sum(1 for thing in found.things if thing.open)
    if not offered:
        return attention("catalogue", "empty", place=own.jurisdiction)
    return ok("catalogue", things=len(found.things), offered=offered)
