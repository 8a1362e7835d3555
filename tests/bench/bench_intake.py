"""Filing at the intake, beside bare INSERTs of the same rows in the same database.

Ours is the whole service: four kept connections over mutual TLS send signed applications (a
newborn's, seven items, four files that have arrived), and each is answered after its commit:
request read, envelope and both signatures verified, held against catalogue, form rules, evidence
and promises, numbered, put down.

The peer is what no intake can do without: the same rows, taken from the database after ours, in
one transaction an application, by one connection of the very engine that the intake uses (driver,
settings and all), with nothing around it. Its statements are compiled and its values made before
its clock runs. It gets two ways, a statement a row and a statement a table, and the quicker one
counts. It is held against one worker; four are only reported, because there the machine's cores
are what is measured. Commits are durable on both sides: SQLite with ``synchronous=FULL``,
PostgreSQL with ``fsync`` and ``synchronous_commit`` on. They take turns.

Where a filing's time goes is told by the figures of one process without HTTP.
"""

from __future__ import annotations

import http.client
import itertools
import json
import multiprocessing
import ssl
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from sqlalchemy import Engine, Table, insert, select

from intake.office.promises import Promises
from intake.receiving.filing import checked, opened
from intake.receiving.schemas import SubmitRequest
from intake.receiving.verification import decode
from intake.records.model import AboutChild, Application, Attachment, Base, Event, Item
from intake.records.store import Store
from intake.service.services import utc_now
from tests import postgres
from tests.bench import filings
from tests.bench.figure import Figure, median, percentile
from tests.intake_desk import IntakeDesk
from tests.unit.test_filing_walks import REGISTERED, catalogues

BOUND = 1 / 0.3
ROUNDS, EACH, WARM = 3, 100, 30
LINES = 4
"""Connections that file at the same time."""
TABLES: tuple[Table, ...] = tuple(
    Base.metadata.tables[one.__tablename__]
    for one in (Application, Item, Event, Attachment, AboutChild)
)
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Where applications are sent, and as whom."""

    url: str
    certificate: Path
    key: Path
    authority: Path

    def connect(self) -> http.client.HTTPSConnection:
        """Open a connection."""
        context = ssl.create_default_context(cafile=str(self.authority))
        context.load_cert_chain(self.certificate, self.key)
        place = urlsplit(self.url)
        return http.client.HTTPSConnection(
            place.hostname or "", place.port, timeout=60, context=context
        )


def send(line: Line, bodies: list[bytes]) -> tuple[float, list[float]]:
    """File all over some connections; return seconds for all, and for each."""
    waiting, took = iter(bodies), list[float]()
    lock, at_once = threading.Lock(), threading.Barrier(LINES + 1)

    def file() -> None:
        with closing(line.connect()) as own:
            own.connect()
            at_once.wait()
            while True:
                with lock:
                    body = next(waiting, None)
                if body is None:
                    return
                began = time.perf_counter()
                own.request("POST", "/v1/applications", body, {"content-type": "application/json"})
                answer = own.getresponse()
                text = answer.read()
                took.append(time.perf_counter() - began)
                assert answer.status == 201, text

    threads = [threading.Thread(target=file) for _ in range(LINES)]
    for one in threads:
        one.start()
    at_once.wait()
    began = time.perf_counter()
    for one in threads:
        one.join()
    return time.perf_counter() - began, took


class Peer:
    """Bare INSERTs through the intake's own engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._raw: Any = engine.raw_connection()
        self._cursor = self._raw.cursor()
        self._pattern = _rows_of_the_last(engine)
        self._one = {table.name: self._statement(table, 1) for table in TABLES}
        self._all = {
            table.name: self._statement(table, len(self._pattern[table.name])) for table in TABLES
        }

    def close(self) -> None:
        """Give the connection back."""
        self._raw.close()

    def a_statement_a_row(self, rows: Rows) -> float:
        """Insert; returns seconds."""
        return self._insert([(self._one[name], [one]) for name, own in rows.items() for one in own])

    def a_statement_a_table(self, rows: Rows) -> float:
        """Insert; returns seconds."""
        return self._insert([(self._all[name], own) for name, own in rows.items()])

    def fresh(self) -> Rows:
        """Return the rows of another application, ready for the driver."""
        rows: Rows = {name: [dict(one) for one in own] for name, own in self._pattern.items()}
        (head,) = rows["application"]
        number = str(uuid.uuid4().int)[:20]
        head |= {
            "submission_id": str(uuid.uuid4()),
            "application_no": number,
            "progress_key": uuid.uuid4().hex * 2,
        }
        for place, item in enumerate(rows["item"]):
            item["no"] = f"{number}{place:02d}"
        for child in rows["about_child"]:
            child["key"] = uuid.uuid4().hex * 2
        return rows

    def _insert(self, work: list[tuple[_Statement, list[dict[str, Any]]]]) -> float:
        ready = [(statement, statement.values(rows)) for statement, rows in work]
        began = time.perf_counter()
        if self._engine.dialect.name == "sqlite":
            self._cursor.execute("BEGIN IMMEDIATE")
        own: object = None
        for statement, values in ready:
            for place in statement.owner:
                values[place] = own
            self._cursor.execute(statement.text, values)
            if statement.asks:
                own = self._cursor.fetchone()[0]
        if self._engine.dialect.name == "sqlite":
            self._cursor.execute("COMMIT")
        else:
            self._raw.commit()
        return time.perf_counter() - began

    def _statement(self, table: Table, count: int) -> _Statement:
        """Compile an INSERT of some rows; only the application's key is asked for."""
        names = [one.name for one in table.columns if one.name != "id"]
        asks = table.name == "application"
        bare = insert(table).values([dict.fromkeys(names)] * count)
        told = (bare.returning(table.c.id) if asks else bare).compile(dialect=self._engine.dialect)
        kinds = {
            name: table.c[name]
            .type.dialect_impl(self._engine.dialect)
            .bind_processor(self._engine.dialect)
            for name in names
        }
        return _Statement(text=str(told), names=names, kinds=kinds, asks=asks, count=count)


