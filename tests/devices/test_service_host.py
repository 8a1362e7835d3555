"""The host as a process, over its real sockets, on simulated readers and scanners."""

from __future__ import annotations

import base64
import json
import os
import queue
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from drivers.service.client import CommandFailed, Event, ServiceClient, ServiceUnavailable
from drivers.service.evidence import id_hash, verify
from tests.devices.service_bench import CARD, READ, REPOSITORY, TERMINAL, Bench, Reading, is_alive
from tests.devices.service_schema import check
from tests.waiting import PATIENCE_S, until

INSERT, INSERTED, REMOVED = (
    f"CardReader.{name}Event" for name in ("InsertCard", "MediaInserted", "MediaRemoved")
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Bench]:
    """Lend one host to the tests of this file."""
    with Bench() as bench:
        yield bench


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    """Lend the host with an empty reader and clean faults; clients of a test end with it."""
    shared.simulator.id_reader.lift()
    shared.simulator.id_reader.faults.clear()
    before = len(shared.clients)
    yield shared
    for client in shared.clients[before:]:
        client.close()
    del shared.clients[before:]
    shared.simulator.id_reader.port.replug()
    for service in ("IdReader", "Scanner"):
        shared.await_word(service, "online")


def test_a_card_is_read_and_the_reading_signed(bench: Bench) -> None:
    """Prompt, card, person, photo, and evidence that the terminal's public key verifies."""
    reading = Reading(bench.client("IdReader"))
    assert reading.event() == INSERT
    bench.simulator.id_reader.put(CARD)
    assert reading.event() == INSERTED
    assert reading.end() == "success"
    check("XIdCard.Read.completion", reading.payload)
    card, evidence = reading.payload["card"], reading.payload["evidence"]
    assert isinstance(card, dict)
    assert isinstance(evidence, dict)
    assert (card["name"], card["id_no"], card["valid_to"]) == (CARD.name, CARD.id_no, None)
    assert len(base64.b64decode(str(reading.payload["photo"]))) == 1024
    assert (evidence["visit"], evidence["terminal"]) == ("visit-1", TERMINAL)
    assert evidence["id_hash"] == id_hash("visit-1", CARD.id_no)
    signature = base64.b64decode(str(reading.payload["evidenceSignature"]))
    assert verify(evidence, signature, bench.key.public_key())
    assert not verify({**evidence, "visit": "visit-2"}, signature, bench.key.public_key())


def test_a_lifted_card_is_told_to_everyone(bench: Bench) -> None:
    """After a read the reader watches the card; who did not read it hears of its end too."""
    told: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    reader, bystander = bench.client("IdReader"), bench.client("IdReader")
    for name, client in (("reader", reader), ("bystander", bystander)):

        def hear(event: Event, name: str = name) -> None:
            if event.name == REMOVED:
                told.put((name, event.name))

        client.on_unsolicited(hear)
        client.connect()
    reading = Reading(reader)
    bench.simulator.id_reader.put(CARD)
    assert reading.end() == "success"
    assert media(reader) == "present"
    bench.simulator.id_reader.lift()
    heard = {told.get(timeout=PATIENCE_S) for _ in range(2)}
    assert heard == {("reader", REMOVED), ("bystander", REMOVED)}
    until(lambda: media(reader) == "notPresent")


def media(client: ServiceClient) -> object:
    """Return where the card is, as the status tells."""
    status = client.call("Common.Status", None, 10.0).payload["cardReader"]
    return status["media"] if isinstance(status, dict) else None


def test_the_next_visit_is_asked_to_lift_a_forgotten_card(bench: Bench) -> None:
    """A card left behind is never read for the next citizen; it has to be lifted first."""
    with bench.visit("IdReader") as first:
        reading = Reading(first)
        bench.simulator.id_reader.put(CARD)
        assert reading.end() == "success"
    second = Reading(bench.client("IdReader"))
    assert second.event() == INSERT
    assert second.event() == "XIdCard.LiftCardEvent"
    bench.simulator.id_reader.lift()
    bench.simulator.id_reader.put(CARD)
    assert second.event() == INSERTED
    assert second.end() == "success"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("lift", "cardRemoved"),
        ("status:31", "authenticationFailed"),
        ("status:40", "cardUnsupported"),
        ("status:66", "readerFailed"),
    ],
)
def test_what_goes_wrong_with_a_card(bench: Bench, fault: str, code: str) -> None:
    """Each failure of a read is one of the documented error codes."""
    bench.simulator.control("id-reader", {"fail_during": fault, "times": 3})
    reading = Reading(bench.client("IdReader"))
    bench.simulator.id_reader.put(CARD)
    assert reading.end() == code
    assert isinstance(reading.error, CommandFailed)
    assert reading.error.completion_code == "commandErrorCode"
    check("XIdCard.Read.error", reading.error.payload)


