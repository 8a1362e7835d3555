"""Through the visit's relay: a session has no network of its own.

On the channel a request is ``{"op": "api", "method", "path", "body"}`` and its answer
``{"status", "headers", "body"}``; both bodies are JSON text, or null. A relay answers what it
could not bring with the error ``unreachable`` or ``garbled``, what it may not with another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from kiosk.channel import ChannelError, Client, Refused
from kiosk.gateway.errors import IntakeGarbled, IntakeUnreachable
from kiosk.gateway.transport import ANSWER_LIMIT, Json, Reply


class RelayTransport:
    """Requests through the relay of this visit."""

    def __init__(self, channel: Client) -> None:
        """Take the connection to the relay."""
        self._channel = channel

    def request(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request; see :class:`kiosk.gateway.transport.Transport`."""
        if isinstance(body, bytes) or headers:
            raise TypeError("a relay carries JSON only")
        text = None if body is None else json.dumps(body, ensure_ascii=False)
        try:
            answer = self._channel.call("api", method=method, path=path, body=text)
        except Refused as error:
            if error.code == "garbled":
                raise IntakeGarbled(error.detail or error.code) from error
            raise IntakeUnreachable(error.code) from error
        except ChannelError as error:
            raise IntakeUnreachable("no_relay") from error
        return _reply(answer)


def _reply(answer: dict[str, object]) -> Reply:
    """Read a relay's answer."""
    status, body, headers = answer.get("status"), answer.get("body"), answer.get("headers")
    if not isinstance(status, int) or not isinstance(body, str | None):
        raise IntakeGarbled("relay")
    data = (body or "").encode()
    if len(data) > ANSWER_LIMIT:
        raise IntakeGarbled("too_long")
    kept = headers if isinstance(headers, dict) else {}
    return Reply(
        status=status,
        body=data,
        headers={str(name).lower(): str(value) for name, value in kept.items()},
    )
