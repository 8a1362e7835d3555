"""A fleet's repository as its persons make it, with a small configuration."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner

from fleet.keys import ceremony, holders
from fleet.keys.ceremony import Places
from fleet.keys.holders import Holder
from fleet.release import building, publishing, signing
from fleet.release.repository import Repository, today

PERSONS = {name: f"a passphrase of {name}" for name in ("zhang", "li", "wang")}
CHEAP = 2**4
"""Cost of opening a key here."""
GROUP = "canary"


def passes(_pack: Path) -> None:
    """Take every release: what is tested is who signed it."""


@dataclass(slots=True)
class Fleet:
    """Three persons, two of whom have to sign, and their repository below ``place``."""

    place: Path
    late: timedelta = timedelta()
    """How far this world's clock is off the machine's."""
    number: int = 0
    holders: dict[str, Holder] = field(default_factory=dict)
    online_name: str = "online"

    def begin(self) -> Fleet:
        """Make keys and the empty repository."""
        ceremony.initiate(self.repository, self.places, PERSONS, 2, cost=CHEAP, now=self.now)
        return self.open()

    def open(self) -> Fleet:
        """Let everybody open their keys."""
        for name, secret in PERSONS.items():
            self.holders[name] = holders.opened(self.places.personal, name, secret)
        return self

    @property
    def repository(self) -> Repository:
        """The repository."""
        return Repository(self.place / "repository")

    @property
    def places(self) -> Places:
        """Where keys are."""
        return Places(personal=self.place / "keys", online=self.place / self.online_name)

    @property
    def online(self) -> Mapping[str, CryptoSigner]:
        """The publishing machine's keys."""
        return holders.online(self.places.online)

    @property
    def now(self) -> datetime:
        """The time in this world."""
        return today() + self.late

    @property
    def root(self) -> bytes:
        """What a terminal is installed with."""
        return (self.repository.public / "metadata" / "1.root.json").read_bytes()

    def replace_online(self) -> Path:
        """Replace the publishing machine's keys after a theft; returns what is served."""
        self.online_name += "-next"
        ceremony.rotate_online(self.repository, self.places, now=self.now)
        self.sign("li", "wang")
        return self.publish()

    def rotate(self, person: str) -> Path:
        """Give a person new keys; the others sign."""
        places, secret = self.places, PERSONS[person]
        ceremony.rotate(self.repository, places, person, secret, cost=CHEAP, now=self.now)
        self.open()
        self.sign("zhang", "li")
        return self.publish()

    def revoke(self, person: str) -> Path:
        """Let a person's keys count no more; those that stay sign."""
        ceremony.revoke(self.repository, person, now=self.now)
        self.sign(*(name for name in PERSONS if name != person))
        return self.publish()

    def build(self, phone: str, *, group: str = GROUP, name: str = "") -> str:
        """Stage a release whose help has a phone; returns its name."""
        self.number += 1
        sources = configuration(self.place / "sources", phone)
        name = name or f"release-{self.number}"
        building.build(self.repository, sources, group, name=name, now=self.now)
        return name

    def sign(self, *persons: str) -> None:
        """Let persons sign what is staged."""
        for name in persons:
            signing.sign(self.repository, self.holders[name])

    def publish(self) -> Path:
        """Publish what is staged; returns the directory that is served."""
        publishing.publish(self.repository, self.online, passes, now=self.now)
        return self.repository.public.resolve()

    def release(self, phone: str, *, group: str = GROUP) -> Path:
        """Build, sign and publish; returns the directory that is served."""
        self.build(phone, group=group)
        self.sign("zhang", "li")
        return self.publish()


def configuration(folder: Path, phone: str) -> Path:
    """Write a small configuration directory."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "sites").mkdir(parents=True)
    (folder / "defaults.yaml").write_text(f"help:\n  phone: '{phone}'\n")
    (folder / "sites" / "hall.yaml").write_text("terminal:\n  site_name: 大厅\n")
    return folder
