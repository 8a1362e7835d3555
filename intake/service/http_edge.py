"""The edge both applications share: limits, problem documents, headers, local API documents.

Whatever arrives, the answer is a page, a body of the API, or a problem document; never a
traceback, and never anything a citizen sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from intake.service.callers import CERTIFICATE_NAME
from intake.service.pace import Pace
from intake.service.problems import Refusal
from standards.assets import data_root

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT: Final = 1 << 20
"""Bytes of a request's body; a larger file comes in pieces (`intake.receiving.upload_api`)."""
AWAY_S: Final = 2
"""In how many seconds to come again while the database is away."""
REFUSED: Final = "yiduan.refused"
"""Where the codes of a request's refusals stand in its ASGI scope."""
_CODES: Final = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 413: "TOO_LARGE"}
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DOCS_POLICY: Final = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

_log = structlog.get_logger("intake")


Counting = Callable[[str, str], None]
"""Told of every refusal: the name in the caller's certificate, or nothing, and the code."""


class Edge:
    """Outermost middleware: bounds a body, adds headers, and turns any error into a problem.

    It also keeps terminals to their pace, refuses compressed bodies, and has refusals counted.
    """

    def __init__(
        self, app: ASGIApp, pace: Pace | None = None, counted: Counting | None = None
    ) -> None:
        self._app = app
        self._pace = pace
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused: list[str] = []
        scope[REFUSED] = refused
        try:
            await self._serve(scope, receive, send)
        finally:
            if refused and self._counted is not None:
                self._counted(scope.get(CERTIFICATE_NAME) or "", refused[0])

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                names = {name for name, _ in message["headers"]}
                added = [(name, value) for name, value in _HEADERS if name not in names]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        receive = _bounded(receive)
        try:
            unwelcome = self._unwelcome(scope)
            if unwelcome is not None:
                await _read_to_the_end(receive)
                await problem(unwelcome, scope)(scope, receive, noting)
                return
            await self._app(scope, receive, noting)
        except HTTPException as error:  # a body too long, which nobody wanted to read
            if not started:
                await problem(_of_status(error.status_code), scope)(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - the last place where a request can be answered
            _log.error("request_failed", error=type(error).__name__)
            if not started:
                await problem(Refusal("INTERNAL"), scope)(scope, receive, noting)

    def _unwelcome(self, scope: Scope) -> Refusal | None:
        """Say why a request is not even looked at: too many, or a body that would unpack."""
        name = scope.get(CERTIFICATE_NAME)
        seconds = self._pace.wait_for(name) if self._pace and name else 0
        if seconds:
            return Refusal("TOO_MANY", retry_after=seconds)
        if any(key == b"content-encoding" for key, _ in scope["headers"]):
            return Refusal("MEDIA_TYPE", "content-encoding")
        return None


async def _read_to_the_end(receive: Receive) -> None:
    """Take a body that nobody wants: who is still sending would not hear the answer."""
    while (await receive()).get("more_body", False):
        pass


def _bounded(receive: Receive) -> Receive:
    """Stop reading a body that is longer than any may be."""
    left = BODY_LIMIT

    async def counting() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    return counting


def problem(refusal: Refusal, scope: Scope) -> JSONResponse:
    """Return the answer to a refused request, and note it for the counts."""
    scope.get(REFUSED, []).append(refusal.code)
    headers = {"retry-after": str(refusal.retry_after)} if refusal.retry_after else None
    return JSONResponse(
        refusal.document().model_dump(),
        refusal.status,
        headers,
        media_type="application/problem+json",
    )


def furnish(app: FastAPI, *, pace: Pace | None = None, counted: Counting | None = None) -> FastAPI:
    """Give an application its error answers, its limits and its local ``/docs``."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(SQLAlchemyError, _database)
    app.add_api_route("/docs", _docs, include_in_schema=False, response_class=HTMLResponse)
    app.add_api_route("/docs/start.js", _docs_start, include_in_schema=False)
    swagger = data_root() / "vendor" / "swagger-ui"
    app.mount("/docs/swagger-ui", StaticFiles(directory=swagger), name="swagger-ui")
    app.add_middleware(Edge, pace=pace, counted=counted)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else Refusal("INTERNAL")
    return problem(refusal, request.scope)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return problem(_of_status(status), request.scope)


def _of_status(status: int) -> Refusal:
    return Refusal(_CODES.get(status, "MALFORMED"))


async def _invalid(request: Request, error: Exception) -> Response:
    """Name the first wrong member; its value stays unsaid."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    first = faults[0] if faults else {"type": "", "loc": ()}
    if first["loc"][:1] == ("body",) and not _is_json(request):
        return problem(Refusal("MEDIA_TYPE", "content-type"), request.scope)
    if first["type"] == "json_invalid":
        return problem(Refusal("MALFORMED"), request.scope)
    where = ".".join(str(step) for step in first["loc"][1:])[:200]
    return problem(Refusal("INVALID", where or None), request.scope)


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"


async def _database(request: Request, error: Exception) -> Response:
    """The database is away or refuses: retryable, and nothing was filed."""
    _log.error("database_failed", error=type(error).__name__)
    return problem(Refusal("UNAVAILABLE", retry_after=AWAY_S), request.scope)


async def _docs(request: Request) -> HTMLResponse:
    """Swagger UI from this machine; FastAPI's own page would load it from the network."""
    page = f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<title>{request.app.title}</title>
<link rel="stylesheet" href="/docs/swagger-ui/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="/docs/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script></body></html>"""
    return HTMLResponse(page, headers={"content-security-policy": _DOCS_POLICY})


async def _docs_start() -> Response:
    """Start Swagger UI; a file of its own, since the page allows no inline script."""
    script = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", validatorUrl: null});\n'
    return Response(script, media_type="text/javascript")


def own_page(request: Request) -> None:
    """Refuse an action that another site's page makes a clerk's browser send.

    Raises:
        Refusal: ``FOREIGN_PAGE``.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or site not in {"same-origin", "none"}:
        raise Refusal("FOREIGN_PAGE")
