"""The secrets by which local roles prove themselves.

On a desk all processes run under one uid, so the uid alone proves nothing. Each
process therefore gets, as one JSON line on its standard input, the secrets of just
those roles that it serves or plays: ``{"roles": {"session": "hex…"}}``.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """Role name → secret (64 hexadecimal digits)."""

    roles: Mapping[str, str]

    @classmethod
    def generate(cls, roles: Iterable[str]) -> Secrets:
        """Make a fresh secret for each role."""
        return cls(roles={role: secrets.token_hex(32) for role in roles})

    def only(self, *roles: str) -> Secrets:
        """Keep what one process needs."""
        return Secrets(roles={role: self.roles[role] for role in roles})

    def proves(self, role: object, secret: object) -> bool:
        """Say whether this is the role's secret, in constant time."""
        known = self.roles.get(role) if isinstance(role, str) else None
        if known is None or not isinstance(secret, str):
            return False
        return hmac.compare_digest(known.encode(), secret.encode())

    def line(self, **more: object) -> str:
        """Return the JSON line a child process reads."""
        return json.dumps({"roles": dict(self.roles), **more}) + "\n"


def read_secrets(stream: TextIO) -> tuple[Secrets, dict[str, object]]:
    """Read the first line of standard input: the secrets, and what else it holds.

    Raises:
        ValueError: the line is not the JSON object described above.
    """
    given = json.loads(stream.readline())
    roles = given.pop("roles")
    if not all(isinstance(k, str) and isinstance(v, str) for k, v in roles.items()):
        raise ValueError("roles and secrets are strings")
    return Secrets(roles=roles), given
