"""Asking the publisher which services there are.

::

    found = discover(Address.local("/run/yiduan/xfs4iot/publisher.sock", ""), secret)
    reader = ServiceClient.at(found["IdReader"], secret)

Which interfaces a service has is told by its own Common.Capabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from websockets.exceptions import WebSocketException

from drivers.service.address import Address, AddressError
from drivers.service.client import Event, ServiceClient, ServiceUnavailable
from drivers.service.envelope import Payload

PORTS = range(5846, 5857)
"""Ports on which a client looks for a publisher (XFS4IoT, CWA 17852-1)."""

LOOK_S = 5.0
"""Seconds a publisher is given for services that start slowly."""


def discover(publisher: Address, secret: str, timeout_s: float = LOOK_S) -> dict[str, Address]:
    """Return the address of every service by its name.

    A service that is not there yet when the time is over is missing: ask again.

    Raises:
        ServiceUnavailable: there is no publisher, or it refused us.
        CommandFailed: it does not know the question.
    """
    found: dict[str, Address] = {}

    def take(payload: Payload) -> None:
        found.update(_read(payload, publisher))

    def on_event(event: Event) -> None:
        take(event.payload)

    client = ServiceClient.at(publisher, secret)
    try:
        take(client.call("ServicePublisher.GetServices", None, timeout_s, on_event).payload)
    finally:
        client.close()
    return found


def find_publisher(
    host: str, secret: str, trust: Path | None = None, ports: Iterable[int] = PORTS
) -> Address:
    """Return the first publisher of a machine that lets us in.

    Args:
        host: name or address; off this machine only TLS is tried.
        secret: of our role.
        trust: see `Address`.
        ports: where to look, in order.

    Raises:
        ServiceUnavailable: there is none.
    """
    problem = "no publisher answers"
    for port in ports:
        for scheme in ("wss", "ws"):
            with suppress(AddressError):
                address = Address.parse(f"{scheme}://{host}:{port}/xfs4iot/v1.0/", trust)
                try:
                    address.connect(secret).close()
                except ConnectionRefusedError:
                    break  # nobody listens there, with TLS or without
                except (OSError, WebSocketException) as error:
                    problem = f"port {port}: {error}"
                else:
                    return address
    raise ServiceUnavailable(f"{host}: {problem}")


def _read(payload: Payload, publisher: Address) -> dict[str, Address]:
    """Return the addresses of a payload that are reached as the publisher was.

    A socket of another machine is of no use, nor is a way over TCP to what is on this one; a URI of
    a form we do not know is passed over.
    """
    services = payload.get("services")
    found: dict[str, Address] = {}
    for one in services if isinstance(services, list) else []:
        uri = one.get("serviceURI") if isinstance(one, Mapping) else None
        with suppress(AddressError):
            address = Address.parse(str(uri), publisher.trust)
            if (address.socket is None) is (publisher.socket is None):
                found[address.service] = address
    return found
