"""XReceipt on the simulated printer: what came out, what did not, and what nobody can tell."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from drivers.service.client import CommandFailed, Event, ServiceClient, ServiceUnavailable
from drivers.simulated.printer import SimulatedPrinter
from tests.devices.service_bench import Bench
from tests.devices.service_schema import check
from tests.waiting import PATIENCE_S, until

PRINT = "XReceipt.Print"
SLIP = {
    "title": "业务凭条",
    "lines": [
        {"text": "已保存在本机，联网后自动提交"},
        {"label": "本机号", "value": "L0001"},
        {"rule": True},
        {"qr": "https://example.test/p/L0001.0123456789abcdef"},
    ],
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Bench]:
    """Lend one host to the tests of this file."""
    with Bench() as bench:
        bench.await_word("ReceiptPrinter", "online")
        yield bench


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    """Lend the host with a well printer."""
    yield shared
    printer(shared).control({"paper": "ok", "cover": "closed", "fault": "none", "replug": True})
    shared.await_word("ReceiptPrinter", "online")


@pytest.fixture
def client(bench: Bench) -> Iterator[ServiceClient]:
    """Lend a visit's client."""
    with bench.visit("ReceiptPrinter") as client:
        yield client


def printer(bench: Bench) -> SimulatedPrinter:
    """Return the simulated printer."""
    assert bench.simulator.printer is not None
    return bench.simulator.printer


def print_slip(client: ServiceClient, slip: Mapping[str, object] = SLIP) -> Mapping[str, object]:
    """Print a slip and return the answer, checked against its schema."""
    check("XReceipt.Print.command", {"receipt": slip})
    done = client.call(PRINT, {"receipt": slip}, 20.0)
    check("XReceipt.Print.completion", done.payload)
    return done.payload


def paper(client: ServiceClient) -> object:
    """Return the supply of the roll, as the status tells."""
    status = client.call("Common.Status", None, 10.0).payload["printer"]
    return status["paper"]["upper"] if isinstance(status, dict) else None


def test_a_slip_comes_out(bench: Bench, client: ServiceClient) -> None:
    """The printer confirmed, and the words are on the paper."""
    answer = print_slip(client)
    assert (answer["printed"], answer["confirmedBy"]) == (True, "buffer-order")
    sheet = printer(bench).papers()[-1]
    assert "L0001" in str(sheet["text"])
    assert sheet["cut"] is True


@pytest.mark.parametrize(
    ("state", "code"), [({"paper": "out"}, "paperOut"), ({"cover": "open"}, "coverOpen")]
)
def test_a_printer_in_trouble_prints_nothing(
    bench: Bench, client: ServiceClient, state: dict[str, object], code: str
) -> None:
    """The answer is no, with the reason, and not a line is on paper."""
    before = len(printer(bench).papers())
    printer(bench).control(state)
    answer = print_slip(client)
    assert (answer["printed"], answer["errorCode"]) == (False, code)
    assert len(printer(bench).papers()) == before


@pytest.mark.parametrize(
    ("fault", "code", "word"),
    [
        ("cutter", "cutterError", "hardwareError"),
        ("overheated", "overheated", "deviceBusy"),
        ("printer-error", "printerError", "hardwareError"),
        ("paper-jam", "printerError", "hardwareError"),
        ("offline", "offline", "offline"),
    ],
)
def test_each_fault_has_its_code_and_its_word(
    bench: Bench, client: ServiceClient, fault: str, code: str, word: str
) -> None:
    """Whoever prints reads the reason; whoever looks reads the standard's word."""
    printer(bench).control({"fault": fault})
    answer = print_slip(client)
    assert (answer["printed"], answer["errorCode"]) == (False, code)
    bench.await_word("ReceiptPrinter", word)


def test_what_the_printer_calls_itself(bench: Bench, client: ServiceClient) -> None:
    """Without GS I in its profile it is known by the profile's name."""
    common = client.call("Common.Capabilities", None, 10.0).payload["common"]
    assert isinstance(common, dict)
    assert common["deviceInformation"][0]["modelName"] == "generic-80mm"


def test_every_kind_of_line(bench: Bench, client: ServiceClient) -> None:
    """A bar code and a rare character come out as dots, text as text."""
    lines = [{"text": "陈䶮"}, {"barcode": "L01261122A017"}, {"big": "好"}, {"rule": True}]
    assert print_slip(client, {"title": "", "lines": lines})["printed"] is True
    assert printer(bench).papers()[-1]["text"] == ["陈〓", "L01261122A017", "好", "─" * 24]


