"""What stands where the intake should be is recognised for what it is; over real sockets."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.crypto.provision import Provisioned
from kiosk.gateway import IntakeClient, IntakeGarbled, IntakeUnreachable
from kiosk.gateway.https import HttpsTransport
from tests.faults.terminal import make

Talk = Callable[[socket.socket], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Provisioned:
    """Return a provisioned terminal."""
    return make(tmp_path_factory.mktemp("line"))


@contextlib.contextmanager
def listening(talk: Talk) -> Iterator[str]:
    """Answer connections by a script."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                with line, contextlib.suppress(OSError):
                    talk(line)

    threading.Thread(target=serve, daemon=True).start()
    with contextlib.closing(listener):
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def reason(made: Provisioned, url: str, limit: float = 5.0) -> str:
    """Ask, and return why there was no answer."""
    keys = made.keys
    transport = HttpsTransport(
        url,
        cert=keys / "terminal.crt",
        key=keys / "terminal.pem",
        ca=keys / "ca.crt",
        time_limit=limit,
    )
    with (
        contextlib.closing(transport),
        pytest.raises((IntakeUnreachable, IntakeGarbled)) as caught,
    ):
        IntakeClient(transport).catalogue_version("410700")
    return caught.value.reason


def plain(line: socket.socket) -> None:
    """Be a sign-in page on the wrong port: HTTP without TLS."""
    line.recv(4096)
    line.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>sign in</html>")


def secured(context: ssl.SSLContext, answer: bytes = b"") -> Talk:
    """Return a script that answers over TLS."""

    def talk(line: socket.socket) -> None:
        tls = context.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        with tls:
            try:
                tls.do_handshake()
            except ssl.SSLError:
                hang_up(socket.socket(fileno=tls.detach()))
                return
            tls.recv(4096)
            tls.sendall(answer)

    return talk


def hang_up(line: socket.socket) -> None:
    """End so that what was said last is heard: closed upon unread bytes it would be lost."""
    with line:
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass


def trusted(made: Provisioned) -> ssl.SSLContext:
    """Return the intake's own TLS, so that only its answers are foreign."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.keys / "intake.crt", made.keys / "intake.pem")
    return context


def http(status: str, *headers: str, body: str = "") -> bytes:
    """Return an HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


def test_nobody_there(made: Provisioned) -> None:
    """No name, nobody listening, and nothing said are three things."""
    assert reason(made, "https://intake.invalid") == "name_unknown"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert reason(made, f"https://127.0.0.1:{port}") == "no_connection"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert reason(made, f"https://127.0.0.1:{silent.getsockname()[1]}", 0.3) == "too_slow"


def test_something_else_than_tls(made: Provisioned) -> None:
    """A captive portal or a plain proxy on the port speaks no TLS."""
    with listening(plain) as url:
        assert reason(made, url) == "not_tls"


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (http("200 OK", "content-type: text/html", body="<html>sign in</html>"), "sign_in_page"),
        (http("302 Found", "location: http://portal.example/"), "redirected"),
        (http("511 Network Authentication Required"), "network_sign_in"),
        (http("407 Proxy Authentication Required"), "proxy_sign_in"),
        (http("503 Service Unavailable", "retry-after: 7"), "status_503"),
        (http("502 Bad Gateway", "via: 1.1 proxy"), "status_502"),
    ],
)
def test_foreign_answers(made: Provisioned, answer: bytes, word: str) -> None:
    """What a portal, a proxy and a tired server say is told apart."""
    with listening(secured(trusted(made), answer)) as url:
        assert reason(made, url) == word


@pytest.mark.parametrize(
    ("days", "address", "word"),
    [
        ((-20, -10), "127.0.0.1", "certificate_time"),
        ((10, 20), "127.0.0.1", "certificate_time"),
        ((-10, 10), "127.0.0.2", "wrong_name"),
    ],
    ids=["expired, or our clock is ahead", "not yet, or our clock is behind", "another's name"],
)
def test_certificates(
    tmp_path: Path, made: Provisioned, days: tuple[int, int], address: str, word: str
) -> None:
    """A wrong clock looks like a wrong certificate, and is named as what it may be."""
    context = issued(tmp_path, made, days, address)
    with listening(secured(context)) as url:
        assert reason(made, url) == word


def test_a_foreign_authority(made: Provisioned, tmp_path: Path) -> None:
    """A portal that breaks TLS open with a certificate of its own is not spoken to."""
    with listening(secured(trusted(make(tmp_path)))) as url:
        assert reason(made, url) == "not_trusted"


def test_our_own_certificate_is_turned_down(made: Provisioned, tmp_path: Path) -> None:
    """An intake that doesn't know this terminal's authority says so; it is not the line."""
    context = trusted(made)
    context.load_verify_locations(make(tmp_path).keys / "ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    with listening(secured(context)) as url:
        assert reason(made, url) == "terminal_not_trusted"


def issued(where: Path, made: Provisioned, days: tuple[int, int], address: str) -> ssl.SSLContext:
    """Return TLS with a certificate of the right authority for those days and that address."""
    authority = x509.load_pem_x509_certificate((made.keys / "ca.crt").read_bytes())
    key = serialization.load_pem_private_key((made.recovery / "ca.pem").read_bytes(), None)
    own = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "intake")]))
        .issuer_name(authority.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), False)
        .sign(key, hashes.SHA256())  # type: ignore[arg-type]
    )
    pem = own.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (where / "c.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(where / "c.pem")
    return context
