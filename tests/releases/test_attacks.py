"""Every attack that TUF is there for, with real files over a real line: refused, and told apart.

Whatever is tried, the release in force stays in force, and the terminal takes the next good one.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone, tzinfo
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Targets
from tuf.ngclient._internal import trusted_metadata_set

from fleet.errors import KeyRefused, NotSigned
from fleet.release.publishing import snapshot_of, timestamp_of
from fleet.release.repository import expiry
from kiosk.release.errors import Stale, Unreachable, Untrusted
from tests.releases.conftest import Terminal
from tests.releases.repositories import GROUP, Fleet
from tests.releases.web import Web


@pytest.fixture
def copied(fleet: Fleet, terminal: Terminal, web: Web, place: Path) -> Iterator[Path]:
    """The second release as an attacker has it who may write the server's files.

    In the end the server is the fleet's again, and the terminal takes what it offers.
    """
    there = place / "attacker"
    shutil.copytree(fleet.release("2"), there)
    web.public = there
    yield there
    assert terminal.phone == "1"
    web.public = fleet.repository.public
    web.instead.clear()
    if stolen(there, fleet):
        fleet.replace_online()
    terminal.update(web.url)
    assert terminal.phone == "2"


def stolen(there: Path, fleet: Fleet) -> bool:
    """Whether the thief has counted on: what is taken then is for new keys to say."""
    timestamp = Metadata.from_file(str(there / "metadata" / "timestamp.json")).signed
    return bool(timestamp.version > fleet.repository.timestamp().signed.version)


@contextmanager
def refused(kind: type[Exception] = Untrusted) -> Iterator[None]:
    """The update is refused, for the reason that is named."""
    with pytest.raises(kind):
        yield


def online(there: Path, fleet: Fleet, **versions: int) -> None:
    """Sign snapshot and timestamp with stolen keys: of versions the thief chooses."""
    known = fleet.repository.snapshot().signed
    meta = {name: MetaFile(version=own.version) for name, own in known.meta.items()}
    meta |= {f"{role}.json": MetaFile(version=version) for role, version in versions.items()}
    snapshot = snapshot_of(meta, known.version + 5, fleet.online, fleet.now)
    version = fleet.repository.timestamp().signed.version + 5
    timestamp = timestamp_of(snapshot, version, fleet.online, fleet.now)
    (there / "metadata" / f"{snapshot.signed.version}.snapshot.json").write_bytes(
        snapshot.to_bytes()
    )
    (there / "metadata" / "timestamp.json").write_bytes(timestamp.to_bytes())


def test_rollback(fleet: Fleet, terminal: Terminal, web: Web, place: Path) -> None:
    """An older publication is never taken again."""
    old = place / "old"
    shutil.copytree(fleet.repository.public.resolve(), old)
    fleet.release("2")
    terminal.update(web.url)
    web.public = old
    with refused():
        terminal.update(web.url)
    assert terminal.phone == "2"


def test_rollback_after_a_power_cut_took_the_documents(
    fleet: Fleet, terminal: Terminal, web: Web, place: Path
) -> None:
    """What was seen is remembered even where the client's own documents are empty."""
    old = place / "old"
    shutil.copytree(fleet.repository.public.resolve(), old)
    fleet.release("2")
    terminal.update(web.url)
    for document in (terminal.folder / "metadata").glob("*.json"):
        document.write_bytes(b"")
    web.public = old
    with refused():
        terminal.update(web.url)
    web.public = fleet.repository.public
    terminal.update(web.url)
    assert terminal.phone == "2"


def test_freeze(fleet: Fleet, terminal: Terminal, web: Web) -> None:
    """Who serves the same for ever is found out when it expires; the terminal runs on."""
    fleet.late = timedelta(days=-8)
    fleet.release("2")
    with refused(Stale):
        terminal.update(web.url)
    assert terminal.phone == "1"
    fleet.late = timedelta()
    fleet.publish()
    terminal.update(web.url)
    assert terminal.phone == "2"


