"""A private PostgreSQL cluster for tests, run by an unprivileged user.

PostgreSQL refuses to run as root, so root starts it as the system user ``yiduan-test`` (made on
first need). The cluster lives in a temporary directory, listens on a loopback port with a password,
and goes with the test session. Import the fixture ``postgres_url`` where it is needed.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kiosk.desk.part import free_port
from tests.waiting import PATIENCE_S, until

USER = "yiduan-test"
BINARIES = next(
    (path for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None
)


def unprivileged() -> pwd.struct_passwd:
    """Return the user that may run what root may not: ourselves, or ``yiduan-test``."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER],
            check=True,
        )
        return pwd.getpwnam(USER)


def as_user(user: pwd.struct_passwd) -> dict[str, object]:
    """Return the arguments that make ``subprocess`` run as this user."""
    if os.getuid() != 0:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(user: pwd.struct_passwd, command: Sequence[object]) -> None:
    subprocess.run(
        [str(word) for word in command],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **as_user(user),  # type: ignore[call-overload]
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of an empty database on a private PostgreSQL server."""
    if not there():
        pytest.skip("PostgreSQL: no server binaries under /usr/lib/postgresql")
    with postgres_server() as url:
        yield url


def there() -> bool:
    """Say whether this machine has a PostgreSQL server."""
    return BINARIES is not None and (BINARIES / "initdb").exists()


@contextlib.contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """Run a private server; offers the SQLAlchemy URL of its empty database.

    It flushes nothing to the disk unless it has to be ``durable``, as a real one is.
    """
    assert BINARIES is not None
    user, port, password = unprivileged(), free_port(), secrets.token_hex(16)
    place = Path(tempfile.mkdtemp(prefix="yiduan-pg-"))
    word = place / "password"
    word.write_text(password)
    for path in (place, word):
        os.chown(path, user.pw_uid, user.pw_gid)
    data = place / "data"
    initdb = (BINARIES / "initdb", "-D", data, "-U", "yiduan", "-A", "scram-sha-256")
    _run(user, [*initdb, "--pwfile", word, "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8"])
    command = (BINARIES / "postgres", "-D", data, "-p", port, "-h", "127.0.0.1")
    options: tuple[str, ...] = ("-c", f"unix_socket_directories={place}")
    options += ("-c", "max_connections=60")
    options += () if durable else ("-F",)
    with (place / "log").open("ab") as log:
        server = subprocess.Popen(
            [str(word) for word in (*command, *options)],
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd="/",
            **as_user(user),  # type: ignore[call-overload]
        )
    try:
        ready = [str(BINARIES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        until(lambda: subprocess.run(ready, check=False).returncode == 0)
        yield f"postgresql+pg8000://yiduan:{password}@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_S)
        shutil.rmtree(place, ignore_errors=True)
