"""What a visit works with: built once, when the session process is warmed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from drivers.service.client import ServiceClient
from drivers.service.pictures import PicturesClient
from kiosk.channel import Secrets
from kiosk.crypto import PublicKeys
from kiosk.domain.catalogue import Catalogue, Status, Thing
from kiosk.domain.receipt import Receipt
from kiosk.journey.context import Site
from kiosk.session.errands import now
from kiosk.session.filing import Desk
from kiosk.session.machine import Machine
from kiosk.session.office import Office
from kiosk.session.reporter import Reporter
from kiosk.session.slip import practice
from kiosk.session.whom_to_ring import roster_of
from kiosk.settings import Settings
from kiosk.translation import Translator


@dataclass(frozen=True, kw_only=True, slots=True)
class Equipment:
    """Everything outside the journey."""

    catalogue: Catalogue
    site: Site
    terminal: str
    idle_seconds: int
    words: Translator
    reader: ServiceClient
    scanner: ServiceClient
    printer: ServiceClient
    camera: ServiceClient
    sheets: ServiceClient
    """The A4 printer; most terminals have none, and its socket is not there."""
    sheets_socket: Path
    pictures: PicturesClient
    machine: Machine
    office: Office
    desk: Desk
    reporter: Reporter
    training: bool = False
    """Nothing is real: the papers say so."""

    def on_paper(self, paper: Receipt) -> Receipt:
        """Return a slip as it is printed here."""
        return practice(paper, self.words) if self.training else paper

    @property
    def clients(self) -> tuple[ServiceClient, ...]:
        """Every device; the A4 printer only where its service is: nobody waits for one in vain."""
        usual = (self.reader, self.scanner, self.printer, self.camera)
        return (*usual, self.sheets) if self.sheets_socket.exists() else usual

    def close(self) -> None:
        """Let go of everything."""
        self.pictures.stop()
        self.machine.close()
        for client in self.clients:
            client.close()
        self.office.close()
        self.desk.close()


def equip(
    run: Path, settings: Settings, catalogue: Catalogue, secrets: Secrets, keys: PublicKeys
) -> Equipment:
    """Return the equipment of a session; nothing is connected yet.

    Args:
        run: directory of sockets.
        settings: of this terminal.
        catalogue: of its jurisdiction.
        secrets: with the role ``session``.
        keys: whom to seal to.
    """
    agent, secret = run / "agent.sock", secrets.roles["session"]
    catalogue = withholding(catalogue, settings.privacy.withheld)
    service = partial(_service, run, secret)
    return Equipment(
        catalogue=catalogue,
        site=site_of(settings, catalogue),
        terminal=settings.terminal.id,
        idle_seconds=settings.timeouts.idle,
        words=Translator(),
        reader=service("IdReader"),
        scanner=service("Scanner"),
        printer=service("ReceiptPrinter"),
        camera=service("DocumentCamera"),
        sheets=service("DocumentPrinter"),
        sheets_socket=run / "xfs4iot" / "DocumentPrinter.sock",
        pictures=PicturesClient(run / "xfs4iot" / "DocumentCamera.pictures.sock", secret),
        machine=Machine(run, secret),
        office=Office(agent, secret, catalogue),
        desk=_desk(agent, secret, settings, catalogue, keys),
        reporter=Reporter(agent, secret),
    )


def _service(run: Path, secret: str, name: str) -> ServiceClient:
    return ServiceClient(run / "xfs4iot" / f"{name}.sock", name, secret)


def _desk(
    agent: Path, secret: str, settings: Settings, catalogue: Catalogue, keys: PublicKeys
) -> Desk:
    """Return where applications are sealed and handed over."""
    return Desk(
        agent,
        secret,
        catalogue=catalogue,
        keys=keys,
        public_url=settings.intake.public_url,
        wait_s=settings.timeouts.submit_wait,
        clock=now,
    )


def site_of(settings: Settings, catalogue: Catalogue) -> Site:
    """Return what the terminal says about itself."""
    return Site(
        service=catalogue.jurisdiction.service_name,
        place=f"{settings.terminal.site_name} {settings.terminal.name}",
        help_phone=settings.help.phone,
        help_hours=settings.help.hours,
        attended=settings.help.attended,
        roster=roster_of(settings.help.roster),
        public_url=settings.intake.public_url.rstrip("/"),
        warning_seconds=settings.timeouts.warning,
        greeting=settings.idle.greeting,
        first=settings.idle.first,
    )


def withholding(catalogue: Catalogue, codes: Collection[str]) -> Catalogue:
    """Return a catalogue whose things with these codes are told of here, and not filed.

    Where anybody looks over a shoulder, what is most private is kept for another place.
    """
    return replace(
        catalogue,
        things=tuple(
            _withheld(own) if own.code in codes and own.open else own for own in catalogue.things
        ),
    )


def _withheld(thing: Thing) -> Thing:
    items = tuple(replace(item, status=Status.PLANNED) for item in thing.items)
    return replace(thing, items=items, withheld=True)
