"""The desk where terminals enrol, as HTTP: six calls, on a port of its own.

=====================================  ======================================================
call                                   fields → answer
=====================================  ======================================================
``GET /v1/authority``                  → ``authority`` (PEM); not to be believed unseen
``POST /v1/enrolments``                ``statement, signature, evidence_signature`` →
                                       ``id, nonce, expires``, ``mandate`` if there is one
``POST /v1/enrolments/{id}/nonce``     ``nonce`` → nothing
``GET /v1/enrolments/{id}``            → ``stage``; when approved ``terminal, jurisdiction,
                                       group, certificate, authority, recovery``
``POST /v1/renewals``                  as the second, and ``present_signature``; over the
                                       terminal's present certificate → as the one before
``GET /v1/mandate``                    over that certificate → ``mandate, group``; a terminal
                                       asks daily
=====================================  ======================================================

A statement is the object of `kiosk.crypto.identity`; signatures are base64 over its canonical
bytes. Refusals are problem documents as everywhere (`intake.service.problems`).
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, FastAPI, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from intake.enrolment.desk import EnrolmentDesk, Presented
from intake.receiving.verification import decode
from intake.service.http_edge import furnish
from intake.service.problems import Refusal
from intake.service.services import utc_now
from kiosk.crypto.identity import Statement, StatementError

PRESENTED: Final = "yiduan.presented"
"""Where the server puts the client's certificate into the ASGI scope, if it has one."""
router = APIRouter(prefix="/v1", tags=["登记"])
Base64 = Annotated[str, Field(max_length=400)]
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class Asked(BaseModel):
    """A statement and who signed it."""

    model_config = ConfigDict(extra="forbid")

    statement: dict[str, Any]
    signature: Base64
    evidence_signature: Base64

    def parts(self) -> tuple[Statement, tuple[bytes, bytes]]:
        """Return the statement and its signatures, read.

        Raises:
            Refusal: ``INVALID``.
        """
        try:
            statement = Statement.from_json(self.statement)
        except StatementError as error:
            raise Refusal("INVALID", "statement") from error
        signature = decode(self.signature, "signature")
        return statement, (signature, decode(self.evidence_signature, "evidence_signature"))


class Renewed(Asked):
    """A statement that the signing key in force has signed too."""

    present_signature: Base64


class Told(BaseModel):
    """The number that the terminal is bound to."""

    model_config = ConfigDict(extra="forbid")

    nonce: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


def _desk(request: Request) -> EnrolmentDesk:
    desk = request.app.state.desk
    assert isinstance(desk, EnrolmentDesk)  # noqa: S101 - set below, narrows the type
    return desk


Desk = Annotated[EnrolmentDesk, Depends(_desk)]


def enrolment_app(desk: EnrolmentDesk) -> FastAPI:
    """Return the application."""
    app = FastAPI(title="终端登记", version="1", docs_url=None, redoc_url=None)
    app.state.desk = desk
    app.include_router(router)
    return furnish(app)


@router.get("/authority")
def authority(desk: Desk) -> dict[str, str]:
    """Tell who issues; a terminal believes it only when its code was approved."""
    return {"authority": desk.issuer.certificate}


@router.post("/enrolments", status_code=201)
def begin(desk: Desk, request: Request, asked: Asked) -> dict[str, str]:
    """Take a statement; again is the same answer."""
    statement, signatures = asked.parts()
    address = request.client.host if request.client else ""
    return dict(desk.begin(statement, signatures, asked_from=address[:64], now=utc_now()))


@router.post("/enrolments/{enrolment}/nonce", status_code=204)
def reveal(desk: Desk, enrolment: Id, told: Told) -> None:
    """Take the terminal's number; its code can be approved now."""
    desk.reveal(enrolment, told.nonce, utc_now())


@router.get("/enrolments/{enrolment}")
def outcome(desk: Desk, enrolment: Id) -> dict[str, Any]:
    """Tell how far it is."""
    return dict(desk.outcome(enrolment, utc_now()))


@router.post("/renewals")
def renew(desk: Desk, request: Request, asked: Renewed) -> dict[str, Any]:
    """Issue anew over the present certificate; again is the same answer."""
    presented = _presented(request)
    statement, (own, evidence) = asked.parts()
    present = decode(asked.present_signature, "present_signature")
    return dict(desk.renew(statement, (own, evidence, present), presented, utc_now()))


@router.get("/mandate")
def mandate(desk: Desk, request: Request) -> dict[str, str]:
    """Tell who administers terminals now, over the present certificate."""
    return dict(desk.mandate(_presented(request)))


def _presented(request: Request) -> Presented:
    presented = request.scope.get(PRESENTED)
    if not isinstance(presented, Presented):
        raise Refusal("UNKNOWN_TERMINAL", "certificate")
    return presented
