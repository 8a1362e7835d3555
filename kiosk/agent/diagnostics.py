"""The diagnostics bundle for the vendor or the centre: how the terminal is, nothing of anybody.

::

    doctor.json     what ``kiosk doctor`` finds
    outbox.json     counts, ages, reasons, local numbers; no content
    audit.jsonl     the newest events: types, counts, terminal numbers by construction
    checks.json     the opening checks, by work number
    settings.txt    each value beside the file and line that gave it; no secret is a setting,
                    and what an address has before its @ is removed
    versions.json   of the software and its libraries
    logs/           the newest lines of our own processes: event types by construction

Sources are named one by one: a file that nobody thought of can never get in.
"""

from __future__ import annotations

import io
import json
import os
import platform
import re
import subprocess
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.agent import machine_orders
from kiosk.audit.reading import newest
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.opening_check import FILE as CHECK_FILE
from kiosk.settings import SettingsError
from kiosk.settings.check import check

if TYPE_CHECKING:
    from kiosk.agent.maintenance import Upkeep

EVENTS: Final = 5000
LOG_BYTES: Final = 200_000
"""Of each log, its end."""
PROCESSES: Final = ("shell", "agent", "devices", "display")
JOURNAL_S: Final = 10.0
REMOVED: Final = "(removed)@"
_USERINFO: Final = re.compile(r"(?<=://)\S*@")
"""``user:password@`` of an address (RFC 3986 3.2.1), to the last @: passwords hold any sign."""


def bundle(path: Path, upkeep: Upkeep, outbox: Mapping[str, object]) -> int:
    """Write the bundle and return its size in bytes.

    Raises:
        OSError: it cannot be written; half a one is removed.
    """
    made = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(made, "x", zipfile.ZIP_DEFLATED) as archive:
            for name, text in _parts(upkeep, outbox).items():
                archive.writestr(name, text)
        with made.open("rb") as file:
            os.fsync(file.fileno())
        made.replace(path)
    except OSError:
        made.unlink(missing_ok=True)
        raise
    return path.stat().st_size


def _parts(upkeep: Upkeep, outbox: Mapping[str, object]) -> dict[str, str]:
    checks = Keeping(upkeep.state).document(CHECK_FILE)
    return {
        "doctor.json": _doctor(upkeep),
        "outbox.json": _json(outbox),
        "audit.jsonl": _audit(upkeep.state / "audit"),
        "checks.json": _json(checks),
        "settings.txt": _settings(upkeep),
        "versions.json": _json(_versions()),
        **{f"logs/{name}.log": text for name, text in _logs(upkeep.state / "logs").items()},
    }


def _doctor(upkeep: Upkeep) -> str:
    try:
        return _json(machine_orders.examine(upkeep.state, upkeep.settings))
    except machine_orders.NotDone as error:
        return _json({"problem": str(error)})


def _audit(directory: Path) -> str:
    try:
        found = newest(directory, EVENTS, None)
    except (OSError, ValueError) as error:
        return _json({"problem": type(error).__name__})
    return "\n".join(json.dumps(one.raw, ensure_ascii=False) for one in found)


def _settings(upkeep: Upkeep) -> str:
    out = io.StringIO()
    try:
        check(upkeep.settings, out, out)
    except SettingsError as error:
        return _USERINFO.sub(REMOVED, str(error))
    return _USERINFO.sub(REMOVED, out.getvalue())


def _versions() -> dict[str, str]:
    own = {one.name: one.version for one in metadata.distributions() if one.name}
    system = {"system": platform.platform(), "python": platform.python_version()}
    return {**system, **dict(sorted(own.items()))}


def _logs(folder: Path) -> dict[str, str]:
    """Return the ends of our processes' logs: files on a desk, the journal of a terminal."""
    if folder.is_dir():
        return {name: _end(folder / f"{name}.log") for name in PROCESSES}
    return {name: _journal(f"kiosk-{name}.service") for name in PROCESSES}


def _end(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LOG_BYTES))
            return file.read(LOG_BYTES).decode("utf-8", "replace")
    except OSError as error:
        return type(error).__name__


def _journal(unit: str) -> str:
    command = [
        "journalctl",
        "--unit",
        unit,
        "--lines",
        "2000",
        "--no-pager",
        "--output",
        "short-iso",
    ]
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=JOURNAL_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    if done.returncode != 0:
        return f"not readable: journalctl ended with {done.returncode}"
    return done.stdout.decode("utf-8", "replace")[-LOG_BYTES:]


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)
