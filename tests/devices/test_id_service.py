"""The ID reader through the real service: every kind of card, every fault, every condition."""

from __future__ import annotations

import base64
import queue
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.service.client import CommandFailed, Completion, Event, ServiceClient
from drivers.service.evidence import id_hash, verify
from drivers.simulated import portrait_decoder
from drivers.simulated.faults import FaultKind
from drivers.simulated.reader import SimulatedReader
from drivers.simulated.reader_condition import Condition
from drivers.simulated.serial_server import SerialServer
from tests.devices.people import CARD, OTHER_KINDS
from tests.devices.service_bench import Bench
from tests.devices.service_schema import check
from tests.waiting import PATIENCE_S

READ = "XIdCard.Read"
DECODER = f"{sys.executable} {portrait_decoder.__file__}"
KINDS = "citizen, foreigner_2017, foreigner_2023, hmt"


@pytest.fixture(scope="module")
def shared() -> Iterator[Bench]:
    """Lend one host that takes every kind of card and can decode photos."""
    entry = {"kinds": KINDS, "photo_decoder": DECODER, "poll_s": 0.1}
    with Bench(file={"devices": {"id-reader": entry}}) as bench:
        yield bench


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    """Lend it with an empty reader that is well."""
    shared.hear_notices()
    shared.await_word("IdReader", "online")
    yield shared
    reader = shared.simulator.id_reader
    reader.lift()
    reader.faults.clear()
    reader.faults.add({"flaky": 0})
    reader.condition = Condition.WELL
    reader.port.replug()


@pytest.fixture
def client(bench: Bench) -> Iterator[ServiceClient]:
    """Lend a client of one visit."""
    with bench.visit("IdReader") as client:
        yield client


def read(client: ServiceClient, **more: str) -> Completion:
    """Read the card that lies there."""
    return client.call(READ, {"visit": "visit-1", **more}, 20.0)


def how_it_ends(client: ServiceClient) -> str:
    """Read, and return the name of the end."""
    try:
        done = read(client)
    except CommandFailed as failed:
        check("XIdCard.Read.error", failed.payload)
        return str(failed.error_code)
    check("XIdCard.Read.completion", done.payload)
    return "success"


@pytest.mark.parametrize("card", [CARD, *OTHER_KINDS], ids=lambda card: card.kind.value)
def test_every_kind_of_card_is_read_and_signed(
    bench: Bench,
    client: ServiceClient,
    card: type(CARD),  # type: ignore[valid-type]
) -> None:
    """All four layouts, end to end, with their checks and evidence."""
    bench.simulator.id_reader.put(card)
    payload = read(client).payload
    check("XIdCard.Read.completion", payload)
    told, checks, evidence = payload["card"], payload["checks"], payload["evidence"]
    assert isinstance(told, dict)
    assert isinstance(checks, dict)
    assert isinstance(evidence, dict)
    assert (told["kind"], told["name"], told["id_no"]) == (card.kind, card.name, card.id_no)
    assert all(checks.values())
    assert "newest_address" not in told
    assert evidence["id_hash"] == id_hash("visit-1", card.id_no)
    signature = base64.b64decode(str(payload["evidenceSignature"]))
    assert verify(evidence, signature, bench.key.public_key())


def test_the_newest_address_comes_with_the_card(bench: Bench, client: ServiceClient) -> None:
    """Who moved since the card was printed need not type where to."""
    bench.simulator.id_reader.put(CARD, newest_address="河南省新乡市平原路2号")
    told = read(client).payload["card"]
    assert isinstance(told, dict)
    assert told["newest_address"] == "河南省新乡市平原路2号"
    assert told["address"] == CARD.address


def test_a_photo_is_decoded_when_that_is_asked(bench: Bench, client: ServiceClient) -> None:
    """The picture comes in the answer, and only when it was asked for."""
    bench.simulator.id_reader.put(CARD)
    payload = read(client, photo="decoded").payload
    check("XIdCard.Read.completion", payload)
    portrait = payload["portrait"]
    assert isinstance(portrait, dict)
    bmp = base64.b64decode(portrait["data"])
    assert (bmp[:2], len(bmp)) == (b"BM", 38862)
    assert struct.unpack_from("<ii", bmp, 18) == (portrait["width"], portrait["height"])
    assert about_photos(client) == {"photoDecoder": "ok"}
    bench.simulator.id_reader.lift()
    bench.simulator.id_reader.put(CARD)
    assert "portrait" not in read(client).payload


def about_photos(client: ServiceClient) -> object:
    """Return what the status says of the decoder."""
    return client.call("Common.Status", None, 10.0).payload.get("xIdCard")


