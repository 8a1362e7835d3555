"""``kiosk release …``: which release is in force, look for a newer one, go back."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.release.course import Course
    from kiosk.release.software import SoftwareInForce
    from kiosk.release.update import Update
    from kiosk.settings import Settings

FOLDER = Path("/var/lib/yiduan/releases")
ROOT = Path("/etc/yiduan/release-root.json")
OWN = Path("/etc/yiduan/terminal.yaml")
KEYS = Path("/var/lib/yiduan/agent/keys")
"""Where the enrolment leaves a root document and a layer of settings; what is in /etc stands above.
"""
RUN = Path("/run/yiduan")
SOFTWARE = Path("/var/lib/yiduan/software")
SERVICES = ("kiosk-devices", "kiosk-agent", "kiosk-display", "kiosk-shell")
STEADY = Path("/usr/bin/kiosk-steady")
WAIT_S = 1900.0
"""Seconds for a citizen to finish: longer than a visit without an end counts for the agent."""
AUDIT = Path("/var/lib/yiduan/agent/audit")
SOCKETS = ("agent.sock", "xfs4iot/IdReader.sock", "xfs4iot/ReceiptPrinter.sock")
_STOPPED = 1
_REFUSED = 2
"""Exit statuses: it could not be looked for or taken; a release was refused or rolled back."""


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("release", help="the release in force: tell, update, go back")
    what = own.add_subparsers(required=True, metavar="WHAT")
    status = what.add_parser("status", help="which one is in force, and how far an update is")
    status.add_argument("--json", action="store_true")
    status.set_defaults(command=_status)
    update = what.add_parser("update", help="look for a newer one and put it in force, tried")
    where = update.add_mutually_exclusive_group()
    where.add_argument("--from", dest="url", help="published directory (default: the settings')")
    where.add_argument("--from-usb", type=Path, help="the same files on a stick")
    update.add_argument("--confirmed", action="store_true", help="only what staff said yes to")
    update.add_argument("--group", help="which releases (default: the settings')")
    update.add_argument(
        "--root", type=Path, help=f"root document (default: {ROOT}, else the enrolment's)"
    )
    update.add_argument("--settings", type=Path, action="append", default=[], help="own layer")
    update.add_argument("--run", type=Path, default=RUN, help="directory of sockets")
    update.add_argument("--audit", type=Path, default=AUDIT, help="directory of the log")
    update.add_argument("--no-visit", action="store_true", help="play none when a trial begins")
    update.add_argument("--trial", type=float, help="seconds of the trial (0: none)")
    update.set_defaults(command=_update)
    obey = what.add_parser("obey", help="root: do what the unit that updates asks of the software")
    obey.add_argument("--root", type=Path, default=ROOT, help="root document of installation")
    obey.set_defaults(command=_obey)
    back = what.add_parser("back", help="go back to the one before; this one is not tried again")
    back.add_argument("--why", required=True, help="one sentence, for the log")
    back.set_defaults(command=_back)
    for one in (status, update, obey, back):
        one.add_argument("--folder", type=Path, default=FOLDER, help="of releases")


def _status(options: argparse.Namespace) -> int:
    from kiosk.release import course as courses
    from kiosk.release.telling import looked

    if not options.json and (outcome := looked(options.folder)):
        print(f"last look: {outcome}")
    _tell(courses.read(options.folder), as_json=options.json)
    return 0


def _update(options: argparse.Namespace) -> int:
    """Update; what is in force stays in force whatever goes wrong."""
    from kiosk.release.confirmed import confirmed
    from kiosk.release.errors import ReleaseError
    from kiosk.release.fetching import Stick, Web
    from kiosk.release.telling import keep_look
    from kiosk.settings import SettingsError, load
    from kiosk.status.mandate import layer

    own = options.settings or ([*layer(KEYS), OWN] if OWN.exists() else [])
    try:
        settings = load(own)
        update = _updating(options, settings, own)
        url = options.url or settings.release.url
        if not (url or options.from_usb):
            _tell(update.finish())  # what was begun from a stick is finished all the same
            return 0
        root = (options.root or _root()).read_bytes()
        source = (
            Stick(options.from_usb) if options.from_usb else Web(url, options.folder / "metadata")
        )
        course = update.run(root, source, confirmed(options.folder) if options.confirmed else "")
        keep_look(options.folder, "ok")
    except (ReleaseError, SettingsError, OSError) as error:
        with suppress(OSError):
            keep_look(options.folder, getattr(error, "code", "release.failed"))
        print(f"kiosk release: {error}", file=sys.stderr)
        return _STOPPED
    _tell(course)
    return _REFUSED if course.why else 0


def _root() -> Path:
    from kiosk.status.mandate import ROOT_FILE

    return ROOT if ROOT.exists() else KEYS / ROOT_FILE


def _updating(options: argparse.Namespace, settings: Settings, own: list[Path]) -> Update:
    from kiosk.release.at_start import at_start
    from kiosk.release.commands import by_command, visit_by_command
    from kiosk.release.health import AuditHealth
    from kiosk.release.placing import group_of_terminal
    from kiosk.release.update import Manner, Update

    trial = settings.release.trial_seconds if options.trial is None else options.trial
    return Update(
        Manner(
            folder=options.folder,
            group=options.group or group_of_terminal(options.folder, settings.release.group),
            check=by_command(own),
            health=AuditHealth(options.audit, [options.run / name for name in SOCKETS]),
            visit=None if options.no_visit else visit_by_command(own),
            software=_software(options.folder),
            at_start=at_start(own),
            trial_s=float(trial),
        )
    )


def _software(folder: Path) -> SoftwareInForce | None:
    """Return the way to root's door; None: the program was not installed by its package."""
    from kiosk.release.software import ByDoor

    door = ByDoor(folder, SOFTWARE)
    return door if door.version else None


