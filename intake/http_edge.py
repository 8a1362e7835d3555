"""The edge both applications share: limits, problem documents, headers, local API documents.

Whatever arrives, the answer is a page, a body of the API, or a problem document; never a
traceback, and never anything a citizen sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from intake.problems import Refusal
from standards.assets import data_root

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT: Final = 1 << 20
"""Bytes of a request's body; a larger file comes in pieces (`intake.upload_api`)."""
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


class Edge:
    """Outermost middleware: bounds a body, adds headers, and turns any error into a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                names = {name for name, _ in message["headers"]}
                added = [(name, value) for name, value in _HEADERS if name not in names]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        try:
            await self._app(scope, _bounded(receive), noting)
        except Exception as error:  # noqa: BLE001 - the last place where a request can be answered
            _log.error("request_failed", error=type(error).__name__)
            if not started:
                await problem(Refusal("INTERNAL"))(scope, receive, noting)


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


def problem(refusal: Refusal) -> JSONResponse:
    """Return the answer to a refused request."""
    return JSONResponse(
        refusal.document().model_dump(), refusal.status, media_type="application/problem+json"
    )


def furnish(app: FastAPI) -> FastAPI:
    """Give an application its error answers, its limits and its local ``/docs``."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(SQLAlchemyError, _database)
    app.add_api_route("/docs", _docs, include_in_schema=False, response_class=HTMLResponse)
    app.add_api_route("/docs/start.js", _docs_start, include_in_schema=False)
    swagger = data_root() / "vendor" / "swagger-ui"
    app.mount("/docs/swagger-ui", StaticFiles(directory=swagger), name="swagger-ui")
    app.add_middleware(Edge)
    return app


async def _refused(_: Request, error: Exception) -> Response:
    return problem(error if isinstance(error, Refusal) else Refusal("INTERNAL"))


async def _http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return problem(Refusal(_CODES.get(status, "MALFORMED")))


async def _invalid(_: Request, error: Exception) -> Response:
    """Name the first wrong member; its value stays unsaid."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    first = faults[0] if faults else {"type": "", "loc": ()}
    if first["type"] == "json_invalid":
        return problem(Refusal("MALFORMED"))
    where = ".".join(str(step) for step in first["loc"][1:])[:200]
    return problem(Refusal("INVALID", where or None))


async def _database(_: Request, error: Exception) -> Response:
    """The database is away or refuses: retryable, and nothing was filed."""
    _log.error("database_failed", error=type(error).__name__)
    return problem(Refusal("UNAVAILABLE"))


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
