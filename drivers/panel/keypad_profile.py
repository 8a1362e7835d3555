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

from pathlib import Path

from evdev import ecodes

from drivers import profile_file
from drivers.panel.keys import Key, KeyMap
from drivers.profile_file import CONFIG_DIR, Fields, ProfileError, mapping, number

__all__ = ["CONFIG_DIR", "ProfileError", "load"]

_KNOWN = frozenset({"keys", "headset", "repeating", "debounce_s"})
_JACK = frozenset({"inserted", "removed", "switch"})
_LONGEST_DEBOUNCE_S = 0.5


def load(name: str, config_dir: Path = CONFIG_DIR) -> KeyMap:
    """Return the map of `config_dir/panel-keypad-<name>.yaml`.

    Raises:
        ProfileError: No such file, not YAML, an unknown field, key or code, or a code used twice.
    """
    return profile_file.load(f"panel-keypad-{name}", config_dir, _KNOWN, _keymap)


def _keymap(fields: Fields) -> KeyMap:
    named = mapping(fields.get("keys"), "keys", frozenset(Key))
    jack = mapping(fields.get("headset", {}), "headset", _JACK)
    repeating = fields.get("repeating", [])
    if not isinstance(repeating, list):
        raise ValueError("repeating is not a list of keys")  # noqa: TRY004  # a wrong file
    keys = {_code(code, "KEY_"): Key(str(name)) for name, code in named.items()}
    keymap = KeyMap(
        keys=keys,
        inserted=_optional(jack, "inserted", "KEY_"),
        removed=_optional(jack, "removed", "KEY_"),
        switch=_optional(jack, "switch", "SW_"),
        repeating=frozenset(Key(str(name)) for name in repeating),
        debounce_s=number(fields.get("debounce_s", 0.02), "debounce_s", 0, _LONGEST_DEBOUNCE_S),
    )
    codes = [*named.values(), *jack.values()]
    if len(set(codes)) < len(codes) or not keys:
        raise ValueError("keys: none, or one code is two keys")
    return keymap


def _optional(jack: Fields, name: str, prefix: str) -> int | None:
    return _code(jack[name], prefix) if name in jack else None


def _code(name: object, prefix: str) -> int:
    """Return the number of a code's name."""
    code = ecodes.ecodes.get(name) if isinstance(name, str) and name.startswith(prefix) else None
    if not isinstance(code, int):
        raise ValueError(f"there is no code {name}")  # noqa: TRY004  # a wrong file
    return code
