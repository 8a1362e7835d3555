"""Every fault of every family of scanners, through a real device host.

Three hosts run side by side, one a family; a test does the same to all three at once.
"""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from drivers.service.client import CommandFailed, ServiceClient
from drivers.simulated.scanner_module import SimulatedModule
from tests.devices.cabinet_bench import CabinetBench
from tests.devices.scanner_families import FAMILIES, LATE_S, MODULES
from tests.waiting import PATIENCE_S, until

READ = "BarcodeReader.Read"


class Hall:
    """The hosts, and the module behind each."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self.benches: dict[str, CabinetBench] = {}
        self.modules: dict[str, SimulatedModule] = {}
        self.clients: dict[str, ServiceClient] = {}
        for family in FAMILIES:
            bench = CabinetBench()
            module = MODULES[family](bench.link("scanner"))
            late = {} if family == "zebra" else {"gap_s": LATE_S}
            bench.add("scanner", module, profile=family, **late)
            self.modules[family] = module
            self.benches[family] = stack.enter_context(bench)
        for family, bench in self.benches.items():
            self.clients[family] = stack.enter_context(bench.visit("Scanner"))
        self._pool = stack.enter_context(ThreadPoolExecutor(len(FAMILIES)))

    def each(self, do: Callable[[Stand], None]) -> None:
        """Do the same at every host at once; the first trouble is raised, with its family."""
        stands = [Stand(name, self) for name in FAMILIES]
        futures: list[Future[None]] = [self._pool.submit(do, stand) for stand in stands]
        for stand, future in zip(stands, futures, strict=True):
            trouble = future.exception()
            if trouble is not None:
                trouble.add_note(stand.family)
                raise trouble


class Stand:
    """One host and its module."""

    def __init__(self, family: str, hall: Hall) -> None:
        self.family = family
        self.bench = hall.benches[family]
        self.module = hall.modules[family]
        self.client = hall.clients[family]
        """Of one long visit: each that ends costs a process."""
        self.refusal = "status:06" if family == "zebra" else "status:15"

    def read(
        self, timeout_s: float = 8.0, client: ServiceClient | None = None
    ) -> Mapping[str, object]:
        """Read one code, in the long visit or another; its entry of ``readOutput``."""
        done = (client or self.client).call(READ, {}, timeout_s)
        outputs = done.payload["readOutput"]
        assert isinstance(outputs, list)
        (output,) = outputs
        assert isinstance(output, dict)
        return output

    def expect(self, payload: bytes) -> None:
        """Hold a code up in a visit of its own, and see that it is read."""
        with self.bench.visit("Scanner") as client:
            self.module.show(payload)
            assert data(self.read(client=client)) == payload

    def online(self, timeout_s: float = 10.0) -> None:
        """Wait until the scanner can be used."""
        self.bench.await_word("Scanner", "online", timeout=timeout_s)


def data(output: Mapping[str, object]) -> bytes:
    """Return the bytes of an entry of ``readOutput``."""
    return base64.b64decode(str(output["barcodeData"]))


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    """Lend the three hosts to the tests of this file."""
    with contextlib.ExitStack() as stack:
        made = Hall(stack)
        made.each(lambda stand: stand.online(20.0))
        yield made


def test_a_code_is_read_with_its_kind(hall: Hall) -> None:
    """The standard's word, and what the module itself says."""

    def do(stand: Stand) -> None:
        stand.module.show("新乡\x1b\x1d\x00\u202e".encode(), symbology="qrCode")
        output = stand.read()
        assert data(output) == "新乡\x1b\x1d\x00\u202e".encode()
        assert output["symbology"] == "qrCode"
        assert output["symbologyName"] == ("1C" if stand.family == "zebra" else "]Q1")

    hall.each(do)


def test_what_was_shown_before_the_visit_is_dropped(hall: Hall) -> None:
    """A module that sends unasked, and one that sends again, leak nothing."""

    def do(stand: Stand) -> None:
        stand.module.present(b"somebody else's")
        stand.expect(b"mine")

    hall.each(do)


