"""The terminal API with the faults it was told to have (`intake.service.fault_file`).

Only there when the intake is served with ``--allow-faults``. Every request that is struck is a line
in the log, so nobody takes a played fault for a real one.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import structlog
from fastapi.responses import JSONResponse, Response

from intake.service.callers import HANG_UP
from intake.service.fault_file import Fault, FaultFile, Kind
from intake.service.http_edge import problem
from intake.service.problems import Refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BODY_LIMIT: Final = 2 << 20
_MADE_UP: Final = "41070020000101999999"
"""A number of no application: nothing was ever filed on that day."""

_log = structlog.get_logger("intake")


class Faulty:
    """An application that is slow, wrong, half-dead or lying where the file says so."""

    def __init__(self, app: ASGIApp, faults: FaultFile) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or fail to."""
        fault = None
        if scope["type"] == "http":
            fault = self._faults.take(scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
            return
        _log.warning("fault_played", kind=fault.kind, call=fault.call, left=fault.left)
        await self._fail(fault, scope, receive, send)

    async def _fail(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.delay)
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        answer: Response | None = None
        match fault.kind:
            case Kind.ERROR:
                answer = problem(Refusal("INTERNAL"), scope)
            case Kind.GARBAGE:
                answer = Response(b'{"application_no": ', 200, media_type="application/json")
            case Kind.EARLY:
                answer = JSONResponse(_made_up(body))
            case Kind.OTHER_ID:
                answer = _of_another(await self._answered(scope, body))
            case Kind.HANG_UP_AFTER:
                await self._answered(scope, body)
            case Kind.SILENT:
                await _gone(receive)
        if answer is not None:
            await answer(scope, receive, send)
        elif fault.kind is not Kind.SILENT:
            hang_up: Callable[[], None] = scope[HANG_UP]
            hang_up()

    async def _answered(self, scope: Scope, body: bytes) -> tuple[int, bytes]:
        """Let the right application do its work; return status and body of its answer."""
        status, parts = 500, []
        given = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return given.pop() if given else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        return status, b"".join(parts)


async def _whole(receive: Receive) -> bytes:
    """Read a request's body; of one that is too long only the beginning is kept."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")[: _BODY_LIMIT - len(body)]
        more = message.get("more_body", False)
    return body


async def _gone(receive: Receive) -> None:
    """Wait until the other side has given up."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _of_another(answer: tuple[int, bytes]) -> Response:
    """Turn the answer to a filing into that of another application; a refusal stays as it is."""
    status, body = answer
    if status not in {200, 201}:
        return Response(body, status, media_type="application/problem+json")
    told: dict[str, Any] = json.loads(body)
    digest = hashlib.sha256(told["envelope_digest"].encode()).hexdigest()
    items = [{**one, "no": _MADE_UP + one["no"][-2:]} for one in told["items"]]
    lie = told | {"application_no": _MADE_UP, "envelope_digest": digest, "items": items}
    return JSONResponse(lie, 201)


def _made_up(body: bytes) -> dict[str, Any]:
    """Answer a filing as if it were stored, with everything right but the number."""
    try:
        envelope = base64.b64decode(json.loads(body)["envelope"])
        codes = json.loads(envelope)["application"]["items"]
    except (ValueError, KeyError, TypeError):
        envelope, codes = body, []
    return {
        "application_no": _MADE_UP,
        "envelope_digest": hashlib.sha256(envelope).hexdigest(),
        "items": [
            {"item": code, "no": f"{_MADE_UP}{place:02d}"} for place, code in enumerate(codes, 1)
        ],
        "received_at": "2000-01-01T00:00:00+08:00",
    }
