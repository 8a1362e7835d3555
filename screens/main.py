"""`kiosk session`: puts one visit behind one screen and hands the process to it.

Everything is built before Kivy is imported, so that a wrong settings or catalogue file
is told by the exit status and not by a half-made window.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog
from setproctitle import setproctitle
from Xlib.display import Display as Connection

from kiosk.catalogue import compiled
from kiosk.catalogue.files import CatalogueError, workdays_of
from kiosk.channel import Secrets, read_secrets
from kiosk.channel.process import die_with_parent, leave_no_dump
from kiosk.crypto import KeyFileError, PublicKeys
from kiosk.domain.roster_words import Help
from kiosk.journey.facts import Shown
from kiosk.journey.intents import Intent, IntentKind
from kiosk.journey.observe import observed
from kiosk.journey.view import AnyView, Text
from kiosk.session import Visit
from kiosk.session.camera import LiveFrame
from kiosk.session.control import Control, Heard
from kiosk.session.equipment import Equipment, equip
from kiosk.session.reporter import Reporter
from kiosk.session.whom_to_ring import help_of
from kiosk.settings import Settings, SettingsError, config_root, load
from kiosk.translation import Translator
from screens import levels, touch_panels
from screens.app import Parts, Post, run
from screens.app import Visit as OnScreen
from screens.hardening import Display
from screens.learning import Learning
from screens.maintaining import maintain
from screens.rehearsal import Rehearsal
from screens.sound import Sounds
from screens.standing import OPEN, OutOfService, OutView, out_of_service
from screens.station import USUAL, asked

log = structlog.get_logger()
CITY_TIME = "CST-8"
"""The clock of the hall, whatever the machine was installed with: UTC+8 (POSIX writes it -8)."""


class Seen:
    """One visit as the screen sees it."""

    def __init__(self, visit: Visit, control: Control) -> None:
        self._visit, self._control = visit, control

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

    def touched_by_staff(self, target: str) -> None:
        """Let staff in, as long as nobody is served; the shell decides."""
        if target == OPEN:
            self._control.staff("hold")

    def live(self) -> LiveFrame | None:
        """Return the newest frame of the document camera."""
        return self._visit.live()

    def photo(self, name: str) -> bytes | None:
        """Return the JPEG of a picture of this visit."""
        return self._visit.photo(name)

    def told(self) -> Mapping[str, object]:
        """Return what a rehearsal may know: facts of the page and counts of the visit."""
        return {"facts": observed(self._visit.view()), "tally": self._visit.tally()}


class _Making:
    """The visit of this process, known to the rehearsal once it is made."""

    def __init__(self, equipment: Equipment, sounds: Sounds) -> None:
        self._equipment, self._sounds = equipment, sounds
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
        visit = Visit(self._equipment, self._control, post)
        visit.chime = self._sounds.play
        self._seen = Seen(visit, self._control)
        return self._seen

    def told(self) -> Mapping[str, object]:
        """Return what the visit tells; nothing before it is made."""
        return {} if self._seen is None else self._seen.told()


def main(options: argparse.Namespace) -> int:
    """Run one session until the shell ends it."""
    if options.with_parent:
        die_with_parent(signal.SIGKILL)
    leave_no_dump()
    os.environ["TZ"] = CITY_TIME
    time.tzset()
    os.environ["YIDUAN_CONFIG"] = str(config_root())  # one visit, one release
    setproctitle(f"kiosk-session {options.slot}")
    secrets, given = read_secrets(sys.stdin)
    if options.kind == "maintenance":
        return maintain(options, secrets)
    try:
        settings = load(options.settings)
        station = asked(options.run, secrets)
        sounds = Sounds()
        sounds.loudness = station.sound / levels.MOST
        if station.brightness < USUAL:  # the display forgets it when it is started anew
            levels.dim(station.brightness)
        touch_panels.put_kept(station.touch)  # the server forgets it when it is started anew
        if station.out is not None:
            return _stopped(options, secrets, settings, station.out)
        making = _Making(_equipment(options, settings, secrets, given), sounds)
    except (SettingsError, CatalogueError) as refused:
        return _out_of_service(options, secrets, refused)
    except KeyFileError as refused:  # no agent has told the keys yet: nothing could be filed
        log.error("keys_not_told", problem=type(refused).__name__)  # noqa: TRY400
        return _nothing_offered(options, secrets)
    size = settings.display
    return run(
        _parts(options, secrets, making.visit, making),
        Display(width=size.width, height=size.height, px_per_mm=size.px_per_mm),
    )


def _parts(
    options: argparse.Namespace,
    secrets: Secrets,
    visit: Callable[[Post], OnScreen],
    making: _Making | None = None,
) -> Parts:
    """Put the ways to the shell and to a rehearsal beside a visit."""

    def control(heard: Callable[[Heard], None]) -> Control:
        made = Control(options.control_fd, heard)
        return made if making is None else making.hold(made)

    rehearsal = None
    if options.rehearsal:
        told = dict if making is None else making.told
        rehearsal = Rehearsal(options.run / "rehearsal.sock", secrets.only("rehearsal"), told)
    learning = Learning(options.run) if options.training else None
    return Parts(visit=visit, control=control, rehearsal=rehearsal, learning=learning)


def _out_of_service(
    options: argparse.Namespace, secrets: Secrets, refused: SettingsError | CatalogueError
) -> int:
    """Show a page instead of nothing, and tell staff which line is wrong."""
    _told(options, secrets, refused)
    return _nothing_offered(options, secrets)


def _nothing_offered(options: argparse.Namespace, secrets: Secrets) -> int:
    words = Translator()
    page = out_of_service(words.text("screens.out.service"), words.text("screens.out.number"))
    try:
        own = _help(load(options.settings))
    except SettingsError:  # this is what is wrong: the number that every place has stands
        own = None
    return _stand_in(options, secrets, page, _whole_screen(), own)


def _help(settings: Settings) -> Help:
    return help_of(settings, workdays_of(config_root(), settings.jurisdiction))


def _stopped(
    options: argparse.Namespace, secrets: Secrets, settings: Settings, words: tuple[Text, Text]
) -> int:
    """Show the words that staff chose instead of serving."""
    terminal, size = settings.terminal, settings.display
    page = out_of_service(terminal.site_name, settings.help.phone, *words)
    glass = Display(width=size.width, height=size.height, px_per_mm=size.px_per_mm)
    return _stand_in(options, secrets, page, glass, _help(settings))


def _stand_in(
    options: argparse.Namespace,
    secrets: Secrets,
    page: OutView,
    glass: Display,
    help_: Help | None,
) -> int:
    """Run a session that shows one page and lets staff in."""
    held: list[Control] = []
    stand_in = OutOfService(page, lambda: held[0].staff("hold"), help_)

    def control(heard: Callable[[Heard], None]) -> Control:
        held.append(Control(options.control_fd, heard))
        return held[0]

    made = _parts(options, secrets, lambda _post: stand_in)
    return run(replace(made, control=control), glass)


def _told(
    options: argparse.Namespace, secrets: Secrets, refused: SettingsError | CatalogueError
) -> Reporter:
    """Tell staff which line of which file is wrong."""
    fault = refused.faults[0]
    log.error("settings_refused", file=fault.file.name, line=fault.line)
    reporter = Reporter(options.run / "agent.sock", secrets.roles["session"])
    reporter.say("settings_refused", file=fault.file.name, line=fault.line)
    return reporter


def _whole_screen() -> Display:
    """Return the display as X knows it: the settings may be what is wrong."""
    connection = Connection()
    screen = connection.screen()
    width, height = int(screen.width_in_pixels), int(screen.height_in_pixels)
    connection.close()
    return Display(width=width, height=height, px_per_mm=min(width, height) / 268)


def _equipment(
    options: argparse.Namespace, settings: Settings, secrets: Secrets, given: Mapping[str, object]
) -> Equipment:
    folder = options.state / "catalogue"
    loaded = compiled.load(config_root(), settings.jurisdiction, folder)
    if loaded.wrong is not None:  # the last good one serves on, and staff are told
        _told(options, secrets, loaded.wrong)
    public = given["sealing_public"]
    if not isinstance(public, dict):
        raise TypeError("sealing_public is no object")
    keys = PublicKeys.from_json(public)
    made = equip(options.run, settings, loaded.catalogue, secrets, keys)
    return replace(made, training=options.training)
