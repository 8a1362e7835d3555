"""``kiosk-fleet serve``."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from pathlib import Path
from typing import Final

import uvicorn
from sqlalchemy import Engine

from fleet.attachments import Collector, Kept
from fleet.bus import Centre, Ears
from fleet.bus.arguments import add_bus, address_of
from fleet.console.app import create
from fleet.console.live import Hub, seen_now
from fleet.console.pages import figures
from fleet.console.services import Console
from fleet.enrolments import DeskOffice, LettingIn
from fleet.errors import FleetError
from fleet.heads import Taking
from fleet.metrics import Metrics
from fleet.orders import CommandDesk, command_key
from fleet.orders.windows import Windows
from fleet.people import SigningIn
from fleet.release.repository import Repository
from fleet.reports import Reports
from fleet.rollouts.assembly import carrier_of
from fleet.store import open_store
from fleet.terminals import Intake
from kiosk.settings import config_root
from kiosk.status.address import Address
from kiosk.status.command import Done

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--db", required=True, help="SQLAlchemy URL")
    parser.add_argument("--state", type=Path, required=True, help="where the command key lies")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cert", type=Path, help="TLS; needed unless --host is this machine")
    parser.add_argument("--key", type=Path)
    parser.add_argument("--title", default="全部终端", help="whose terminals these are")
    parser.add_argument("--repository", type=Path, help="of releases, for their pages")
    parser.add_argument("--online", type=Path, help="publishing keys: carry rollouts here, too")
    parser.add_argument("--enrolments", metavar="URL", help="database of the desk of enrolment")
    parser.add_argument("--metrics-token", type=Path, metavar="FILE", help="serve /metrics to it")
    add_bus(parser)
    parser.set_defaults(command=_serve)


def _serve(options: argparse.Namespace) -> int:
    if (options.cert is None) != (options.key is None):
        raise FleetError("--cert and --key belong together")
    if options.cert is None and options.host not in _LOOPBACK:
        raise FleetError("passwords would cross the network in clear: give --cert and --key")
    engine = open_store(options.db)
    parts = Parts(
        engine,
        options.state,
        address_of(options),
        options.title,
        secure=bool(options.cert),
        repository=options.repository,
        online=options.online,
        desk=None if options.enrolments is None else DeskOffice(options.enrolments),
        metrics_token=options.metrics_token,
    )
    parts.start()
    try:
        Server(parts.hub, _uvicorn(parts, options)).run()
    finally:
        parts.stop()
        engine.dispose()
    return 0


class Parts:
    """The console with its ears on the bus."""

    def __init__(
        self,
        engine: Engine,
        state: Path,
        address: Address | None,
        title: str,
        *,
        secure: bool,
        repository: Path | None = None,
        online: Path | None = None,
        desk: DeskOffice | None = None,
        metrics_token: Path | None = None,
    ) -> None:
        """Put it together; raises `KeyRefused` or `OSError` for keys that can't be used."""
        self._engine = engine
        self.hub = Hub(lambda: figures(engine))
        self._intake = Intake(engine, self.hub.changed)
        self._desk = CommandDesk(engine, command_key(state), self._send)
        self._windows = Windows(engine, self._desk.give, lambda: self.hub.changed(()))
        self._files = Kept(state / "files")
        self._heads = (
            None if address is None else Taking(engine, address.authority, self._relevelled)
        )
        self._centre = None if address is None else Centre(address, self._ears())
        self._carrier = (
            carrier_of(engine, repository, online, self._desk, self._centre)
            if repository is not None and online is not None
            else None
        )
        self._reports = Reports(engine, config_root())
        self.app = create(
            self._console(
                title, secure=secure, repository=repository, desk=desk, metrics_token=metrics_token
            )
        )

    def _ears(self) -> Ears:
        """Return who hears what on the bus."""
        asked = self._desk.asked
        collector = Collector(self._files, asked, lambda name, _id: self.hub.renewed(name))
        return Ears(
            state=self._intake.state,
            here=self._intake.here,
            done=self._done,
            piece=collector.take,
            head=self._head,
        )

    def _console(
        self,
        title: str,
        *,
        secure: bool,
        repository: Path | None,
        desk: DeskOffice | None,
        metrics_token: Path | None,
    ) -> Console:
        """Return what pages are made of."""
        engine, token = self._engine, metrics_token
        return Console(
            title=title,
            engine=engine,
            door=SigningIn(engine),
            desk=self._desk,
            hub=self.hub,
            files=self._files,
            reports=self._reports,
            connected=self._connected,
            secure=secure,
            repository=None if repository is None else Repository(repository),
            letting_in=None if desk is None else LettingIn(engine, desk),
            windows=self._windows,
            metrics=None if token is None else Metrics.read(engine, token, self._connected),
        )

    def start(self) -> None:
        """Begin to hear."""
        self._intake.start()
        if self._heads is not None:
            self._heads.start()
        if self._centre is not None:
            self._centre.start()
        if self._carrier is not None:
            self._carrier.start()
        self._windows.start()
        self._reports.closing.start()

    def stop(self) -> None:
        """Hear no more, and write what was heard."""
        self.hub.close()
        self._reports.closing.stop()
        self._windows.stop()
        if self._carrier is not None:
            self._carrier.stop()
        if self._centre is not None:
            self._centre.stop()
        if self._heads is not None:
            self._heads.stop()
        self._intake.stop()

    def _done(self, done: Done) -> None:
        self._desk.answered(done)
        self.hub.renewed(done.terminal)

    def _relevelled(self, names: Collection[str]) -> None:
        self.hub.changed(seen_now(self._engine, names))

    def _head(self, terminal: str, data: bytes, fresh: bool) -> None:
        if self._heads is not None:
            self._heads.head(terminal, data, fresh=fresh)

    def _connected(self) -> bool:
        return self._centre is not None and self._centre.connected

    def _send(self, recipient: str, data: bytes, seconds: int) -> bool:
        return self._centre is not None and self._centre.command(
            recipient, data, good_for_s=seconds
        )


class Server(uvicorn.Server):
    """A web server that ends its streams before it waits for them."""

    def __init__(self, hub: Hub, config: uvicorn.Config) -> None:
        """Take the streams' hub."""
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """End."""
        self._hub.close()
        await super().shutdown(sockets)  # type: ignore[arg-type]


def _uvicorn(parts: Parts, options: argparse.Namespace) -> uvicorn.Config:
    return uvicorn.Config(
        parts.app,
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=options.cert,
        ssl_keyfile=options.key,
        timeout_graceful_shutdown=3,
    )
