"""The desk's rules: replays, guesses, limits, who may renew; the whole way on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake.enrolment.desk import OPEN_OF_ONE, RENEWALS_A_DAY, EnrolmentDesk, Issuer, Presented
from intake.enrolment.office import Approval, NotDone, Office
from intake.enrolment.rows import serial_of
from intake.records.store import Store
from intake.service.problems import Refusal
from kiosk.crypto.certificates import Authority
from kiosk.crypto.identity import Purpose, Statement, code_of, commit, fingerprint, typed_code
from kiosk.enrolment import own_keys
from kiosk.enrolment.own_keys import OwnKeys, x509
from tests.enrolment_desk import PLACE, now
from tests.intake_databases import postgres_url, url

__all__ = ["postgres_url", "url"]

OWN, OTHER = "1" * 32, "2" * 32
AUTHORITY = Authority.create("test")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty database."""
    with closing(Store(f"sqlite:///{tmp_path}/intake.db")) as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> EnrolmentDesk:
    """Return a desk."""
    return desk_on(store)


def desk_on(store: Store) -> EnrolmentDesk:
    """Return a desk on a database."""
    recovery = {"international": {"key_id": "0" * 16, "public": ""}}
    return EnrolmentDesk(store.engine, Issuer(authority=AUTHORITY, recovery=recovery))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> OwnKeys:
    """Return a terminal's keys."""
    place = tmp_path_factory.mktemp("keys")
    own_keys.make(place, "international")
    return OwnKeys.read(place, "international")


def statement(own: OwnKeys, terminal: str = "T-0001", **more: str) -> Statement:
    """Return what a new terminal states, bound to the number ``OWN``."""
    plain = own.statement(Purpose.ENROLMENT, terminal, own_keys.new_nonce())
    return replace(plain, commitment=commit(OWN), jurisdiction=PLACE, **more)


def begin(desk: EnrolmentDesk, own: OwnKeys, stated: Statement) -> tuple[str, str]:
    """Begin and reveal; returns id and code."""
    told = desk.begin(stated, own.sign(stated), asked_from="::1", now=now())
    desk.reveal(told["id"], OWN, now())
    authority = fingerprint(AUTHORITY.issued.certificate)
    return told["id"], code_of(stated.digest, authority, told["nonce"], OWN)


def test_the_whole_way(own: OwnKeys, url: str) -> None:
    """Twice each: the same answers, one approval, and a replay of what is over is refused."""
    with closing(Store(url)) as store:
        _whole_way(desk_on(store), own, store)


def _whole_way(desk: EnrolmentDesk, own: OwnKeys, store: Store) -> None:
    office, stated = Office(store.engine), statement(own)
    enrolment, code = begin(desk, own, stated)
    assert begin(desk, own, stated) == (enrolment, code)
    assert desk.outcome(enrolment, now()) == {"stage": "waiting"}
    (seen,) = office.waiting(now())
    assert (seen.shown[:4], seen.wants) == (code[:4], "T-0001")
    assert code[5:] not in seen.shown
    approval = Approval(code=f" {code.lower().replace('-', ' ')}", by="officer")
    with pytest.raises(NotDone, match="set up with T-0001"):
        office.approve(replace(approval, terminal="T-0002"), now())
    assert office.approve(approval, now()) == "T-0001"
    with pytest.raises(NotDone, match="approved already, by officer"):
        office.approve(approval, now())
    told = desk.outcome(enrolment, now())
    assert desk.outcome(enrolment, now()) == told
    with pytest.raises(Refusal, match="ENROLMENT_CLOSED"):
        desk.begin(stated, own.sign(stated), asked_from="::1", now=now())
    with pytest.raises(Refusal, match="ENROLMENT_EXPIRED"):
        desk.outcome(enrolment, now() + timedelta(days=8))
    _renewals(desk, own, x509.load_pem_x509_certificate(str(told["certificate"]).encode()))


