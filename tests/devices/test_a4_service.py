"""XDocument through host, worker and socket, and ``print-a4`` by hand, on a simulated printer."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from drivers import cli
from drivers.a4 import faces
from drivers.service.adapters.document_printer import DocumentPrinterAdapter
from drivers.service.client import CommandFailed, Event, ServiceClient, ServiceUnavailable
from drivers.service.envelope import Payload
from drivers.simulated.a4_printer import SimulatedA4Printer
from tests.devices import papers_a4
from tests.devices.cabinet_bench import CabinetBench, surroundings
from tests.devices.service_schema import check
from tests.devices.small_fonts import small_fonts
from tests.waiting import PATIENCE_S, until

SERVICE = "DocumentPrinter"
PRINT = "XDocument.Print"


class A4Bench(CabinetBench):
    """A host over one A4 printer."""

    def __init__(self) -> None:
        super().__init__()
        self.printer = SimulatedA4Printer(surroundings(self.link("a4-printer")))
        self.add("a4-printer", self.printer, stopped_s=0.5)


@pytest.fixture(scope="module")
def shared() -> Iterator[A4Bench]:
    """Lend one host to the tests of this file."""
    with small_fonts(), A4Bench() as bench:
        bench.await_word(SERVICE, "online")
        yield bench


@pytest.fixture
def bench(shared: A4Bench) -> Iterator[A4Bench]:
    """Lend the host with a well printer."""
    yield shared
    shared.printer.control({"fault": "none", "replug": True})
    shared.printer.control({"paper": "ok", "toner": "ok", "page_s": 0.02})
    shared.await_word(SERVICE, "online")


@pytest.fixture(scope="module")
def client(shared: A4Bench) -> Iterator[ServiceClient]:
    """Lend the client of one long visit: each visit costs a process."""
    with shared.visit(SERVICE) as client:
        yield client


def print_document(
    client: ServiceClient, document: Mapping[str, object] | None = None
) -> Mapping[str, object]:
    """Print a document and return the answer, checked against its schema."""
    payload = {"document": document or papers_a4.commitment()}
    check("XDocument.Print.command", payload)
    done = client.call(PRINT, payload, 30.0)
    check("XDocument.Print.completion", done.payload)
    return done.payload


def supplies(client: ServiceClient) -> tuple[object, object]:
    """Return the supply of paper and toner, as the status tells."""
    status = client.call("Common.Status", None, 10.0).payload["printer"]
    assert isinstance(status, dict)
    return status["paper"]["upper"], status["toner"]


def test_a_document_comes_out(bench: A4Bench, client: ServiceClient) -> None:
    """The printer confirmed, and it has the PDF of that document."""
    before = len(bench.printer.papers())
    answer = print_document(client)
    assert answer == {"printed": True, "confirmedBy": "printer", "pages": 1}
    (sheet,) = bench.printer.papers()[before:]
    assert sheet.startswith(b"%PDF-")


def test_progress_is_told(bench: A4Bench, client: ServiceClient) -> None:
    """Who waits sees the pages come."""
    bench.printer.control({"page_s": 0.4})
    heard: list[Mapping[str, object]] = []

    def hear(event: Event) -> None:
        if event.name == "XDocument.ProgressEvent":
            check("XDocument.ProgressEvent.event", event.payload)
            heard.append(event.payload)

    document = {"document": papers_a4.pages_of(3)}
    done = client.call(PRINT, document, 60.0, hear)
    assert done.payload["printed"] is True
    assert {"state": "printing", "pagesOut": 1} in heard


@pytest.mark.parametrize(
    ("state", "code", "word"),
    [
        ({"paper": "out"}, "paperOut", "online"),
        ({"jam": True}, "paperJammed", "hardwareError"),
        ({"cover": "open"}, "coverOpen", "userError"),
        ({"offline": True}, "offline", "offline"),
        ({"unplug": True}, "offline", "noDevice"),
        ({"fault": "garbage"}, "printerError", "hardwareError"),
    ],
)
def test_a_printer_in_trouble(
    bench: A4Bench, client: ServiceClient, state: dict[str, object], code: str, word: str
) -> None:
    """The answer is no, with the reason; the status has the standard's word."""
    before = len(bench.printer.papers())
    bench.printer.control(state)
    answer = print_document(client)
    assert (answer["printed"], answer["errorCode"]) == (False, code)
    bench.await_word(SERVICE, word)
    assert len(bench.printer.papers()) == before


def test_paper_and_toner_run_low_and_out(bench: A4Bench, client: ServiceClient) -> None:
    """Each change is told once to everyone, in the standard's events and words."""
    heard: queue.SimpleQueue[tuple[str, object]] = queue.SimpleQueue()

    def hear(event: Event) -> None:
        if event.name == "Printer.PaperThresholdEvent":
            assert event.payload["paperSource"] == "upper"
            heard.put(("paper", event.payload["threshold"]))
        elif event.name == "Printer.TonerThresholdEvent":
            heard.put(("toner", event.payload["state"]))

    client.on_unsolicited(hear)
    until(lambda: supplies(client) == ("full", "full"))
    for paper, toner, told in (
        ("low", "low", [("paper", "low"), ("toner", "low")]),
        ("out", "ok", [("paper", "out"), ("toner", "full")]),
        ("ok", "ok", [("paper", "full")]),
    ):
        bench.printer.control({"paper": paper, "toner": toner})
        assert sorted(heard.get(timeout=PATIENCE_S) for _ in told) == told
    assert heard.empty()


