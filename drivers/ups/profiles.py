"""How a UPS is asked, from ``config/devices/ups-NAME.yaml``.

::

    protocol: megatec                 # or nut
    baudrate: 2400                    # megatec
    ups: kiosk                        # nut: the UPS's name in NUT's ups.conf
    low_minutes: 3                    # nut: fewer minutes left on battery than this are low too
    sources: {protocol: where it is documented}
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers import profile_file
from drivers.profile_file import CONFIG_DIR, Fields, ProfileError, number, word
from drivers.ups import megatec, nut

__all__ = ["CONFIG_DIR", "Profile", "ProfileError", "load"]

_KNOWN = frozenset({"protocol", "baudrate", "ups", "low_minutes"})
_MOST_MINUTES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One kind of UPS."""

    protocol: Literal["megatec", "nut"]
    baudrate: int = megatec.BAUDRATE
    ups: str = "ups"
    low_minutes: float = 0.0


def load(name: str, config_dir: Path = CONFIG_DIR) -> Profile:
    """Return the profile in `config_dir/ups-<name>.yaml`.

    Raises:
        ProfileError: No such file, not YAML, an unknown field, or a value out of its range.
    """
    return profile_file.load(f"ups-{name}", config_dir, _KNOWN, _profile)


def _profile(fields: Fields) -> Profile:
    ups = fields.get("ups", "ups")
    if not isinstance(ups, str) or not nut.NAME.fullmatch(ups):
        raise ValueError("ups is not a name NUT could have")
    is_nut = word(fields.get("protocol"), "protocol", ("megatec", "nut")) == "nut"
    baudrate = number(fields.get("baudrate", megatec.BAUDRATE), "baudrate", 1200, 115200)
    return Profile(
        protocol="nut" if is_nut else "megatec",
        baudrate=int(baudrate),
        ups=ups,
        low_minutes=number(fields.get("low_minutes", 0), "low_minutes", 0, _MOST_MINUTES),
    )
