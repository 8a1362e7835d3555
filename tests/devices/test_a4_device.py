"""The A4 printer against a simulated one: what came out, what did not, what nobody can tell."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.a4.condition import Condition, Supply, Trouble
from drivers.a4.connection import Target
from drivers.a4.device import DocumentPrinter, Limits
from drivers.a4.ipp import Group, Tag, attribute
from drivers.a4.job import PrintResult, Progress
from drivers.errors import DeviceError, DeviceGarbled, DeviceSilent, TransportLost
from drivers.simulated.a4_printer import SimulatedA4Printer
from drivers.simulated.device import Surroundings
from tests.waiting import until

PATIENT = Limits(answer=10_000.0)
"""Limits of which a test does not live to see the end."""


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedA4Printer]:
    """Lend a printer that takes a moment a page."""
    printer = SimulatedA4Printer(
        Surroundings(link=tmp_path / "a4", baud=None, papers=tmp_path / "papers", options={})
    )
    printer.control({"page_s": 0.02})
    yield printer
    printer.close()


@pytest.fixture
def printer(simulated: SimulatedA4Printer, tmp_path: Path) -> DocumentPrinter:
    """Lend our end of it, impatient."""
    del simulated
    limits = Limits(answer=0.6, stopped=0.3, look=0.02)
    return DocumentPrinter(Target.parse(str(tmp_path / "a4")), limits)


def pdf(pages: int = 1) -> bytes:
    """Return what the simulated printer takes for a document of so many pages."""
    return b"%PDF-1.4\n" + b"<< /Type /Page >>\n" * pages


def printed(printer: DocumentPrinter, pages: int = 1) -> PrintResult:
    """Print a document that somebody waits for."""
    return printer.print_pdf(pdf(pages), pages, threading.Event())


def idle(simulated: SimulatedA4Printer) -> bool:
    """Say whether no job waits or is printed."""
    jobs = simulated.state()["jobs"]
    assert isinstance(jobs, list)
    return all(job["state"] in ("completed", "canceled", "aborted") for job in jobs)


def test_a_document_comes_out(simulated: SimulatedA4Printer, printer: DocumentPrinter) -> None:
    """The printer's own word; progress is told on the way, and the bytes are what was sent."""
    told: list[Progress] = []
    simulated.control({"page_s": 0.1})
    assert printer.open().paper is Supply.FULL
    result = printer.print_pdf(pdf(3), 3, threading.Event(), told.append)
    assert result == PrintResult(printed=True, pages=3, confirmed_by="printer")
    assert simulated.papers() == (pdf(3),)
    assert told[-1].state == "printing"
    assert [one.pages_out for one in told] == sorted(one.pages_out for one in told)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"paper": "out"}, "paperOut"),
        ({"jam": True}, "paperJammed"),
        ({"cover": "open"}, "coverOpen"),
        ({"toner": "out"}, "tonerOut"),
        ({"offline": True}, "offline"),
    ],
)
def test_a_printer_in_trouble_gets_no_job(
    simulated: SimulatedA4Printer, printer: DocumentPrinter, state: dict[str, object], code: str
) -> None:
    """The answer is no at once, and nothing waits for the paper to come back."""
    simulated.control(state)
    result = printed(printer)
    assert (result.printed, result.error_code) == (False, code)
    assert simulated.state()["jobs"] == []


@pytest.mark.parametrize("accident", ["paper-out", "jam", "cover-open", "toner-out", "offline"])
def test_a_printer_that_stops_prints_nothing_later(
    simulated: SimulatedA4Printer, printer: DocumentPrinter, accident: str
) -> None:
    """In the middle of a job: no, with the reason, and the rest never comes out."""
    simulated.control({"fail_during": accident, "after_pages": 1})
    result = printed(printer, 2)
    assert result.printed is False
    assert result.error_code in {one.value for one in Trouble}
    assert idle(simulated)
    simulated.control({"fault": "none"})
    simulated.control({"paper": "ok", "toner": "ok"})
    assert printed(printer).printed is True
    assert simulated.papers() == (pdf(1),)


