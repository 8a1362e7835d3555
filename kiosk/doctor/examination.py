"""All looks, in the order of what citizens lose."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.doctor import configuration, machine, network, releases, screen, stores, units
from kiosk.doctor.devices import devices
from kiosk.doctor.finding import Finding, Verdict
from kiosk.doctor.keys import keys
from kiosk.doctor.place import Place
from kiosk.settings import Settings, releases_root

_ORDER = (Verdict.BROKEN, Verdict.ATTENTION, Verdict.UNKNOWN, Verdict.OK)


def examine(place: Place) -> Iterator[Finding]:
    """Yield every finding as soon as it is known; what needs settings is left out without them."""
    own, found = configuration.settings(place)
    yield found
    if own is not None:
        yield from _by_settings(place, own)
    yield screen.fonts()
    yield from devices(place)
    yield stores.outbox(place.state)
    yield stores.audit(place.state)
    yield from stores.upkeep(place.state)
    yield from (machine.memory(), machine.heat(), machine.sound(), machine.graphics())
    yield from (units.time_service(), *units.units())


def worst(findings: list[Finding]) -> Verdict:
    """Return the worst verdict of all; ``ok`` when there is none."""
    there = {one.verdict for one in findings}
    return next((own for own in _ORDER if own in there), Verdict.OK)


def _by_settings(place: Place, own: Settings) -> Iterator[Finding]:
    yield configuration.catalogue(own)
    yield releases.release(own, releases_root())
    yield keys(place.state / "keys", own.terminal.id)
    answer, found = network.intake(own.intake.api_url, place.state / "keys")
    yield found
    yield network.clock(answer)
    yield network.broker(own.centre, place.state / "keys")
    yield machine.disk(place.state, own.outbox.min_free_bytes)
    yield from screen.display(place.display, own)
