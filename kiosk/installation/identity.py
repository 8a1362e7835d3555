"""An installed terminal's identity: enrolling it, and giving each unit its share of it."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kiosk.crypto.keyring import private_path, read_private
from kiosk.crypto.ownership import as_owner
from kiosk.crypto.provision import EVIDENCE_FILE, write_private
from kiosk.enrolment import Placed, Step, Wish, enrol, held
from kiosk.installation.errors import SetupError
from kiosk.release import durable
from kiosk.settings import Settings, SettingsError, load
from kiosk.status.mandate import ROOT_FILE

AGENT = "kiosk-agent"
Say = Callable[[str, Mapping[str, str]], None]


def state_below(root: Path) -> Path:
    """Return the agent's state directory of a machine."""
    return root / "var" / "lib" / "yiduan" / "agent"


def take_identity(wish: Wish, root: Path, say: Say, *, state: Path | None = None) -> None:
    """Enrol as the settings say; give the device host its key, and root what it trusts.

    Args:
        wish: what is asked for; what it leaves open is taken from the terminal's settings.
        root: where ``etc`` and ``var`` are.
        say: told each step.
        state: the agent's directory, where it is not below ``root``.

    Raises:
        SetupError: the wish is not what the settings say, or no address is given.
        EnrolmentError: see `kiosk.enrolment.enrol`.
        CryptoError: a key can't be used.
        OSError: a file can't be written.
    """
    place = state or state_below(root)
    wish = _as_set_up(wish, settings_below(root))
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with as_agent(place):
        granted = enrol(wish, place, lambda step, values: say(step.value, values))
        evidence = read_private(private_path(place / "keys", EVIDENCE_FILE))
        placed = held(place / "keys")
    _give_evidence_key(evidence, root)
    _give_release_root(placed, root, anew=wish.replaces)
    days = (granted.ends - datetime.now(UTC)).days
    told = {"terminal": granted.terminal, "jurisdiction": granted.jurisdiction, "days": str(days)}
    say(Step.DONE.value, told)
    _say_who_administers(placed, say)


def _say_who_administers(placed: Placed, say: Say) -> None:
    mandate = placed.mandate
    if mandate is None:
        say(Step.NOT_ADMINISTERED.value, {})
        return
    told = {
        "bus": f"{mandate.bus_host}:{mandate.bus_port}" if mandate.bus_host else "–",
        "group": placed.group or "–",
        "releases": (mandate.release_url or "USB") if mandate.release_root else "–",
        "keys": ", ".join(mandate.command_keys) or "–",
    }
    say(Step.PLACED.value, told)


def settings_below(root: Path) -> Settings | None:
    """Return an installed terminal's settings; None when it has not been set up.

    Raises:
        SetupError: they can't be used.
    """
    layer = root / "etc" / "yiduan" / "terminal.yaml"
    if not layer.exists():
        return None
    try:
        return load((layer,))
    except SettingsError as error:
        raise SetupError(str(error)) from error


@contextmanager
def as_agent(state: Path) -> Iterator[None]:
    """Do what is done in the agent's state as the user whose it is, where we are root.

    What root left there as its own is made that user's before. A state that is not there is
    nobody's.

    Raises:
        OSError: the system does not let us.
    """
    if not state.is_dir():
        yield
        return
    _own(state)
    with as_owner(state):
        yield


def _own(state: Path) -> None:
    """Make whose the state is, of a new one the agent's user, the owner of all that is in it.

    Links are not followed, and a file with a second name is left: it may be root's elsewhere. A
    directory can't be one, since nobody moves another's directory.
    """
    uid, gid = _whose(state)
    if os.geteuid() != 0 or uid == 0:
        return
    for _, _, files, folder in os.fwalk(state):
        for name in files:
            _give(name, folder, uid, gid)
        os.fchown(folder, uid, gid)


def _whose(state: Path) -> tuple[int, int]:
    found = state.stat()
    if found.st_uid != 0:
        return found.st_uid, found.st_gid
    try:
        user = pwd.getpwnam(AGENT)
    except KeyError:
        return found.st_uid, found.st_gid
    return user.pw_uid, user.pw_gid


def _give(name: str, folder: int, uid: int, gid: int) -> None:
    """Give a file away by its descriptor, so that it is the one that was looked at."""
    try:
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:  # a link, a socket, or gone
        return
    try:
        found = os.fstat(file)
        if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
            os.fchown(file, uid, gid)
    finally:
        os.close(file)


def _give_evidence_key(key: bytes, root: Path) -> None:
    """Let the device host sign readings with the key that the centre knows."""
    place = root / "etc" / "yiduan" / "credentials"
    if place.is_dir():
        write_private(place / EVIDENCE_FILE, key)


def _give_release_root(placed: Placed, root: Path, *, anew: bool) -> None:
    """Let root verify releases by a document of its own: the agent's user may change the other.

    Everybody may read it, since the unit that updates is the agent's. One that somebody put there
    stays, unless this machine is enrolled anew: the former centre's would believe nobody now.
    """
    place = root / "etc" / "yiduan"
    target = place / ROOT_FILE
    document = placed.mandate.release_root if placed.mandate else ""
    if not document or not place.is_dir() or (target.exists() and not anew):
        return
    beside = place / f".{ROOT_FILE}.part"
    durable.write(beside, document.encode())
    beside.chmod(0o644)
    beside.replace(target)
    durable.flush(place)


def _as_set_up(wish: Wish, settings: Settings | None) -> Wish:
    if settings is None:
        return _with_address(wish)
    terminal, place = settings.terminal.id, settings.jurisdiction
    if (wish.terminal or terminal, wish.jurisdiction or place) != (terminal, place):
        raise SetupError(f"the settings say terminal {terminal} in {place}: kiosk setup changes it")
    url = wish.url or settings.intake.enrol_url or ""
    return _with_address(replace(wish, url=url, terminal=terminal, jurisdiction=place))


def _with_address(wish: Wish) -> Wish:
    if not wish.url.startswith("https://"):
        raise SetupError("give the https:// address of the centre's desk, or intake.enrol_url")
    return wish
