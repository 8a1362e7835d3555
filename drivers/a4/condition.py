"""What a printer says of itself, in the words of the XFS4IoT standard; pure.

Sources: ``printer-state`` and the keywords of ``printer-state-reasons`` from RFC 8011 5.4.11 and
5.4.12, further keywords from PWG 5100.9; ``marker-levels`` (percent, -1 not known, -2 unknown,
-3 some left), ``marker-types`` and ``marker-low-levels`` from the CUPS implementation's attributes,
which most network printers give too.

A reason may end in ``-report``, ``-warning`` or ``-error``; without an ending it is an error.  A
warning of an empty tray beside a full one does not stop anything, so only errors, and a printer
that stands still, are troubles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from urllib.parse import urlsplit

from drivers.a4.ipp import Group


class PrinterState(IntEnum):
    """``printer-state``."""

    UNKNOWN = 0
    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class Supply(StrEnum):
    """Supply of paper or toner; the words of the standard's Printer status."""

    UNKNOWN = "unknown"
    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"
    """Of paper only."""


class Trouble(StrEnum):
    """Why a document does not come out (``errorCode``); the first three are the standard's."""

    PAPER_OUT = "paperOut"
    PAPER_JAMMED = "paperJammed"
    TONER_OUT = "tonerOut"
    COVER_OPEN = "coverOpen"
    OUTPUT_FULL = "outputFull"
    """The tray that catches the sheets is full or missing."""
    OFFLINE = "offline"
    """Switched off line, paused, or the spooler does not reach it."""
    PRINTER_ERROR = "printerError"


_TROUBLES: dict[str, Trouble] = {
    "media-jam": Trouble.PAPER_JAMMED,
    "media-empty": Trouble.PAPER_OUT,
    "media-needed": Trouble.PAPER_OUT,
    "input-tray-missing": Trouble.PAPER_OUT,
    "toner-empty": Trouble.TONER_OUT,
    "marker-supply-empty": Trouble.TONER_OUT,
    "developer-empty": Trouble.TONER_OUT,
    "cover-open": Trouble.COVER_OPEN,
    "door-open": Trouble.COVER_OPEN,
    "interlock-open": Trouble.COVER_OPEN,
    "output-area-full": Trouble.OUTPUT_FULL,
    "output-tray-missing": Trouble.OUTPUT_FULL,
    "offline": Trouble.OFFLINE,
    "shutdown": Trouble.OFFLINE,
    "timed-out": Trouble.OFFLINE,
    "paused": Trouble.OFFLINE,
    "moving-to-paused": Trouble.OFFLINE,
}
"""Reasons without their ending; the order is that of what people can do about it."""

