"""What the status of an answer means, before its body is read."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from kiosk.gateway import answers
from kiosk.gateway.errors import IntakeGarbled, IntakeRefused, IntakeUnreachable
from kiosk.gateway.transport import Reply

_LATER = {408, 425, 429}
_SIGN_IN = {407: "proxy_sign_in", 511: "network_sign_in"}
"""Answers of whoever stands between (RFC 9110 §15.5.8, RFC 6585 §6)."""


def success(reply: Reply, *good: int) -> Reply:
    """Return an answer with a ``good`` status (200 or 201 unless said); raise for any other."""
    if reply.status in _SIGN_IN:
        raise IntakeUnreachable(_SIGN_IN[reply.status])
    if 300 <= reply.status < 400:
        raise IntakeGarbled("redirected")
    if reply.status in (good or (200, 201)):
        if reply.headers.get("content-type", "").startswith("text/html"):
            raise IntakeGarbled("sign_in_page")
        return reply
    if reply.status >= 500 or reply.status in _LATER:
        raise IntakeUnreachable(f"status_{reply.status}", retry_after(reply))
    if 400 <= reply.status < 500:
        raise IntakeRefused(answers.problem(reply))
    raise IntakeGarbled(f"status_{reply.status}")


def retry_after(reply: Reply) -> float | None:
    """Return ``Retry-After`` in seconds (RFC 9110 §10.2.3); what can't be read is not given.

    A date counts from the server's own ``Date``, since the terminal's clock may be wrong.
    """
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
        now = parsedate_to_datetime(reply.headers.get("date", ""))
        return max(0.0, (then - now).total_seconds())
    except (ValueError, TypeError):
        return None
