"""The A4 printer through a real CUPS of its own, to CUPS' own IPP Everywhere printer.

Nothing of the machine's printing is touched: spooler, printer and the bus the printer wants to
announce itself on are processes of this test in directories of this test.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers import cli
from drivers.a4.condition import PrinterState, Supply, Trouble
from drivers.a4.connection import Target
from drivers.a4.device import DocumentPrinter, Limits
from drivers.a4.document import parse
from drivers.a4.pages import Made, make
from drivers.errors import DeviceError
from tests.devices import papers_a4
from tests.devices.small_fonts import small_fonts
from tests.waiting import PATIENCE_S, until

PROGRAMS = {"cupsd": "cups-daemon", "ippeveprinter": "cups-ipp-utils", "dbus-daemon": "dbus-daemon"}
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
MISSING = [package for name, package in PROGRAMS.items() if not shutil.which(name, path=PATH)]

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
    pytest.mark.skipif(os.geteuid() != 0, reason="cupsd starts its backends as another user"),
]

FILES = """
ServerRoot {root}
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/state
TempDir {root}/spool
ErrorLog {root}/error_log
AccessLog {root}/access_log
PageLog {root}/page_log
Sandboxing relaxed
User lp
Group lp
"""
CUPSD = """
# Who may do what is as Debian installs it.
Listen {root}/cups.sock
Browsing No
WebInterface No
DefaultAuthType Basic
PreserveJobFiles No
PreserveJobHistory 300
ErrorPolicy abort-job
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit Create-Job Print-Job Print-URI Validate-Job>
    Order deny,allow
  </Limit>
  <Limit Send-Document Send-URI Hold-Job Release-Job Restart-Job Purge-Jobs Cancel-Current-Job>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit Cancel-Job CUPS-Authenticate-Job>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
QUEUE = """
<Printer A4>
DeviceURI ipp://127.0.0.1:{port}/ipp/print
State Idle
Accepting Yes
ErrorPolicy abort-job
</Printer>
"""
PRINT = """#!/bin/sh
cat "$1" > "{out}/$(date +%s%N).pdf"
while [ -e "{out}/hold" ]; do sleep 0.05; done
echo "ATTR: job-impressions-completed=1" >&2
"""
NO_PAPER = """#!/bin/sh
echo "STATE: +media-empty,media-needed" >&2
while [ -e "{out}/hold" ]; do sleep 0.05; done
echo "STATE: -media-empty,media-needed" >&2
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """A spooler, a printer, and where its sheets fall."""

    root: Path
    out: Path
    port: int

    def queue(self) -> DocumentPrinter:
        """Return our end of the queue, impatient."""
        limits = Limits(stopped=1.0, pending=6.0, warm_up=8.0, page=0.0)
        return DocumentPrinter(Target.parse(str(self.root / "cups.sock"), "A4"), limits)

    def direct(self) -> DocumentPrinter:
        """Return our end of the printer without a spooler."""
        limits = Limits(stopped=1.0)
        return DocumentPrinter(Target.parse(f"ipp://127.0.0.1:{self.port}/ipp/print"), limits)

    def papers(self) -> list[bytes]:
        """Return the documents that reached the printer."""
        return [file.read_bytes() for file in sorted(self.out.glob("*.pdf"))]

    def does(self, script: str) -> None:
        """Say what the printer does with a document."""
        program = self.root / "print"
        fresh = self.root / "fresh"
        fresh.write_text(script.format(out=self.out))
        fresh.chmod(0o755)
        fresh.replace(program)


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Lay out quickly."""
    with small_fonts():
        yield


@pytest.fixture(scope="module")
def office(quick: None) -> Iterator[Office]:
    """Lend a spooler and a printer."""
    del quick
    root = Path(tempfile.mkdtemp(prefix="yd-cups-"))
    root.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    office = Office(root=root, out=root / "out", port=port)
    for name in ("out", "spool", "cache", "state", "printer"):
        (root / name).mkdir()
    office.does(PRINT)
    (root / "cups-files.conf").write_text(FILES.format(root=root))
    (root / "cupsd.conf").write_text(CUPSD.format(root=root))
    (root / "printers.conf").write_text(QUEUE.format(port=port))
    running = [
        start(root, "dbus-daemon", "--session", "--nofork", f"--address=unix:path={root}/bus")
    ]
    until((root / "bus").exists)
    printer = ["-r", "off", "-p", str(port), "-d", f"{root}/printer", "-f", "application/pdf"]
    running.append(start(root, "ippeveprinter", *printer, "-c", f"{root}/print", "A4"))
    files = ["-c", f"{root}/cupsd.conf", "-s", f"{root}/cups-files.conf"]
    running.append(start(root, "cupsd", "-f", *files))
    until(lambda: answers(office.queue()) and answers(office.direct()))
    yield office
    for process in reversed(running):
        process.terminate()
        process.wait(PATIENCE_S)
    shutil.rmtree(root)


