"""A host started from its file alone: publisher, roles, TLS."""

from __future__ import annotations

import base64
import datetime as dt
import http.client
import ipaddress
import json
import queue
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from drivers.service.address import Address, AddressError
from drivers.service.client import CommandFailed, ServiceClient, ServiceUnavailable
from drivers.service.discovery import discover, find_publisher
from drivers.service.evidence import verify
from drivers.service.roles import Role
from drivers.service.status import device_word
from drivers.service.tcp import PORTS, TcpError, TcpSettings, server_context
from tests.devices.service_bench import CARD, Bench, pem
from tests.waiting import PATIENCE_S, until

TCP_SECRET = "tcp-" + "0" * 28


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lend the folder of the certificate."""
    place = tmp_path_factory.mktemp("tls")
    write_certificate(place)
    return place


@pytest.fixture(scope="module")
def trust(place: Path) -> Path:
    """Lend the certificate to trust."""
    return place / "host.crt"


@pytest.fixture(scope="module")
def shared(place: Path) -> Iterator[Bench]:
    """Lend one host with a TLS endpoint beside its local sockets."""
    (place / "tcp.json").write_text(json.dumps({"roles": {"session": TCP_SECRET}}))
    (place / "tcp.json").chmod(0o600)
    files = {key: str(place / name) for key, name in FILES.items()}
    with Bench(file={"tcp": {"address": "127.0.0.1", **files}}) as bench:
        yield bench


FILES = {"certificate": "host.crt", "key": "host.key", "secrets": "tcp.json"}


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    """Lend the host; clients of a test end with it."""
    before = len(shared.clients)
    yield shared
    for client in shared.clients[before:]:
        client.close()
    del shared.clients[before:]


def write_certificate(place: Path) -> None:
    """Write a certificate for 127.0.0.1 and its key."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "host")])
    now = dt.datetime.now(dt.UTC)
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), loopback])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (place / "host.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
    (place / "host.key").write_bytes(pem(key))


def publisher(bench: Bench) -> Address:
    """Return where the publisher is."""
    return Address.local(str(bench.run / "xfs4iot" / "publisher.sock"), "")


def at(bench: Bench, address: Address, secret: str) -> ServiceClient:
    """Return a client that is closed with the test."""
    client = ServiceClient.at(address, secret)
    bench.clients.append(client)
    return client


def test_a_client_finds_every_service(bench: Bench) -> None:
    """One question tells where each service is, and each tells its interfaces."""
    found = discover(publisher(bench), bench.secret)
    assert {"IdReader", "Scanner", "ReceiptPrinter", "DocumentCamera", "VendorMode"} <= set(found)
    assert all(one.socket for one in found.values())
    reader = at(bench, found["IdReader"], bench.secret)
    interfaces = reader.call("Common.Capabilities", None, 10.0).payload["interfaces"]
    assert isinstance(interfaces, list)
    assert {"Common", "CardReader", "XIdCard"} <= {one["name"] for one in interfaces}


def test_the_publisher_is_a_service_like_any_other(bench: Bench) -> None:
    """It has a status and capabilities, and knows nothing else."""
    client = at(bench, publisher(bench), bench.secret)
    assert client.call("Common.Status", None, 10.0).payload == {"common": {"device": "online"}}
    assert client.call("Common.Capabilities", None, 10.0).payload["interfaces"]
    with pytest.raises(CommandFailed, match="unsupportedCommand"):
        client.call("XIdCard.Read", {"visit": "v"}, 2.0)


def test_what_a_role_may_do(bench: Bench) -> None:
    """The agent watches; maintenance waits until the devices are handed over."""
    agent = bench.client("IdReader", bench.secrets[Role.AGENT])
    assert device_word(agent.call("Common.Status", None, 10.0).payload) == "online"
    with pytest.raises(CommandFailed, match="authorisationRequired"):
        agent.call("XIdCard.Read", {"visit": "v"}, 2.0)
    technician = bench.client("IdReader", bench.secrets[Role.MAINTENANCE])
    with pytest.raises(CommandFailed, match="sequenceError"):
        technician.call("XIdCard.Read", {"visit": "v"}, 2.0)


def test_a_hand_over_reaches_the_devices(bench: Bench) -> None:
    """A visit hears that its device is offline, is refused by name, and hears when it is back."""
    visit, words = bench.client("Scanner"), queue.SimpleQueue[str]()
    visit.on_unsolicited(lambda event: words.put(device_word(event.payload)))
    visit.connect()
    laptop = bench.client("VendorMode", bench.secrets[Role.MAINTENANCE])
    laptop.call("VendorMode.EnterModeRequest", None, 10.0)
    assert words.get(timeout=PATIENCE_S) == "offline"
    with pytest.raises(CommandFailed, match="deviceNotReady"):
        visit.call("BarcodeReader.Read", None, 1.0)
    laptop.close()
    assert words.get(timeout=PATIENCE_S) == "online"


def test_versions_can_be_pinned(bench: Bench) -> None:
    """A pinned major version is kept to; one that is not offered is refused and pins nothing."""
    client = bench.client("Scanner")
    client.call("Common.SetVersions", {"commands": {"BarcodeReader.Read": 2}}, 10.0)
    with pytest.raises(CommandFailed, match="unsupportedCommand"):
        client.call("BarcodeReader.Read", None, 1.0, version="3.0")
    with pytest.raises(CommandFailed, match="unsupportedData"):
        client.call("Common.SetVersions", {"commands": {"Common.Status": 9}}, 10.0)
    with pytest.raises(CommandFailed, match="invalidData"):
        client.call("Common.SetVersions", {"commands": {"Common.Status": "2"}}, 10.0)
    assert client.call("Common.Status", None, 10.0)


def test_a_transaction_ends_with_its_visit(bench: Bench) -> None:
    """Who began it is gone: it is over."""
    watcher = bench.client("Scanner")
    with bench.visit("Scanner") as visit:
        visit.call("Common.SetTransactionState", {"state": "active", "transactionID": "7"}, 10.0)
        told = watcher.call("Common.GetTransactionState", None, 10.0).payload
        assert told == {"state": "active", "transactionID": "7"}
    over = {"state": "inactive"}
    until(lambda: watcher.call("Common.GetTransactionState", None, 10.0).payload == over)


# -- over TCP -----------------------------------------------------------------------------------


def test_a_card_is_read_over_tls(bench: Bench, trust: Path) -> None:
    """Found by its port, asked for its services, used: the same messages, the same evidence."""
    home = find_publisher("localhost", TCP_SECRET, trust)
    assert home.uri.startswith("wss://localhost:")
    found = discover(home, TCP_SECRET)
    assert found["IdReader"].uri.startswith("wss://127.0.0.1:")
    reader = at(bench, found["IdReader"], TCP_SECRET)
    bench.simulator.id_reader.put(CARD)
    read = reader.call("XIdCard.Read", {"visit": "v1"}, 10.0).payload
    bench.simulator.id_reader.lift()
    evidence, signature = read["evidence"], base64.b64decode(str(read["evidenceSignature"]))
    assert isinstance(evidence, dict)
    assert evidence["visit"] == "v1"
    assert verify(evidence, signature, bench.key.public_key())


def test_a_stranger_over_tls_is_refused(bench: Bench, trust: Path) -> None:
    """The local secret is not that of TCP; an unknown certificate is not trusted."""
    home = find_publisher("localhost", TCP_SECRET, trust)
    with pytest.raises(ServiceUnavailable, match="401"):
        at(bench, home, bench.secret).connect()
    with pytest.raises(ServiceUnavailable, match="certificate"):
        at(bench, Address.parse(home.uri), TCP_SECRET).connect()


def test_an_attempt_under_way_is_awaited(bench: Bench, trust: Path) -> None:
    """However slow it is to be refused, the refusal is what is told, and so is success."""
    home = find_publisher("localhost", TCP_SECRET, trust)
    with pytest.raises(ServiceUnavailable, match="401"):
        at(bench, home, bench.secret).connect(timeout_s=0.0)
    at(bench, home, TCP_SECRET).connect(timeout_s=0.0)


def test_a_machine_without_a_publisher_is_soon_known() -> None:
    """Ports where nobody listens cost no waiting; who refuses us is told."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, and not listening
        port = nobody.getsockname()[1]
        with pytest.raises(ServiceUnavailable, match="localhost"):
            find_publisher("localhost", "secret", ports=[port] * 3)


def test_plain_http_gets_no_service(bench: Bench, trust: Path) -> None:
    """A browser is answered by a status, never by a device."""
    home = find_publisher("localhost", TCP_SECRET, trust)
    context = ssl.create_default_context(cafile=trust)
    port = int(home.uri.split(":")[2].split("/")[0])
    browser = http.client.HTTPSConnection("localhost", port, timeout=PATIENCE_S, context=context)
    browser.request("GET", "/xfs4iot/v1.0/")
    assert 400 <= browser.getresponse().status < 500
    browser.close()


def test_the_next_free_port_is_taken(bench: Bench, trust: Path) -> None:
    """The endpoint is within the ports where a client looks."""
    home = find_publisher("localhost", TCP_SECRET, trust)
    port = int(home.uri.split(":")[2].split("/")[0])
    assert port in PORTS
    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(
    "uri",
    [
        "ws://192.0.2.7:5846/xfs4iot/v1.0/IdReader/",
        "http://127.0.0.1:5846/xfs4iot/v1.0/",
        "wss://host/xfs4iot/v1.0/",
        "wss://user@host:5846/xfs4iot/v1.0/",
        "ws+unix://relative.sock:/xfs4iot/v1.0/X/",
        "",
    ],
)
def test_other_addresses_are_not_taken(uri: str) -> None:
    """Plain text to another machine, and other forms, are refused before anything is sent."""
    with pytest.raises(AddressError):
        Address.parse(uri)


def test_nothing_listens_in_plain_text_for_others(tmp_path: Path) -> None:
    """Without a certificate only loopback; a certificate that is none is named."""
    assert server_context(TcpSettings(address="::1")) is None
    with pytest.raises(TcpError, match=r"192\.0\.2\.7"):
        server_context(TcpSettings(address="192.0.2.7"))
    (tmp_path / "noise").write_text("noise")
    noise = tmp_path / "noise"
    with pytest.raises(TcpError, match="noise"):
        server_context(TcpSettings(certificate=noise, key=noise))
