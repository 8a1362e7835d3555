"""The calls of the intake API, each one answer or one of three errors."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from kiosk.domain.consent import Consent
from kiosk.domain.envelope import Signature
from kiosk.domain.identity import SignedEvidence
from kiosk.gateway import answers
from kiosk.gateway.answers import (
    Accepted,
    CatalogueVersions,
    Prefilled,
    Progress,
    Refused,
    Running,
)
from kiosk.gateway.errors import IntakeGarbled, IntakeRefused, IntakeUnreachable
from kiosk.gateway.transport import Json, Reply, Transport

RUNNING_WAIT = 2.0
"""Seconds to wait when the intake says 202 without saying how long."""
_LATER = {408, 425, 429}


class IntakeClient:
    """Speaks the intake API over a transport.

    Every method may raise `IntakeUnreachable`, `IntakeGarbled` or `IntakeRefused`; after the first
    two it is not known what the intake did, so callers repeat the call, with the same bytes.
    """

    def __init__(self, transport: Transport) -> None:
        """Take the way to the intake."""
        self._transport = transport

    def catalogue_version(self, division: str) -> CatalogueVersions:
        """Return the catalogue versions accepted for a jurisdiction (GB/T 2260 code)."""
        reply = self._transport.request("GET", f"/v1/catalogue?division={quote(division, safe='')}")
        return answers.catalogue_versions(_success(reply))

    def prefill(
        self,
        signed: SignedEvidence,
        id_no: str,
        *,
        jurisdiction: str,
        thing: str,
        items: Sequence[str],
        consent: Consent | None,
    ) -> Prefilled:
        """Return what the registers know of the person whose card was read.

        Args:
            signed: the device host's evidence of the reading.
            id_no: the number that was read.
            jurisdiction: GB/T 2260 code of the place that serves.
            thing: code of the thing.
            items: codes of the chosen items.
            consent: to the fetching of data; None fetches nothing.
        """
        given = None
        if consent is not None:
            given = {"text_version": consent.text_version, "time": consent.time}
        body: Json = {
            "visit": signed.evidence.visit,
            "evidence": asdict(signed.evidence),
            "evidence_signature": signed.signature,
            "id_no": id_no,
            "jurisdiction": jurisdiction,
            "thing": thing,
            "items": list(items),
            "consent": given,
        }
        return answers.prefilled(_success(self._transport.request("POST", "/v1/prefill", body)))

    def upload(self, sha256: str, body: bytes) -> None:
        """Hand in a material under its digest; again and again is once."""
        _success(self._transport.request("PUT", f"/v1/materials/{sha256}", body))

    def submit(self, envelope: bytes, signature: Signature) -> Accepted | Refused | Running:
        """File a signed envelope; the same bytes give the same numbers for ever.

        Refused is a value here, not an error: it is one of the three ways a submission ends.
        """
        body: Json = {
            "envelope": base64.b64encode(envelope).decode(),
            "signature": asdict(signature),
        }
        reply = self._transport.request("POST", "/v1/applications", body)
        if reply.status == 202:
            return Running(retry_after=_retry_after(reply) or RUNNING_WAIT)
        try:
            reply = _success(reply)
        except IntakeRefused as refused:
            return Refused(problem=refused.problem)
        digest = hashlib.sha256(envelope).hexdigest()
        return answers.accepted(reply, _items_of(envelope), digest)

    def progress(self, slip: str) -> Progress:
        """Return where the application of a slip stands; ``slip`` is ``local_no.token``.

        A slip whose application has not arrived is refused with ``NOT_ARRIVED``.
        """
        path = f"/v1/progress/{quote(slip, safe='.')}"
        return answers.progress(_success(self._transport.request("GET", path)))


def _success(reply: Reply) -> Reply:
    """Return an answer with status 200 or 201; raise what any other means."""
    if reply.status in {200, 201}:
        return reply
    if reply.status >= 500 or reply.status in _LATER:
        raise IntakeUnreachable(f"status_{reply.status}", _retry_after(reply))
    if 400 <= reply.status < 500:
        raise IntakeRefused(answers.problem(reply))
    raise IntakeGarbled(f"status_{reply.status}")


def _retry_after(reply: Reply) -> float | None:
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


def _items_of(envelope: bytes) -> tuple[str, ...]:
    """Return the item codes of an envelope that the caller made."""
    application: Mapping[str, object] = json.loads(envelope)["application"]
    items = application["items"]
    if not isinstance(items, list):
        raise TypeError("not an envelope")
    return tuple(str(code) for code in items)