def test_the_capabilities_tell_what_is_set_up(client: ServiceClient) -> None:
    """Which kinds are taken, and whether a photo can be compared with a face."""
    told = client.call("Common.Capabilities", None, 10.0).payload
    x_id_card, common = told["xIdCard"], told["common"]
    assert isinstance(x_id_card, dict)
    assert isinstance(common, dict)
    assert x_id_card["photoDecoder"] is True
    assert x_id_card["cardKinds"] == ["citizen", "foreigner_2017", "foreigner_2023", "hmt"]
    (device,) = common["deviceInformation"]
    assert device["serialNumber"].startswith("05.01-")
    assert device["modelDescription"].endswith("115200 baud")


def test_an_unknown_form_of_photo_is_refused(client: ServiceClient) -> None:
    """Before the reader hears of it."""
    with pytest.raises(CommandFailed, match="photo"):
        read(client, photo="printed")


MENDED = ["checksum", "truncated", "foreign", "garbage", "extra-aa", "split"]
NAMED = {"lift": "cardRemoved", "unplug": "readerFailed"}


def test_every_fault_of_the_simulator_is_tried_here() -> None:
    """A new fault gets its place in this file."""
    assert {*MENDED, *NAMED, "silence", "status"} == set(FaultKind)


@pytest.mark.parametrize("fault", [*MENDED, "status:10", "status:41", "status:31"])
def test_what_goes_wrong_once_is_mended(bench: Bench, client: ServiceClient, fault: str) -> None:
    """One bad answer to the read costs time, never the visit."""
    bench.simulator.id_reader.put(CARD)
    bench.simulator.id_reader.control({"fail_during": fault})
    assert how_it_ends(client) == "success"


def test_one_silence_is_mended(bench: Bench, client: ServiceClient) -> None:
    """The first question after the card was put down gets no answer."""
    bench.simulator.id_reader.put(CARD)
    bench.simulator.id_reader.control({"fail_next": "silence"})
    assert how_it_ends(client) == "success"


def test_a_card_lifted_too_early_is_told(bench: Bench, client: ServiceClient) -> None:
    """The citizen is asked to leave it."""
    bench.simulator.id_reader.put(CARD)
    bench.simulator.id_reader.control({"fail_during": "lift"})
    assert how_it_ends(client) == "cardRemoved"


_ENDS = {
    0x33: "authenticationFailed",
    0x40: "cardUnsupported",
    **dict.fromkeys((0x10, 0x66, 0x90), "readerFailed"),
}


@pytest.mark.parametrize(
    "status", [0x10, 0x33, 0x40, 0x41, 0x66, 0x77, 0x81, 0x90], ids=lambda code: f"{code:02x}"
)
def test_every_status_that_stays_has_its_name(
    bench: Bench, client: ServiceClient, status: int
) -> None:
    """One of each class; `test_id_reader_line` has them all, without the service."""
    bench.simulator.id_reader.put(CARD)
    bench.simulator.id_reader.control({"fail_during": f"status:{status:02x}", "times": 4})
    assert how_it_ends(client) == _ENDS.get(status, "cardUnreadable")


def words_told(client: ServiceClient) -> queue.SimpleQueue[object]:
    """Return where every change of the device's word will come."""
    told: queue.SimpleQueue[object] = queue.SimpleQueue()

    def hear(event: Event) -> None:
        common = event.payload.get("common")
        if event.name == "Common.StatusChangedEvent" and isinstance(common, dict):
            told.put(common["device"])

    client.on_unsolicited(hear)
    client.connect()
    return told


def test_the_cable_pulled_in_the_middle_is_told_and_healed(
    bench: Bench, client: ServiceClient
) -> None:
    """In the middle of the card: the read ends by name, and the next one works."""
    words = words_told(client)
    bench.simulator.id_reader.put(CARD)
    bench.simulator.id_reader.control({"unplug_after": 700})
    assert how_it_ends(client) == "readerFailed"
    assert words.get(timeout=PATIENCE_S) == "noDevice"
    bench.simulator.id_reader.port.replug()
    assert words.get(timeout=PATIENCE_S) == "online"
    bench.simulator.id_reader.put(CARD)
    assert how_it_ends(client) == "success"


def test_a_module_that_is_not_well_is_out_of_order_until_it_is(
    bench: Bench, client: ServiceClient
) -> None:
    """A read says so, the status says so, and it is usable again without anybody's help."""
    words = words_told(client)
    bench.simulator.id_reader.condition = Condition.SELF_TEST_FAILED
    assert how_it_ends(client) == "readerFailed"
    assert words.get(timeout=PATIENCE_S) == "hardwareError"
    bench.simulator.id_reader.condition = Condition.WELL
    assert words.get(timeout=PATIENCE_S) == "online"


