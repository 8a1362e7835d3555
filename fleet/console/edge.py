"""The outermost layer: bounds a body, refuses other sites' forms, adds headers, hides errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT: Final = 64 * 1024
"""Bytes; the longest form of ours has a few hundred."""
TABLE_LIMIT: Final = 1024 * 1024
"""The same for tables of terminals."""
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_SAFE: Final = frozenset({"GET", "HEAD"})

log = structlog.get_logger()


class Edge:
    """Middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        """Take what is inside."""
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
                added = [own for own in _HEADERS if own[0] not in names]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        refused = _refused(scope)
        if refused is not None:
            await refused(scope, receive, noting)
            return
        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - the last place where a request is answered
            log.warning("request_failed", problem=type(error).__name__, path=scope["path"])
            if not started:
                await PlainTextResponse("出了问题，请稍后再试", 500)(scope, receive, noting)


def _refused(scope: Scope) -> PlainTextResponse | None:
    """Say why a request is not even looked at: too long, or another site's page sent it."""
    if scope["method"] in _SAFE:
        return None
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    limit = TABLE_LIMIT if scope["path"].startswith("/imports/") else BODY_LIMIT
    if not length.isdigit() or int(length) > limit:  # a server holds a body to its length
        return PlainTextResponse("内容太长", 413)
    origin = headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != headers.get("host")
    if foreign or headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return PlainTextResponse("这个请求来自别的网页，没有执行", 403)
    return None
