"""What one model of scanner is set to and how it is heard, read from a small YAML file.

`config/devices/scanner-<name>.yaml`; fields and their meaning are those of `Profile`. A file may
set any of them, and anything else in it is refused. Settings last until power-off: there is no way
to write one that is kept for good.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from drivers import profile_file
from drivers.profile_file import CONFIG_DIR, Fields, ProfileError, mapping, number, text, word
from drivers.scanner.codec import Codec, Framing
from drivers.scanner.honeywell import HoneywellCodec
from drivers.scanner.newland import NewlandCodec
from drivers.scanner.symbology import ToldBy
from drivers.scanner.zebra import ZebraCodec

__all__ = ["CONFIG_DIR", "FAMILIES", "PLAIN", "Need", "Profile", "ProfileError", "load"]

FAMILIES: Final[Mapping[str, Codec]] = MappingProxyType(
    {codec.name: codec for codec in (NewlandCodec(), HoneywellCodec(), ZebraCodec())}
)
"""The serial families; a HID module is known by its port (`drivers.scanner.opening`)."""

Need = Literal["must", "may"]

LONGEST_GAP_S = 2.0
LONGEST_SUFFIX = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One model of scanner."""

    name: str = ""
    """The file's name without `scanner-` and `.yaml`."""

    family: str = "newland"
    """Which codec speaks with it: a key of `FAMILIES`."""

    framing: Framing = Framing.SUFFIX
    """Where a payload ends."""

    gap_s: float = 0.05
    """Silence that ends what was begun, in seconds: 0.05 at 115200 baud or on USB, 0.15 at 9600;
    with `Framing.SUFFIX_ONLY` how long a suffix may be late."""

    suffix: bytes = b""
    """What ends a code in the place of CR or LF, which are then data; hexadecimal in the file."""

    suffix_setting: str = ""
    """The setting that makes it so; when that was refused, CR or LF end a code."""

    symbology: ToldBy = ToldBy.NOTHING
    """How it says what kind of code it read."""

    symbology_setting: str = ""
    """The setting that makes it say so; when that was refused, the kind is unknown."""

    settings: Mapping[str, Need] = field(default_factory=dict)
    """What it is set to, in this order. Where one that "must" be is refused, or none is answered,
    the module is used as it is found; one that "may" be is left as it is."""

    check: str = ""
    """The setting whose value is asked for before a scan, to notice a module that lost its power
    and with it the others; without one, all are set before each scan."""


PLAIN = Profile()
"""A Newland module as it is found, with nothing set."""


_KNOWN = frozenset(one.name for one in dataclasses.fields(Profile)) - {"name"}


def load(name: str, config_dir: Path = CONFIG_DIR) -> Profile:
    """Return the profile in `config_dir/scanner-<name>.yaml`.

    Raises:
        ProfileError: There is no such file, or something in it cannot be used.
    """
    return replace(profile_file.load(f"scanner-{name}", config_dir, _KNOWN, _parse), name=name)


def _parse(fields: Fields) -> Profile:
    family = word(fields.get("family"), "family", FAMILIES)
    framing = word(fields.get("framing", PLAIN.framing), "framing", tuple(Framing))
    symbology = word(fields.get("symbology", PLAIN.symbology), "symbology", tuple(ToldBy))
    profile = Profile(
        family=family,
        framing=Framing(framing),
        gap_s=number(fields.get("gap_s", PLAIN.gap_s), "gap_s", 0.01, LONGEST_GAP_S),
        suffix=_suffix(fields.get("suffix", "")),
        suffix_setting=text(fields.get("suffix_setting", ""), "suffix_setting"),
        symbology=ToldBy(symbology),
        symbology_setting=text(fields.get("symbology_setting", ""), "symbology_setting"),
        settings=_settings(fields.get("settings", {}), FAMILIES[family]),
        check=text(fields.get("check", ""), "check"),
    )
    for key in ("suffix_setting", "symbology_setting", "check"):
        if getattr(profile, key) and getattr(profile, key) not in profile.settings:
            raise ValueError(f"{key} is not one of the settings")
    return profile


def _settings(value: object, codec: Codec) -> Mapping[str, Need]:
    settings: dict[str, Need] = {}
    for setting, need in mapping(value, "settings").items():
        where = f"settings.{setting}"
        must = word(need, where, ("must", "may")) == "must"
        if problem := codec.fault_of(text(setting, where)):
            raise ValueError(f"{where} {problem}")
        settings[str(setting)] = "must" if must else "may"
    return MappingProxyType(settings)


def _suffix(value: object) -> bytes:
    try:
        suffix = bytes.fromhex(value) if isinstance(value, str) else None
    except ValueError:
        suffix = None
    if suffix is None or len(suffix) > LONGEST_SUFFIX:
        rule = f"is not a text of at most {LONGEST_SUFFIX} bytes in hexadecimal, in quotes"
        raise ValueError(f"suffix {rule}")
    return suffix
