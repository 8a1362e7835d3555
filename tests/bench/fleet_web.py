"""The server of releases as docs/fleet.md prints it: nginx, static files, and TLS before."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.desk.part import free_port
from tests.waiting import until

DOCS = Path(__file__).parents[2] / "docs" / "fleet.md"
PRINTED = "/srv/fleet/repository/public"
"""Where the documentation's configuration says that releases lie."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """A running nginx.

    Attributes:
        https: its address.
        http: the same without TLS.
        log: one line a request: bytes that came, bytes that went.
    """

    https: str
    http: str
    log: Path

    def bytes_a_request(self) -> list[int]:
        """Return the bytes of each request and its answer, headers counted."""
        return [sum(map(int, line.split())) for line in self.log.read_text().splitlines()]


def printed(public: Path) -> str:
    """Return the documentation's configuration over a directory of releases."""
    found = re.search(r"```nginx\n(.+?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise LookupError(f"{DOCS} prints no configuration of nginx")
    return found[1].replace(PRINTED, str(public))


@contextmanager
def nginx(public: Path, place: Path, certificate: Path, key: Path) -> Iterator[Served]:
    """Serve a directory of releases; `FileNotFoundError` where no nginx is installed."""
    port, plain, log = free_port(), free_port(), place / "requests.log"
    path = place / "nginx.conf"
    path.write_text(
        f"""
user root;
worker_processes 2;
pid {place}/nginx.pid;
error_log {place}/error.log;
events {{ worker_connections 8192; }}
http {{
  types {{ application/json json; }}
  log_format bytes '$request_length $bytes_sent';
  access_log {log} bytes;
  server {{
    listen 127.0.0.1:{plain};
    listen 127.0.0.1:{port} ssl backlog=4096;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    {printed(public)}
  }}
}}
"""
    )
    command = ["nginx", "-e", f"{place}/error.log", "-c", str(path), "-g", "daemon off;"]
    process = subprocess.Popen(command)
    try:
        until(lambda: process.poll() is not None or _listens(port))
        yield Served(https=f"https://localhost:{port}/", http=f"http://127.0.0.1:{plain}/", log=log)
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
