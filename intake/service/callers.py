"""Who calls the terminal API, and what a call is served with."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Request

from intake.receiving.schemas import PersonRequest
from intake.receiving.verification import Terminal, check_evidence
from intake.service.problems import Refusal
from intake.service.services import Services

CERTIFICATE_NAME: Final = "yiduan.certificate_name"
"""Where the server puts the common name of the client's certificate into the ASGI scope."""
CERTIFICATE_SERIAL: Final = "yiduan.certificate_serial"
"""Where it puts the certificate's serial number, lower-case hexadecimal."""
HANG_UP: Final = "yiduan.hang_up"
"""Where the server puts what drops the connection."""


def services_of(request: Request) -> Services:
    """Return the services of the application that got the request."""
    services = request.app.state.services
    assert isinstance(services, Services)  # noqa: S101 - set in api_app, narrows the type
    return services


def caller_of(request: Request) -> Terminal:
    """Return the registered terminal whose certificate the connection has.

    Raises:
        Refusal: ``UNKNOWN_TERMINAL``, or ``TERMINAL_REVOKED``.
    """
    name = request.scope.get(CERTIFICATE_NAME)
    if not isinstance(name, str):
        raise Refusal("UNKNOWN_TERMINAL", "certificate")
    return services_of(request).registry.get(name, request.scope.get(CERTIFICATE_SERIAL))


Shared = Annotated[Services, Depends(services_of)]
Caller = Annotated[Terminal, Depends(caller_of)]


def require_person(services: Services, caller: Terminal, wanted: PersonRequest) -> None:
    """Refuse a request for data of anybody whose card was not just read in this visit.

    Raises:
        Refusal: ``NO_EVIDENCE``.
    """
    if wanted.visit != wanted.evidence.visit:
        raise Refusal("NO_EVIDENCE", "visit")
    check_evidence(
        caller,
        wanted.evidence,
        wanted.evidence_signature,
        id_no=wanted.id_no,
        at=services.now(),
    )
