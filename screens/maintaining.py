"""A session of staff: puts one stay in maintenance mode behind one screen."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

import structlog

from kiosk.channel import Secrets
from kiosk.session.control import Control, Heard
from kiosk.session.maintenance import Stay, parts
from kiosk.settings import SettingsError, load
from screens import levels
from screens.app import Parts, Post, run
from screens.app import Visit as OnScreen
from screens.hardening import Display
from screens.rehearsal import Rehearsal
from screens.sound import TAKE_CARD, Sounds
from screens.touch_trial import Trial

log = structlog.get_logger()
REFUSED = 1


class _Making:
    """The stay of this process: the control comes first, then the stay, then the rehearsal."""

    def __init__(self, make: Callable[[Control, Post], Stay]) -> None:
        self._make = make
        self._control: Control | None = None
        self._stay: Stay | None = None

    def control(self, made: Control) -> Control:
        """Keep the way to the shell."""
        self._control = made
        return made

    def visit(self, post: Post) -> OnScreen:
        """Make the stay."""
        if self._control is None:
            raise RuntimeError("the control comes before the visit")
        self._stay = self._make(self._control, post)
        return self._stay

    def told(self) -> Mapping[str, object]:
        """Return what a rehearsal may know; nothing before there is a stay."""
        return {} if self._stay is None else self._stay.told()


def maintain(options: argparse.Namespace, secrets: Secrets) -> int:
    """Run one stay in maintenance mode until it is left or the shell ends it."""
    try:
        settings = load(options.settings)
    except SettingsError as refused:  # citizens read that it is out of service; so it stays
        log.error("settings_refused", line=refused.faults[0].line)  # noqa: TRY400
        return REFUSED

    def make(control: Control, post: Post) -> Stay:
        own = Stay(parts(options.run, settings, secrets, options.opened_by, control), post)
        sounds = Sounds()
        own.chime = lambda: sounds.play(TAKE_CARD)

        def tune(sound: int, brightness: int) -> None:
            sounds.loudness = sound / levels.MOST
            levels.dim(brightness)

        own.tune = tune
        own.calibrate = lambda felt: Trial(felt, settings.display.touch)
        return own

    making = _Making(make)

    def control(heard: Callable[[Heard], None]) -> Control:
        return making.control(Control(options.control_fd, heard))

    rehearsal = None
    if options.rehearsal:
        place = options.run / "rehearsal.sock"
        rehearsal = Rehearsal(place, secrets.only("rehearsal"), making.told)
    size = settings.display
    return run(
        Parts(visit=making.visit, control=control, rehearsal=rehearsal),
        Display(width=size.width, height=size.height, px_per_mm=size.px_per_mm),
    )
