"""The centre of the demonstration: files of the desk, mandate, accounts, first releases."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from fleet.demo.places import Places
from fleet.keys import holders
from fleet.keys.ceremony import Places as KeyPlaces
from fleet.keys.ceremony import initiate
from fleet.orders import mandate
from fleet.people import Role
from fleet.people.signing_in import add
from fleet.release import building, publishing, signing
from fleet.release.repository import Repository
from kiosk.crypto.certificates import Authority, Issued
from kiosk.crypto.provision import write_private
from kiosk.settings import config_root
from kiosk.status import topics
from kiosk.status.rings import RINGS, group_of

PERSON: Final = "demo"
"""Whose throw-away keys sign releases."""
FIRST: Final = "2026.11.3"
NEXT: Final = "2026.11.4"
_CHEAP: Final = 4096
"""Cost (of scrypt) of opening keys that protect nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Somebody who may sign in to the demonstration."""

    work_no: str
    role: Role
    password: str
    second_factor: str


def make_desk(places: Places) -> None:
    """Make the authority, a server certificate for broker and desk, and the console's own.

    Raises:
        subprocess.CalledProcessError: the intake's command failed.
        OSError: a file can't be written.
    """
    words = [sys.executable, "-m", "intake", "enrol", "init", str(places.desk)]
    subprocess.run([*words, "--host", "localhost"], check=True, stdout=subprocess.DEVNULL)
    for recovery in places.desk.glob("recovery-*.pem"):
        recovery.unlink()  # nothing here is ever to be recovered
    places.console.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (places.console / "bus.crt").exists():
        key = (places.desk / "ca.pem").read_bytes()
        authority = Authority.load(
            Issued(certificate=(places.desk / "ca.crt").read_bytes(), key=key)
        )
        own = authority.client(topics.CENTRE)
        write_private(places.console / "bus.pem", own.key)
        write_private(places.console / "bus.crt", own.certificate)


def make_mandate(places: Places, *, bus_port: int, release_url: str) -> None:
    """Write what terminals are given with their enrolment.

    Raises:
        FleetError: a key or an address can't be used.
        OSError: a file can't be written.
    """
    root = Repository(places.releases / "repository").root().to_bytes().decode()
    mandate.write(
        places.console,
        {
            "bus_host": "localhost",
            "bus_port": bus_port,
            "release_url": release_url,
            "release_root": root,
        },
    )


def make_accounts(engine: Engine, places: Places) -> tuple[Account, ...]:
    """Let two persons sign in, the same at every start: one who does, one who approves."""
    if places.accounts.exists():
        told = json.loads(places.accounts.read_bytes())
        return tuple(Account(**{**one, "role": Role(one["role"])}) for one in told)
    made = []
    for work_no, role in (("0021", Role.RELEASER), ("0035", Role.APPROVER)):
        password = secrets.token_urlsafe(9)
        secret = add(engine, work_no, role, password, must_change=False)
        made.append(Account(work_no=work_no, role=role, password=password, second_factor=secret))
    write_private(places.accounts, json.dumps([asdict(one) for one in made]).encode())
    return tuple(made)


def make_releases(places: Places) -> None:
    """Publish a first release to every ring, and have a second one signed and waiting.

    The terminal's check is left out here: it is the configuration that ships, and the check takes
    a minute (`kiosk-fleet release check`).

    Raises:
        FleetError: a step is refused.
        OSError: a file can't be written.
    """
    own = places.releases
    repository = Repository(own / "repository")
    online = KeyPlaces(personal=own / "sticks", online=own / "online")
    if repository.exists:
        if not repository.staged():
            publishing.publish(repository, holders.online(online.online), _unchecked)
        return
    passphrase = secrets.token_urlsafe(16)
    initiate(repository, online, {PERSON: passphrase}, 1, cost=_CHEAP)
    holder = holders.opened(online.personal, PERSON, passphrase)
    _stage(repository, config_root(), FIRST, holder)
    publishing.publish(repository, holders.online(online.online), _unchecked)
    sources = own / "sources"
    shutil.copytree(config_root(), sources, dirs_exist_ok=True)
    defaults = sources / "defaults.yaml"
    text = defaults.read_text(encoding="utf-8")
    defaults.write_text(text.replace("warning: 20", "warning: 30", 1), encoding="utf-8")
    _stage(repository, sources, NEXT, holder)


def _stage(repository: Repository, sources: Path, name: str, holder: holders.Holder) -> None:
    for ring in range(RINGS):
        building.build(repository, sources, group_of("", ring), name=name)
    signing.sign(repository, holder)


def _unchecked(pack: Path) -> None:
    del pack
