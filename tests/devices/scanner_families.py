"""The three families of serial scanners, for tests that hold for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from drivers.scanner import profiles
from drivers.scanner.codec import Framing
from drivers.scanner.profiles import Profile
from drivers.simulated.scanner import SimulatedScanner
from drivers.simulated.scanner_honeywell import SimulatedHoneywell
from drivers.simulated.scanner_module import SimulatedModule
from drivers.simulated.scanner_zebra import SimulatedZebra

MODULES: Mapping[str, type[SimulatedModule]] = MappingProxyType(
    {"newland": SimulatedScanner, "honeywell": SimulatedHoneywell, "zebra": SimulatedZebra}
)
FAMILIES = tuple(MODULES)

LATE_S = 0.2
"""How late a suffix may be in tests, where the profiles allow a second."""


def profile_of(family: str) -> Profile:
    """Return a family's profile, less patient than on a slow line."""
    profile = profiles.load(family)
    late = profile.framing is Framing.SUFFIX_ONLY
    return replace(profile, gap_s=LATE_S) if late else profile
