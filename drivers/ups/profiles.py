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
from typing import Final, Literal

import yaml

from drivers.ups import megatec, nut

CONFIG_DIR: Final = Path(__file__).resolve().parents[2] / "config" / "devices"
"""Where the files lie in a source tree."""

_KNOWN: Final = {"protocol", "baudrate", "ups", "low_minutes", "sources"}
_MOST_MINUTES: Final = 60


class ProfileError(ValueError):
    """A UPS's file cannot be used; says which file and field (staff must act)."""


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
    path = config_dir / f"ups-{name}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("a mapping of fields is expected")  # noqa: TRY004  # a wrong file
        if strange := sorted(set(map(str, content)) - _KNOWN):
            raise ValueError(f"unknown field {strange[0]}")
        return _profile(content)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ProfileError(f"{path}: {error}") from error


def _profile(content: dict[str, object]) -> Profile:
    protocol, ups = content.get("protocol"), content.get("ups", "ups")
    if protocol not in {"megatec", "nut"}:
        raise ValueError("protocol is megatec or nut")
    if not isinstance(ups, str) or not nut.NAME.fullmatch(ups):
        raise ValueError("ups is not a name NUT could have")
    return Profile(
        protocol="nut" if protocol == "nut" else "megatec",
        baudrate=int(_number(content, "baudrate", megatec.BAUDRATE, 1200, 115200)),
        ups=ups,
        low_minutes=_number(content, "low_minutes", 0, 0, _MOST_MINUTES),
    )


def _number(content: dict[str, object], key: str, default: float, low: float, high: float) -> float:
    value = content.get(key, default)
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise ValueError(f"{key} is not a number from {low:g} to {high:g}")
