"""Client of the unified intake API (统一受理系统).

What may be done here: ask the intake over a transport, and turn whatever comes back into records
or one of three errors. A relay and a forwarder ask over HTTPS, a session asks through its relay.
What may not: deciding what a citizen sees, waiting to try again, keeping anything. A city's
own platform is linked by a service that answers the same calls; :mod:`kiosk.gateway.ports` names
them module by module.

:mod:`kiosk.gateway.https` is imported by name where it is needed: what it stands on (requests,
ssl) is 9 MB that a session, which asks through its relay, does not carry.
"""

from kiosk.gateway.answers import (
    Accepted,
    CatalogueVersions,
    CheckLine,
    ItemProgress,
    Licence,
    Licences,
    ListedItem,
    Prefilled,
    Progress,
    Refused,
    Running,
)
from kiosk.gateway.client import IntakeClient
from kiosk.gateway.errors import (
    GatewayError,
    IntakeGarbled,
    IntakeRefused,
    IntakeUnreachable,
    RefusedProblem,
)
from kiosk.gateway.relayed import RelayTransport
from kiosk.gateway.transport import Reply, Transport

__all__ = [
    "Accepted",
    "CatalogueVersions",
    "CheckLine",
    "GatewayError",
    "IntakeClient",
    "IntakeGarbled",
    "IntakeRefused",
    "IntakeUnreachable",
    "ItemProgress",
    "Licence",
    "Licences",
    "ListedItem",
    "Prefilled",
    "Progress",
    "Refused",
    "RefusedProblem",
    "RelayTransport",
    "Reply",
    "Running",
    "Transport",
]