_ERRORS = ("fuser-over-temp", "fuser-under-temp", "opc-life-over", "marker-waste-full", "other")
_LOW_REASONS = frozenset({"toner-low", "marker-supply-low", "developer-low"})
_TONERS = frozenset({"toner", "toner-cartridge", "ink", "ink-cartridge"})
_ALWAYS = frozenset({"offline", "media-needed"})
"""Errors whatever their ending: CUPS says ``offline-report`` of a printer that it cannot reach, and
its own IPP printer ``media-needed-warning`` while a job waits for paper."""
_LOW_PERCENT = 10
_SOME_LEFT = -3
_REACHED = frozenset({"ipp", "ipps"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A printer at one moment.

    Attributes:
        state: its own word.
        paper: supply of paper.
        toner: supply of toner or ink.
        trouble: why nothing would come out now; none when all is well or only low.
        accepting: whether it takes jobs.
        connecting: whether the spooler is still looking for it.
        device: where the spooler (CUPS) sends what it prints; empty without a spooler.
        confirms: whether the end of a job is the printer's own word.
        takes_pdf: whether it takes PDF; ``None`` when it does not say.
        model: make and model, as it says.
    """

    state: PrinterState
    paper: Supply
    toner: Supply
    trouble: Trouble | None
    accepting: bool
    connecting: bool
    device: str
    confirms: bool
    takes_pdf: bool | None
    model: str

    @property
    def spooled(self) -> bool:
        """Whether a spooler stands between us and the printer."""
        return bool(self.device)

    def seen_itself(self, printer: Condition | None) -> Condition:
        """Return the condition of a queue whose printer was asked itself; ``None``: in vain.

        Of paper, toner and jams a queue knows what its last job met, perhaps hours ago; only what
        stops the queue is its own.
        """
        stopped = self.state is PrinterState.STOPPED or not self.accepting
        if printer is None:
            return replace(
                self, trouble=Trouble.OFFLINE, paper=Supply.UNKNOWN, toner=Supply.UNKNOWN
            )
        trouble = printer.trouble or (self.trouble if stopped else None)
        model = printer.model or self.model
        return replace(self, paper=printer.paper, toner=printer.toner, trouble=trouble, model=model)


ASKED = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-make-and-model",
    "document-format-supported",
    "job-creation-attributes-supported",
    "marker-levels",
    "marker-low-levels",
    "marker-types",
    "device-uri",
)
"""Attributes of a printer that `read` looks at."""


def read(printer: Group) -> Condition:
    """Return what the attributes of a printer mean."""
    state = _state(printer.number("printer-state"))
    reasons = printer.words("printer-state-reasons")
    errors = {_bare(one) for one in reasons if _is_error(one, state)}
    formats = printer.words("document-format-supported")
    device = printer.words("device-uri")
    if device and state is PrinterState.IDLE:
        errors = set()  # what the last job met; the next one finds out
    accepting = printer.values("printer-is-accepting-jobs") != (False,)
    model = printer.words("printer-make-and-model")
    return Condition(
        state=state,
        paper=_paper({_bare(one) for one in reasons}, errors),
        toner=_toner(printer, {_bare(one) for one in reasons}, errors),
        trouble=_trouble(state, errors, accepting=accepting),
        accepting=accepting,
        connecting="connecting-to-device" in {_bare(one) for one in reasons},
        device=device[0] if device else "",
        confirms=not device or _waits(device[0]),
        takes_pdf=_takes_pdf(formats),
        model=model[0][:64] if model else "",
    )


def _waits(device: str) -> bool:
    """Say whether CUPS waits for the printer's own end of a job (its backend for IPP does)."""
    try:
        parts = urlsplit(device)
    except ValueError:
        return False
    return parts.scheme in _REACHED and "waitjob=false" not in parts.query


def _state(number: int | None) -> PrinterState:
    try:
        return PrinterState(number or 0)
    except ValueError:
        return PrinterState.UNKNOWN


def _takes_pdf(formats: tuple[str, ...]) -> bool | None:
    return "application/pdf" in formats if formats else None


def _bare(reason: str) -> str:
    for ending in ("-error", "-warning", "-report"):
        reason = reason.removesuffix(ending)
    return reason


def _is_error(reason: str, state: PrinterState) -> bool:
    """Say whether a reason keeps paper from coming out."""
    if state is PrinterState.STOPPED or _bare(reason) in _ALWAYS:
        return True
    return not reason.endswith(("-warning", "-report"))


def _trouble(state: PrinterState, errors: set[str], *, accepting: bool) -> Trouble | None:
    named = next((word for reason, word in _TROUBLES.items() if reason in errors), None)
    if named is not None:
        return named
    if errors & set(_ERRORS):
        return Trouble.PRINTER_ERROR
    if state is PrinterState.STOPPED or not accepting:
        return Trouble.OFFLINE if errors <= {"none"} else Trouble.PRINTER_ERROR
    return None


def _paper(reasons: set[str], errors: set[str]) -> Supply:
    if "media-jam" in errors:
        return Supply.JAMMED
    if errors & {"media-empty", "media-needed", "input-tray-missing"}:
        return Supply.OUT
    if reasons & {"media-low", "media-empty"}:
        return Supply.LOW
    return Supply.FULL if reasons else Supply.UNKNOWN


def _toner(printer: Group, reasons: set[str], errors: set[str]) -> Supply:
    """Return the supply of the emptiest toner: by the reasons, else by the levels."""
    if errors & {"toner-empty", "marker-supply-empty", "developer-empty"}:
        return Supply.OUT
    if reasons & _LOW_REASONS:
        return Supply.LOW
    levels = _toner_levels(printer)
    known = [pair for pair in levels if pair[0] >= 0 or pair[0] == _SOME_LEFT]
    if not known:
        return Supply.UNKNOWN
    return Supply.LOW if any(0 <= level <= low for level, low in known) else Supply.FULL


def _toner_levels(printer: Group) -> list[tuple[int, int]]:
    """Return level and low mark of each toner, in per cent."""
    levels = [one for one in printer.values("marker-levels") if isinstance(one, int)]
    lows = [one for one in printer.values("marker-low-levels") if isinstance(one, int)]
    types = printer.words("marker-types") or ("toner",) * len(levels)
    return [
        (level, lows[place] if place < len(lows) and lows[place] > 0 else _LOW_PERCENT)
        for place, level in enumerate(levels)
        if place < len(types) and types[place] in _TONERS
    ]
