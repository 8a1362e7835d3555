"""Which code of a tactile pad is which key, from ``config/devices/panel-keypad-NAME.yaml``.

::

    keys: {up: KEY_UP, down: KEY_DOWN, select: KEY_ENTER}
    headset: {inserted: KEY_F15, removed: KEY_F16}     # or {switch: SW_HEADPHONE_INSERT}
    repeating: [up, down]
    debounce_s: 0.02
    sources: {keys: where each code is documented}

Names of codes are those of ``linux/input-event-codes.h``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml
from evdev import ecodes

from drivers.panel.keys import Key, KeyMap

CONFIG_DIR: Final = Path(__file__).resolve().parents[2] / "config" / "devices"
"""Where the files lie in a source tree."""

_KNOWN: Final = {"keys", "headset", "repeating", "debounce_s", "sources"}
_LONGEST_DEBOUNCE_S: Final = 0.5


class ProfileError(ValueError):
    """A pad's file cannot be used; says which file and field (staff must act)."""


def load(name: str, config_dir: Path = CONFIG_DIR) -> KeyMap:
    """Return the map of `config_dir/panel-keypad-<name>.yaml`.

    Raises:
        ProfileError: No such file, not YAML, an unknown field, key or code, or a code used twice.
    """
    path = config_dir / f"panel-keypad-{name}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProfileError(f"{path}: {error}") from error
    try:
        return _keymap(_mapping(content, "the file"))
    except ValueError as error:
        raise ProfileError(f"{path}: {error}") from error


def _keymap(content: Mapping[str, object]) -> KeyMap:
    if strange := sorted(set(content) - _KNOWN):
        raise ValueError(f"unknown field {strange[0]}")
    keys = {
        _code(code, "KEY_"): Key(name)
        for name, code in _mapping(content.get("keys"), "keys").items()
    }
    jack = _mapping(content.get("headset", {}), "headset")
    repeating = content.get("repeating", [])
    if not isinstance(repeating, list):
        raise ValueError("repeating is not a list of keys")  # noqa: TRY004  # a wrong file
    keymap = KeyMap(
        keys=keys,
        inserted=_optional(jack, "inserted", "KEY_"),
        removed=_optional(jack, "removed", "KEY_"),
        switch=_optional(jack, "switch", "SW_"),
        repeating=frozenset(Key(str(name)) for name in repeating),
        debounce_s=_seconds(content.get("debounce_s", 0.02)),
    )
    codes = [*_mapping(content["keys"], "keys").values(), *jack.values()]
    if len(set(codes)) < len(codes) or not keys:
        raise ValueError("keys: none, or one code is two keys")
    if strange := sorted(set(jack) - {"inserted", "removed", "switch"}):
        raise ValueError(f"unknown field headset.{strange[0]}")
    return keymap


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ValueError(f"{what} is not a mapping")
    return value


def _optional(jack: Mapping[str, object], name: str, prefix: str) -> int | None:
    return _code(jack[name], prefix) if name in jack else None


def _code(name: object, prefix: str) -> int:
    """Return the number of a code's name."""
    number = ecodes.ecodes.get(name) if isinstance(name, str) and name.startswith(prefix) else None
    if not isinstance(number, int):
        raise ValueError(f"there is no code {name}")  # noqa: TRY004  # a wrong file
    return number


def _seconds(value: object) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    if not fits or not 0 <= float(str(value)) <= _LONGEST_DEBOUNCE_S:
        raise ValueError(f"debounce_s is not a number from 0 to {_LONGEST_DEBOUNCE_S}")
    return float(str(value))
