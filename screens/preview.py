"""Pictures of one terminal under one configuration, before anybody has it.

``python -m screens.preview CONFIG OUT --settings FILE …`` paints what tells a configuration from
another: the idle page, the lists of things for each audience, where to get help, the first page of
each thing's guide, the page of a terminal that is out of service; lists and a guide with elder
letters, too. Everything is in order there: the devices that a terminal of this kind has are ready,
the intake answers. ``OUT/pages.json`` says what is where. Needs an X display.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from kiosk.catalogue.files import CatalogueError
from kiosk.catalogue.files import load as catalogue_of
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.domain.roster import helped
from kiosk.journey import offers
from kiosk.journey.choose_moves import audiences
from kiosk.journey.context import Context
from kiosk.journey.facts import Condition, Devices, Intake
from kiosk.journey.intents import touch
from kiosk.journey.machine import Journey
from kiosk.journey.present_choose import home
from kiosk.journey.present_page import present
from kiosk.session.equipment import site_of, withholding
from kiosk.session.whom_to_ring import help_of
from kiosk.settings import Settings, SettingsError, load
from screens import standing
from screens.gallery import Easel, leaves, placed
from screens.sample import Sample
from screens.theme import Theme

if TYPE_CHECKING:
    from kiosk.journey.view import AnyView
    from screens.layout import Placed
    from screens.standing import AnyPage

TABLE: Final = "pages.json"
REFUSED: Final = 3
"""Exit status; another one: there is nothing to paint with."""
PERSON: Final = "个人"
_FOR: Final = {PERSON: "person", "企业": "enterprise"}
SMALL: Final = (270, 270)
"""Sides of a small picture at most, in dots."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A page that is painted.

    Attributes:
        key: the same for the same page of another configuration; a file name.
        kind: ``attract``, ``home``, ``help``, ``guide`` or ``out``.
        of: whose things a list has, or the name of a guide's thing.
        leaf: of a list, from 1; 0: the page has one.
        elder: with elder letters.
    """

    key: str
    kind: str
    of: str = ""
    leaf: int = 0
    elder: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Painted:
    """A page in the table: what it is, how large, and what tells its dots from others."""

    subject: Subject
    width: int
    height: int
    digest: str


class Preview:
    """The pages of one terminal."""

    def __init__(self, config: Path, own: Sequence[Path], moment: datetime) -> None:
        """Read settings and catalogue.

        Args:
            config: configuration directory.
            own: the terminal's own files, in order.
            moment: when it is there.

        Raises:
            SettingsError: the settings are refused.
            CatalogueError: the catalogue is.
        """
        self._settings = load(own, root=config)
        self._moment = moment.astimezone(LEGAL_TIME)
        self._context = _context(config, self._settings, self._moment)
        size = self._settings.display
        self._theme = Theme(width=size.width, height=size.height, px_per_mm=size.px_per_mm)

    def about(self) -> dict[str, object]:
        """Return which terminal this is: kind of site, jurisdiction, place, dots, moment."""
        place = self._context.catalogue.jurisdiction
        return {
            "site": self._settings.site,
            "jurisdiction": self._settings.jurisdiction,
            "name": place.name,
            "place": self._context.site.place,
            "width": self._theme.width,
            "height": self._theme.height,
            "at": self._moment.isoformat(timespec="minutes"),
        }

    def pages(self) -> Iterator[tuple[Subject, Placed]]:
        """Yield every page, laid out."""
        yield self._page(Subject(key="attract", kind="attract"), self._after())
        yield from self._lists(elder=False)
        yield self._page(Subject(key="help", kind="help"), self._after("begin", "help"))
        things = offers.shown(self._context)
        for thing in things:
            subject = Subject(key=f"guide-{thing.code}", kind="guide", of=thing.name)
            yield self._page(subject, self._guide(thing.code))
        yield from self._lists(elder=True)
        for thing in sorted(things, key=lambda own: own.audience != PERSON)[:1]:
            key = f"elder-guide-{thing.code}"  # no thing is called so as to be mistaken for it
            subject = Subject(key=key, kind="guide", of=thing.name, elder=True)
            yield self._page(subject, self._guide(thing.code))
        settings = self._settings
        out = standing.out_of_service(settings.terminal.site_name, settings.help.phone)
        help_ = help_of(settings, self._context.catalogue.workdays)
        view = standing.helped(out, help_, self._moment)
        yield self._page(Subject(key="out", kind="out"), view)

    def _lists(self, *, elder: bool) -> Iterator[tuple[Subject, Placed]]:
        """Yield each leaf of the list of things, for each audience."""
        for audience in audiences(self._context):
            sample = self._sample(home(replace(self._context, audience=audience)))
            for leaf, tree in enumerate(leaves(sample, self._sized(elder=elder)), start=1):
                key = f"home-{_FOR[audience]}-{leaf}{'-elder' if elder else ''}"
                yield Subject(key=key, kind="home", of=audience, leaf=leaf, elder=elder), tree

    def _guide(self, code: str) -> AnyView:
        return self._after("begin", f"open_thing:{code}")

    def _after(self, *targets: str) -> AnyView:
        """Return the page that comes when these are touched."""
        journey = Journey(self._context)
        for target in targets:
            journey.apply(touch(target))
        return present(journey)

    def _page(self, subject: Subject, view: AnyPage) -> tuple[Subject, Placed]:
        return subject, placed(self._sample(view), self._sized(elder=subject.elder))

    def _sized(self, *, elder: bool) -> Theme:
        return replace(self._theme, size="elder" if elder else "normal")

    def _sample(self, view: AnyPage) -> Sample:
        return Sample(name=view.page, view=view, now=self._moment)


def _context(config: Path, settings: Settings, moment: datetime) -> Context:
    """Return what a visit there knows when all is well."""
    catalogue = catalogue_of(config, settings.jurisdiction)
    catalogue = withholding(catalogue, settings.privacy.withheld)
    site = site_of(settings, catalogue)
    ready, absent = Condition.READY, Condition.ABSENT
    return Context(
        site=site,
        catalogue=catalogue,
        today=moment.date(),
        helped=helped(site.roster, catalogue.workdays, moment),
        devices=Devices(
            id_reader=ready,
            scanner=ready,
            camera=ready,
            printer=ready if settings.printers.receipt else absent,
            sheets=ready if settings.printers.a4 else absent,
        ),
        intake=Intake.UP,
    )


def paint(preview: Preview, easel: Easel, out: Path) -> list[Painted]:
    """Write every page as ``<key>.png``, and smaller as ``<key>-small.png``; return the table."""
    painted = []
    for subject, tree in preview.pages():
        picture = easel.picture(tree)
        picture.save(out / f"{subject.key}.png", compress_level=6)
        small = picture.copy()
        small.thumbnail(SMALL, Image.Resampling.LANCZOS)
        small.save(out / f"{subject.key}-small.png", optimize=True)
        digest = hashlib.sha256(picture.tobytes()).hexdigest()
        width, height = picture.size
        painted.append(Painted(subject=subject, width=width, height=height, digest=digest))
    return painted


def main() -> int:
    """Paint; `REFUSED`: settings or catalogue are, told by file and line."""
    parser = argparse.ArgumentParser(description="Pictures of a terminal under a configuration.")
    parser.add_argument("config", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--settings", type=Path, action="append", default=[], help="own layer")
    parser.add_argument("--at", type=datetime.fromisoformat, help="when it is there; without: now")
    parser.add_argument("--within", type=int, default=0, help="seconds; longer: ended by SIGALRM")
    given = parser.parse_args()
    signal.alarm(given.within)  # 0: never
    os.nice(10)  # a picture is waited for; whoever else works here is not to wait for it
    os.environ["YIDUAN_CONFIG"] = str(given.config)
    moment = given.at or datetime.now(LEGAL_TIME)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LEGAL_TIME)
    try:
        preview = Preview(given.config, given.settings, moment)
    except (SettingsError, CatalogueError) as refused:
        print(refused, file=sys.stderr)
        return REFUSED
    given.out.mkdir(parents=True, exist_ok=True)
    pages = [asdict(own) for own in paint(preview, Easel(), given.out)]
    table = {**preview.about(), "pages": pages}
    (given.out / TABLE).write_text(json.dumps(table, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
