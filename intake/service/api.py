"""The terminal API (``/v1``), served over mutual TLS.

Every call speaks over the certificate of a registered terminal, and signatures and evidence must be
that same terminal's.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import APIRouter, FastAPI, Header, Path, Query, Response
from fastapi.responses import JSONResponse

from intake.people import enterprise_api, person_api
from intake.people.enterprises import signed_in_for
from intake.people.evaluations import Evaluations
from intake.people.person_api import by_slip, told_progress
from intake.province import integration_api
from intake.receiving import checks, filing, upload_api
from intake.receiving.recording import Filed
from intake.receiving.schemas import (
    CatalogueAnswer,
    CheckAnswer,
    ItemNumber,
    OtherValue,
    PrefillAnswer,
    PrefillRequest,
    PrefillValue,
    ProgressAnswer,
    RunningAnswer,
    SubmitAnswer,
    SubmitRequest,
)
from intake.receiving.uploads import Uploads
from intake.receiving.verification import Terminal, decode
from intake.records.store import StillRunning
from intake.service.callers import CERTIFICATE_NAME, Caller, Shared, require_person
from intake.service.http_edge import furnish
from intake.service.problems import Problem, Refusal
from intake.service.services import Services, china_time
from kiosk.domain.application import Application
from kiosk.domain.catalogue import Catalogue, Item, Mode

__all__ = ["CERTIFICATE_NAME", "Shared", "api_app", "by_slip"]

RETRY_AFTER_S: Final = 2

router = APIRouter(prefix="/v1", tags=["终端"])
_REFUSED: Final[dict[int | str, dict[str, object]]] = {
    status: {"model": Problem} for status in (400, 403, 409, 413, 422, 503)
}


def api_app(services: Services) -> FastAPI:
    """Return the application of the API port."""
    app = FastAPI(
        title="统一受理系统 · 终端接口",
        version="1",
        description="Reference endpoint of the unified intake.",
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.state.uploads = Uploads(services.store.engine)
    app.state.evaluations = Evaluations(services.store.engine)
    parts = (upload_api, person_api, enterprise_api, integration_api)
    for part in (router, *(one.router for one in parts)):
        app.include_router(part, responses=_REFUSED)
    return furnish(app, pace=services.pace, counted=services.store.refusals.add)


@router.get("/catalogue", responses={304: {"description": "Unchanged"}})
def catalogue(
    services: Shared,
    _: Caller,
    response: Response,
    division: Annotated[str, Query(max_length=6)],
    if_none_match: Annotated[str | None, Header()] = None,
) -> CatalogueAnswer:
    """Tell which catalogue versions are accepted for a jurisdiction."""
    accepted = [one.version for one in services.catalogues.accepted(division)]
    etag = f'"{".".join(version[:16] for version in accepted)}"'
    response.headers["etag"] = etag
    if if_none_match == etag:
        response.status_code = 304
    return CatalogueAnswer(version=accepted[0], accepted=accepted)


@router.post("/prefill")
def prefill(services: Shared, caller: Caller, wanted: PrefillRequest) -> PrefillAnswer:
    """Give what the registers know of the person whose card was just read."""
    require_person(services, caller, wanted)
    catalogues = services.catalogues.accepted(wanted.jurisdiction)
    consented = wanted.consent is not None and wanted.consent.text_version in {
        one.consents["data_fetch"].version for one in catalogues
    }
    items = _items(catalogues, wanted)
    fields = {field.key: field for item in items for field in item.fields}
    answer = services.registers.answer(
        wanted.id_no,
        [*fields.values(), *checks.asked(items)],
        consented=consented,
        role=wanted.role,
        thing=wanted.thing,
        uscc=_uscc(services, caller, wanted),
    )
    found = checks.results(items, answer, wanted.role) if consented else {}
    answer = checks.without_questions(answer)
    values = {
        key: PrefillValue(
            value=known.value,
            source=known.source,
            as_of=known.as_of,
            editable=known.editable,
            masked=known.masked or None,
            others=[OtherValue(value=value, source=source) for value, source in known.others],
        )
        for key, known in answer.values.items()
    }
    return PrefillAnswer(
        values=values,
        sources=dict(answer.sources),
        checks={code: CheckAnswer(**asdict(one)) for code, one in found.items()},
    )


def _uscc(services: Services, caller: Terminal, wanted: PrefillRequest) -> str:
    """Return for which enterprise the person has signed in, empty for none."""
    if wanted.enterprise is None:
        return ""
    return signed_in_for(
        services.licences, wanted.enterprise, wanted.id_no, caller.id, services.now()
    )


def _items(catalogues: tuple[Catalogue, ...], wanted: PrefillRequest) -> tuple[Item, ...]:
    """Return the wanted items, by the newest catalogue that has them."""
    for one in catalogues:
        try:
            items = one.thing(wanted.thing).chosen(tuple(wanted.items))
        except KeyError:
            continue
        if items and len(items) == len(wanted.items):
            return items
    raise Refusal("INVALID", "items")


@router.post(
    "/applications",
    status_code=201,
    responses={200: {"model": SubmitAnswer}, 202: {"model": RunningAnswer}},
)
def submit(services: Shared, caller: Caller, request: SubmitRequest) -> Response:
    """File an application, exactly once: the same body gets the same numbers for ever."""
    if request.signature.terminal != caller.id:
        raise Refusal("UNKNOWN_TERMINAL", "signature.terminal")
    signed = filing.opened(caller, decode(request.envelope, "envelope"), request.signature)
    submission_id = signed.envelope.application.submission_id
    try:
        filed = services.store.filed_before(submission_id, signed.digest)
        if filed is None:
            checked = filing.checked(signed, services.catalogues, services.licences)
            checked = filing.with_checks(checked, _checks(services, signed.envelope.application))
            filed = services.store.file(checked, services.now())
    except StillRunning:
        waiting = RunningAnswer(retry_after=RETRY_AFTER_S)
        return JSONResponse(waiting.model_dump(), 202, {"retry-after": str(RETRY_AFTER_S)})
    if filed.new:
        services.bell.ring()
    answer = _numbers(filed)
    return JSONResponse(answer.model_dump(), 201 if filed.new else 200)


def _checks(services: Services, own: Application) -> dict[str, checks.CheckResult]:
    """Ask for the checks of an application once more: the register's word counts, no terminal's."""
    catalogue = services.catalogues.of_version(own.jurisdiction, own.catalogue_version)
    items = tuple(
        item
        for item in catalogue.thing(own.thing).chosen(own.items)
        if item.mode is Mode.CHECK and item.check
    )
    version = catalogue.consents["data_fetch"].version
    if not items or all(one.text_version != version for one in own.consents):
        return {}
    fields = {field.key: field for item in items for field in item.fields}
    answer = services.registers.answer(
        own.applicant.id_no,
        [*fields.values(), *checks.asked(items)],
        consented=True,
        role=own.role,
        thing=own.thing,
        uscc=own.enterprise.uscc if own.enterprise else "",
    )
    return checks.results(items, answer, own.role)


def _numbers(filed: Filed) -> SubmitAnswer:
    """Return the answer to a filing; the same for ever."""
    return SubmitAnswer(
        application_no=filed.application_no,
        envelope_digest=filed.body_digest,
        items=[ItemNumber(item=code, no=no) for code, no in filed.items],
        received_at=china_time(filed.received_at),
    )


@router.get("/progress/{slip}", responses={404: {"model": Problem}})
def progress(
    services: Shared, _: Caller, slip: Annotated[str, Path(max_length=80)]
) -> ProgressAnswer:
    """Tell where the application of a slip stands; ``slip`` is local number, dot, token."""
    found = by_slip(services, slip)
    return told_progress(found, services, services.provincial.of([found.id]))