@dataclass(frozen=True, kw_only=True)
class _Statement:
    """A compiled INSERT, and what makes the driver's values of a row's."""

    text: str
    names: list[str]
    kinds: dict[str, Callable[[Any], Any] | None]
    asks: bool
    count: int
    owner: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Find where the application's key goes."""
        width = len(self.names)
        places = [n for n, name in enumerate(self.names) if name == "application_id"]
        own = [row * width + place for row in range(self.count) for place in places]
        object.__setattr__(self, "owner", own)

    def values(self, rows: list[dict[str, Any]]) -> list[Any]:
        """Return the values in the statement's order."""
        return [
            process(row[name]) if (process := self.kinds[name]) else row[name]
            for row in rows
            for name in self.names
        ]


def _rows_of_the_last(engine: Engine) -> Rows:
    """Return all rows of the application that was filed last, by table."""
    with engine.connect() as connection:
        last = connection.scalar(select(Application.id).order_by(Application.id.desc()).limit(1))
        rows: Rows = {}
        for table in TABLES:
            own = table.c.id if table.name == "application" else table.c.application_id
            found = connection.execute(select(table).where(own == last)).mappings()
            rows[table.name] = [dict(one) for one in found]
    for event in rows["event"]:
        event["item_id"] = None
    return rows


@dataclass(kw_only=True)
class Service:
    """A running intake, its database, and who sends."""

    desk: IntakeDesk
    line: Line
    engine: Engine
    took: list[float] = field(default_factory=list)

    def file(self, sender: Any, bodies: list[bytes]) -> float:
        """File; returns seconds an application."""
        seconds, took = sender.apply(send, (self.line, bodies))
        self.took += took
        return float(seconds / len(bodies))

    def memory(self) -> float:
        """Return the megabytes that the service holds for itself, all its processes."""
        assert self.desk.process is not None
        root = psutil.Process(self.desk.process.pid)
        held = (one.memory_full_info().uss for one in (root, *root.children(recursive=True)))
        return float(sum(held) / 1e6)


