"""A simulated A4 printer: IPP over HTTP on a Unix socket, as a driverless printer speaks it.

It takes PDF, prints a page each ``page_s`` seconds, counts them, and keeps the document of a job
that came out whole as ``a4-N.pdf`` where printed papers go.  The same messages and job states as a
real printer: a job waits, prints, stands still, is cancelled, given up or completed.
"""

from __future__ import annotations

import http.server
import re
import socketserver
import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from drivers.a4.ipp import (
    LONGEST,
    Group,
    GroupTag,
    IppError,
    Message,
    Operation,
    Status,
    Tag,
    attribute,
    decode,
    encode,
)
from drivers.a4.job import JobState
from drivers.simulated.a4_printer_condition import BY_CHANCE, Accident, PaperState, orders
from drivers.simulated.a4_printer_jobs import Job, Press
from drivers.simulated.device import Surroundings
from drivers.simulated.flakiness import Flakiness

LONGEST_DOCUMENT = 32 * 1024 * 1024

_PAGE = re.compile(rb"/Type\s*/Page\b")


class SimulatedA4Printer:
    """One printer behind a socket."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._link = surroundings.link
        self._condition = PaperState(flakiness=Flakiness(BY_CHANCE, surroundings.seed))
        self._press = Press(self._condition, surroundings.papers, self._pull)
        self._server: _Server | None = None
        self._plug()

    def state(self) -> dict[str, object]:
        """Return what the control page shows."""
        return {
            **self._condition.state(),
            "jobs": [job.state() for job in self._press.jobs()],
            "printed": len(self._press.papers()),
        }

    def papers(self) -> tuple[bytes, ...]:
        """Return the documents that came out whole, in order."""
        return self._press.papers()

    def control(self, command: Mapping[str, object]) -> None:
        """Do what a person or a fault would.

        ``{"paper": "ok" | "low" | "out"}``, ``{"toner": …}``, ``{"jam": bool}``,
        ``{"cover": "open" | "closed"}``, ``{"offline": bool}``, ``{"page_s": seconds}``,
        ``{"fault": accident}`` now, ``{"fault": "none"}`` mends all,
        ``{"fail_next": accident, "times"?}`` as the next job begins,
        ``{"fail_during": accident, "after_pages"?, "times"?}``, ``{"flaky": chance, "seed"?}`` (an
        answer is lost or garbled by chance), ``{"unplug": true}``, ``{"replug": true}``.

        Raises:
            ValueError: the command cannot be understood; nothing was done.
        """
        wanted = orders(command)
        with self._press.changing():
            for order in wanted:
                order(self._condition)
            if self._condition.plugged:
                self._plug()
            else:
                self._pull()

    def close(self) -> None:
        """Take the printer away."""
        self._press.close()
        self._pull()

    # -- the cable --------------------------------------------------------------------------

    def _plug(self) -> None:
        self._condition.plugged = True
        if self._server is not None:
            return
        self._link.parent.mkdir(parents=True, exist_ok=True)
        self._link.unlink(missing_ok=True)
        self._server = _Server(str(self._link), self)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def _pull(self) -> None:
        """Pull the cable: nobody listens any more; may be called while a page is printed."""
        self._condition.plugged = False
        server, self._server = self._server, None
        self._link.unlink(missing_ok=True)
        if server is not None:
            threading.Thread(target=server.end, daemon=True).start()

    # -- answering --------------------------------------------------------------------------

    def answer(self, data: bytes) -> bytes | None:
        """Return the answer to the bytes of one request, ``None``: silence."""
        try:
            request, document = decode(data)
        except IppError:
            return encode(Message(code=Status.BAD_REQUEST, request_id=1, groups=()))
        with self._press.changing():
            chance = self._condition.flakiness.fault()
            silent = self._condition.silent or chance is Accident.SILENCE
            if silent or not self._condition.plugged:
                return None
            if self._condition.garbage or chance is Accident.GARBAGE:
                return b"\x00garbage, not IPP\xff" * 3
            status, groups = self._carry_out(request, document)
        head = (
            attribute("attributes-charset", Tag.CHARSET, "utf-8"),
            attribute("attributes-natural-language", Tag.LANGUAGE, "en"),
        )
        first = Group(tag=GroupTag.OPERATION, attributes=head)
        return encode(Message(code=status, request_id=request.request_id, groups=(first, *groups)))

    def _carry_out(self, request: Message, document: bytes) -> tuple[Status, tuple[Group, ...]]:
        about = request.group(GroupTag.OPERATION)
        match request.code:
            case Operation.GET_PRINTER_ATTRIBUTES:
                told = self._condition.attributes(printing=self._press.printing)
                return Status.OK, (Group(tag=GroupTag.PRINTER, attributes=told),)
            case Operation.CREATE_JOB:
                return Status.OK, (self._press.create().group(),)
            case Operation.GET_JOBS:
                jobs = (job.group() for job in self._press.jobs() if not job.ended)
                return Status.OK, tuple(jobs)
            case Operation.SEND_DOCUMENT | Operation.CANCEL_JOB | Operation.GET_JOB_ATTRIBUTES:
                job = self._press.find(about.number("job-id"))
                if job is None:
                    return Status.NOT_FOUND, ()
                return self._about_job(request.code, job, document)
            case _:
                return Status.OPERATION_NOT_SUPPORTED, ()

    def _about_job(
        self, operation: int, job: Job, document: bytes
    ) -> tuple[Status, tuple[Group, ...]]:
        if operation == Operation.GET_JOB_ATTRIBUTES:
            return Status.OK, (job.group(),)
        if job.ended:
            return Status.NOT_POSSIBLE, ()
        if operation == Operation.CANCEL_JOB:
            self._press.end(job, JobState.CANCELED)
            return Status.OK, ()
        pages = len(_PAGE.findall(document))
        if self._condition.rejects or not document.startswith(b"%PDF-") or not pages:
            self._press.end(job, JobState.ABORTED)
            return Status.DOCUMENT_FORMAT_ERROR, ()
        self._press.load(job, document, pages)
        return Status.OK, (job.group(),)


# -- the socket -----------------------------------------------------------------------------------


class _Server(socketserver.ThreadingUnixStreamServer):
    """HTTP on the printer's socket."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, path: str, printer: SimulatedA4Printer) -> None:
        self.printer = printer
        super().__init__(path, _Handler)

    def end(self) -> None:
        """Take no more connections."""
        self.shutdown()
        self.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    timeout = 10.0

    def address_string(self) -> str:
        """Return nothing: a Unix socket has no address."""
        return ""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer one request."""
        length = int(self.headers.get("Content-Length", "0"))
        if not 0 < length <= LONGEST + LONGEST_DOCUMENT:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        answer = cast("_Server", self.server).printer.answer(self.rfile.read(length))
        if answer is None:
            self.rfile.read(1)  # silent, until the other end has had enough
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
