"""What a running host says of its devices: asked over its own sockets, no port is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from drivers.doctor.findings import conditions
from drivers.service.address import Address
from drivers.service.client import CommandFailed, ServiceClient, ServiceUnavailable
from drivers.service.discovery import discover
from drivers.service.status import device_word

ANSWER_S: Final = 2.0
"""Seconds a service has to answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostWord:
    """What the host says of one device, see `Report` of `drivers.doctor.findings`."""

    word: str
    message: str = ""
    step: str = ""
    model: Mapping[str, object] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)


class HostSilent(Exception):
    """A host is there and does not answer us; says why."""


def ask_host(run: Path, secret: str | None) -> dict[str, HostWord] | None:
    """Return what the host says of each service by its name, ``None`` when there is no host.

    Raises:
        HostSilent: it refuses us, or we have no secret to offer.
    """
    publisher = run / "xfs4iot" / "publisher.sock"
    if not publisher.exists():
        return None
    if secret is None:
        raise HostSilent("a host is there; asking it needs its secrets")
    try:
        found = discover(Address.local(str(publisher), ""), secret)
    except (ServiceUnavailable, CommandFailed) as error:
        if "refused" in str(error).lower():
            return None  # a socket that a killed host left behind
        raise HostSilent(f"the host does not answer: {error}") from error
    return {name: _ask(address, secret) for name, address in found.items()}


def _ask(address: Address, secret: str) -> HostWord:
    client = ServiceClient.at(address, secret)
    try:
        status = client.call("Common.Status", None, ANSWER_S).payload
        abilities = client.call("Common.Capabilities", None, ANSWER_S).payload
    except (ServiceUnavailable, CommandFailed) as error:
        return HostWord(word="hardwareError", message=f"its service does not answer: {error}")
    finally:
        client.close()
    trouble = status.get("xTrouble")
    told = trouble if isinstance(trouble, Mapping) else {}
    return HostWord(
        word=device_word(status),
        message=str(told.get("message", "")),
        step=str(told.get("step", "")),
        model=_model(abilities),
        conditions=conditions(status),
    )


def _model(abilities: Mapping[str, object]) -> Mapping[str, object]:
    common = abilities.get("common")
    known = common.get("deviceInformation") if isinstance(common, Mapping) else None
    return known[0] if isinstance(known, list) and known else {}
