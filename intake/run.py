"""Puts the service together from its command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from intake.enrolment.registry import EnrolledRegistry
from intake.office.promises import Promises
from intake.receiving.catalogues import Catalogues
from intake.receiving.verification import Registry, RegistryError
from intake.records.store import Store
from intake.registers.holdings import Population
from intake.registers.prefill import PopulationError, Registers
from intake.service.fault_file import FaultFile
from intake.service.pace import Pace
from intake.service.server import Ports, serve
from intake.service.services import Services
from intake.service.workers import Parent
from kiosk.catalogue.files import CatalogueError

_CANNOT_START = (CatalogueError, PopulationError, RegistryError, SQLAlchemyError)


def start(options: argparse.Namespace) -> int:
    """Serve until asked to stop; 1 when it cannot start, with the reason on stderr."""
    try:
        with _faults_allowed(options.allow_faults):
            return _serve(options)
    except (*_CANNOT_START, OSError) as error:
        print(f"kiosk-intake: {error}", file=sys.stderr)
        return 1


def _serve(options: argparse.Namespace) -> int:
    if options.workers > 1 and make_url(options.db).get_backend_name() == "sqlite":
        print(
            "kiosk-intake: SQLite has one writer at a time, more workers would only wait: "
            "leave out --workers, or give the URL of a PostgreSQL database",
            file=sys.stderr,
        )
        return 1
    make = _maker(options)
    if options.workers > 1:
        Store(options.db).close()  # brought up to date once, before anybody works with it
        return Parent(count=options.workers, ports=_ports(options), make=make).run()
    services = make()
    try:
        serve(services, _ports(options))
    finally:
        services.registers.close()
        services.store.close()
    return 0


@contextmanager
def _faults_allowed(path: Path | None) -> Iterator[None]:
    """Have the file of faults while the service runs, where they are allowed."""
    if path is None:
        yield
        return
    faults = FaultFile(path)
    faults.create()
    structlog.get_logger("intake").warning("faults_allowed", file=str(path))
    try:
        yield
    finally:
        faults.remove()


def _maker(options: argparse.Namespace) -> Callable[[], Services]:
    """Load what all workers read, and return what makes the services of one of them."""
    directories = [options.config]
    if options.previous_config is not None:
        directories.append(options.previous_config)
    catalogues = Catalogues(directories)
    promises = Promises(catalogues)
    Registry(options.terminals)  # a damaged list is told before anything else is opened
    population = Population.read(options.population)
    pace = Pace(options.terminal_rate, options.terminal_burst) if options.terminal_rate else None

    def make() -> Services:
        store = Store(options.db, rules=promises)
        return Services(
            catalogues=catalogues,
            registry=EnrolledRegistry(store.engine, options.terminals),
            registers=Registers(
                population,
                slow=dict(options.slow_source),
                broken=dict(options.broken_source),
            ),
            store=store,
            rules=promises,
            pace=pace,
        )

    return make


def _ports(options: argparse.Namespace) -> Ports:
    return Ports(
        host=options.host,
        api=options.port,
        pages=options.page_port,
        certificate=options.tls_cert,
        key=options.tls_key,
        authority=options.tls_ca,
        ready_file=options.ready_file,
        faults=options.allow_faults,
    )
