"""What may be asked of a live system: nothing is written, and only nobody's data is asked for."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk.domain.consent import Consent
from kiosk.gateway.errors import IntakeRefused
from kiosk.gateway.status import success
from kiosk.intake_check.asking import refused
from kiosk.intake_check.finding import Failed, Skipped, Verdict
from kiosk.intake_check.stand import Stand

_SOMEBODY_ELSE: Final = "400701199003150021"
_SOMEBODY: Final = "400701198506200014"


def no_evidence(stand: Stand) -> None:
    """Nobody's data is told without a reading of the card: not of another person, not of before."""
    other = _SOMEBODY if stand.id_no == _SOMEBODY_ELSE else _SOMEBODY_ELSE
    old = timedelta(minutes=31)
    for signed in (stand.evidence(id_no=other), stand.evidence(age=old)):
        try:
            stand.client.mine(signed, stand.id_no, jurisdiction=stand.place)
        except IntakeRefused as error:
            if error.problem.code != "NO_EVIDENCE":
                raise Failed(
                    "another_code", wanted="NO_EVIDENCE", got=error.problem.code
                ) from error
        else:
            raise Failed("done_all_the_same", wanted="NO_EVIDENCE", status=200)


def licence_code(stand: Stand) -> None:
    """A code that no licence has shown signs nobody in."""
    try:
        stand.client.enterprise_sign_in(
            stand.evidence(),
            stand.id_no,
            jurisdiction=stand.place,
            token=f"yiduan-ebl:{secrets.token_hex(16)}",
        )
    except IntakeRefused as error:
        if error.problem.code == "LICENCE_CODE_UNKNOWN":
            return
        told = error.problem.code
        raise Failed("another_code", wanted="LICENCE_CODE_UNKNOWN", got=told) from error
    raise Failed("done_all_the_same", wanted="LICENCE_CODE_UNKNOWN", status=200)


def catalogue(stand: Stand) -> None:
    """The catalogue that this terminal has is accepted."""
    told = stand.client.catalogue_version(stand.place)
    if told.version not in told.accepted:
        raise Failed("current_not_accepted", version=told.version[:8])
    if stand.catalogue.version not in told.accepted:
        raise Failed("our_catalogue", own=stand.catalogue.short_version, told=told.version[:8])


def unchanged(stand: Stand) -> None:
    """Who has the newest catalogue is told so without a body (ETag, 304)."""
    path = f"/v1/catalogue?division={stand.place}"
    tag = success(stand.line.request("GET", path)).headers.get("etag")
    if tag is None:
        raise Failed("no_etag", Verdict.ATTENTION)
    again = stand.line.request("GET", path, headers={"if-none-match": tag})
    if again.status != 304:
        raise Failed("no_304", Verdict.ATTENTION, status=again.status)


def item_codes(stand: Stand) -> None:
    """Every item that terminals can file is known, and under which code the province has it."""
    told = {(one.thing, one.item): one for one in stand.client.items(stand.place)}
    open_ones = {
        (thing.code, item.code) for thing in stand.catalogue.things for item in thing.open_items
    }
    if missing := sorted(open_ones - set(told)):
        raise Failed("items_missing", count=len(missing), first="/".join(missing[0]))
    bare = [own for own in open_ones if not told[own].provincial_code]
    if bare:
        raise Failed("no_provincial_codes", Verdict.OK, count=len(bare), of=len(open_ones))


def other_place(stand: Stand) -> None:
    """A place that nobody serves here is refused."""
    refused(stand.line.request("GET", "/v1/catalogue?division=000000"), "INVALID")


def own_applications(stand: Stand) -> None:
    """A person is told what they have filed."""
    stand.client.mine(stand.evidence(), stand.id_no, jurisdiction=stand.place)


def prefill(stand: Stand) -> None:
    """A form is filled, and each source says how it did."""
    _prefilled(stand, _consent(stand))


def without_consent(stand: Stand) -> None:
    """Who did not consent has no data fetched about them."""
    told = _prefilled(stand, None)
    asked = sorted(source for source, state in told.items() if state == "ok")
    if asked:
        raise Failed("told_without_consent", source=asked[0])


def licences(stand: Stand) -> None:
    """Licences are told after a consent, and none without."""
    signed = stand.evidence()
    stand.client.licences(signed, stand.id_no, jurisdiction=stand.place, consent=_consent(stand))
    told = stand.client.licences(signed, stand.id_no, jurisdiction=stand.place, consent=None)
    if told.licences or told.state == "ok":
        raise Failed("told_without_consent", source="e_licence")


def no_slip(stand: Stand) -> None:
    """Of a slip that was never printed nothing is told."""
    path = f"/v1/progress/L0000000000AAAAAA.{secrets.token_hex(8)}"
    refused(stand.line.request("GET", path), "NOT_ARRIVED")


def filed_before(stand: Stand) -> str:
    """Return the slip of the probe.

    Raises:
        Skipped: none was filed.
    """
    slip = stand.files.get("slip")
    if not isinstance(slip, str):
        raise Skipped("no_probe")
    return slip


def _consent(stand: Stand) -> Consent:
    text = stand.catalogue.consents["data_fetch"]
    return text.given(datetime.now(UTC).isoformat())


def _prefilled(stand: Stand, consent: Consent | None) -> dict[str, str]:
    told = stand.client.prefill(
        stand.evidence(),
        stand.id_no,
        jurisdiction=stand.place,
        thing=stand.thing,
        items=stand.items,
        consent=consent,
    )
    return dict(told.sources)
