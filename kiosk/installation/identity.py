"""An installed terminal's identity: enrolling it, and giving each unit its share of it."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kiosk.crypto.keyring import private_path, read_private
from kiosk.crypto.provision import EVIDENCE_FILE, write_private
from kiosk.enrolment import Step, Wish, enrol
from kiosk.installation.errors import SetupError
from kiosk.settings import Settings, SettingsError, load

AGENT = "kiosk-agent"
Say = Callable[[str, Mapping[str, str]], None]


def state_below(root: Path) -> Path:
    """Return the agent's state directory of a machine."""
    return root / "var" / "lib" / "yiduan" / "agent"


def take_identity(wish: Wish, root: Path, say: Say, *, state: Path | None = None) -> None:
    """Enrol as the settings say, and give the device host its key.

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
    try:
        granted = enrol(wish, place, lambda step, values: say(step.value, values))
    finally:
        own(place)
    give_evidence_key(place, root)
    days = (granted.ends - datetime.now(UTC)).days
    told = {"terminal": granted.terminal, "jurisdiction": granted.jurisdiction, "days": str(days)}
    say(Step.DONE.value, told)


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


def give_evidence_key(state: Path, root: Path) -> None:
    """Let the device host sign readings with the key that the centre knows."""
    place = root / "etc" / "yiduan" / "credentials"
    if place.is_dir():
        write_private(
            place / EVIDENCE_FILE, read_private(private_path(state / "keys", EVIDENCE_FILE))
        )


def own(state: Path) -> None:
    """Make the agent's user the owner of its state, where there is such a user and we are root."""
    try:
        user = pwd.getpwnam(AGENT)
    except KeyError:
        return
    if os.geteuid() != 0:
        return
    for path in (state, *state.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)


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
