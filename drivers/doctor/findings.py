"""From what was seen to what is wrong and what to do next; pure.

Findings come in the order of what citizens lose: first what nobody can do without, last what has
another way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from drivers.doctor.offers import free, offers
from drivers.doctor.seen import Owner, Plugged

LOSES: Final[Mapping[str, str]] = {
    "host": "everything: no device of this terminal can be used",
    "ups": "the visit, when the mains fail",
    "id-reader": "nobody can be identified by their card",
    "document-camera": "no paper can be handed in",
    "receipt-printer": "no slip: the number is only on the screen",
    "scanner": "no code can be shown; numbers are typed",
    "camera-scanner": "no code can be shown to the camera; numbers are typed",
    "keypad": "who cannot see or reach the screen cannot go on",
    "panel": "the guide lights are dark, the door is not watched",
    "face-camera": "the face check is not offered; there are other ways in",
    "a4-printer": "no guide or letter is printed; they are on the screen",
    "social-card": "the number of the social security card is typed",
}
"""What citizens lose with each device, worst first; devices not named here come last."""

_CABLE = "Check its cable and power."
_NEXT: Final[Mapping[str, str]] = {
    "device.transport_lost": _CABLE,
    "device.transport_stalled": "Switch it off and on; look at the flow control of its port.",
    "device.silent": "Switch it off and on; check port and baud rate against its label.",
    "device.garbled": "Another device answers, or at another speed: check port and baud rate.",
    "device.failed": "Switch it off and on; if it says so again, call the vendor.",
    "device.hung": "Switch it off and on, and run the doctor again.",
    "device.option": "Mend its entry in the file of ports.",
    "device.bug": "Report the message with the version of this software.",
}
_NEXT_BY_WORD: Final[Mapping[str, str]] = {
    "noDevice": _CABLE,
    "hardwareError": "Switch it off and on; if it stays so, call the vendor.",
    "userError": "Close its cover; look for paper that is stuck.",
    "offline": "Press its on-line key; end the vendor mode.",
    "powerOff": "Switch it on.",
    "starting": "Wait a moment and run the doctor again.",
    "fraudAttempt": "Look at the device: somebody may have changed it.",
    "potentialFraud": "Look at the device: somebody may have changed it.",
}
_CONDITIONS: Final[Mapping[str, str]] = {
    "out": "Fill it up.",
    "low": "Fill it up soon.",
    "jammed": "Take out what is stuck.",
    "inop": "Look at it; switch it off and on.",
    "inoperative": "Look at it; switch it off and on.",
    "fault": "Switch it off and on; if it stays so, call the vendor.",
    "hot": "Let it cool down; look that nothing covers it.",
    "tampered": "Look at the cabinet: somebody may have opened it.",
    "powering": "The mains are lost: look at the fuse and the plug.",
}
"""Words of a status that somebody must see to, on a device that is otherwise well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What was seen of one device that the file names.

    Attributes:
        device: name of its entry.
        port: what it is bound to.
        node: what its path leads to now; empty where there is none.
        present: whether that is there; ``None`` where only opening tells.
        allowed: whether we may open it.
        word: the standard's word for its state; empty when nobody was asked.
        message: what is wrong, for technicians; the first message of the trouble.
        code: of the error, see `drivers.doctor.identify`.
        model: what the device says of itself.
        owners: processes that have the port.
        asked: "host", "device" or "nobody".
        step: what the host does next about it, see `drivers.service.keeper`.
        conditions: what is not well in its status, see `conditions`.
    """

    device: str
    port: str
    node: str = ""
    present: bool | None = None
    allowed: bool = True
    word: str = ""
    message: str = ""
    code: str = ""
    model: Mapping[str, object] = field(default_factory=dict)
    owners: Sequence[Owner] = ()
    asked: str = "nobody"
    step: str = ""
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that is wrong."""

    device: str
    problem: str
    loses: str
    next: str


def conditions(status: Mapping[str, object], above: str = "") -> dict[str, str]:
    """Return the words of a status that somebody must see to, by their place in it."""
    found: dict[str, str] = {}
    for key, value in status.items():
        place = f"{above}{key}"
        if isinstance(value, Mapping):
            found |= conditions(value, f"{place}.")
        elif isinstance(value, str) and value in _CONDITIONS:
            found[place] = value
        elif value is True and key in _CONDITIONS:
            found[place] = key
    return found


def no_host(place: str) -> Finding:
    """Return what to say when nobody serves the devices."""
    step = "Start it: systemctl start kiosk-devices; then journalctl -u kiosk-devices."
    return Finding(device="host", problem=f"no host serves {place}", loses=LOSES["host"], next=step)


def silent_host(problem: str) -> Finding:
    """Return what to say when a host is there and does not tell us how its devices are."""
    step = "Name the file of its secrets with --secrets, as the user who may read it."
    loses = "nothing is known: what a host has is not opened beside it"
    return Finding(device="host", problem=problem, loses=loses, next=step)


def findings(
    reports: Iterable[Report], there: Sequence[Plugged], host: Finding | None = None
) -> list[Finding]:
    """Return what is wrong, worst for the citizens first.

    Args:
        reports: of every device that is bound.
        there: what is plugged in.
        host: what is wrong with the host itself, if anything.
    """
    reports = list(reports)
    bound = [report for report in reports if report.present is not False]
    left = free(there, [name for report in bound for name in (report.port, report.node)])
    found = [one for one in (_judge(report, left) for report in reports) if one is not None]
    found += [host] if host is not None else []
    order = list(LOSES)
    return sorted(found, key=lambda one: order.index(one.device) if one.device in LOSES else 99)


def _judge(report: Report, left: Sequence[Plugged]) -> Finding | None:
    problem, step = _problem(report, left)
    if not problem:
        return None
    loses = LOSES.get(report.device, "what this device is for")
    return Finding(device=report.device, problem=problem, loses=loses, next=step)


def _problem(report: Report, left: Sequence[Plugged]) -> tuple[str, str]:
    """Return what is wrong with one device and the next step; nothing when it is well."""
    if report.present is False:
        return f"nothing is plugged in as {report.port}", _missing(report.device, left)
    if report.asked != "host" and not report.allowed:
        return f"{report.port} may not be opened by this user", _rights(report.node)
    if report.word == "online":
        return _not_well(report.conditions)
    if report.owners and report.code == "device.transport_lost":
        names = ", ".join(f"{one.name} ({one.pid})" for one in report.owners)
        return f"{report.port} is in use by {names}", "End it: one program only can have a port."
    if not report.word:
        return "", ""
    problem = f"{report.word}: {report.message}" if report.message else report.word
    return problem, _NEXT.get(report.code) or _NEXT_BY_WORD.get(report.word, _CABLE)


def _rights(node: str) -> str:
    if node.startswith("/dev/hidraw"):
        return 'It is root\'s until a rule of udev gives it away: GROUP="kiosk-devices".'
    return "Add the user of the host to the port's group (dialout, video, input or lp)."


def _not_well(found: Mapping[str, str]) -> tuple[str, str]:
    """Return what is wrong with a device that works."""
    problem = ", ".join(f"{place} is {word}" for place, word in found.items())
    return problem, " ".join(dict.fromkeys(_CONDITIONS[word] for word in found.values()))


def _missing(device: str, left: Sequence[Plugged]) -> str:
    candidates = offers(device, left)
    if not candidates:
        return f"{_CABLE} Nothing of its kind is plugged in unbound."
    return f"{_CABLE} Or bind it to what is there: {'; '.join(candidates)}"