def _renewals(desk: EnrolmentDesk, own: OwnKeys, certificate: x509.Certificate) -> None:
    """Renew as often as one may, and as who one is not."""
    shown = Presented(name="T-0001", serial=serial_of(certificate))

    def renew(presented: Presented, signature: bytes | None = None) -> None:
        stated = own.statement(Purpose.RENEWAL, "T-0001", own_keys.new_nonce())
        signatures = own.sign(stated)
        present = own.signing.sign(stated.canonical()) if signature is None else signature
        desk.renew(stated, (*signatures, present), presented, now())

    with pytest.raises(Refusal, match="UNKNOWN_TERMINAL"):
        renew(replace(shown, name="T-0002"))
    with pytest.raises(Refusal, match="UNKNOWN_TERMINAL"):
        renew(replace(shown, serial="1"))
    with pytest.raises(Refusal, match="BAD_SIGNATURE at present_signature"):
        renew(shown, b"x" * 64)
    for _ in range(RENEWALS_A_DAY):
        renew(shown)
    with pytest.raises(Refusal, match="TOO_MANY"):
        renew(shown)


def test_a_wrong_number_is_the_last(desk: EnrolmentDesk, own: OwnKeys) -> None:
    """Who is bound to one number and tells another begins anew."""
    stated = statement(own)
    told = desk.begin(stated, own.sign(stated), asked_from="::1", now=now())
    for number in (OTHER, OWN):
        with pytest.raises(Refusal, match="ENROLMENT_"):
            desk.reveal(told["id"], number, now())


def test_keys_of_somebody_else_are_not_taken(
    desk: EnrolmentDesk, own: OwnKeys, tmp_path: Path
) -> None:
    """Signing key, evidence key and the key of the certificate prove themselves."""
    own_keys.make(tmp_path, "international")
    foreign, stated = OwnKeys.read(tmp_path, "international"), statement(own)
    good, bad = own.sign(stated), foreign.sign(stated)
    for signatures in ((bad[0], good[1]), (good[0], bad[1])):
        with pytest.raises(Refusal, match="BAD_SIGNATURE"):
            desk.begin(stated, signatures, asked_from="::1", now=now())
    spoilt = statement(own, request="-----BEGIN CERTIFICATE REQUEST-----")
    with pytest.raises(Refusal, match="BAD_SIGNATURE"):
        desk.begin(spoilt, own.sign(spoilt), asked_from="::1", now=now())


def test_one_address_does_not_fill_the_list(desk: EnrolmentDesk, own: OwnKeys) -> None:
    """It waits; what is old makes room."""
    for _ in range(OPEN_OF_ONE):
        stated = statement(own)
        desk.begin(stated, own.sign(stated), asked_from="::1", now=now())
    stated = statement(own)
    with pytest.raises(Refusal, match="TOO_MANY"):
        desk.begin(stated, own.sign(stated), asked_from="::1", now=now())
    desk.begin(stated, own.sign(stated), asked_from="::2", now=now())
    late = now() + timedelta(hours=1)
    another = statement(own)
    desk.begin(another, own.sign(another), asked_from="::1", now=late)


def test_codes_are_not_guessed(store: Store) -> None:
    """Ten wrong ones stop all typing for a while."""
    office = Office(store.engine)
    for number in range(10):
        with pytest.raises(NotDone, match="no terminal shows"):
            office.approve(Approval(code=f"ABCD-000{number}", by="x"), now())
    with pytest.raises(NotDone, match="10 wrong codes"):
        office.approve(Approval(code="ABCD-0000", by="x"), now())
    with pytest.raises(NotDone, match="no terminal shows"):
        office.approve(Approval(code="ABCD-0000", by="x"), now() + timedelta(minutes=11))


def test_a_code_is_read_as_a_person_types_it() -> None:
    """Lower case, spaces, letters that look like digits; a short one is none."""
    assert typed_code("k7qo 3xtl") == "K7Q0-3XT1"
    assert typed_code("K7Q0-3XT") == ""
    assert typed_code("K7Q0-3XTU") == "", "U is no sign"