@contextmanager
def service(state: Path, url: str, workers: int) -> Iterator[Service]:
    """Run an intake whose terminal may send as fast as it can."""
    options = ("--terminal-rate", "0", "--workers", str(workers))
    desk = IntakeDesk(state=state, database=url, options=options)
    with desk, closing(Store(desk.database or f"sqlite:///{state}/intake.db")) as store:
        filings.register(state / "intake" / "terminals.json")
        certificate, key = desk.other_terminal(filings.TERMINAL)
        filings.hand_in_materials(store.engine)
        line = Line(
            url=desk.api_url, certificate=certificate, key=key, authority=desk.keys / "ca.crt"
        )
        yield Service(desk=desk, line=line, engine=store.engine)


def filing(name: str, state: Path, url: str, *, workers: int, sender: Any) -> Figure:
    """The whole service beside the peer."""
    with service(state, url, workers) as own:
        own.file(sender, filings.bodies(WARM))
        own.took.clear()
        with closing(Peer(own.engine)) as peer:
            ways = (peer.a_statement_a_row, peer.a_statement_a_table)
            ours: list[float] = []
            bare: tuple[list[float], ...] = ([], [])
            for _ in range(ROUNDS):
                ours.append(own.file(sender, filings.bodies(EACH)))
                for way, taken in zip(ways, bare, strict=True):
                    rows = [peer.fresh() for _ in range(EACH + WARM)]
                    taken.append(statistics.fmean([way(one) for one in rows][WARM:]))
        rows_, tables = map(median, bare)
        best, taken_ = min(rows_, tables), median(ours)
        return Figure(
            name=name,
            value=taken_ / best,
            limit=BOUND if workers == 1 else None,
            measured=f"{1 / taken_:,.0f}/s",
            peer=f"bare INSERTs {1 / best:,.0f}/s",
            note=(
                f"{best / taken_:.2f} of bare; an answer takes {median(own.took) * 1000:.1f} ms, "
                f"p99 {percentile(own.took, 0.99) * 1000:.1f} ms over {LINES} lines, "
                f"{own.memory():.0f} MB; a statement a row {1 / rows_:,.0f}/s, "
                f"a table {1 / tables:,.0f}/s"
            ),
        )


def steps(name: str, url: str) -> Figure:
    """One filing after the other in this process, without HTTP: what each step costs."""
    with closing(Store(url, rules=Promises(catalogues()))) as store:
        with store.engine.connect() as connection:
            here = connection.scalar(select(Application.id).limit(1)) is not None
        if not here:
            filings.hand_in_materials(store.engine)
        spent: dict[str, list[float]] = {}
        for body in filings.bodies(WARM + EACH):
            for step, seconds in _stepped(store, body):
                spent.setdefault(step, []).append(seconds)
    taken = {step: median(all_[WARM:]) * 1000 for step, all_ in spent.items()}
    return Figure(
        name=name,
        value=sum(taken.values()),
        unit="ms",
        note=", ".join(f"{step} {ms:.2f}" for step, ms in taken.items()),
    )


def _stepped(store: Store, body: bytes) -> Iterator[tuple[str, float]]:
    clock = itertools.pairwise(iter(time.perf_counter, None))
    next(clock)

    def lap() -> float:
        before, now = next(clock)
        return now - before

    request = SubmitRequest.model_validate(json.loads(body))
    data = decode(request.envelope, "envelope")
    yield "request", lap()
    signed = opened(REGISTERED, data, request.signature)
    yield "signature and envelope", lap()
    store.filed_before(signed.envelope.application.submission_id, signed.digest)
    yield "filed before?", lap()
    made = checked(signed, catalogues())
    yield "catalogue, form, evidence", lap()
    store.file(made, utc_now())
    yield "rows and commit", lap()


def measure() -> list[Figure]:
    """Measure on SQLite, and on PostgreSQL where there is one."""
    figures = []
    spawning = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="intake-")))
        sender = stack.enter_context(spawning.Pool(1))
        figures.append(steps("a filing without HTTP, SQLite", f"sqlite:///{root}/steps.db"))
        figures.append(filing("filing, SQLite", root / "s", "", workers=1, sender=sender))
        for workers in (1, 4) if postgres.there() else ():
            url = stack.enter_context(postgres.postgres_server(durable=True))
            name = f"filing, PostgreSQL, {workers} worker{'s' if workers > 1 else ''}"
            place = root / f"p{workers}"
            figures.append(filing(name, place, url, workers=workers, sender=sender))
            if workers == 1:
                figures.append(steps("a filing without HTTP, PostgreSQL", url))
    return figures


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
