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
from typing import Final, Literal, TypeVar

import yaml

from drivers.scanner.codec import Codec, Framing
from drivers.scanner.honeywell import HoneywellCodec
from drivers.scanner.newland import NewlandCodec
from drivers.scanner.symbology import ToldBy
from drivers.scanner.zebra import ZebraCodec

CONFIG_DIR = Path(__file__).resolve().parents[2] / "config" / "devices"
"""Where the scanners' files lie in a source tree."""

FAMILIES: Final[Mapping[str, Codec]] = MappingProxyType(
    {codec.name: codec for codec in (NewlandCodec(), HoneywellCodec(), ZebraCodec())}
)
"""The serial families; a HID module is known by its port (`drivers.scanner.opening`)."""

Need = Literal["must", "may"]
_Word = TypeVar("_Word", Framing, ToldBy)

LONGEST_GAP_S = 2.0
LONGEST_SUFFIX = 4


class ScannerProfileError(ValueError):
    """A scanner profile cannot be used; says which file and field (staff must act)."""


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


def load(name: str, config_dir: Path = CONFIG_DIR) -> Profile:
    """Return the profile of that name.

    Raises:
        ScannerProfileError: There is no such file, or something in it cannot be used.
    """
    path = config_dir / f"scanner-{name}.yaml"
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScannerProfileError(f"{path}: cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise ScannerProfileError(f"{path}: is not a map")
    return replace(_parse(str(path), document), name=name)


def _parse(where: str, document: Mapping[object, object]) -> Profile:
    known = {one.name for one in dataclasses.fields(Profile)} - {"name"}
    for key in document:
        if key not in known:
            raise ScannerProfileError(f"{where}: {key}: no such field")
    family = str(document.get("family", ""))
    if family not in FAMILIES:
        raise ScannerProfileError(f"{where}: family: is not one of {', '.join(FAMILIES)}")
    settings = _settings(where, document.get("settings", {}), FAMILIES[family])
    profile = Profile(
        family=family,
        framing=_word(where, "framing", Framing, document.get("framing", Framing.SUFFIX)),
        gap_s=_gap(where, document.get("gap_s", Profile().gap_s)),
        suffix=_suffix(where, document.get("suffix", "")),
        suffix_setting=str(document.get("suffix_setting", "")),
        symbology=_word(where, "symbology", ToldBy, document.get("symbology", ToldBy.NOTHING)),
        symbology_setting=str(document.get("symbology_setting", "")),
        settings=settings,
        check=str(document.get("check", "")),
    )
    for key in ("suffix_setting", "symbology_setting", "check"):
        if getattr(profile, key) and getattr(profile, key) not in settings:
            raise ScannerProfileError(f"{where}: {key}: is not one of the settings")
    return profile


def _settings(where: str, value: object, codec: Codec) -> Mapping[str, Need]:
    if not isinstance(value, dict):
        raise ScannerProfileError(f"{where}: settings: is not a map")
    for setting, need in value.items():
        at = f"{where}: settings.{setting}"
        if need not in {"must", "may"}:
            raise ScannerProfileError(f"{at}: is not must or may")
        if problem := codec.fault_of(str(setting)):
            raise ScannerProfileError(f"{at}: {problem}")
    return MappingProxyType({str(setting): need for setting, need in value.items()})


def _word(where: str, key: str, kind: type[_Word], value: object) -> _Word:
    try:
        return kind(str(value))
    except ValueError:
        words = ", ".join(kind)
        raise ScannerProfileError(f"{where}: {key}: is not one of {words}") from None


def _suffix(where: str, value: object) -> bytes:
    try:
        suffix = bytes.fromhex(value) if isinstance(value, str) else None
    except ValueError:
        suffix = None
    if suffix is None or len(suffix) > LONGEST_SUFFIX:
        rule = f"is not a text of at most {LONGEST_SUFFIX} bytes in hexadecimal, in quotes"
        raise ScannerProfileError(f"{where}: suffix: {rule}")
    return suffix


def _gap(where: str, value: object) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0.01 <= float(str(value)) <= LONGEST_GAP_S:
        raise ScannerProfileError(f"{where}: gap_s: is not a number from 0.01 to {LONGEST_GAP_S}")
    return float(str(value))
