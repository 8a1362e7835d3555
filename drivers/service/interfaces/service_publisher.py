"""The publisher: which services this host offers, and where each of them is.

A client asks ``ServicePublisher.GetServices`` at the one place it knows.  A service that is still
starting is told by a ``ServiceDetailEvent`` while the command runs; its completion has them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from drivers.service.interfaces.offer import Offer
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec

GET_SERVICES: Final = "ServicePublisher.GetServices"
SERVICE_DETAIL: Final = "ServicePublisher.ServiceDetailEvent"

VENDOR: Final = "Yiduan"

PUBLISHER: Final = Offer(
    service="",
    interfaces=(
        InterfaceSpec(
            name="ServicePublisher",
            commands=(CommandSpec(name=GET_SERVICES, answer_version="2.0"),),
            events={SERVICE_DETAIL: "2.0"},
        ),
    ),
    unknown={},
)
"""The standard gives the publisher no name: its URI ends after the version."""


def services(uris: Iterable[str]) -> dict[str, object]:
    """Return the payload of the completion, and of the event."""
    return {"vendorName": VENDOR, "services": [{"serviceURI": uri} for uri in uris]}
