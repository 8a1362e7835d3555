"""A pilot in the world that scripts are played in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kiosk.domain.catalogue import Catalogue, Thing
from kiosk.journey.pilot import Crew, knowing
from kiosk.journey.pilot import Pilot as Alone
from tests.journeys.stage import TODAY, context, world

CITIZENS: Final[Mapping[str, str]] = {"newborn": "chen-xiaoyun"}
CITIZEN: Final = "li-jianguo"
FIRM: Final = "machinery"


class Pilot(Alone):
    """A visit for one thing of a place, by people of the population."""

    def __init__(self, place: Catalogue, thing: Thing) -> None:
        """Make the visit."""
        crew = Crew(citizen=CITIZENS.get(thing.code, CITIZEN), firm=FIRM)
        told = knowing(world(), TODAY)
        super().__init__(thing, told, lambda: replace(context(), catalogue=place), crew)
