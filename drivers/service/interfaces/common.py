"""The Common interface, and the records with which every service describes itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from drivers.service.envelope import Payload
from drivers.service.options import OptionRule

STATUS = "Common.Status"
CAPABILITIES = "Common.Capabilities"
CANCEL = "Common.Cancel"
SET_VERSIONS = "Common.SetVersions"
SET_TRANSACTION = "Common.SetTransactionState"
GET_TRANSACTION = "Common.GetTransactionState"
STATUS_CHANGED = "Common.StatusChangedEvent"
ERROR = "Common.ErrorEvent"

MOST_REQUESTS = 32
"""Commands of one connection that may be queued or running."""

_LONGEST_TRANSACTION_ID = 64


class DeviceWord(StrEnum):
    """State of the device as a whole (``common.device``); the words are the standard's."""

    ONLINE = "online"
    """Usable."""
    OFFLINE = "offline"
    """Powered, but switched out of use."""
    POWER_OFF = "powerOff"
    NO_DEVICE = "noDevice"
    """Not connected."""
    HARDWARE_ERROR = "hardwareError"
    """Does not work; staff must act."""
    USER_ERROR = "userError"
    """A person's action prevents its use, such as an open cover."""
    DEVICE_BUSY = "deviceBusy"
    FRAUD_ATTEMPT = "fraudAttempt"
    POTENTIAL_FRAUD = "potentialFraud"
    STARTING = "starting"
    """Being opened; the final word follows in a status event."""


PayloadRule = Callable[[Payload], str | None]
"""Says what is wrong with a command's payload, or ``None``."""


def no_rule(payload: Payload) -> str | None:
    """Accept any payload."""
    del payload
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandSpec:
    """One command of one interface.

    Attributes:
        name: "Interface.Command".
        versions: message versions taken.
        answer_version: message version of its completion.
        check: rule for the payload.
        stop_grace_s: seconds a running command is given to stop by itself, after which its worker
            is ended; more than `drivers.service.grace.STOP_S` stands in the table there.
        at_once: answered by the host whatever runs; all others queue for the device.
    """

    name: str
    versions: tuple[str, ...] = ("2.0",)
    answer_version: str = "3.0"
    check: PayloadRule = no_rule
    stop_grace_s: float = 0.4
    at_once: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class InterfaceSpec:
    """One interface: its commands and the events it may send, with their message version."""

    name: str
    commands: tuple[CommandSpec, ...] = ()
    events: Mapping[str, str] = field(default_factory=dict)
    maximum_requests: int = MOST_REQUESTS

    def described(self) -> Payload:
        """Return its entry in the answer of Common.Capabilities."""
        commands = {spec.name: {"versions": list(spec.versions)} for spec in self.commands}
        events = {name: {"versions": [version]} for name, version in self.events.items()}
        answer: dict[str, object] = {"name": self.name, "maximumRequests": self.maximum_requests}
        if commands:
            answer["commands"] = commands
        if events:
            answer["events"] = events
        return answer


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


def _check_cancel(payload: Payload) -> str | None:
    ids = payload.get("requestIds")
    if ids is None:
        return None
    if not isinstance(ids, list) or not ids:
        return "requestIds is not a list of request ids"
    if any(not isinstance(one, int) or isinstance(one, bool) or one < 1 for one in ids):
        return "requestIds holds something that is not a request id"
    return None


def _check_versions(payload: Payload) -> str | None:
    """Take ``commands`` and ``events``: major versions by message name."""
    for key in ("commands", "events"):
        wanted = payload.get(key)
        if wanted is None:
            continue
        if not isinstance(wanted, Mapping) or not wanted:
            return f"{key} is not a map of major versions by name"
        if any(not isinstance(one, int) or isinstance(one, bool) for one in wanted.values()):
            return f"{key} holds something that is not a major version"
    return None


def _check_transaction(payload: Payload) -> str | None:
    if payload.get("state") not in ("active", "inactive"):
        return "state is neither active nor inactive"
    name = payload.get("transactionID")
    if name is None or (isinstance(name, str) and len(name) <= _LONGEST_TRANSACTION_ID):
        return None
    return f"transactionID is not a text of at most {_LONGEST_TRANSACTION_ID} characters"


COMMON = InterfaceSpec(
    name="Common",
    commands=(
        CommandSpec(name=STATUS, at_once=True),
        CommandSpec(name=CAPABILITIES, at_once=True),
        CommandSpec(name=CANCEL, answer_version="2.0", check=_check_cancel, at_once=True),
        CommandSpec(name=SET_VERSIONS, answer_version="2.0", check=_check_versions, at_once=True),
        CommandSpec(
            name=SET_TRANSACTION, answer_version="2.0", check=_check_transaction, at_once=True
        ),
        CommandSpec(name=GET_TRANSACTION, answer_version="2.0", at_once=True),
    ),
    events={STATUS_CHANGED: "3.0", ERROR: "2.0"},
)
"""What every service answers.

PowerSaveControl is not offered, nor are nonces: no device here saves power on command or keeps a
key, the capabilities say so, and such a command ends as ``unsupportedCommand``.
"""


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
