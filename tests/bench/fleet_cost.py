"""What an update costs a terminal's processor, beside a bare download of the same bytes.

One after the other in one process, by its own CPU time: a figure that a busy machine blurs least.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Final

import urllib3

from kiosk.crypto.certificates import Authority
from kiosk.release import durable
from tests.bench import fleet_web
from tests.bench.figure import Figure, median
from tests.bench.fleet_rounds import publish
from tests.releases.conftest import MEMORY, Terminal
from tests.releases.repositories import GROUP, Fleet

TERMINALS: Final = 60


def measure() -> list[Figure]:
    """Bring a release to terminals, and the same file to bare clients."""
    with tempfile.TemporaryDirectory(dir=str(MEMORY) if MEMORY.is_dir() else None) as directory:
        place = Path(directory)
        fleet = Fleet(place / "fleet").begin()
        publish(fleet, place, "release-1")
        authority = Authority.create("web")
        server = authority.server("web")
        for name, data in (
            ("ca.crt", authority.issued.certificate),
            ("web.crt", server.certificate),
            ("web.pem", server.key),
        ):
            (place / name).write_bytes(data)
        os.environ["SSL_CERT_FILE"] = str(place / "ca.crt")
        files = place / "web.crt", place / "web.pem"
        with fleet_web.nginx(fleet.repository.public, place, *files) as web:
            terminals = [Terminal(place / str(one), fleet.root) for one in range(TERMINALS)]
            for own in terminals:
                own.update(web.https)
            publish(fleet, place, "release-2")
            pack = fleet.repository.pack(GROUP)
            file = f"{web.https}targets/{GROUP}/{pack.name}"
            bare, ours = [], []
            for own in terminals:
                bare.append(_download(file, place / "download"))
                ours.append(_update(own, web.https))
    return [
        Figure(
            name="CPU of an update, against that of a bare download of the same file",
            value=median(ours) / median(bare),
            measured=f"{median(ours):.1f} ms",
            peer=f"{median(bare):.1f} ms",
            note="the terminal's alone, without nginx; each with a TLS connection of its own",
        )
    ]


def _update(terminal: Terminal, url: str) -> float:
    """Return the milliseconds of CPU."""
    began = time.process_time()
    terminal.update(url)
    took = (time.process_time() - began) * 1000
    if terminal.course.offer is None or terminal.course.offer.name != "release-2":
        raise RuntimeError("the release did not come into force")
    return took


def _download(url: str, into: Path) -> float:
    """Return the milliseconds of CPU."""
    began = time.process_time()
    with urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10, 20)) as pool:
        answer = pool.request("GET", url, headers={"User-Agent": "yiduan"})
        durable.write(into, answer.data)
    return (time.process_time() - began) * 1000
