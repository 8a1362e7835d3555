"""How a request reaches the intake, without what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

ANSWER_LIMIT = 1 << 20
"""Bytes of an answer's body that are read; a longer answer is garbled."""
TIME_LIMIT = 8.0
"""Seconds for one whole exchange, name lookup and all."""

Json = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer as it came: status, headers by lower-case name, body."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """Carries one request and its answer."""

    def request(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request; a mapping goes as JSON, bytes as they are.

        ``headers``, by lower-case name, go with this request only.

        Raises:
            IntakeUnreachable: no answer in time, or no secure connection.
            IntakeGarbled: the answer is longer than the limit, or broken off.
        """
        ...
