"""Both applications in one process: the API over mutual TLS, the pages over plain HTTP.

Sockets are bound before anything starts, so a taken port is an error with a name, and port 0 gives
a free one.  The process says READY once both answer, and feeds its watchdog from the loop that
serves, after a question to the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog
import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from uvicorn.protocols.http.h11_impl import H11Protocol

from intake.office.pages import page_app
from intake.service.api import CERTIFICATE_NAME, api_app
from intake.service.callers import CERTIFICATE_SERIAL, HANG_UP
from intake.service.fault_file import FaultFile
from intake.service.faulty import Faulty
from intake.service.services import Services
from kiosk.channel import service_manager

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

WATCHDOG_S: Final = 2.0
COUNTS_S: Final = 1.0
STOP_S: Final = 1
"""Seconds open requests have to end after SIGTERM; the process has 2 s altogether."""

_log = structlog.get_logger("intake")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ports:
    """Where to listen, with what certificate; port 0 is any free one."""

    host: str
    api: int
    pages: int
    certificate: Path
    key: Path
    authority: Path
    ready_file: Path | None = None
    faults: Path | None = None


Listening = tuple[socket.socket, socket.socket]
"""The sockets of the API and of the pages."""


class Announcing(Protocol):
    """Who is told that the service is up, and that it goes on."""

    def ready(self, listening: Listening) -> None:
        """Both servers answer."""

    def alive(self, *, database: bool) -> None:
        """The loop turns; ``database``: so does the database."""


class TerminalProtocol(H11Protocol):
    """HTTP/1.1 that tells the application whose certificate the connection has."""

    def connection_made(self, transport: Any) -> None:
        """Note the name and the serial number of the verified client certificate."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        certificate = (tls.getpeercert() if tls is not None else None) or {}
        self.app = _naming(self.app, certificate, transport.abort)

    def shutdown(self) -> None:
        """Drop an idle connection at once; a TLS peer that says nothing could hold it for 30 s."""
        idle = self.cycle is None or self.cycle.response_complete
        super().shutdown()
        if idle:
            self.transport.abort()


def _common_name(certificate: dict[str, Any]) -> str | None:
    """Return the common name of a certificate as ``ssl`` describes it."""
    parts = (pair for part in certificate.get("subject", ()) for pair in part)
    return next((str(value) for key, value in parts if key == "commonName"), None)


def _naming(
    app: ASGI3Application, certificate: dict[str, Any], hang_up: Callable[[], None]
) -> ASGI3Application:
    """Wrap an application so that its scope carries the certificate's name and number."""
    name = _common_name(certificate)
    serial = f"{int(certificate['serialNumber'], 16):x}" if certificate else None

    async def named(scope: Any, receive: Any, send: Any) -> None:
        scope[CERTIFICATE_NAME] = name
        scope[CERTIFICATE_SERIAL] = serial
        scope[HANG_UP] = hang_up
        await app(scope, receive, send)

    return named