@pytest.mark.parametrize(
    "fault", ["silence", "truncated", "garbage", "foreign", "split", "refusal"]
)
def test_a_disturbed_answer_does_not_reach_the_citizen(hall: Hall, fault: str) -> None:
    """It is asked for again; the code is read."""

    def do(stand: Stand) -> None:
        stand.online()
        if fault == "refusal" and stand.family == "zebra":
            return  # one refused command is a failed device there: see the test below
        kind = stand.refusal if fault == "refusal" else fault
        stand.module.faults.add({"fail_next": kind})
        stand.module.show(b"code")
        assert data(stand.read()) == b"code"

    hall.each(do)


@pytest.mark.parametrize("fault", ["silence", "truncated", "garbage", "foreign", "split"])
def test_a_disturbed_code_is_never_another_code(hall: Hall, fault: str) -> None:
    """The read goes on until the code comes whole."""

    def do(stand: Stand) -> None:
        stand.module.faults.add({"fail_during": fault})
        sent = stand.module.sent
        stand.module.show(b"0123456789")
        with ThreadPoolExecutor(1) as again:
            reading = again.submit(stand.read)
            until(lambda: stand.module.sent > sent)
            deadline = time.monotonic() + LATE_S + 0.2
            until(lambda: reading.done() or time.monotonic() > deadline)
            if not reading.done():
                stand.module.present(b"0123456789")
            assert data(reading.result(PATIENCE_S)) == b"0123456789"

    hall.each(do)


def test_a_scanner_that_does_not_answer_is_out_of_order_and_comes_back(hall: Hall) -> None:
    """Silence puts it out of order; the next attempt finds it well."""

    def do(stand: Stand) -> None:
        stand.module.faults.add({"fail_next": "silence", "times": 20})
        if stand.family != "honeywell":  # whose trigger is not answered: it waits for a code
            with pytest.raises(CommandFailed) as caught:
                stand.read()
            assert caught.value.completion_code == "hardwareError"
        stand.module.faults.clear()
        stand.online()
        stand.expect(b"after")

    hall.each(do)


def test_a_pulled_plug_is_noticed_and_a_new_one_used(hall: Hall) -> None:
    """Lost within 3 s, usable within 10 s; generous limits, for the machine may be busy."""

    def do(stand: Stand) -> None:
        stand.online()
        stand.module.control({"unplug": True})
        stand.bench.await_word("Scanner", "noDevice")
        stand.module.control({"replug": True})
        stand.online(15.0)
        stand.expect(b"again")

    hall.each(do)


def test_the_plug_pulled_inside_a_code_ends_the_read(hall: Hall) -> None:
    """The citizen is told at once; half a code is none."""

    def do(stand: Stand) -> None:
        stand.module.faults.add({"fail_during": "unplug:4"})
        stand.module.show(b"0123456789")
        with pytest.raises(CommandFailed) as caught:
            stand.read(6.0)
        assert caught.value.completion_code == "deviceNotReady"
        stand.module.control({"replug": True})
        stand.online(15.0)
        stand.expect(b"whole")

    hall.each(do)


def test_a_code_that_is_too_long_is_told(hall: Hall) -> None:
    """And the next one is read."""

    def do(stand: Stand) -> None:
        stand.module.show(b"x" * 6000)
        with pytest.raises(CommandFailed) as caught:
            stand.read(6.0)
        assert caught.value.error_code == "barcodeInvalid"
        stand.expect(b"short")

    hall.each(do)


def test_a_module_that_lost_its_power_is_set_again(hall: Hall) -> None:
    """Its port stayed; its settings are there again before a code is taken from it."""

    def do(stand: Stand) -> None:
        stand.module.control({"power_cycle": True})
        stand.expect(b"code")
        assert stand.module.settings

    hall.each(do)


def test_a_reset_sets_it_again(hall: Hall) -> None:
    """The standard's Reset: settings are made anew, the light is out."""

    def do(stand: Stand) -> None:
        stand.module.control({"power_cycle": True})
        stand.client.call("BarcodeReader.Reset", {}, 5.0)
        assert stand.module.settings
        until(lambda: not stand.module.triggered)

    hall.each(do)


def test_no_code_is_in_the_log(hall: Hall) -> None:
    """Whatever the tests before did."""

    def do(stand: Stand) -> None:
        log = stand.bench.log()
        assert log
        for secret in ("somebody else", "0123456789", base64.b64encode(b"0123456789").decode()):
            assert secret not in log

    hall.each(do)
