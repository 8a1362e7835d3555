"""What maintenance mode wants done; the session does it and answers with an intent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.maintenance.facts import Examined
from kiosk.maintenance.opening_check import Result, Step


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadCard:
    """Wait for a card and ask whether it opens: card_seen, then taken or denied, or reader_gone."""

    ticket: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SendCode:
    """Ask whether a one-time code opens: taken or denied."""

    ticket: int
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SendPin:
    """Ask whether it is the PIN: signed_in or denied."""

    ticket: int
    pin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """Give up whatever waits for a person at a device."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """Ask devices and agent how it is: statuses, looked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recheck:
    """Look again at what is wrong, and say when that was: statuses, examined, looked, then did."""

    ticket: int
    doctor: bool
    """It is no device: the doctor looks, too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examine:
    """Have the doctor look at everything: examined."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Try:
    """Do one step of the opening check: doing, then did."""

    ticket: int
    step: Step
    fresh: bool = False
    """Of the scan: the slip with the code to be found was printed in this very check."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BeginCheck:
    """Write down that the opening check began."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndCheck:
    """Keep how the opening check ended."""

    results: tuple[tuple[Step, Result], ...]
    seconds: int
    ago: tuple[tuple[Step, int], ...] = ()
    """Seconds since each step passed that passed in this check; others passed before it."""
    reasons: tuple[tuple[Step, tuple[str, str]], ...] = ()
    """Why a step failed and what to do about it, as keys of the words; either may be empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Test:
    """Test a part: doing, then did."""

    ticket: int
    part: str
    battery: bool = False
    """Of the UPS: its battery itself, for some seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reset:
    """Have a device begin anew: did."""

    ticket: int
    part: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Replenish:
    """Paper is in: tell the printer, and print a line: did."""

    ticket: int
    part: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """Ask the agent for something: did.

    ``what``: retry, export, bundle, restart, shut_down, serve, stop.
    """

    ticket: int
    what: str
    reason: str = ""
    until: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tune:
    """Set and keep how loud and how bright it is, each 0 to 10."""

    sound: int
    brightness: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Make the readiness report: did."""

    ticket: int
    how: Literal["paper", "pdf"]
    examined: Examined


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanSlip:
    """Wait for the code on a citizen's slip: slip."""

    ticket: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Find:
    """Ask where a local number stands: found."""

    ticket: int
    local_no: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TryTouch:
    """Set the matrix that fits what was felt, on trial: touch_tried."""

    ticket: int
    felt: tuple[tuple[float, float], ...]
    """Where each target was felt, in shares of the screen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepTouch:
    """Keep the matrix on trial, over restarts: did."""

    ticket: int


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoTouch:
    """Take back the matrix before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AskHistory:
    """Ask what the log has of a part: history."""

    part: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BeginTrace:
    """Begin to record a device's line: traced, and did."""

    ticket: int
    part: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepTrace:
    """End recording, and keep it on the stick: traced, and did."""

    ticket: int
    part: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LookAtStick:
    """Ask what release is on the stick: on_stick."""

    ticket: int


@dataclass(frozen=True, kw_only=True, slots=True)
class InstallFromStick:
    """Have the release installed that was shown: doing, then did."""

    ticket: int
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintRecoveryCard:
    """Print what to do with a dead terminal: did."""

    ticket: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadClock:
    """Say what time it is: now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SetClock:
    """Set the clock to seconds since 1970, or, at 0, by the time servers: did."""

    ticket: int
    at: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Train:
    """Begin a training: doing, then did with how it ended."""

    ticket: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EndTraining:
    """End the training that runs; who follows it says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leave:
    """Give the devices back and end: left, idle or cap."""

    how: str


Effect = (
    ReadCard
    | SendCode
    | SendPin
    | Stop
    | Look
    | Recheck
    | Examine
    | Try
    | BeginCheck
    | EndCheck
    | Test
    | Reset
    | Replenish
    | Order
    | Tune
    | Report
    | ScanSlip
    | Find
    | TryTouch
    | KeepTouch
    | UndoTouch
    | AskHistory
    | BeginTrace
    | KeepTrace
    | LookAtStick
    | InstallFromStick
    | PrintRecoveryCard
    | ReadClock
    | SetClock
    | Train
    | EndTraining
    | Leave
)