@pytest.mark.parametrize(
    ("accident", "printed", "code"),
    [
        ("paper-out", False, "paperOut"),
        ("jam", False, "paperJammed"),
        ("cover-open", False, "coverOpen"),
        ("toner-out", False, "tonerOut"),
        ("offline", False, "offline"),
        ("abort", False, "printerError"),
        ("unplug", "unknown", "noAnswer timeout"),  # by what it was asked just then
        ("garbage", "unknown", "noAnswer"),
    ],
)
def test_what_happens_in_the_middle_is_told_and_over_with_its_job(
    bench: A4Bench, client: ServiceClient, accident: str, *, printed: object, code: str
) -> None:
    """Nothing of a document comes out once its trouble is mended."""
    before = len(bench.printer.papers())
    bench.printer.control({"fail_during": accident, "after_pages": 0})
    answer = print_document(client)
    bench.printer.control({"page_s": 5})
    bench.printer.control({"fault": "none", "replug": True})
    bench.printer.control({"paper": "ok", "toner": "ok"})
    assert answer["printed"] == printed
    assert answer["errorCode"] in code.split()
    until(lambda: all(job["state"] in ("canceled", "aborted", "completed") for job in jobs(bench)))
    # With garbage it printed on, and only its answers were not understood.
    assert len(bench.printer.papers()) == before or accident == "garbage"


def test_the_next_visit_gets_nothing_of_this_one(bench: A4Bench) -> None:
    """A document that waits when its citizen leaves is cancelled, never printed later."""
    before = len(bench.printer.papers())
    bench.printer.control({"fail_during": "paper-out", "after_pages": 0})
    with bench.visit(SERVICE) as leaving:

        def run() -> None:
            with pytest.raises(ServiceUnavailable):
                leaving.call(PRINT, {"document": papers_a4.notice()}, 30.0)

        threading.Thread(target=run, daemon=True).start()
        until(lambda: bench.printer.state()["paper"] == "out")
    bench.printer.control({"paper": "ok"})
    bench.await_word(SERVICE, "online")
    until(lambda: all(job["state"] != "stopped" for job in jobs(bench)))
    # It was either cancelled, or had begun when paper came back, and was let out.
    assert len(bench.printer.papers()) - before <= 1
    assert not [job for job in jobs(bench) if job["state"] in ("pending", "stopped")]


def jobs(bench: A4Bench) -> list[Mapping[str, object]]:
    """Return the printer's jobs."""
    found = bench.printer.state()["jobs"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    "document",
    [None, {"title": "x"}, {"title": "x", "blocks": [{"raw": "\x1b"}]}, papers_a4.pages_of(30)],
)
def test_what_is_no_document(client: ServiceClient, document: object) -> None:
    """It is refused before the printer hears of it, without quoting it."""
    with pytest.raises(CommandFailed) as caught:
        client.call(PRINT, {"document": document}, 30.0)
    assert caught.value.completion_code == "invalidData"
    assert "\x1b" not in str(caught.value)


def test_nothing_of_a_citizen_is_logged(bench: A4Bench, client: ServiceClient) -> None:
    """Neither a name nor a title is in the host's log."""
    print_document(client, papers_a4.notice("独孤某某"))
    assert "独孤" not in bench.log()
    assert "受理" not in bench.log()


class Nobody:
    """Hears no event."""

    def __call__(self, name: str, payload: Payload | None = None) -> None:
        """Take an event."""

    def state(self) -> None:
        """Take a state."""


def test_a_terminal_without_fonts_does_not_blame_the_printer(
    bench: A4Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The fault is the terminal's, and the printer stays in use."""
    monkeypatch.setattr(faces, "_BUILT", tmp_path)
    monkeypatch.setattr(faces, "_INSTALLED", tmp_path)
    monkeypatch.delenv("YIDUAN_FONTS", raising=False)
    adapter = DocumentPrinterAdapter(str(bench.link("a4-printer")), {})
    adapter.open()
    document: Payload = {"document": papers_a4.commitment()}
    done = adapter.run(PRINT, document, Nobody(), threading.Event())
    check("XDocument.Print.completion", done.payload)
    assert (done.payload["printed"], done.payload["errorCode"]) == (False, "terminalError")
    assert adapter.state().word == "online"


# -- by hand --------------------------------------------------------------------------------------


def by_hand(
    capsys: pytest.CaptureFixture[str], to: object, file: Path
) -> tuple[int, dict[str, object]]:
    """Print from the command line; return the exit code and the one line."""
    code = cli.main(["print-a4", "--to", str(to), "--document", str(file), "--json"])
    (line,) = capsys.readouterr().out.splitlines()
    return code, json.loads(line)


def test_print_a4(bench: A4Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer of the printer, and exit code 1 when nothing came out."""
    file, to = tmp_path / "guide.json", bench.link("a4-printer")
    file.write_text(json.dumps(papers_a4.guide()), encoding="utf-8")
    answer = {"printed": True, "confirmed_by": "printer", "pages": 1}
    assert by_hand(capsys, to, file) == (0, answer)
    bench.printer.control({"paper": "out"})
    code, told = by_hand(capsys, to, file)
    assert (code, told["printed"], told["error"]) == (1, False, "paperOut")
    assert told["help"] == "Put in paper."


@pytest.mark.parametrize("what", ["printer", "address", "document"])
def test_print_a4_in_vain(tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    """What is missing is named, with the next step."""
    file = tmp_path / "x.json"
    file.write_text('{"title": "x", "blocks": []}' if what != "document" else "{}")
    to = {"address": "a b"}.get(what, str(tmp_path / "nowhere"))
    code, trouble = by_hand(capsys, to, file)
    assert code == 1
    assert trouble["error"]
    assert trouble["help"]
