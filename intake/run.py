"""Puts the service together from its command line."""

from __future__ import annotations

import argparse
import sys

from sqlalchemy.exc import SQLAlchemyError

from intake.catalogues import Catalogues
from intake.pace import Pace
from intake.prefill import PopulationError, Registers
from intake.promises import Promises
from intake.server import Ports, serve
from intake.services import Services
from intake.store import Store
from intake.verification import Registry, RegistryError
from kiosk.catalogue.files import CatalogueError

_CANNOT_START = (CatalogueError, PopulationError, RegistryError, SQLAlchemyError)


def start(options: argparse.Namespace) -> int:
    """Serve until asked to stop; 1 when it cannot start, with the reason on stderr."""
    try:
        services = _services(options)
    except _CANNOT_START as error:
        print(f"kiosk-intake: {error}", file=sys.stderr)
        return 1
    try:
        serve(services, _ports(options))
    except OSError as error:
        print(f"kiosk-intake: {error}", file=sys.stderr)
        return 1
    finally:
        services.registers.close()
        services.store.close()
    return 0


def _services(options: argparse.Namespace) -> Services:
    directories = [options.config]
    if options.previous_config is not None:
        directories.append(options.previous_config)
    catalogues = Catalogues(directories)
    promises = Promises(catalogues)
    return Services(
        catalogues=catalogues,
        registry=Registry(options.terminals),
        registers=Registers(
            options.population,
            slow=dict(options.slow_source),
            broken=dict(options.broken_source),
        ),
        store=Store(options.db, rules=promises),
        rules=promises,
        pace=Pace(options.terminal_rate, options.terminal_burst) if options.terminal_rate else None,
    )


def _ports(options: argparse.Namespace) -> Ports:
    return Ports(
        host=options.host,
        api=options.port,
        pages=options.page_port,
        certificate=options.tls_cert,
        key=options.tls_key,
        authority=options.tls_ca,
        ready_file=options.ready_file,
    )
