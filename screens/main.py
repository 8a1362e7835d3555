"""`kiosk session`: puts one visit behind one screen and hands the process to it.

Everything is built before Kivy is imported, so that a wrong settings or catalogue file
is told by the exit status and not by a half-made window.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from setproctitle import setproctitle

from kiosk.channel import Secrets, read_secrets
from kiosk.channel.process import die_with_parent, leave_no_dump
from kiosk.crypto import PublicKeys
from kiosk.domain import catalogue_files
from kiosk.journey.facts import Shown
from kiosk.journey.intents import Intent, IntentKind
from kiosk.journey.observe import observed
from kiosk.journey.view import AnyView
from kiosk.session import Visit
from kiosk.session.control import Control
from kiosk.session.equipment import Equipment, equip
from kiosk.settings import Settings, config_root, load
from screens.app import Parts, Post, run
from screens.hardening import Display
from screens.rehearsal import Rehearsal


class Seen:
    """One visit as the screen sees it."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    def view(self) -> AnyView:
        """Return what is to be shown now."""
        return self._visit.view()

    def dispatch(self, intent: Intent) -> None:
        """Let an intent happen."""
        if intent.kind is IntentKind.SHOWN and isinstance(intent.fact, Shown):
            self._visit.shown(intent.fact)
        else:
            self._visit.dispatch(intent)

    def touched(self) -> None:
        """Hear that somebody is there."""
        self._visit.touched()

    def poll(self) -> bool:
        """Let due times happen; say whether anything changed."""
        return self._visit.tick()

    def told(self) -> Mapping[str, object]:
        """Return what a rehearsal may know: facts of the page and counts of the visit."""
        return {"facts": observed(self._visit.view()), "tally": self._visit.tally()}


class _Making:
    """The visit of this process, known to the rehearsal once it is made."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment
        self._control: Control | None = None
        self._seen: Seen | None = None

    def hold(self, control: Control) -> Control:
        """Keep the way to the shell for the visit that is made next."""
        self._control = control
        return control

    def visit(self, post: Post) -> Seen:
        """Make the visit."""
        if self._control is None:
            raise RuntimeError("the control comes before the visit")
        self._seen = Seen(Visit(self._equipment, self._control, post))
        return self._seen

    def told(self) -> Mapping[str, object]:
        """Return what the visit tells; nothing before it is made."""
        return {} if self._seen is None else self._seen.told()


def main(options: argparse.Namespace) -> int:
    """Run one session until the shell ends it."""
    if options.with_parent:
        die_with_parent()
    leave_no_dump()
    setproctitle(f"kiosk-session {options.slot}")
    secrets, given = read_secrets(sys.stdin)
    settings = load(options.settings)
    making = _Making(_equipment(options, settings, secrets, given))
    rehearsal = None
    if options.rehearsal:
        socket = options.run / "rehearsal.sock"
        rehearsal = Rehearsal(socket, secrets.only("rehearsal"), making.told)
    parts = Parts(
        visit=making.visit,
        control=lambda heard: making.hold(Control(options.control_fd, heard)),
        rehearsal=rehearsal,
    )
    size = settings.display
    return run(parts, Display(width=size.width, height=size.height, px_per_mm=size.px_per_mm))


def _equipment(
    options: argparse.Namespace, settings: Settings, secrets: Secrets, given: Mapping[str, object]
) -> Equipment:
    catalogue = catalogue_files.load(config_root(), settings.jurisdiction)
    public = given["sealing_public"]
    if not isinstance(public, dict):
        raise TypeError("sealing_public is no object")
    keys = PublicKeys.from_json(public)
    return equip(options.run, settings, catalogue, secrets, keys)
