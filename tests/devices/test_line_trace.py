"""What the vendor is given of a device's line: bounded, asked for, and nothing of a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from drivers.line_trace import MOST_FRAMES, MOST_OF_ONE, OF_PERSONS, LineTrace
from drivers.service.client import CommandFailed, ServiceClient
from drivers.service.roles import Role
from drivers.service.status import device_word
from tests.devices.service_bench import CARD, READ, Bench
from tests.waiting import until

CANARIES = (CARD.id_no, CARD.name, CARD.address, CARD.issuer)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """The four devices of every terminal, on real pseudo-terminals."""
    with Bench() as own:
        yield own


@contextmanager
def maintenance(bench: Bench, service: str) -> Iterator[ServiceClient]:
    """Hold the devices as staff do, and lend one of them."""
    secret = bench.secrets[Role.MAINTENANCE]
    place = bench.run / "xfs4iot"
    with (
        closing(ServiceClient(place / "VendorMode.sock", "VendorMode", secret)) as mode,
        closing(ServiceClient(place / f"{service}.sock", service, secret)) as device,
    ):
        until(lambda: _entered(mode))
        yield device
    until(lambda: bench.word(service) != "offline")


def _entered(mode: ServiceClient) -> bool:
    try:
        mode.call("VendorMode.EnterModeRequest", None, 5.0)
    except CommandFailed:
        return False
    return True


def frames(device: ServiceClient) -> list[dict[str, object]]:
    """Return what is kept."""
    told = device.call("XTrace.Read", None, 5.0).payload["frames"]
    assert isinstance(told, list)
    return told


def put_card(bench: Bench) -> None:
    """Put a person's card down."""
    bench.simulator.id_reader.put(CARD)


def test_of_a_reader_a_trace_has_no_byte_of_a_card(bench: Bench) -> None:
    """A visit reads a card, then staff do, traced: the vendor sees lengths and results."""
    put_card(bench)
    with bench.visit("IdReader") as visit:
        visit.call(READ, {"visit": "v"}, 10.0)
    bench.simulator.id_reader.lift()
    put_card(bench)
    with maintenance(bench, "IdReader") as device:
        device.call("XTrace.Start", None, 5.0)
        device.call(READ, {"visit": "staff"}, 10.0)
        kept = frames(device)
    bench.simulator.id_reader.lift()
    came = [one for one in kept if one["to"] == "host"]
    assert max(int(str(one["size"])) for one in came) > 1000, "the card went over the line"
    assert all(len(str(one["hex"])) <= 20 for one in came)
    whole = bytes.fromhex("".join(str(one["hex"]) for one in kept))
    for canary in CANARIES:
        for coding in ("utf-16-le", "gb18030", "utf-8"):
            assert canary.encode(coding)[:8] not in whole
    assert any(str(one["hex"]).startswith("aaaaaa9669") for one in kept)


def test_of_a_printer_it_has_both_ways_with_times(bench: Bench) -> None:
    """Questions for its status and what it answered."""
    with maintenance(bench, "ReceiptPrinter") as device:
        device.call("XTrace.Start", None, 5.0)
        device.call("XDevice.Reset", None, 10.0)
        kept = frames(device)
        assert {one["to"] for one in kept} == {"device", "host"}
        assert all(str(one["at"]).endswith("+00:00") for one in kept)


def test_it_ends_with_maintenance(bench: Bench) -> None:
    """The next one who holds the devices finds none."""
    with maintenance(bench, "Scanner") as device:
        device.call("XTrace.Start", None, 5.0)
        frames(device)
    with (
        maintenance(bench, "Scanner") as device,
        pytest.raises(CommandFailed, match="sequenceError"),
    ):
        frames(device)


def test_no_visit_can_start_one(bench: Bench) -> None:
    """Nor staff while citizens are served."""
    for role in (Role.SESSION, Role.MAINTENANCE, Role.AGENT):
        own = bench.client("ReceiptPrinter", bench.secrets[role])
        with pytest.raises(CommandFailed, match=r"authorisationRequired|sequenceError"):
            own.call("XTrace.Start", None, 5.0)


@pytest.mark.parametrize("service", ["IdReader", "Scanner", "ReceiptPrinter", "DocumentCamera"])
def test_staff_have_a_device_begin_anew(bench: Bench, service: str) -> None:
    """It is closed, opened and there again."""
    with maintenance(bench, service) as device:
        device.call("XDevice.Reset", None, 20.0)
        until(lambda: device_word(device.call("Common.Status", None, 5.0).payload) == "online")


def test_a_trace_is_bounded() -> None:
    """The newest pieces, each of them at most so long, and how many are gone is told."""
    own = LineTrace()
    own.sent(b"before it was asked for")
    own.start()
    for number in range(MOST_FRAMES + 5):
        own.sent(number.to_bytes(2, "big"))
    own.came(bytes(MOST_OF_ONE * 2))
    kept, dropped = own.told()
    assert (len(kept), dropped) == (MOST_FRAMES, 6)
    assert (kept[-1].size, len(kept[-1].data)) == (2 * MOST_OF_ONE, MOST_OF_ONE)
    own.stop()
    assert own.told()[0] == ()


def test_of_a_piece_that_begins_in_the_middle_of_a_card_nothing_is_kept() -> None:
    """A line cuts where it likes."""
    own = LineTrace(OF_PERSONS["id-reader"])
    own.start()
    own.came("某省某市某路1号".encode("utf-16-le"))
    own.came(bytes.fromhex("aaaaaa96690508000090") + "陈小云".encode("utf-16-le"))
    first, second = own.told()[0]
    assert (first.data, second.data.hex()) == (b"", "aaaaaa96690508000090")