class QuietServer(uvicorn.Server):
    """A server that leaves signals to the process that has two of them, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen."""
        await super().startup(sockets=sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield


def serve(
    services: Services,
    ports: Ports,
    announcing: Announcing | None = None,
    listening: Listening | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, on given sockets or on those of ``ports``.

    Raises:
        OSError: a port is taken, or a certificate file cannot be read.
    """
    asyncio.run(_serve(services, ports, announcing or ServiceManager(ports), listening))


async def _serve(
    services: Services, ports: Ports, announcer: Announcing, listening: Listening | None
) -> None:
    app: Any = api_app(services)
    if ports.faults is not None:
        app = Faulty(app, FaultFile(ports.faults))
    api = QuietServer(_api_config(app, ports))
    pages = QuietServer(_config(page_app(services)))
    loop = asyncio.get_running_loop()
    services.bell.hang_up_in(loop)

    def stop() -> None:
        services.bell.close()
        api.should_exit = pages.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    if listening is None:
        (own,), shared = listen(ports)
        listening = (own, shared)
    announcing = asyncio.create_task(_announce(services, announcer, (api, pages), listening))
    counting = asyncio.create_task(_write_counts(services))
    try:
        await asyncio.gather(api.serve([listening[0]]), pages.serve([listening[1]]))
    finally:
        for task in (announcing, counting):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    _log.info("intake_stopped")


async def _write_counts(services: Services) -> None:
    """Write down what was refused, every second and at the end."""
    refusals = services.store.refusals
    try:
        while True:
            await asyncio.sleep(COUNTS_S)
            with contextlib.suppress(SQLAlchemyError):  # the next time, with what comes till then
                await asyncio.to_thread(refusals.write, services.now())
    finally:
        with contextlib.suppress(SQLAlchemyError):
            refusals.write(services.now())


async def _announce(
    services: Services,
    announcer: Announcing,
    servers: tuple[QuietServer, QuietServer],
    listening: Listening,
) -> None:
    """Tell when both servers answer, then again and again, and whether the database does."""
    for server in servers:
        await server.up.wait()
    announcer.ready(listening)
    while True:
        try:
            await asyncio.to_thread(services.store.ping)
            announcer.alive(database=True)
        except Exception as error:  # noqa: BLE001 - an absent database is the watchdog's verdict
            _log.error("database_away", error=type(error).__name__)
            announcer.alive(database=False)
        await asyncio.sleep(WATCHDOG_S)


class ServiceManager:
    """Tells systemd, or who plays it, and writes the ready file."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._line = service_manager.ServiceManager(os.environ)

    def ready(self, listening: Listening) -> None:
        """Write the addresses down and say READY."""
        told = urls(self._ports, *listening)
        write_ready(self._ports, told)
        self._line.tell(service_manager.READY)
        _log.info("intake_ready", **told)

    def alive(self, *, database: bool) -> None:
        """Feed the watchdog, as long as the database answers."""
        self._line.catch_up()
        if database:
            self._line.tell(service_manager.BEAT)


def urls(ports: Ports, api: socket.socket, pages: socket.socket) -> dict[str, str]:
    """Return the addresses of both sockets."""
    return {
        "api_url": f"https://{ports.host}:{api.getsockname()[1]}",
        "page_url": f"http://{ports.host}:{pages.getsockname()[1]}",
    }


def write_ready(ports: Ports, told: dict[str, str]) -> None:
    """Write the addresses where they are looked for."""
    if ports.ready_file is not None:
        _write(ports.ready_file, json.dumps(told))


def _config(app: Any, **tls: Any) -> uvicorn.Config:
    """Return settings without reload, access log or server header."""
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=STOP_S,
        timeout_keep_alive=20,
        **tls,
    )


def _api_config(app: Any, ports: Ports) -> uvicorn.Config:
    """Return the settings of the API port: TLS 1.2 or newer, client certificates required."""
    config = _config(
        app,
        http=TerminalProtocol,
        ssl_certfile=str(ports.certificate),
        ssl_keyfile=str(ports.key),
        ssl_ca_certs=str(ports.authority),
        ssl_cert_reqs=ssl.CERT_REQUIRED,
    )
    config.load()
    assert config.ssl is not None  # noqa: S101 - both files were given; narrows the type
    config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config


def listen(ports: Ports, workers: int = 1) -> tuple[list[socket.socket], socket.socket]:
    """Bind a socket of the API for each worker, all on one port, and one for the pages.

    Raises:
        OSError: a port is taken.
    """
    first = _bound(ports.host, ports.api)
    if workers == 1:
        return [first], _bound(ports.host, ports.pages)
    port = first.getsockname()[1]
    first.close()  # it only made sure that nobody else has the port: the next ones would share it
    api = [_bound(ports.host, port, shared=True) for _ in range(workers)]
    return api, _bound(ports.host, ports.pages)


def _bound(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Return a bound socket that a restart can take over at once."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((host, port))
    return bound


def _write(path: Path, text: str) -> None:
    """Write a small file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(path)
