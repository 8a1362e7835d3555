"""``kiosk-devices serve``: builds the host from its settings and runs it until told to end."""

from __future__ import annotations

import asyncio
import base64
import gc
import logging
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from drivers.service.adapter import WorkerPlan
from drivers.service.binding import Binding, BindingError, load_bindings
from drivers.service.dispatcher import Command
from drivers.service.envelope import CompletionCode, Outcome
from drivers.service.evidence import EvidenceSigner
from drivers.service.host import (
    LONGEST_SOCKET_PATH,
    Endpoint,
    Gate,
    Host,
    Listening,
    own_uid,
)
from drivers.service.host_services import Publisher, VendorModeService
from drivers.service.interfaces import id_reader
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.manager_line import BEAT, READY, STOPPING, ManagerLine
from drivers.service.picture_gate import PictureGate
from drivers.service.process import end_with_parent, leave_no_dump, settle, title
from drivers.service.registry import SERVICES
from drivers.service.roles import Role
from drivers.service.service import DeviceService, Finish, unchanged
from drivers.service.tcp import TcpEndpoint, TcpSettings
from drivers.service.worker_link import warm_up

WATCHDOG_S = 2.0

_LONGEST_FOLDER = LONGEST_SOCKET_PATH - len("/DocumentCamera.pictures.sock")


@dataclass(frozen=True, kw_only=True, slots=True)
class ServeOptions:
    """What the command line and the host's file say together."""

    run: Path
    evidence_key: Path
    terminal: str
    secrets: Mapping[Role, str] = field(repr=False)
    config: Path | None = None
    with_parent: bool = False
    uids: frozenset[int] = frozenset()
    tcp: TcpSettings | None = None


def with_evidence(signer: EvidenceSigner) -> Finish:
    """Return what adds signed evidence to a reading of a person."""

    def finish(command: Command, outcome: Outcome) -> Outcome:
        if command.name != id_reader.READ or outcome.code is not CompletionCode.SUCCESS:
            return outcome
        card = outcome.payload.get("card")
        number = card.get("id_no") if isinstance(card, dict) else None
        if not isinstance(number, str) or not number:
            return Outcome(code=CompletionCode.INTERNAL_ERROR, description="a card without number")
        evidence, signature = signer.sign(str(command.payload["visit"]), number)
        signed: dict[str, object] = {
            "evidence": evidence,
            "evidenceSignature": base64.b64encode(signature).decode("ascii"),
        }
        return Outcome(code=outcome.code, payload={**outcome.payload, **signed})

    return finish


def build_host(options: ServeOptions) -> Host:
    """Build every endpoint.

    Raises:
        BindingError: the file of ports is wrong, or the run directory's path too long.
        EvidenceKeyError: the key cannot be read.
        TcpError: the certificate cannot be used.
    """
    signer = EvidenceSigner.load(options.evidence_key, options.terminal)
    bindings = load_bindings(options.run, options.config)
    devices = [
        _service(spec, bindings[spec.device], signer)
        for spec in SERVICES
        if spec.device in bindings
    ]

    def hand_over(active: bool) -> None:
        for device in devices:
            device.vendor_mode(active=active)

    publisher = Publisher()
    return Host(_endpoints(options, devices, publisher, VendorModeService(hand_over)), publisher)


def _endpoints(
    options: ServeOptions,
    devices: list[DeviceService],
    publisher: Publisher,
    vendor_mode: VendorModeService,
) -> list[Listening]:
    """Return every socket; the publisher's is the first to listen."""
    gate = Gate(secrets=options.secrets, uids=options.uids or own_uid())
    sockets = options.run / "xfs4iot"
    if len(os.fsencode(sockets)) > _LONGEST_FOLDER:
        raise BindingError(f"run: {options.run}: too long for sockets; take a shorter path")
    endpoints: list[Listening] = [
        Endpoint(publisher, sockets / "publisher.sock", gate),
        Endpoint(vendor_mode, sockets / "VendorMode.sock", gate),
    ]
    for service in devices:
        name = service.spec.service
        endpoints.append(Endpoint(service, sockets / f"{name}.sock", gate))
        if service.spec.pictures:
            endpoints.append(PictureGate(service, sockets / f"{name}.pictures.sock", gate))
    if options.tcp is not None:
        endpoints.append(TcpEndpoint([publisher, vendor_mode, *devices], options.tcp))
    return endpoints


def _service(spec: ServiceSpec, binding: Binding, signer: EvidenceSigner) -> DeviceService:
    plan = WorkerPlan(
        device=spec.device,
        adapter=spec.adapter,
        port=binding.port,
        options=binding.options,
        pictures=spec.pictures,
    )
    finish = with_evidence(signer) if spec is id_reader.ID_READER else unchanged
    return DeviceService(spec.configured(binding.options), plan, finish)


def serve(options: ServeOptions) -> None:
    """Serve until SIGTERM or SIGINT."""
    title("host")
    leave_no_dump()
    if options.with_parent:
        end_with_parent()
    log_to_stderr()
    host = build_host(options)
    warm_up()
    asyncio.run(_serve(host))


def log_to_stderr() -> None:
    """Log JSON lines to stderr; the web socket library only when something is wrong."""
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


async def _serve(host: Host) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    manager = ManagerLine(os.environ)
    await host.start()
    manager.tell(READY)
    settle()
    try:
        while not stopping.is_set():
            manager.tell(BEAT)
            gc.collect()  # what a visit left in circles goes now, and is overwritten
            await _wait(stopping, WATCHDOG_S)
    finally:
        manager.tell(STOPPING)
        await host.stop()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return  # time for the watchdog