@pytest.mark.parametrize(("accident", "code"), [("reject", "rejected"), ("abort", "printerError")])
def test_a_document_that_is_not_taken(
    simulated: SimulatedA4Printer, printer: DocumentPrinter, accident: str, code: str
) -> None:
    """A printer that refuses or gives up did not print."""
    simulated.control({"fault": accident} if accident == "reject" else {"fail_next": accident})
    result = printed(printer)
    assert (result.printed, result.error_code) == (False, code)


@pytest.mark.parametrize("accident", ["unplug", "silence", "garbage"])
def test_a_printer_that_goes_in_the_middle(
    simulated: SimulatedA4Printer, printer: DocumentPrinter, accident: str
) -> None:
    """Nobody can tell; as soon as it is there again the job is cancelled, before anything else."""
    simulated.control({"fail_during": accident, "after_pages": 1})
    result = printed(printer, 3)
    assert result.printed == "unknown"
    assert result.error_code in {"noAnswer", "timeout"}
    simulated.control({"page_s": 5})
    simulated.control({"fault": "none", "replug": True})
    printer.settle()
    assert idle(simulated)
    assert not simulated.papers() or accident == "silence"  # it printed on, unheard


@pytest.mark.parametrize(
    ("accident", "error"),
    [("unplug", TransportLost), ("silence", DeviceSilent), ("garbage", DeviceGarbled)],
)
def test_a_printer_that_is_gone(
    simulated: SimulatedA4Printer, tmp_path: Path, accident: str, error: type[DeviceError]
) -> None:
    """Which way it is gone is told, within the time of the look."""
    simulated.control({"fault": accident})
    with pytest.raises(error):
        DocumentPrinter(Target.parse(str(tmp_path / "a4")), PATIENT).look(0.3)


def test_jobs_of_before_are_cancelled(
    simulated: SimulatedA4Printer, printer: DocumentPrinter, tmp_path: Path
) -> None:
    """A terminal that died while a job waited prints nothing of it when it comes back."""
    simulated.control({"page_s": 5})
    gone = threading.Event()
    dead = DocumentPrinter(Target.parse(str(tmp_path / "a4")))
    threading.Thread(target=lambda: dead.print_pdf(pdf(), 1, gone), daemon=True).start()
    until(lambda: simulated.state()["jobs"] and not idle(simulated))
    printer.open()
    assert idle(simulated)
    assert simulated.papers() == ()


def test_nobody_waits_any_more(simulated: SimulatedA4Printer, printer: DocumentPrinter) -> None:
    """What has not begun is cancelled when the visit ends; what prints is let out."""
    leaving = threading.Event()
    leaving.set()
    simulated.control({"page_s": 0.1})
    result = printer.print_pdf(pdf(2), 2, leaving)
    assert (result.printed, len(simulated.papers())) in ((True, 1), (False, 0))
    assert idle(simulated)


class CountsNothing(DocumentPrinter):
    """Our end of a printer that says 0 pages to the end, itself or behind a spooler."""

    spooler = ""

    def look(self, seconds: float | None = None) -> Condition:
        """Return how it is, and what it is behind."""
        return dataclasses.replace(super().look(seconds), device=self.spooler)

    def job(self, job: int) -> Group | None:
        """Return what is known of a job."""
        found = super().job(job)
        if found is None:
            return None
        counts = ("job-impressions-completed", "job-media-sheets-completed")
        kept = (one for one in found.attributes if one.name not in counts)
        zero = attribute(counts[0], Tag.INTEGER, 0)
        return dataclasses.replace(found, attributes=(*kept, zero))


@pytest.mark.parametrize(
    ("spooler", "said"), [("", "unknown"), ("ipp://printer.invalid/ipp/print", True)]
)
def test_a_job_that_is_over_without_a_page(
    simulated: SimulatedA4Printer, tmp_path: Path, spooler: str, said: object
) -> None:
    """A printer that counts none is not believed; a spooler's 0 is no count."""
    del simulated
    limits = Limits(answer=2.0, look=0.02)
    printer = CountsNothing(Target.parse(str(tmp_path / "a4")), limits)
    printer.spooler = spooler
    assert printed(printer).printed == said


