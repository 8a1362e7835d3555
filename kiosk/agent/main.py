"""The ``kiosk agent`` command."""

from __future__ import annotations

import argparse
import os
import pwd
import signal
import sys
from importlib import metadata
from pathlib import Path

import structlog

from kiosk.agent.agent import Agent
from kiosk.agent.chores import DAY
from kiosk.agent.maintenance import Upkeep
from kiosk.agent.power import Rules
from kiosk.agent.reporting.assembly import Bus
from kiosk.agent.setup import Setup
from kiosk.agent.walls import raise_walls
from kiosk.channel import Secrets, last_words, read_secrets
from kiosk.channel.process import die_with_parent, one_arena
from kiosk.channel.service_manager import ServiceManager
from kiosk.crypto import CryptoError, PublicKeys
from kiosk.outbox import OutboxError
from kiosk.settings import Settings, SettingsError, load
from kiosk.status.mandate import layer


def main(options: argparse.Namespace) -> int:
    """Run the agent until SIGTERM; returns the exit status.

    Args:
        options: ``state``, ``run``, ``settings``, ``allow_user``, ``secrets_on_stdin``,
            ``with_parent``.
    """
    raise_walls("kiosk-agent")
    one_arena()
    if options.with_parent:
        die_with_parent()
    last_words.listen()
    _log_lines()
    secrets = read_secrets(sys.stdin)[0] if options.secrets_on_stdin else Secrets(roles={})
    options.settings = [*layer(options.state / "keys"), *options.settings]
    try:
        _same_terminal(options)
        agent = Agent(_setup(options, secrets), beat=ServiceManager(os.environ).tell)
    except (CryptoError, OutboxError, SettingsError, TwoTerminals) as error:
        structlog.get_logger().error("agent_not_started", problem=type(error).__name__)
        print(f"kiosk agent: {error}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: agent.stop())
    signal.signal(signal.SIGINT, lambda *_: agent.stop())
    agent.run()
    return 0


def _setup(options: argparse.Namespace, secrets: Secrets) -> Setup:
    settings = load(options.settings)
    return Setup(
        state_dir=options.state,
        run_dir=options.run,
        intake_url=settings.intake.api_url,
        by_jurisdiction=settings.intake.by_jurisdiction,
        secrets=secrets,
        bound=settings.outbox.max_bytes,
        reserve=settings.outbox.min_free_bytes,
        tombstones=settings.retention.tombstones_days * DAY,
        power=Rules(
            battery_s=float(settings.power.battery_seconds),
            command=tuple(settings.power.shutdown),
        ),
        upkeep=Upkeep(
            state=options.state,
            stick=Path(settings.maintenance.stick),
            stick_folder=settings.maintenance.stick_folder,
            restart=tuple(settings.maintenance.restart),
            shut_down=tuple(settings.maintenance.shut_down),
            training=tuple(settings.maintenance.training),
            clock=tuple(settings.maintenance.clock),
            run=options.run,
            update=tuple(settings.maintenance.update),
            settings=tuple(options.settings),
            version=metadata.version("yiduan"),
        ),
        bus=_bus(settings),
        users=frozenset(pwd.getpwnam(name).pw_uid for name in options.allow_user),
    )


def _bus(settings: Settings) -> Bus | None:
    own = settings.centre
    if not own.bus_host:
        return None
    return Bus(
        host=own.bus_host,
        port=own.bus_port,
        groups=frozenset(own.groups),
        release_group=settings.release.group,
    )


def _same_terminal(options: argparse.Namespace) -> None:
    """Hold the settings' terminal id against the keys'.

    Raises:
        TwoTerminals: another id would be refused by the intake with every application.
    """
    named, held = (
        load(options.settings).terminal.id,
        PublicKeys.read(options.state / "keys").terminal,
    )
    if named != held:
        raise TwoTerminals(
            f"settings say terminal {named}, the keys are of {held}: mend terminal.id"
        )


class TwoTerminals(Exception):
    """Settings and keys belong to different terminals; staff must act."""


def _log_lines() -> None:
    """Log JSON lines to standard error; event types only."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
