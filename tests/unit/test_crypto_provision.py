"""Provisioning: every file, its rights, and that running it again changes nothing."""

from __future__ import annotations

import base64
import json
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
from cryptography import x509

from kiosk.crypto import PROVIDERS, KeyFileError, ProvisionError, PublicKeys, provider
from kiosk.crypto.certificates import Authority, Issued
from kiosk.crypto.keyring import read_sealing_key, read_signing_key
from kiosk.crypto.provision import provision
from tests.waiting import PATIENCE_S

FILES = {
    "keys/agent-signing.pem",
    "keys/agent-sealing.key",
    "keys/evidence.pem",
    "keys/terminal.crt",
    "keys/terminal.pem",
    "keys/ca.crt",
    "keys/intake.crt",
    "keys/intake.pem",
    "keys/sealing-public.json",
    "recovery/recovery.pem",
    "recovery/ca.pem",
    "intake/terminals.json",
}


def contents(state: Path) -> dict[str, bytes]:
    """Return every file below a directory."""
    return {
        str(path.relative_to(state)): path.read_bytes()
        for path in state.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", PROVIDERS)
def test_makes_every_file_once(tmp_path: Path, name: str) -> None:
    """All files are there, readable by the owner only, and stay as they are."""
    first = provision(tmp_path, "T-0020", name)
    before = contents(tmp_path)
    assert set(before) == FILES
    for path in FILES:
        assert stat.S_IMODE((tmp_path / path).stat().st_mode) == 0o600
    assert provision(tmp_path, "T-0020", name) == first
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", PROVIDERS)
def test_files_fit_together(tmp_path: Path, name: str) -> None:
    """Public keys are those of the private ones, for the session and for the intake."""
    made = provision(tmp_path, "T-0020", name)
    chosen = provider(name)
    public = PublicKeys.from_json(json.loads((made.keys / "sealing-public.json").read_bytes()))
    agent = read_sealing_key(made.keys, chosen)
    recovery = chosen.load_sealing_key((made.recovery / "recovery.pem").read_bytes())
    assert [key.public for key in public.recipients] == [agent.public, recovery.public]
    entry = json.loads(made.terminals.read_bytes())["T-0020"]
    signature = read_signing_key(made.keys, chosen).sign(b"envelope")
    assert chosen.verify(base64.b64decode(entry["signing_public"]), b"envelope", signature)
    assert entry["signing_algorithm"] == chosen.signature_algorithm


def test_never_takes_over(tmp_path: Path) -> None:
    """A directory of another terminal or provider, or a damaged key, is left alone."""
    made = provision(tmp_path, "T-0020")
    before = contents(tmp_path)
    with pytest.raises(ProvisionError):
        provision(tmp_path, "T-0021")
    with pytest.raises(ProvisionError):
        provision(tmp_path, "T-0020", "national")
    assert contents(tmp_path) == before
    (made.keys / "agent-sealing.key").write_bytes(b"damaged")
    with pytest.raises(KeyFileError):
        provision(tmp_path, "T-0020")
    assert (made.keys / "agent-sealing.key").read_bytes() == b"damaged"


def test_completes_what_is_missing(tmp_path: Path) -> None:
    """After a power cut in the middle the rest is made and what was there stays."""
    made = provision(tmp_path, "T-0020")
    sealing = (made.keys / "agent-sealing.key").read_bytes()
    for name in ("sealing-public.json", "terminal.pem", "agent-signing.pem"):
        (made.keys / name).unlink()
    again = provision(tmp_path, "T-0020")
    assert (again.keys / "agent-sealing.key").read_bytes() == sealing
    assert set(contents(tmp_path)) == FILES


def test_other_terminals_stay_enrolled(tmp_path: Path) -> None:
    """The intake's list keeps terminals that are not ours."""
    made = provision(tmp_path, "T-0020")
    listed = json.loads(made.terminals.read_bytes())
    made.terminals.write_text(json.dumps({**listed, "T-0999": {"provider": "national"}}))
    provision(tmp_path, "T-0020")
    assert json.loads(made.terminals.read_bytes())["T-0999"] == {"provider": "national"}


def test_works_without_the_authority(tmp_path: Path) -> None:
    """Once recovery has left, nothing that needs it is asked for but the recovery key."""
    made = provision(tmp_path, "T-0020")
    (made.recovery / "ca.pem").unlink()
    assert provision(tmp_path, "T-0020") == made


@pytest.mark.parametrize(
    "change",
    [{"provider": "rot13"}, {"keys": []}, {"terminal": 1}, {"keys": [{"holder": "agent"}]}],
    ids=lambda change: next(iter(change)),
)
def test_damaged_public_keys_are_refused(tmp_path: Path, change: dict[str, object]) -> None:
    """A public key file that is not as documented is one error."""
    made = provision(tmp_path, "T-0020")
    given = json.loads((made.keys / "sealing-public.json").read_bytes())
    with pytest.raises(KeyFileError):
        PublicKeys.from_json({**given, **change})


def test_a_swapped_public_key_is_refused(tmp_path: Path) -> None:
    """A key under another key's id is refused, so nobody is sealed to by mistake."""
    made = provision(tmp_path, "T-0020")
    given = json.loads((made.keys / "sealing-public.json").read_bytes())
    given["keys"][0]["public"] = given["keys"][1]["public"]
    with pytest.raises(KeyFileError):
        PublicKeys.from_json(given)
    with pytest.raises(KeyFileError):
        PublicKeys.read(tmp_path)


def test_certificates_serve_mutual_tls(tmp_path: Path) -> None:
    """A real TLS server with the intake's certificate lets only the terminal's in."""
    made = provision(tmp_path, "T-0020")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.keys / "intake.crt", made.keys / "intake.pem")
    context.load_verify_locations(made.keys / "ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    server = HTTPServer(("127.0.0.1", 0), _Hello)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        authority = str(made.keys / "ca.crt")
        client = (str(made.keys / "terminal.crt"), str(made.keys / "terminal.pem"))
        for host in ("127.0.0.1", "localhost"):
            url = f"https://{host}:{server.server_port}/"
            answer = requests.get(url, verify=authority, cert=client, timeout=PATIENCE_S)
            assert answer.text == "T-0020"
        with pytest.raises(requests.RequestException):
            requests.get(url, verify=authority, timeout=PATIENCE_S)
    finally:
        server.shutdown()
        server.server_close()


class _Hello(BaseHTTPRequestHandler):
    """Answers with the common name of whoever calls."""

    def do_GET(self) -> None:
        """Say who is there."""
        subject = dict(pair[0] for pair in self.connection.getpeercert()["subject"])  # type: ignore[attr-defined]
        body = subject["commonName"].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_leaves_are_renewed_in_time() -> None:
    """A leaf near its end, or of another authority, counts as not issued here."""
    authority, other = Authority.create("one"), Authority.create("two")
    leaf = authority.client("T-0020")
    now = datetime.now(UTC)
    assert authority.issued_here(leaf, now)
    assert not authority.issued_here(leaf, now + timedelta(days=340))
    assert not other.issued_here(leaf, now)
    assert not authority.issued_here(Issued(certificate=b"", key=b""), now)
    life = x509.load_pem_x509_certificate(authority.issued.certificate)
    assert life.not_valid_after_utc - life.not_valid_before_utc == timedelta(days=3650)
    assert Authority.load(authority.issued).certificate == authority.certificate
    for issued in (leaf.certificate, b""):
        with pytest.raises(KeyFileError):
            Authority.load(Issued(certificate=issued, key=b"no key"))
