"""What staff carry away on a USB stick: diagnostics, the readiness report, a device's trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from kiosk.agent.maintenance.presence import Note, work_no
from kiosk.agent.maintenance.upkeep import Upkeep
from kiosk.agent.stick import NoStick, Stick
from kiosk.audit import Event
from kiosk.channel import Refused, Request
from kiosk.channel.server import Handler
from kiosk.maintenance.faults import DEVICES
from kiosk.maintenance.staff import Right


class Takeaway:
    """The operations that write a file to the stick."""

    def __init__(
        self,
        upkeep: Upkeep,
        terminal: str,
        stick: Stick,
        counted: Callable[[], Mapping[str, object]],
        note: Note,
    ) -> None:
        self._upkeep, self._terminal, self._stick = upkeep, terminal, stick
        self._counted, self._note = counted, note

    def operations(self) -> Mapping[str, tuple[Right, Handler]]:
        """Return them by name, each with the right it takes."""
        return {
            "bundle": (Right.DIAGNOSTICS, self.bundle),
            "keep_pdf": (Right.REPORT, self.keep_pdf),
            "keep_trace": (Right.TRACE, self.keep_trace),
        }

    def bundle(self, request: Request) -> Mapping[str, object]:
        """Write the diagnostics bundle."""
        from kiosk.agent.diagnostics import bundle  # noqa: PLC0415 - zip and all: rarely needed

        with _refusing():
            path = self._stick.path(f"diagnostics-{self._terminal}", "zip")
            size = bundle(path, self._upkeep, self._counted())
            self._stick.check()
        self._note(Event("diagnostics_taken"), person=work_no(request), bytes=size)
        return {"file": path.name, "bytes": size}

    def keep_pdf(self, request: Request) -> Mapping[str, object]:
        """Write the readiness report."""
        return self._keep(request, f"report-{self._terminal}", "pdf")

    def keep_trace(self, request: Request) -> Mapping[str, object]:
        """Write the trace of a device's line."""
        part = request.text("part")
        if part not in DEVICES:
            raise Refused("bad_request", "no device")
        return self._keep(request, f"trace-{self._terminal}-{part}", "txt")

    def _keep(self, request: Request, name: str, ending: str) -> Mapping[str, object]:
        """Copy the one file that was handed over."""
        if len(request.fds) != 1:
            raise Refused("bad_request", "one file")
        with _refusing():
            path = self._stick.path(name, ending)
            self._stick.take(path, request.fds[0])
        return {"file": path.name}


@contextmanager
def _refusing() -> Iterator[None]:
    """Say in the words of the socket why nothing could be written."""
    try:
        yield
    except NoStick as error:
        raise Refused("no_stick", str(error)) from error
    except OSError as error:
        raise Refused("unusable", str(error)) from error