def test_freeze_by_saying_that_nothing_changed(
    terminal: Terminal, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that says 304 for ever holds nobody longer than the timestamp is good."""

    def unchanged(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 304 -\r\n\r\n")

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(time.time() + 8 * 24 * 3600, tz)

    web.instead["timestamp.json"] = unchanged
    terminal.update(web.url)
    monkeypatch.setattr(
        trusted_metadata_set, "datetime", SimpleNamespace(datetime=Later, timezone=timezone)
    )
    with refused(Stale):
        terminal.update(web.url)
    assert terminal.phone == "1"


@pytest.mark.usefixtures("copied")
def test_mix_and_match_of_documents(terminal: Terminal, web: Web, copied: Path) -> None:
    """The group's older document under the newer one's name."""
    shutil.copy(copied / "metadata" / f"1.{GROUP}.json", copied / "metadata" / f"2.{GROUP}.json")
    with refused():
        terminal.update(web.url)


def test_mix_and_match_of_packs(terminal: Terminal, web: Web, copied: Path) -> None:
    """The older pack under the newer one's name."""
    old, new = sorted((copied / "targets" / GROUP).iterdir(), key=lambda own: own.stat().st_mtime)
    shutil.copy(old, new)
    with refused():
        terminal.update(web.url)


def test_another_groups_release(fleet: Fleet, terminal: Terminal, web: Web, copied: Path) -> None:
    """A document of another group is signed, and not for this one."""
    fleet.release("3", group="stable")
    shutil.copytree(fleet.repository.public.resolve(), copied, dirs_exist_ok=True)
    shutil.copy(copied / "metadata" / "1.stable.json", copied / "metadata" / f"9.{GROUP}.json")
    online(copied, fleet, **{GROUP: 9})
    with refused():
        terminal.update(web.url)


def test_changed_bytes(terminal: Terminal, web: Web, copied: Path) -> None:
    """One byte of a pack."""
    for pack in (copied / "targets" / GROUP).iterdir():
        data = bytearray(pack.read_bytes())
        data[len(data) // 2] ^= 1
        pack.write_bytes(data)
    with refused():
        terminal.update(web.url)


class Endless:
    """An answer that does not end; counts what was taken."""

    def __init__(self, piece: bytes, pause: float = 0.0) -> None:
        self.taken = 0
        self._piece, self._pause = piece, pause

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        """Write until nobody listens."""
        handler.wfile.write(b"HTTP/1.1 200 -\r\nContent-Length: 99999999999\r\n\r\n")
        handler.close_connection = True
        try:
            while self.taken < 2**28:
                handler.wfile.write(self._piece)
                self.taken += len(self._piece)
                time.sleep(self._pause)
        except OSError:
            return


@pytest.mark.parametrize("name", ["timestamp.json", "3.snapshot.json", "2.canary.json", ".tar.zst"])
@pytest.mark.usefixtures("copied")
def test_endless_data(terminal: Terminal, web: Web, name: str) -> None:
    """It is cut where the file has to end; the line's own buffers are all that comes more."""
    web.instead[name] = endless = Endless(b"{" * 65536)
    with refused():
        terminal.update(web.url)
    assert endless.taken < 8 * 2**20


@pytest.mark.usefixtures("copied")
def test_data_that_trickles(terminal: Terminal, web: Web) -> None:
    """A byte now and then keeps nobody longer than a file may take."""
    web.instead["timestamp.json"] = Endless(b"{", 0.05)
    terminal.longest_s = 0.4
    began = time.monotonic()
    with refused(Unreachable):
        terminal.update(web.url)
    assert time.monotonic() - began < 5
    terminal.longest_s = 5.0


def test_stolen_publishing_keys_go_back(
    fleet: Fleet, terminal: Terminal, web: Web, place: Path
) -> None:
    """Who has them cannot name a version that is older than was seen."""
    there = place / "attacker"
    shutil.copytree(fleet.release("2"), there)
    terminal.update(web.url)
    online(there, fleet, targets=2, canary=1)
    web.public = there
    with refused():
        terminal.update(web.url)
    web.public = fleet.repository.public
    fleet.release("3")
    fleet.replace_online()
    terminal.update(web.url)
    assert terminal.phone == "3"


def test_stolen_publishing_keys_sign_a_release(
    fleet: Fleet, terminal: Terminal, web: Web, copied: Path
) -> None:
    """Nor sign a document of a group."""
    document = fleet.repository.targets(GROUP)
    document.signed.version = 9
    document.signatures.clear()
    for own in fleet.online.values():
        document.sign(own, append=True)
    lay(copied, GROUP, document)
    online(copied, fleet, canary=9)
    with refused():
        terminal.update(web.url)


def lay(there: Path, role: str, document: Metadata[Any]) -> None:
    """Put a document among those that are served."""
    name = f"{document.signed.version}.{role}.json"
    (there / "metadata" / name).write_bytes(document.to_bytes())


def test_threshold_missing(fleet: Fleet, terminal: Terminal, web: Web, copied: Path) -> None:
    """One of two signatures, and twice the same person, are too few."""
    document = fleet.repository.targets(GROUP)
    document.signed.version = 9
    document.signatures.clear()
    for _ in range(2):
        for own in fleet.holders["zhang"].signers:
            document.sign(own, append=True)
    lay(copied, GROUP, document)
    online(copied, fleet, canary=9)
    with refused():
        terminal.update(web.url)


def strangers(fleet: Fleet) -> dict[str, Callable[[], Metadata[Any]]]:
    """What a stranger makes with keys of their own."""
    keys = [CryptoSigner.generate_ed25519() for _ in range(2)]

    def signed(document: Metadata[Any]) -> Metadata[Any]:
        document.signatures.clear()
        for own in keys:
            document.sign(own, append=True)
        return document

    def root() -> Metadata[Root]:
        document = fleet.repository.root()
        document.signed.version = 2
        for role in ("root", "targets"):
            for own in keys:
                document.signed.add_key(own.public_key, role)
        return signed(document)

    def group() -> Metadata[Targets]:
        document = fleet.repository.targets(GROUP)
        document.signed.version = 9
        return signed(document)

    def targets() -> Metadata[Targets]:
        document = fleet.repository.targets()
        document.signed.version = 9
        for own in keys:
            document.signed.add_key(own.public_key, GROUP)
        return signed(document)

    return {"root": root, "targets": targets, GROUP: group}


@pytest.mark.parametrize("role", ["root", "targets", GROUP])
def test_a_foreign_key(fleet: Fleet, terminal: Terminal, web: Web, copied: Path, role: str) -> None:
    """Of a document that a stranger signed nothing is taken, whatever keys it names."""
    document = strangers(fleet)[role]()
    lay(copied, role, document)
    if role != "root":
        online(copied, fleet, **{role: 9})
    with refused():
        terminal.update(web.url)


def test_too_few_signatures_are_not_published(fleet: Fleet) -> None:
    """The admin's own side holds the threshold, and says who is missing."""
    fleet.build("2")
    fleet.sign("wang")
    before = fleet.repository.public.resolve()
    with pytest.raises(NotSigned, match="canary 2: signed by wang; 1 more needed"):
        fleet.publish()
    assert fleet.repository.public.resolve() == before


def test_keys_that_count_no_more_are_not_published_with(fleet: Fleet) -> None:
    """After a theft somebody takes the old stick: no terminal would believe what it signs."""
    old = fleet.online_name
    fleet.replace_online()
    fleet.online_name = old
    before = fleet.repository.public.resolve()
    with pytest.raises(KeyRefused, match="not the one that counts"):
        fleet.publish()
    assert fleet.repository.public.resolve() == before


@pytest.mark.parametrize("years", [-5, 5])
def test_a_clock_years_off(
    fleet: Fleet, terminal: Terminal, web: Web, place: Path, years: int
) -> None:
    """Fast: updating stops and running does not. Slow: updates come, and never an older one."""
    del fleet
    off = timedelta(days=365 * years)
    other = Fleet(place / "other", late=-off).begin()  # to this world our clock is off by that
    web.public = other.repository.public
    own = Terminal(place / "own", other.root)
    other.release("7")
    if years > 0:
        with refused(Stale):
            own.update(web.url)
        assert own.phone == ""
        return
    first = shutil.copytree(other.repository.public.resolve(), place / "first")
    other.release("8")
    assert expiry("timestamp", other.now) > other.now
    own.update(web.url)
    assert own.phone == "8"
    web.public = first
    with refused():
        own.update(web.url)
    assert own.phone == "8"
    assert terminal.phone == "1"
