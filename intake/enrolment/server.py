"""The process of the desk where terminals enrol: HTTPS, where a client certificate is optional.

A process of its own, because it alone needs the private key of the terminals' authority: the
workers that face all traffic never have it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import ssl
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sdnotify
import structlog
import uvicorn
from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlalchemy.exc import SQLAlchemyError
from uvicorn.protocols.http.h11_impl import H11Protocol

from intake.enrolment.api import PRESENTED, enrolment_app
from intake.enrolment.desk import EnrolmentDesk, Presented
from intake.enrolment.files import Files, FilesError
from intake.enrolment.rows import serial_of
from intake.records.store import Store
from intake.service.process import become
from intake.service.server import QuietServer

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

_log = structlog.get_logger("intake")


class PresentingProtocol(H11Protocol):
    """HTTP/1.1 that tells the application which certificate the connection has, if any."""

    def connection_made(self, transport: Any) -> None:
        """Note the verified client certificate."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        der = tls.getpeercert(binary_form=True) if tls is not None else None
        if der:
            self.app = _presenting(self.app, _presented(der))


def _presented(der: bytes) -> Presented | None:
    certificate = x509.load_der_x509_certificate(der)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not names:
        return None
    return Presented(name=str(names[0].value), serial=serial_of(certificate))


def _presenting(app: ASGI3Application, presented: Presented | None) -> ASGI3Application:
    async def told(scope: Any, receive: Any, send: Any) -> None:
        scope[PRESENTED] = presented
        await app(scope, receive, send)

    return told


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Where to listen; ``ready_file`` is told the address."""

    host: str
    port: int
    ready_file: Path | None


def start(options: argparse.Namespace) -> int:
    """Serve until asked to stop; 1 when it cannot start, with the reason on stderr."""
    become("kiosk-intake-enrol", with_parent=options.with_parent)
    files = Files(options.files)
    try:
        issuer = files.issuer(days=options.days, mandate=options.mandate)
        with closing(Store(options.db)) as store:
            door = Door(host=options.host, port=options.port, ready_file=options.ready_file)
            asyncio.run(_serve(EnrolmentDesk(store.engine, issuer), files, door))
    except (FilesError, SQLAlchemyError, OSError) as error:
        print(f"kiosk-intake enrol: {error}", file=sys.stderr)
        return 1
    return 0


async def _serve(desk: EnrolmentDesk, files: Files, door: Door) -> None:
    server = QuietServer(_config(desk, files, door))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stopping(server))
    telling = asyncio.create_task(_tell(server, door))
    await server.serve()
    await telling


def _stopping(server: QuietServer) -> Callable[[], None]:
    def stop() -> None:
        server.should_exit = True

    return stop


async def _tell(server: QuietServer, door: Door) -> None:
    """Say READY and the address once it answers."""
    await server.up.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"https://{door.host}:{port}"
    if door.ready_file is not None:
        draft = door.ready_file.with_name(f".{door.ready_file.name}")
        draft.write_text(json.dumps({"enrol_url": url}), "utf-8")
        draft.replace(door.ready_file)
    sdnotify.SystemdNotifier().notify("READY=1")
    _log.info("enrolment_ready", enrol_url=url)


def _config(desk: EnrolmentDesk, files: Files, door: Door) -> uvicorn.Config:
    config = uvicorn.Config(
        enrolment_app(desk),
        host=door.host,
        port=door.port,
        http=PresentingProtocol,
        ssl_certfile=str(files.server_certificate),
        ssl_keyfile=str(files.server_key),
        ssl_ca_certs=str(files.authority),
        ssl_cert_reqs=ssl.CERT_OPTIONAL,
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=20,
    )
    config.load()
    assert config.ssl is not None  # noqa: S101 - both files were given; narrows the type
    config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config
