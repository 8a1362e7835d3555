"""``kiosk check-release``: what a release has to pass before it is published, and before it begins.

The same command runs on the admin's side over every kind of site and jurisdiction, and on a
terminal over its own settings. Each part that could crash runs in a process of its own, so that
its crash is a refusal. Everything that is wrong is told, one line each.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.settings import Settings

PROOF_S = 540.0
"""Seconds for every page of every thing."""


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("check-release", help="hold a release against all that it has to pass")
    own.add_argument("release", type=Path, help="an unpacked release, or its pack")
    own.add_argument("--settings", type=Path, action="append", default=[], help="a terminal's own")
    own.add_argument("--no-pages", action="store_true", help="without every page: seconds")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check and tell; 1: it is refused."""
    from kiosk.release.errors import Unusable

    try:
        with _unpacked(options.release) as release:
            wrong, told = checked(release, options.settings, pages=not options.no_pages)
    except Unusable as error:
        wrong, told = [str(error)], []
    for line in wrong or told:
        print(line)
    if wrong:
        print(f"refused: {len(wrong)} to mend", file=sys.stderr)
    return 1 if wrong else 0


@contextmanager
def _unpacked(release: Path) -> Iterator[Path]:
    """Lend the directory of a release; a pack is unpacked within the terminal's own limits."""
    from kiosk.release.unpacking import told_by, unpack

    if release.is_dir():
        told_by(release)
        yield release
        return
    with tempfile.TemporaryDirectory() as folder:
        unpack(release, Path(folder) / "release")
        yield Path(folder) / "release"


def checked(release: Path, own: Sequence[Path], *, pages: bool) -> tuple[list[str], list[str]]:
    """Return what is wrong, and what is told of a release that is not."""
    from kiosk.catalogue.inspection import extent_of, faults_of
    from kiosk.documents import DocumentError
    from kiosk.settings.combinations import settings_of

    config = release / "config"
    if not (config / "defaults.yaml").is_file():
        return ["the release holds no config/defaults.yaml"], []
    good, faults = settings_of(config, own)
    try:
        found = faults_of(config)
    except DocumentError as error:  # words beside the catalogue, which are read as they are
        found = error.faults
    wrong = [str(fault) for fault in (*faults, *found)]
    wrong += list(dict.fromkeys(_unknown_things(config, good)))
    wrong += list(dict.fromkeys(_unknown_places(config, good)))
    told = [f"{len(good)} kinds of terminal"]
    profiles = ("profiles", str(config / "devices"), *_ports(own))
    wrong += _asked(told, "drivers", *profiles, seconds=60)
    if not wrong:
        extent = extent_of(config)
        told.append(f"{extent.jurisdictions} jurisdictions, {extent.things} things")
        if pages:
            codes = sorted({one.jurisdiction for one in good})
            wrong += _pages(told, config, codes)
    return wrong, told


def _ports(own: Sequence[Path]) -> Iterator[str]:
    """Name what is connected to a terminal: the file beside its own settings."""
    ports = own[-1].with_name("devices.yaml") if own else None
    if ports is not None and ports.is_file():
        yield from ("--ports", str(ports))


def _unknown_things(config: Path, settings: Sequence[Settings]) -> Iterator[str]:
    """Look for things that settings name and no file describes."""
    known = {path.stem for path in (config / "catalogue" / "things").glob("*.yaml")}
    for one in settings:
        for key, codes in (
            ("idle.first", one.idle.first),
            ("privacy.withheld", one.privacy.withheld),
        ):
            for code in codes:
                if code not in known:
                    yield f"{one.origin(key)}: {key}: there is no thing {code}"


def _unknown_places(config: Path, settings: Sequence[Settings]) -> Iterator[str]:
    """Look for jurisdictions and kinds of site that the release does not hold."""
    for one in settings:
        if not (config / "jurisdictions" / f"{one.jurisdiction}.yaml").is_file():
            yield f"{one.origin('jurisdiction')}: the release holds no {one.jurisdiction}"
        if not (config / "sites" / f"{one.site}.yaml").is_file():
            yield f"the release holds no sites/{one.site}.yaml: what it withholds would be filed"


def _pages(told: list[str], config: Path, codes: Sequence[str]) -> list[str]:
    """Lay every page out; painted where there is a screen, or can be one."""
    from kiosk.desk.display import start_virtual_screen

    if os.environ.get("DISPLAY") or shutil.which("Xvfb") is None:
        return _asked(told, "screens.proof", str(config), *codes, seconds=PROOF_S)
    screen = start_virtual_screen(64, 64)
    try:
        return _asked(
            told, "screens.proof", str(config), *codes, seconds=PROOF_S, DISPLAY=screen.name
        )
    finally:
        screen.stop()


def _asked(told: list[str], module: str, *arguments: str, seconds: float, **more: str) -> list[str]:
    """Run a module; add its last line to what is told, or return what it complains of."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, *arguments],
            check=False,
            capture_output=True,
            text=True,
            timeout=seconds,
            env={**os.environ, **more},
        )
    except subprocess.TimeoutExpired:
        return [f"{module}: not done within {seconds:.0f} s"]
    said = done.stdout.strip().splitlines()
    if done.returncode == 0:
        told += said[-1:]
        return []
    complaints = said or done.stderr.strip().splitlines()[-5:]
    return complaints or [f"{module}: ended with {done.returncode}"]
