"""A new certificate over the present one, and new keys in the place of present ones.

A renewal keeps the keys and replaces one file. A rotation makes a new signing, sealing and TLS key
in ``keys.next``, states them under the signature of the signing key in force, and puts the whole
in force when the centre has them; a death after that is gone on with by sending the same
statement, which the centre answers again. So a rotation that is pending is finished before
anything else, at the latest by the agent's next look.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from kiosk.crypto.identity import Purpose, Statement
from kiosk.crypto.keyring import (
    SEALING_FILE,
    SIGNING_FILE,
    TLS_KEY_FILE,
    PublicKeys,
    lent,
    private_path,
    read_signing_key,
)
from kiosk.crypto.provision import write_private
from kiosk.crypto.registry import provider
from kiosk.enrolment import own_keys, placing
from kiosk.enrolment.desk import Desk
from kiosk.enrolment.errors import NotEnrolled
from kiosk.enrolment.own_keys import AUTHORITY_FILE, CERTIFICATE_FILE, Granted, OwnKeys
from kiosk.enrolment.placing import Placed
from kiosk.enrolment.staging import IDENTITY_FILE, PENDING_FILE, Staging, read_object

LEFT = 3
"""A certificate is renewed when less than one part of so many of its life is left."""
ROTATED = frozenset({SIGNING_FILE, SEALING_FILE, TLS_KEY_FILE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewed:
    """What is in force now: until when, and whether keys changed."""

    ends: datetime
    rotated: bool


def due(state_dir: Path, now: datetime | None = None) -> bool:
    """Say whether this terminal should renew now: it enrolled, and its certificate gets old.

    Also when a rotation has not been finished.
    """
    staging = Staging(state_dir)
    if not (staging.keys / IDENTITY_FILE).exists():
        return False
    if _rotating(staging):
        return True
    try:
        pem = (staging.keys / CERTIFICATE_FILE).read_bytes()
        certificate = x509.load_pem_x509_certificate(pem)
    except (OSError, ValueError):
        return False  # the doctor tells it; without a certificate there is nothing to show
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return (ends - (now or datetime.now(UTC))) * LEFT < ends - begins


def renew(state_dir: Path, *, rotate: bool = False) -> Renewed:
    """Get a new certificate; with ``rotate`` for new keys.

    Raises:
        NotEnrolled: there is no identity to renew, or its keys can't be replaced here.
        IdentityBusy: another process is at it.
        EnrolmentRefused: the centre said no.
        DeskUnreachable: no answer; a later call goes on.
        DeskGarbled: the answer can't be believed.
        CryptoError: a key can't be used.
        OSError: a file can't be written.
    """
    staging = Staging(state_dir)
    _about(staging)
    with staging.alone():
        staging.resume()
        about = _about(staging)  # as it is now that nobody else changes it
        if rotate or _rotating(staging):
            return _rotated(staging, about)
        return _renewed(staging, about)


def refresh(state_dir: Path) -> bool:
    """Ask who administers this terminal now, and put that in force; says whether it changed.

    Raises:
        NotEnrolled: there is no identity to ask with.
        IdentityBusy: another process is at it.
        EnrolmentRefused: the centre said no.
        DeskUnreachable: no answer; a later call asks again.
        DeskGarbled: the answer can't be believed; what is in force stays.
        CryptoError: a key can't be used.
        OSError: a file can't be written.
    """
    staging = Staging(state_dir)
    about = _about(staging)
    with staging.alone():
        staging.resume()
        with closing(_desk(staging.keys, about)) as desk:
            told = desk.mandate()
        mandate = placing.read_mandate(told.get("mandate"))
        group = placing.read_group(told.get("group"))
        return placing.replace(staging.keys, Placed(mandate=mandate, group=group))


def _about(staging: Staging) -> Mapping[str, object]:
    about = read_object(staging.keys / IDENTITY_FILE)
    if not about:
        raise NotEnrolled("this terminal has not enrolled: kiosk enrol URL")
    return about


def _rotating(staging: Staging) -> bool:
    return read_object(staging.next / PENDING_FILE).get("purpose") == str(Purpose.RENEWAL)


def _renewed(staging: Staging, about: Mapping[str, object]) -> Renewed:
    keys = staging.keys
    own = OwnKeys.read(keys, PublicKeys.read(keys).provider)
    statement = own.statement(Purpose.RENEWAL, str(about["terminal"]), own_keys.new_nonce())
    granted = _granted(staging, about, own, statement)
    write_private(keys / CERTIFICATE_FILE, granted.certificate)
    return Renewed(ends=granted.ends, rotated=False)


def _rotated(staging: Staging, about: Mapping[str, object]) -> Renewed:
    name = next((one for one in sorted(ROTATED) if lent(staging.keys, one)), None)
    if name is not None:
        raise NotEnrolled(f"{name} comes from the service manager: make a new one where it is kept")
    provider_name = PublicKeys.read(staging.keys).provider
    if not _rotating(staging):
        staging.copy_present()
        own_keys.make(staging.next, provider_name, anew=ROTATED)
        fresh = OwnKeys.read(staging.next, provider_name)
        stated = fresh.statement(Purpose.RENEWAL, str(about["terminal"]), own_keys.new_nonce())
        staging.note({"purpose": str(Purpose.RENEWAL), "statement": stated.to_json()})
    own = OwnKeys.read(staging.next, provider_name)
    written = read_object(staging.next / PENDING_FILE)["statement"]
    assert isinstance(written, dict)  # noqa: S101 - written above; narrows the type
    granted = _granted(staging, about, own, Statement.from_json(written))
    authority = (staging.keys / AUTHORITY_FILE).read_bytes()
    granted.write(staging.next, url=str(about["enrol_url"]), authority=authority)
    staging.take()
    return Renewed(ends=granted.ends, rotated=True)


def _granted(
    staging: Staging, about: Mapping[str, object], own: OwnKeys, statement: Statement
) -> Granted:
    """Ask over the certificate in force, under the signing key in force."""
    keys = staging.keys
    present = read_signing_key(keys, provider(own.provider)).sign(statement.canonical())
    with closing(_desk(keys, about)) as desk:
        told = desk.renew(statement, own.sign(statement), present)
    return Granted.read(told, own, (keys / AUTHORITY_FILE).read_bytes())


def _desk(keys: Path, about: Mapping[str, object]) -> Desk:
    """Return the desk, reached over the certificate in force."""
    shown = keys / CERTIFICATE_FILE, private_path(keys, TLS_KEY_FILE)
    return Desk(str(about["enrol_url"]), ca=keys / AUTHORITY_FILE, identity=shown)
