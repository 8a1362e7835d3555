"""Which port belongs to which device: by default the links in ``RUN/devices``, or a YAML file.

::

    devices:
      id-reader: {port: /dev/serial/by-id/usb-…, baudrate: 115200}
      receipt-printer: {port: "socket://10.0.0.7:9100", profile: generic-80mm}
      document-camera: {port: /dev/v4l/by-id/usb-…-video-index0, width: 2592, height: 1944}

A device that the file does not name keeps its default.  Ports are named by stable identity
(``by-id``, ``by-path``, our own links), never as ``/dev/ttyUSB0`` or ``/dev/video0``, which move.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml


class BindingError(Exception):
    """The file of ports cannot be used; says which file and which key (staff must act)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Binding:
    """The port of one device, and the options its adapter takes, as text."""

    port: str
    options: Mapping[str, str] = field(default_factory=dict)


_UNSTABLE = re.compile(r"/dev/(tty(USB|ACM)|video)[0-9]+\Z")


def _port(value: object) -> str | None:
    if not isinstance(value, str) or not value:
        return "is not the path or URL of a port"
    if _UNSTABLE.match(value):
        return "names a port that moves; use its link below /dev/serial or /dev/v4l"
    return None


def _number(low: float, high: float) -> Callable[[object], str | None]:
    def rule(value: object) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "is not a number"
        return None if low <= value <= high else f"is not between {low:g} and {high:g}"

    return rule


def _word(pattern: str) -> Callable[[object], str | None]:
    def rule(value: object) -> str | None:
        fits = isinstance(value, str) and re.fullmatch(pattern, value)
        return None if fits else f"is not of the form {pattern}"

    return rule


def _one_of(*values: int) -> Callable[[object], str | None]:
    def rule(value: object) -> str | None:
        fits = value in values and not isinstance(value, bool)
        return None if fits else f"is not one of {', '.join(map(str, values))}"

    return rule


_BAUDRATE = _number(1200, 921600)
_KEYS: Mapping[str, Mapping[str, Callable[[object], str | None]]] = {
    "id-reader": {"port": _port, "baudrate": _BAUDRATE},
    "scanner": {
        "port": _port,
        "baudrate": _BAUDRATE,
        "framing": _word("suffix|gap"),
        "gap_s": _number(0.01, 1.0),
    },
    "receipt-printer": {
        "port": _port,
        "baudrate": _BAUDRATE,
        "profile": _word("[a-z0-9][a-z0-9-]*"),
    },
    "document-camera": {
        "port": _port,
        "width": _number(640, 8192),
        "height": _number(480, 8192),
        "turn": _one_of(0, 90, 180, 270),
    },
}

DEVICES = tuple(_KEYS)
"""The devices a host serves."""


def default_bindings(run: Path) -> dict[str, Binding]:
    """Return the links that simulators, or udev rules, make in the run directory."""
    return {device: Binding(port=str(run / "devices" / device)) for device in DEVICES}


def load_bindings(run: Path, file: Path | None) -> dict[str, Binding]:
    """Return every device's binding: the defaults, overlaid by the file.

    Raises:
        BindingError: the file cannot be read, or a key or value in it is wrong.
    """
    bindings = default_bindings(run)
    if file is None:
        return bindings
    for device, entry in _devices(file).items():
        where = f"{file}: devices.{device}"
        if device not in _KEYS:
            raise BindingError(f"{where}: no such device; there are {', '.join(DEVICES)}")
        bindings[device] = _binding(where, _KEYS[device], entry, bindings[device].port)
    return bindings


def _devices(file: Path) -> Mapping[str, object]:
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BindingError(f"{file}: cannot be read: {error}") from error
    if not isinstance(document, dict) or set(document) != {"devices"}:
        raise BindingError(f"{file}: must hold one key, devices")
    devices = document["devices"]
    if not isinstance(devices, dict) or not all(isinstance(key, str) for key in devices):
        raise BindingError(f"{file}: devices: is not a map of devices")
    return devices


def _binding(
    where: str,
    rules: Mapping[str, Callable[[object], str | None]],
    entry: object,
    default_port: str,
) -> Binding:
    if not isinstance(entry, dict):
        raise BindingError(f"{where}: is not a map")
    for key, value in entry.items():
        if key not in rules:
            raise BindingError(f"{where}.{key}: no such key; there are {', '.join(rules)}")
        problem = rules[key](value)
        if problem:
            raise BindingError(f"{where}.{key}: {problem}")
    options = {key: str(value) for key, value in entry.items() if key != "port"}
    return Binding(port=entry.get("port", default_port), options=options)
