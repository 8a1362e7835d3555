"""Writing what a new terminal needs; every file whole, secrets readable by nobody else."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kiosk.channel import Secrets
from kiosk.crypto import CryptoError, PublicKeys
from kiosk.crypto.keyring import PUBLIC_FILE
from kiosk.crypto.provision import EVIDENCE_FILE, provision
from kiosk.installation.answers import laid_over
from kiosk.installation.errors import SetupError
from kiosk.installation.identity import as_agent, state_below
from kiosk.maintenance.keeping import Keeping
from kiosk.settings import Settings, SettingsError, config_root, load

ROLES = ("session", "shell", "agent", "maintenance")
HEARS: Mapping[str, tuple[str, ...]] = {
    "shell": ("session", "shell", "agent", "maintenance"),
    "agent": ("session", "shell", "agent", "maintenance"),
    "devices": ("session", "agent", "maintenance"),
}
"""Which secrets each unit is given: those of the roles it plays and those it serves."""
_DEVICES = """\
# 每台设备接在哪里。kiosk-devices doctor 看现在插着什么，每个设备的手册在 docs/devices/。
devices: {}
"""
_SYSTEM: Mapping[str, object] = {
    "maintenance": {
        "restart": ["systemctl", "reboot"],
        "shut_down": ["systemctl", "poweroff"],
        "clock": ["systemctl", "start", "kiosk-clock@{}.service"],
        "training": ["systemctl", "start", "--wait", "kiosk-training.service"],
        "update": ["systemctl", "start", "--no-block", "kiosk-release-stick.service"],
    }
}
"""What staff may have the operating system do on an installed terminal; answers stand above it."""
_PLACES = "[0-9]" * 6 + ".yaml"
_SHUTDOWN = ("systemctl", "poweroff")
"""What the agent runs on a nearly empty battery, where there is a UPS: an installed terminal is off
in time. A rule of polkit lets it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What was made.

    Attributes:
        settings: the terminal's settings as they are in force.
        files: what was written now; what was there and stayed is left out.
        recovery: the directory that must leave the terminal; None where the centre has the
            recovery key, because the terminal enrols there.
        enrols: whether the terminal still has to enrol.
    """

    settings: Settings
    files: tuple[Path, ...]
    recovery: Path | None
    enrols: bool


def set_up(answers: Mapping[str, object], root: Path = Path("/")) -> Done:
    """Make a terminal of a machine.

    Args:
        answers: the terminal's settings layer.
        root: where ``etc`` and ``var`` are; another than ``/`` for a machine that is not running.

    Raises:
        SetupError: the answers are refused, or the keys there are another terminal's.
        OSError: a file cannot be written.
    """
    etc, state = root / "etc" / "yiduan", state_below(root)
    if not answers:
        raise SetupError("nothing was answered; ask at a terminal, or give --answers FILE")
    answers = laid_over(_SYSTEM, answers)
    etc.mkdir(parents=True, exist_ok=True)
    new, settings = _checked(answers, etc)
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with as_agent(state):
        recovery = _keys(state, settings)
        key = state / "keys" / EVIDENCE_FILE
        evidence = key.read_text() if key.exists() else ""  # it comes with the enrolment
    written = [_taken(new), _environment(etc, settings)]
    if not (etc / "devices.yaml").exists():
        written.append(_write(etc / "devices.yaml", _DEVICES, 0o644))
    written += _credentials(etc / "credentials", evidence)
    enrols = recovery is None and not (state / "keys" / PUBLIC_FILE).exists()
    return Done(settings=settings, files=tuple(written), recovery=recovery, enrols=enrols)


def _checked(answers: Mapping[str, object], etc: Path) -> tuple[Path, Settings]:
    """Write the layer beside the one in force and hold it against the rules of the terminal."""
    given = answers.get("power", {})
    power = {"shutdown": list(_SHUTDOWN), **(given if isinstance(given, Mapping) else {})}
    layer = {**answers, "power": power}
    text = yaml.safe_dump(layer, allow_unicode=True, sort_keys=False)
    new = _write(etc / "terminal.yaml.new", text, 0o644)
    try:
        settings = load((new,))
    except SettingsError as error:
        new.unlink()
        told = re.sub(rf"{re.escape(str(new))}:\d+: ", "", str(error))
        raise SetupError(told) from error
    known = sorted(own.stem for own in (config_root() / "jurisdictions").glob(_PLACES))
    if settings.jurisdiction not in known:
        new.unlink()
        problem = f"jurisdiction: {settings.jurisdiction} has no catalogue here"
        raise SetupError(f"{problem}. Write one of {', '.join(known)}")
    return new, settings


def _taken(new: Path) -> Path:
    """Put a checked layer in force; the one before stays beside it."""
    own = new.with_suffix("")
    if own.exists():
        shutil.copy2(own, own.with_name(f"{own.name}.before"))
    new.replace(own)
    return own


def _environment(etc: Path, settings: Settings) -> Path:
    return _write(etc / "terminal.env", f"YIDUAN_TERMINAL={settings.terminal.id}\n", 0o644)


def _keys(state: Path, settings: Settings) -> Path | None:
    """Make the keys of a terminal that is its own authority; one that enrols makes them then."""
    try:
        Keeping(state).make()
        if settings.intake.enrol_url is not None:
            _not_of_another(state / "keys", settings.terminal.id)
            return None
        return provision(state, settings.terminal.id).recovery
    except CryptoError as error:
        raise SetupError(f"{state}: {error}") from error


def _not_of_another(keys: Path, terminal: str) -> None:
    if not (keys / PUBLIC_FILE).exists():
        return
    held = PublicKeys.read(keys).terminal
    if held != terminal:
        raise SetupError(f"{keys} belongs to {held}: a copied disk, or mend terminal.id")


def _credentials(place: Path, evidence: str) -> list[Path]:
    """Make the secrets of the local roles once; a unit gets those it needs."""
    place.mkdir(mode=0o700, exist_ok=True)
    target = place / EVIDENCE_FILE
    written = [] if target.exists() or not evidence else [_write(target, evidence, 0o600)]
    if all(_hears(place / unit, roles) for unit, roles in HEARS.items()):
        return written
    fresh = Secrets.generate(ROLES)
    return written + [
        _write(place / unit, fresh.only(*roles).line(), 0o600) for unit, roles in HEARS.items()
    ]


def _hears(path: Path, roles: tuple[str, ...]) -> bool:
    """Say whether a unit has the secrets of all its roles; an older release knew fewer."""
    return path.exists() and set(roles) <= set(json.loads(path.read_text())["roles"])


def _write(path: Path, text: str, mode: int) -> Path:
    """Write a whole file with its mode from the first byte on."""
    begun = path.with_name(f".{path.name}.part")
    begun.unlink(missing_ok=True)
    descriptor = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    begun.replace(path)
    return path
