"""Which port belongs to which device: by default the links in ``RUN/devices``, or a YAML file.

::

    devices:
      id-reader: {port: /dev/serial/by-id/usb-…, baudrate: 115200}
      receipt-printer: {port: "socket://10.0.0.7:9100", profile: generic-80mm}
      document-camera: {port: /dev/v4l/by-id/usb-…-video-index0, width: 2592, height: 1944}

A device that the file does not name keeps its default.  What else the file may hold is in
`drivers.service.host_file`.  Ports are named by stable identity
(``by-id``, ``by-path``, our own links), never as ``/dev/ttyUSB0`` or ``/dev/video0``, which move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.options import OptionRule, port
from drivers.service.registry import SERVICES


class BindingError(Exception):
    """The file of ports cannot be used; says which file and which key (staff must act)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Binding:
    """The port of one device, and the options its adapter takes, as text."""

    port: str
    options: Mapping[str, str] = field(default_factory=dict)


FILE_KEYS = ("run", "terminal", "evidence_key", "secrets", "allow_users", "tcp", "devices")
"""What the file may hold at its top; see `drivers.service.host_file`."""

SPECS: Mapping[str, ServiceSpec] = {spec.device: spec for spec in SERVICES}
"""The devices a host can serve."""


def default_bindings(run: Path) -> dict[str, Binding]:
    """Return the links that simulators, or udev rules, make in the run directory.

    A device that not every terminal has is served only when the file names it.
    """
    return {device: _default(run, device) for device, spec in SPECS.items() if not spec.optional}


def _default(run: Path, device: str) -> Binding:
    return Binding(port=str(run / "devices" / device))


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
        if device not in SPECS:
            raise BindingError(f"{where}: no such device; there are {', '.join(SPECS)}")
        rules = {"port": port, **SPECS[device].options}
        bindings[device] = _binding(where, rules, entry, _default(run, device).port)
    return bindings


def document(file: Path) -> dict[str, object]:
    """Return the file's top keys.

    Raises:
        BindingError: the file cannot be read, is no map, or has a key that is not known.
    """
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BindingError(f"{file}: cannot be read: {error}") from error
    if not isinstance(read, dict):
        raise BindingError(f"{file}: is not a map of {', '.join(FILE_KEYS)}")
    for key in read:
        if key not in FILE_KEYS:
            raise BindingError(f"{file}: {key}: no such key; there are {', '.join(FILE_KEYS)}")
    return read


def _devices(file: Path) -> Mapping[str, object]:
    devices = document(file).get("devices", {})
    if not isinstance(devices, dict) or not all(isinstance(key, str) for key in devices):
        raise BindingError(f"{file}: devices: is not a map of devices")
    return devices


def _binding(
    where: str,
    rules: Mapping[str, OptionRule],
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