def serve_once(path: Path, answer: Callable[[socket.socket], None]) -> None:
    """Answer one connection on a socket in a way of one's own."""
    line = socket.socket(socket.AF_UNIX)
    line.bind(str(path))
    line.listen(1)

    def run() -> None:
        caller, _ = line.accept()
        with caller, line:
            caller.recv(65536)
            try:
                answer(caller)
                while caller.recv(65536):
                    pass
            except OSError:
                return  # it had enough

    threading.Thread(target=run, daemon=True).start()


def trickle(caller: socket.socket) -> None:
    """Send a byte now and then, for ever."""
    caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        caller.sendall(b"x")
        time.sleep(0.05)


def flood(caller: socket.socket) -> None:
    """Send without end."""
    caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        caller.sendall(b"x" * 65536)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (trickle, DeviceSilent),
        (flood, DeviceGarbled),
        (lambda caller: caller.sendall(b"SSH-2.0-nonsense\r\n\r\n"), DeviceGarbled),
        (lambda caller: caller.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
         DeviceGarbled),
        (lambda caller: caller.sendall(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
         DeviceError),
        (lambda caller: caller.shutdown(socket.SHUT_RDWR), DeviceError),
    ],
)  # fmt: skip
def test_a_peer_that_is_no_printer(
    tmp_path: Path, answer: Callable[[socket.socket], None], error: type[DeviceError]
) -> None:
    """A peer that trickles, floods or talks another protocol costs a fixed time and memory."""
    serve_once(tmp_path / "peer", answer)
    with pytest.raises(error):
        DocumentPrinter(Target.parse(str(tmp_path / "peer")), PATIENT).look(0.5)


def whole_request(caller: socket.socket) -> bytes:
    """Return a request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += caller.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += caller.recv(65536)
    return head + b"\r\n\r\n" + body


class Cut:
    """A cable that breaks after so many bytes of the printer's answers, and stays broken."""

    def __init__(self, path: Path, printer: Path, bytes_left: int) -> None:
        self.left = bytes_left
        self._printer = printer
        self._line = socket.socket(socket.AF_UNIX)
        self._line.bind(str(path))
        self._line.listen(8)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                caller, _ = self._line.accept()
            except OSError:
                return  # mended
            with caller, socket.socket(socket.AF_UNIX) as there:
                if self.left > 0:
                    self._carry(caller, there)

    def _carry(self, caller: socket.socket, there: socket.socket) -> None:
        there.connect(str(self._printer))
        there.settimeout(2)
        there.sendall(whole_request(caller))
        answer = b"".join(iter(lambda: there.recv(65536), b""))
        caller.sendall(answer[: self.left])
        self.left -= len(answer)

    def close(self) -> None:
        """Take it away."""
        self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()


def test_the_cable_is_pulled_anywhere(simulated: SimulatedA4Printer, tmp_path: Path) -> None:
    """After each of many numbers of bytes: never a false yes or no, never a job left behind."""
    simulated.control({"page_s": 0.005})
    limits = Limits(answer=1.0, look=0.01)
    whole = DocumentPrinter(Target.parse(str(tmp_path / "a4")), limits)
    for place in range(1, 2650, 29):
        before = len(simulated.papers())
        cable = Cut(tmp_path / f"cut-{place}", tmp_path / "a4", place)
        try:
            printer = DocumentPrinter(Target.parse(str(tmp_path / f"cut-{place}")), limits)
            said: object = printer.print_pdf(pdf(), 1, threading.Event()).printed
        except DeviceError:
            said = False  # no document was sent
        cable.close()
        whole.open()
        until(lambda: idle(simulated))
        came_out = len(simulated.papers()) - before
        assert said in ({0: (False, "unknown"), 1: (True, "unknown")}[came_out]), place