@pytest.mark.parametrize(
    ("service", "name"), [("IdReader", READ), ("Scanner", "BarcodeReader.Read")]
)
def test_cancel_ends_a_read_at_once(bench: Bench, service: str, name: str) -> None:
    """Cancel is answered, and the read, which has no time of its own, ends as cancelled."""
    client = bench.client(service)
    reading = Reading(client, name, timeout_s=None)
    until(lambda: is_reading(bench, service))
    assert client.cancel() is True
    assert reading.end() == "canceled"
    assert client.cancel() is False


def is_reading(bench: Bench, service: str) -> bool:
    """Say whether a read has begun."""
    if service == "Scanner":
        return bench.simulator.scanner.triggered
    with bench.visit(service) as client:
        return media(client) == "notPresent"


def test_a_read_times_out(bench: Bench) -> None:
    """The time in the header ends it, with the standard's word."""
    began = time.monotonic()
    reading = Reading(bench.client("IdReader"), timeout_s=0.3)
    assert reading.end() == "timeOut"
    assert reading.ended_at - began >= 0.3


def test_two_clients_queue(bench: Bench) -> None:
    """The second read waits its turn and times out on its own clock, unheard by the device."""
    first = Reading(bench.client("IdReader"))
    assert first.event() == INSERT
    second = Reading(bench.client("IdReader"), timeout_s=0.2)
    third = Reading(bench.client("IdReader"))
    assert second.end() == "timeOut"
    bench.simulator.id_reader.put(CARD)
    assert first.end() == "success"
    assert third.event() == INSERT
    assert second.events.empty()


def test_status_is_answered_while_a_read_runs(bench: Bench) -> None:
    """Status does not wait in the queue."""
    client = bench.client("IdReader")
    reading = Reading(client)
    assert reading.event() == INSERT
    assert client.call("Common.Status", None, 10.0).payload["common"] == {"device": "online"}
    assert client.call("Common.Capabilities", None, 10.0).payload["xIdCard"]


def test_the_wrong_secret_is_refused(bench: Bench) -> None:
    """Without the secret of role session there is no web socket."""
    with pytest.raises(ServiceUnavailable, match="401"):
        bench.client("IdReader", secret="0" * 32).connect()


def test_another_service_is_not_here(bench: Bench) -> None:
    """Each socket serves one service."""
    wrong = ServiceClient(bench.socket("IdReader"), "Scanner", bench.secret)
    bench.clients.append(wrong)
    with pytest.raises(ServiceUnavailable, match="404"):
        wrong.connect()


