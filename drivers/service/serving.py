"""``kiosk-devices serve``: builds the host from its options and runs it until told to end."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import sdnotify
import structlog

from drivers.printer import profiles
from drivers.service.adapter import WorkerPlan
from drivers.service.binding import Binding, load_bindings
from drivers.service.dispatcher import Command
from drivers.service.envelope import CompletionCode, Outcome
from drivers.service.evidence import EvidenceSigner
from drivers.service.host import Endpoint, Gate, Host, Listening, own_uid
from drivers.service.interfaces import id_reader
from drivers.service.interfaces.common import ServiceSpec
from drivers.service.picture_gate import PictureGate
from drivers.service.process import end_with_parent, leave_no_dump, title
from drivers.service.registry import SERVICES
from drivers.service.service import DeviceService, Finish, unchanged
from drivers.service.worker_link import warm_up

WATCHDOG_S = 2.0


class SecretsError(Exception):
    """The line of secrets is missing or has no secret of role ``session``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServeOptions:
    """What the command line says."""

    run: Path
    evidence_key: Path
    terminal: str
    session_secret: str
    config: Path | None = None
    with_parent: bool = False
    uids: frozenset[int] = frozenset()


def read_secret(stream: TextIO) -> str:
    """Return the secret of role ``session`` from one JSON line.

    Raises:
        SecretsError: it is not there.
    """
    try:
        document = json.loads(stream.readline())
        secret = document["roles"]["session"]
    except (ValueError, KeyError, TypeError) as error:
        raise SecretsError("standard input holds no secret of role session") from error
    if not isinstance(secret, str) or not secret:
        raise SecretsError("the secret of role session is empty")
    return secret


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
        BindingError: the file of ports is wrong.
        EvidenceKeyError: the key cannot be read.
        ProfileError: there is no such printer profile.
    """
    signer = EvidenceSigner.load(options.evidence_key, options.terminal)
    bindings = load_bindings(options.run, options.config)
    profile = bindings["receipt-printer"].options.get("profile")
    if profile is not None:
        profiles.load(profile)
    gate = Gate(secret=options.session_secret, uids=options.uids or own_uid())
    endpoints: list[Listening] = []
    for spec in SERVICES:
        if spec.device not in bindings:
            continue
        service = _service(spec, bindings[spec.device], signer)
        sockets = options.run / "xfs4iot"
        endpoints.append(Endpoint(service, sockets / f"{spec.service}.sock", gate))
        if spec.pictures:
            endpoints.append(PictureGate(service, sockets / f"{spec.service}.pictures.sock", gate))
    return Host(endpoints)


def _service(spec: ServiceSpec, binding: Binding, signer: EvidenceSigner) -> DeviceService:
    plan = WorkerPlan(
        device=spec.device,
        adapter=spec.adapter,
        port=binding.port,
        options=binding.options,
        pictures=spec.pictures,
    )
    finish = with_evidence(signer) if spec is id_reader.ID_READER else unchanged
    return DeviceService(spec, plan, finish)


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
    notifier = sdnotify.SystemdNotifier()
    await host.start()
    notifier.notify("READY=1")
    try:
        while not stopping.is_set():
            notifier.notify("WATCHDOG=1")
            await _wait(stopping, WATCHDOG_S)
    finally:
        notifier.notify("STOPPING=1")
        await host.stop()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return  # time for the watchdog