def test_a_presenter(tmp_path: Path) -> None:
    """Presented to who printed, taken told to everyone, taken back when asked."""
    kiosk = SimulatedPrinter(tmp_path / "kiosk", tmp_path / "papers", model="custom")
    entry = {"port": str(tmp_path / "kiosk"), "profile": "custom-vkp80"}
    heard: queue.SimpleQueue[str] = queue.SimpleQueue()
    with Bench(file={"devices": {"receipt-printer": entry}}) as own:
        own.await_word("ReceiptPrinter", "online")
        with own.visit("ReceiptPrinter") as client:
            client.on_unsolicited(lambda event: heard.put(event.name))
            presented: list[str] = []
            done = client.call(
                PRINT, {"receipt": SLIP}, 20.0, on_event=lambda event: presented.append(event.name)
            )
            check("XReceipt.Print.completion", done.payload)
            assert (done.payload["printed"], done.payload["confirmedBy"]) == (True, "presenter")
            assert presented == ["Printer.MediaPresentedEvent"]
            kiosk.control({"take": True})
            until(lambda: heard.get(timeout=PATIENCE_S) == "Printer.MediaTakenEvent")
            client.call(PRINT, {"receipt": SLIP}, 20.0)
            client.call("Printer.RetractMedia", None, 10.0)
            assert kiosk.state()["retracted"] == 1
            with pytest.raises(CommandFailed) as caught:
                client.call("Printer.RetractMedia", None, 10.0)
            assert caught.value.error_code == "noMediaPresent"
    kiosk.close()


def test_new_paper_is_believed_to_the_sensors(bench: Bench, client: ServiceClient) -> None:
    """After SupplyReplenish the status is what the printer says, at once."""

    def paper() -> object:
        return client.call("Common.Status", None, 5.0).payload["printer"]["paper"]["upper"]  # type: ignore[index]

    printer(bench).control({"paper": "low"})
    until(lambda: paper() == "low")
    client.call("Printer.SupplyReplenish", {"upper": True}, 10.0)
    assert paper() == "low"
    printer(bench).control({"paper": "ok"})
    client.call("Printer.SupplyReplenish", {"upper": True}, 10.0)
    assert paper() == "full"
    with pytest.raises(CommandFailed, match="invalidData"):
        client.call("Printer.SupplyReplenish", {"drawer": True}, 10.0)


def test_a_printer_that_is_gone(bench: Bench, client: ServiceClient) -> None:
    """Without a cable the answer is no, and the device is told as not connected."""
    printer(bench).unplug()
    answer = print_slip(client)
    assert (answer["printed"], answer["errorCode"]) == (False, "offline")
    bench.await_word("ReceiptPrinter", "noDevice")


@pytest.mark.parametrize(("state", "word"), [("open", "userError"), ("closed", "online")])
def test_the_cover(bench: Bench, state: str, word: str) -> None:
    """An open cover is a person's doing, and over when it is closed."""
    printer(bench).control({"cover": state})
    bench.await_word("ReceiptPrinter", word)


def test_the_paper_runs_low_and_out(bench: Bench, client: ServiceClient) -> None:
    """Low and out are told to everyone, each once, and are the standard's words."""
    heard: queue.SimpleQueue[tuple[object, object]] = queue.SimpleQueue()

    def hear(event: Event) -> None:
        if event.name == "Printer.PaperThresholdEvent":
            heard.put((event.payload["paperSource"], event.payload["threshold"]))

    client.on_unsolicited(hear)
    until(lambda: paper(client) == "full")
    for supply, word in (("low", "low"), ("out", "out"), ("ok", "full")):
        printer(bench).control({"paper": supply})
        assert heard.get(timeout=PATIENCE_S) == ("upper", word)
        assert paper(client) == word
    assert heard.empty()


@pytest.mark.parametrize(
    "receipt",
    [
        None,
        {"title": "x"},
        {"title": "x", "lines": [{"raw": "\x1b@"}]},
        {"title": "x", "lines": [{"text": 7}]},
        {"title": "x", "lines": [{"text": "a"}] * 81},
        {"title": "x", "lines": [], "logo": "a"},
    ],
)
def test_what_is_not_a_receipt(client: ServiceClient, receipt: object) -> None:
    """It is refused before the printer hears of it, without quoting it."""
    with pytest.raises(CommandFailed) as caught:
        client.call(PRINT, {"receipt": receipt}, 5.0)
    assert caught.value.completion_code == "invalidData"
    assert "\x1b" not in str(caught.value)


def test_there_is_no_way_to_send_bytes(client: ServiceClient) -> None:
    """The standard's raw print is not offered: a citizen's text never reaches a printer raw."""
    with pytest.raises(CommandFailed) as caught:
        client.call("Printer.PrintRaw", {"inputData": "no", "data": "G0A="}, 5.0)
    assert caught.value.completion_code == "unsupportedCommand"


def test_a_slip_that_has_begun_is_let_out(bench: Bench) -> None:
    """When the visit ends in the middle of a print, the slip still comes out whole."""
    before = len(printer(bench).papers())
    printer(bench).control({"slow_line_s": 0.05})
    with bench.visit("ReceiptPrinter") as leaving:
        ended = threading.Event()

        def run() -> None:
            with pytest.raises(ServiceUnavailable):
                leaving.call(PRINT, {"receipt": SLIP}, 20.0)
            ended.set()

        threading.Thread(target=run, daemon=True).start()
        until(lambda: int(str(printer(bench).state()["lines_on_sheet"])) > 0)
    assert ended.wait(PATIENCE_S)
    until(lambda: len(printer(bench).papers()) > before)
    printer(bench).control({"slow_line_s": 0})
    sheet = printer(bench).papers()[-1]
    assert (sheet["complete"], sheet["cut"]) == (True, True)