STRANGER = """
import os, sys
sys.path.insert(0, {repository!r})
import encodings.idna, websockets.sync.client
from drivers.service.client import ServiceClient, ServiceUnavailable
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    ServiceClient({path!r}, "IdReader", {secret!r}).connect()
except ServiceUnavailable as error:
    print(error)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="other-uid: only root can become another user")
def test_another_user_is_refused(bench: Bench) -> None:
    """Another user with the right secret, let through by the file system, is refused."""
    bench.run.chmod(0o755)
    bench.socket("IdReader").chmod(0o666)
    script = STRANGER.format(
        repository=str(REPOSITORY), path=str(bench.socket("IdReader")), secret=bench.secret
    )
    stranger = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=20
    )
    assert "403" in stranger.stdout, stranger.stderr


def test_disconnect_cancels_and_replaces_the_worker(bench: Bench) -> None:
    """A visit that ends takes its worker along; the next one is served by a fresh process."""
    before = bench.worker("id-reader")
    with bench.visit("IdReader") as client:
        reading = Reading(client)
        assert reading.event() == INSERT
    assert reading.end() == "ServiceUnavailable"
    until(lambda: bench.workers("id-reader") not in ([before], []))
    assert not is_alive(before)
    after = Reading(bench.client("IdReader"))
    bench.simulator.id_reader.put(CARD)
    assert after.end() == "success"


def test_a_visit_that_touched_nothing_costs_no_worker(bench: Bench) -> None:
    """Asking for the status leaves the worker as it is."""
    before = bench.worker("scanner")
    with bench.visit("Scanner") as client:
        client.call("Common.Status", None, 10.0)
        client.call("Common.Capabilities", None, 10.0)
    bench.await_word("Scanner", "online")
    assert bench.workers("scanner") == [before]


def test_unplug_and_replug(bench: Bench) -> None:
    """A pulled cable is noticed in 3 s, told once, logged once, and healed within 10 s."""
    client = bench.client("IdReader")
    words: queue.SimpleQueue[object] = queue.SimpleQueue()

    def hear(event: Event) -> None:
        common = event.payload.get("common")
        if event.name == "Common.StatusChangedEvent" and isinstance(common, dict):
            words.put(common["device"])

    client.on_unsolicited(hear)
    client.connect()
    logged = len(states(bench))
    bench.simulator.id_reader.port.unplug()
    assert words.get(timeout=PATIENCE_S) == "noDevice"
    reading = Reading(client)
    assert reading.end() == "readerFailed"
    assert media(client) == "unknown"
    bench.simulator.id_reader.port.replug()
    assert words.get(timeout=PATIENCE_S) == "online"
    assert [line["word"] for line in states(bench)[logged:]] == ["noDevice", "online"]


def states(bench: Bench) -> list[dict[str, object]]:
    """Return the logged states of the ID reader."""
    return [
        line
        for line in bench.log_lines()
        if line["event"] == "device_state" and line["device"] == "id-reader"
    ]


def test_a_killed_worker_is_replaced(bench: Bench) -> None:
    """A worker that dies fails its command by name, and another one serves the next."""
    client = bench.client("IdReader")
    reading = Reading(client)
    assert reading.event() == INSERT
    os.kill(bench.worker("id-reader"), 9)
    assert reading.end() == "hardwareError"
    again = Reading(client)
    bench.simulator.id_reader.put(CARD)
    assert again.end() == "success"


def only_output(reading: Reading) -> dict[str, str]:
    """Return the one code of a finished read."""
    outputs = reading.payload["readOutput"]
    assert isinstance(outputs, list)
    (output,) = outputs
    assert isinstance(output, dict)
    return output


def scanner_status(client: ServiceClient) -> object:
    """Return the status words; they follow the line by a moment."""
    return client.call("Common.Status", None, 10.0).payload["barcodeReader"]


def test_a_code_is_read_byte_for_byte(bench: Bench) -> None:
    """What the code holds arrives as it is, and the scanner is armed only meanwhile."""
    client = bench.client("Scanner")
    reading = Reading(client, "BarcodeReader.Read")
    until(lambda: bench.simulator.scanner.triggered)
    until(lambda: scanner_status(client) == {"scanner": "on"})
    bench.simulator.scanner.show("中文\x1b码".encode("gb18030"))
    assert reading.end() == "success"
    output = only_output(reading)
    assert base64.b64decode(output["barcodeData"]) == "中文\x1b码".encode("gb18030")
    until(lambda: not bench.simulator.scanner.triggered)
    until(lambda: scanner_status(client) == {"scanner": "off"})


def test_a_code_shown_to_nobody_is_lost(bench: Bench) -> None:
    """What a careless module sends unasked never reaches the next command."""
    bench.simulator.scanner.present(b"somebody else's")
    reading = Reading(bench.client("Scanner"), "BarcodeReader.Read")
    until(lambda: bench.simulator.scanner.triggered)
    bench.simulator.scanner.show(b"mine")
    assert reading.end() == "success"
    output = only_output(reading)
    assert base64.b64decode(output["barcodeData"]) == b"mine"


def test_no_citizen_in_the_log(bench: Bench) -> None:
    """Whatever the tests before did, no name, number or code is in what the host wrote."""
    log = bench.log.read_text()
    assert log
    for secret in (CARD.name, CARD.id_no, CARD.address, "mine", bench.secret):
        assert secret not in log
        assert json.dumps(secret)[1:-1] not in log


def test_systemd_is_told(shared: Bench) -> None:
    """READY once it serves, and then a watchdog from the loop that does the work."""
    shared.systemd.settimeout(PATIENCE_S)
    assert shared.systemd.recv(64) == b"READY=1"
    assert shared.systemd.recv(64) == b"WATCHDOG=1"
    assert shared.systemd.recv(64) == b"WATCHDOG=1"