def start(root: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a program that finds the bus of this test where it looks for the machine's."""
    program = shutil.which(name, path=PATH)
    assert program is not None
    command: Sequence[str] = [program, *arguments]
    bus = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={root}/bus"}
    log = (root / f"{name}.log").open("wb")
    return subprocess.Popen(command, env={**os.environ, **bus}, stdout=log, stderr=log)


def answers(printer: DocumentPrinter) -> bool:
    """Say whether a printer can be asked."""
    try:
        return printer.look().trouble is None
    except DeviceError:
        return False


@pytest.fixture(scope="module")
def guide(quick: None) -> Made:
    """Lend a document."""
    del quick
    return make(parse(papers_a4.guide()))


@pytest.mark.parametrize("spooled", [True, False])
def test_it_comes_out(office: Office, guide: Made, *, spooled: bool) -> None:
    """The bytes reach the printer as they were made, and its word is what is told."""
    office.does(PRINT)
    before = len(office.papers())
    printer = office.queue() if spooled else office.direct()
    assert printer.open().paper is Supply.FULL
    result = printer.print_pdf(guide.pdf, guide.pages, threading.Event())
    assert (result.printed, result.confirmed_by) == (True, "printer")
    assert office.papers()[before:] == [guide.pdf]
    assert not list((office.root / "spool").glob("d*"))  # nothing of it stays


def test_by_hand(
    office: Office,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name of a queue is enough, where the programs of CUPS would find it."""
    office.does(PRINT)
    monkeypatch.setenv("CUPS_SERVER", str(office.root / "cups.sock"))
    file = tmp_path / "guide.json"
    file.write_text(json.dumps(papers_a4.guide()), encoding="utf-8")
    arguments = ["print-a4", "--document", str(file), "--json", "--to"]
    assert cli.main([*arguments, "A4"]) == 0
    assert json.loads(capsys.readouterr().out)["confirmed_by"] == "printer"
    assert cli.main([*arguments, "B5"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["error"] in {"noDevice", "deviceFailed"}
    assert "queue" in told["help"]


def test_no_paper(office: Office, guide: Made) -> None:
    """The reason comes through; when there is paper again, nothing of that job comes out."""
    office.does(NO_PAPER)
    (office.out / "hold").touch()
    before = len(office.papers())
    printer = office.queue()
    printer.open()
    result = printer.print_pdf(guide.pdf, guide.pages, threading.Event())
    assert result.printed in (False, "unknown")
    assert result.error_code == Trouble.PAPER_OUT
    refused = printer.print_pdf(guide.pdf, guide.pages, threading.Event())
    assert (refused.printed, refused.error_code) == (False, Trouble.PAPER_OUT)
    office.does(PRINT)
    (office.out / "hold").unlink()
    until(lambda: answers(printer))
    assert printer.print_pdf(guide.pdf, guide.pages, threading.Event()).printed is True
    assert len(office.papers()) == before + 1


def test_jobs_of_a_terminal_that_died(office: Office, guide: Made) -> None:
    """The next start cancels them, in the spooler and in the printer."""
    office.does(PRINT)
    (office.out / "hold").touch()
    before = len(office.papers())
    dead = office.queue()
    threading.Thread(
        target=lambda: dead.print_pdf(guide.pdf, guide.pages, threading.Event()), daemon=True
    ).start()
    until(lambda: len(office.papers()) > before)  # it is at work on it
    alive = office.queue()
    assert alive.unfinished()
    alive.open()
    until(lambda: not alive.unfinished())
    (office.out / "hold").unlink()
    until(lambda: office.direct().look().state is PrinterState.IDLE)
