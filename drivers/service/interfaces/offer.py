"""A service as a whole: its interfaces with Common, its device, and how it describes itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from drivers.service.envelope import Payload
from drivers.service.interfaces.common import COMMON
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec
from drivers.service.options import OptionRule


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What a service answers to, whoever carries it out.

    Attributes:
        service: name in the URI and of the socket.
        interfaces: without Common, which every service has.
        unknown: the interface part of the status before anything is known.
        abilities: the interface part of the capabilities.
    """

    service: str
    interfaces: tuple[InterfaceSpec, ...]
    unknown: Payload
    abilities: Payload = field(default_factory=dict)

    def all_interfaces(self) -> tuple[InterfaceSpec, ...]:
        """Return Common and the interfaces of this service."""
        return (COMMON, *self.interfaces)

    def commands(self) -> dict[str, CommandSpec]:
        """Return every command by name."""
        return {spec.name: spec for one in self.all_interfaces() for spec in one.commands}

    def events(self) -> dict[str, str]:
        """Return the message version of every event by name."""
        return {
            name: version for one in self.all_interfaces() for name, version in one.events.items()
        }

    def event_version(self, name: str) -> str:
        """Return the message version of an event of this service."""
        return self.events().get(name, "2.0")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceSpec(Offer):
    """One service of one device.

    Attributes:
        device: name of the port binding, such as ``id-reader``.
        adapter: "module:Class" of the adapter that the worker runs.
        options: what its entry in the file of ports may hold beside ``port``.
        optional: served only when the file of ports names it, for not every terminal has one.
        pictures: whether a pictures socket stands beside its web socket.
        abilities_with: the interface part of the capabilities of a device with the options of its
            entry; where it is None, that is `abilities` whatever the options.
    """

    device: str
    adapter: str
    pictures: bool = False
    options: Mapping[str, OptionRule] = field(default_factory=dict)
    optional: bool = False
    abilities_with: Callable[[Mapping[str, str]], Payload] | None = None

    def configured(self, options: Mapping[str, str]) -> ServiceSpec:
        """Return this service as its device's entry in the file of ports makes it."""
        if self.abilities_with is None:
            return self
        return replace(self, abilities=self.abilities_with(options))


def capabilities(spec: Offer, model: Payload) -> dict[str, object]:
    """Return the payload of a Common.Capabilities completion.

    Args:
        spec: the service.
        model: what is known of the device: any of the standard's ``deviceInformation`` properties.
    """
    common: dict[str, object] = {
        "serviceVersion": "1.0",
        "powerSaveControl": False,
        "antiFraudModule": False,
    }
    if model:
        common["deviceInformation"] = [dict(model)]
    return {
        "interfaces": [one.described() for one in spec.all_interfaces()],
        "common": common,
        **spec.abilities,
    }
