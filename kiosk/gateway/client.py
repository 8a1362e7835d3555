"""The calls of the intake API, each one answer or one of three errors."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from urllib.parse import quote

from kiosk.domain.application import EnterpriseSignIn
from kiosk.domain.consent import Consent
from kiosk.domain.envelope import Signature
from kiosk.domain.identity import SignedEvidence
from kiosk.gateway import answers
from kiosk.gateway.answers import (
    Accepted,
    CatalogueVersions,
    Licences,
    ListedItem,
    Prefilled,
    Progress,
    Refused,
    Running,
)
from kiosk.gateway.errors import IntakeRefused
from kiosk.gateway.status import retry_after, success
from kiosk.gateway.transport import Json, Transport
from kiosk.gateway.uploads import File, Sending, Stride

RUNNING_WAIT = 2.0
"""Seconds to wait when the intake says 202 without saying how long."""
SELF_SERVICE = 5
"""The channel (``pf``) of evaluations from a terminal in a hall: 大厅其他终端."""


class IntakeClient:
    """Speaks the intake API over a transport: all of :mod:`kiosk.gateway.ports` in one.

    Every method may raise `IntakeUnreachable`, `IntakeGarbled` or `IntakeRefused`; after the first
    two it is not known what the intake did, so callers repeat the call, with the same bytes.
    """

    def __init__(self, transport: Transport) -> None:
        """Take the way to the intake."""
        self._transport = transport
        self._stride = Stride()

    def catalogue_version(self, division: str) -> CatalogueVersions:
        """Return the catalogue versions accepted for a jurisdiction (GB/T 2260 code)."""
        reply = self._transport.request("GET", f"/v1/catalogue?division={quote(division, safe='')}")
        return answers.catalogue_versions(success(reply))

    def items(self, division: str) -> tuple[ListedItem, ...]:
        """Return every item of a jurisdiction, with the province's code where it is known."""
        reply = self._transport.request("GET", f"/v1/items?division={quote(division, safe='')}")
        return answers.listed_items(success(reply))

    def licences(
        self, signed: SignedEvidence, id_no: str, *, jurisdiction: str, consent: Consent | None
    ) -> Licences:
        """Return the electronic licences of the person whose card was read.

        Args:
            signed: the device host's evidence of the reading.
            id_no: the number that was read.
            jurisdiction: GB/T 2260 code of the place that serves.
            consent: to the fetching of data; None fetches nothing.
        """
        body: Json = {**_person(signed, id_no, jurisdiction), "consent": _given(consent)}
        return answers.licences(success(self._transport.request("POST", "/v1/licences", body)))

    def prefill(
        self,
        signed: SignedEvidence,
        id_no: str,
        *,
        jurisdiction: str,
        thing: str,
        items: Sequence[str],
        consent: Consent | None,
        role: str = "person",
        enterprise: EnterpriseSignIn | None = None,
    ) -> Prefilled:
        """Return what the registers know of the person whose card was read.

        Args:
            signed: the device host's evidence of the reading.
            id_no: the number that was read.
            jurisdiction: GB/T 2260 code of the place that serves.
            thing: code of the thing.
            items: codes of the chosen items.
            consent: to the fetching of data; None fetches nothing.
            role: who the person is in the thing (``mother``).
            enterprise: for which enterprise the person signed in, or None.
        """
        body: Json = {
            **_person(signed, id_no, jurisdiction),
            "thing": thing,
            "items": list(items),
            "role": role,
            "consent": _given(consent),
        }
        if enterprise is not None:
            body = {**body, "enterprise": enterprise.token}
        return answers.prefilled(success(self._transport.request("POST", "/v1/prefill", body)))

    def enterprise_sign_in(
        self, signed: SignedEvidence, id_no: str, *, jurisdiction: str, token: str
    ) -> EnterpriseSignIn:
        """Sign the person whose card was read in for an enterprise, with a code of its licence.

        A code is good for one sign-in.  Refusals that another code mends: ``LICENCE_CODE_UNKNOWN``,
        ``LICENCE_CODE_USED``, ``LICENCE_CODE_OLD``; ``MAY_NOT_ACT``: this person may not act for
        this enterprise.

        Args:
            signed: the device host's evidence of the reading.
            id_no: the number that was read.
            jurisdiction: GB/T 2260 code of the place that serves.
            token: the text of the code that was scanned.
        """
        body: Json = {**_person(signed, id_no, jurisdiction), "token": token}
        reply = self._transport.request("POST", "/v1/enterprise-sign-in", body)
        return answers.enterprise(success(reply), token)

    def upload(
        self,
        sha256: str,
        body: bytes,
        media_type: str,
        *,
        chunk: int | None = None,
        untried: bool = False,
    ) -> None:
        """Hand in a material under its hex digest, in pieces.

        What the intake has already is not sent again, neither after a failure nor by a process
        that knows nothing of an earlier one. Small failures are mended here.

        Args:
            sha256: the digest.
            body: the file.
            media_type: its kind.
            chunk: bytes of every piece; by default as many as the line turns out to bear.
            untried: it was never sent, so the first piece may go with the asking.
        """
        file = File(sha256=sha256, body=body, media_type=media_type)
        stride = self._stride if chunk is None else Stride.fixed(chunk)
        Sending(self._transport, file, stride, untried=untried).run()

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
            return Running(retry_after=retry_after(reply) or RUNNING_WAIT)
        try:
            reply = success(reply)
        except IntakeRefused as refused:
            return Refused(problem=refused.problem)
        digest = hashlib.sha256(envelope).hexdigest()
        return answers.accepted(reply, _items_of(envelope), digest)

    def progress(self, slip: str) -> Progress:
        """Return where the application of a slip stands; ``slip`` is ``local_no.token``.

        A slip whose application has not arrived is refused with ``NOT_ARRIVED``.
        """
        path = f"/v1/progress/{quote(slip, safe='.')}"
        return answers.progress(success(self._transport.request("GET", path)))

    def mine(
        self, signed: SignedEvidence, id_no: str, *, jurisdiction: str
    ) -> tuple[Progress, ...]:
        """Return what the person whose card was read has filed, newest first; at most 20.

        Args:
            signed: the device host's evidence of the reading.
            id_no: the number that was read.
            jurisdiction: GB/T 2260 code of the place that serves; its city is looked at.
        """
        body = _person(signed, id_no, jurisdiction)
        reply = self._transport.request("POST", "/v1/applications/mine", body)
        return answers.progress_list(success(reply))

    def evaluate(
        self, visit: str, slip: str, *, key: str, satisfaction: int, options: Sequence[str]
    ) -> None:
        """Give an evaluation (好差评) of the application of a slip, ``local_no.token``.

        Args:
            visit: the visit it is given in.
            slip: local number, dot, token.
            key: a UUID; the same evaluation again is once.
            satisfaction: 5 非常满意 to 1 非常不满意.
            options: codes of what was good or bad.
        """
        body: Json = {
            "visit": visit,
            "key": key,
            "slip": slip,
            "satisfaction": satisfaction,
            "options": list(options),
            "pf": SELF_SERVICE,
        }
        answers.document(success(self._transport.request("POST", "/v1/evaluations", body)))


def _person(signed: SignedEvidence, id_no: str, jurisdiction: str) -> dict[str, object]:
    """Return what every request for a person's data begins with."""
    return {
        "visit": signed.evidence.visit,
        "evidence": asdict(signed.evidence),
        "evidence_signature": signed.signature,
        "id_no": id_no,
        "jurisdiction": jurisdiction,
    }


def _given(consent: Consent | None) -> dict[str, object] | None:
    """Return a consent as a request names it."""
    if consent is None:
        return None
    return {"text_version": consent.text_version, "time": consent.time}


def _items_of(envelope: bytes) -> tuple[str, ...]:
    """Return the item codes of an envelope that the caller made."""
    application: Mapping[str, object] = json.loads(envelope)["application"]
    items = application["items"]
    if not isinstance(items, list):
        raise TypeError("not an envelope")
    return tuple(str(code) for code in items)