def _obey(options: argparse.Namespace) -> int:
    """Open the door once: do what is asked, and write down how it went.

    Without a root document it answers as well: a restart takes none, and who asks would wait.
    """
    from kiosk.release.door import Door, Places

    try:
        places = Places(
            root=Path("/"),
            releases=options.folder,
            state=SOFTWARE,
            trusted=_trusted(options.root),
        )
        Door(places, _restart).obey()
    except OSError as error:
        print(f"kiosk release: {error}", file=sys.stderr)
        return _STOPPED
    return 0


def _trusted(root: Path) -> bytes:
    """Return root's own document; never the agent's, whose user may write there what it likes."""
    try:
        return root.read_bytes()
    except OSError as error:
        print(f"kiosk release: nothing can be installed: {error}", file=sys.stderr)
        return b""


def _restart() -> None:
    """Restart the terminal's processes between two citizens; nobody is cut off, ever.

    Raises:
        Unreachable: somebody was served for all of `WAIT_S`, or systemd does not do it.
    """
    import subprocess

    from kiosk.release.errors import Unreachable

    wait = ("--state", "/var/lib/yiduan/agent", "--wait", f"{WAIT_S:.0f}")
    restart = ("--", "systemctl", "restart", *SERVICES)
    words = (str(STEADY), "between-citizens", *wait, *restart)
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise Unreachable(f"not restarted: {done.stderr.strip()[-300:]}")


def _back(options: argparse.Namespace) -> int:
    from kiosk.release.errors import ReleaseError
    from kiosk.release.health import AuditHealth
    from kiosk.release.update import Manner, Update

    def unchecked(_: Path) -> None:
        raise RuntimeError("going back checks nothing: it was in force before")

    manner = Manner(
        folder=options.folder,
        group="",
        check=unchecked,
        health=AuditHealth(AUDIT, ()),
        trial_s=0,
        software=_software(options.folder),
    )
    try:
        _tell(Update(manner).back(options.why))
    except (ReleaseError, OSError) as error:
        print(f"kiosk release: {error}", file=sys.stderr)
        return _STOPPED
    return 0


def _tell(course: Course, *, as_json: bool = False) -> None:
    from kiosk.release.course import in_force

    number = in_force(course)
    offer = course.offer
    if as_json:
        told = {
            "stage": course.stage,
            "in_force": number,
            "release": offer.name if offer else "",
            "group": offer.group if offer else "",
            "version": offer.version if offer else 0,
            "digest": offer.digest if offer else "",
            "since": course.since,
            "why": course.why,
            "code": course.code,
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    force = f"generation {number}" if number else "what the program was installed with"
    print(f"in force: {force}")
    if offer is not None:
        print(f"{offer.name} for {offer.group}: {course.stage} since {course.since}")
    if course.why:
        print(course.why)