def test_a_module_that_dies_is_noticed_although_nobody_reads(
    bench: Bench, client: ServiceClient
) -> None:
    """It is asked every now and then, and says so."""
    bench.simulator.id_reader.put(CARD)
    assert how_it_ends(client) == "success"
    bench.simulator.id_reader.lift()
    words = words_told(client)
    bench.simulator.id_reader.condition = Condition.DEAD
    assert words.get(timeout=PATIENCE_S) == "hardwareError"
    bench.simulator.id_reader.condition = Condition.WELL
    assert words.get(timeout=PATIENCE_S) == "online"


def test_a_reader_that_talks_at_another_speed_is_found(bench: Bench, client: ServiceClient) -> None:
    """It was set up elsewhere: the speed it answers at is found and told."""
    words = words_told(client)
    bench.simulator.id_reader.port.unplug()
    assert words.get(timeout=PATIENCE_S) == "noDevice"
    bench.simulator.id_reader.control({"baud": 57600})
    bench.simulator.id_reader.port.replug()
    assert words.get(timeout=PATIENCE_S) == "online"
    bench.simulator.id_reader.put(CARD)
    assert how_it_ends(client) == "success"
    common = client.call("Common.Capabilities", None, 10.0).payload["common"]
    assert isinstance(common, dict)
    assert "57600 baud" in common["deviceInformation"][0]["modelDescription"]


def test_a_flaky_reader_reads_in_the_end_or_says_why(bench: Bench, client: ServiceClient) -> None:
    """One answer in five goes wrong by chance; nobody waits for ever, nothing is half a person."""
    bench.simulator.id_reader.control({"flaky": 0.2, "seed": 1})
    ends = []
    for _ in range(3):
        bench.simulator.id_reader.put(CARD)
        ends.append(how_it_ends(client))
        bench.simulator.id_reader.lift()
    named = {"cardRemoved", "cardUnreadable", "authenticationFailed", "readerFailed"}
    assert set(ends) <= {"success", *named}
    assert "success" in ends


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SerialServer, Bench]]:
    """Lend a host whose reader is behind a box on the network; its photo decoder crashes."""
    line = Path(tmp_path_factory.mktemp("box")) / "line"
    reader = SimulatedReader(line)
    reader.put(CARD)
    with SerialServer(line) as box:
        entry = {"port": box.url, "photo_decoder": f"{DECODER} crash"}
        with Bench(file={"devices": {"id-reader": entry}}) as bench:
            bench.simulator.id_reader.close()
            bench.simulator.id_reader = reader
            yield box, bench


def test_a_reader_on_the_network_is_read(network: tuple[SerialServer, Bench]) -> None:
    """The same through a TCP connection; a decoder that crashes costs the picture alone."""
    _, bench = network
    bench.hear_notices()
    with bench.visit("IdReader") as client:
        payload = read(client, photo="decoded").payload
        check("XIdCard.Read.completion", payload)
        assert (payload["portrait"], payload["portraitError"]) == (None, "crashed")
        assert about_photos(client) == {"photoDecoder": "inop"}
        told = payload["card"]
        assert isinstance(told, dict)
        assert told["name"] == CARD.name


def test_a_kind_that_is_not_taken_is_unsupported(network: tuple[SerialServer, Bench]) -> None:
    """By default only citizens' cards are taken."""
    _, bench = network
    bench.hear_notices()
    with bench.visit("IdReader") as client:
        bench.simulator.id_reader.put(OTHER_KINDS[-1])
        assert how_it_ends(client) == "cardUnsupported"
        bench.simulator.id_reader.lift()


def test_a_network_that_breaks_is_told_and_healed(network: tuple[SerialServer, Bench]) -> None:
    """The box hangs up: noticed, and connected again."""
    box, bench = network
    bench.hear_notices()
    with bench.visit("IdReader") as client:
        words = words_told(client)
        bench.simulator.id_reader.put(CARD)
        assert how_it_ends(client) == "success"
        box.hang_up()
        assert words.get(timeout=PATIENCE_S) == "noDevice"
        assert words.get(timeout=PATIENCE_S) == "online"
        bench.simulator.id_reader.put(CARD)
        assert how_it_ends(client) == "success"


def test_nothing_of_a_card_is_in_the_log(bench: Bench, network: tuple[SerialServer, Bench]) -> None:
    """Whatever the tests before did."""
    for one in (bench, network[1]):
        log = one.log.read_text()
        assert log
        for card in (CARD, *OTHER_KINDS):
            for secret in (card.name, card.id_no, card.name_en or card.name):
                assert secret not in log
                assert secret.encode("unicode_escape").decode() not in log
