# ruff: noqa: INP001 - run by path
"""Build the Debian package: everything of the terminal but the operating system.

Theory of operation
-------------------
The tree that ``dpkg-deb`` is given has one directory a version, so that two versions can lie side
by side, and a few files outside it that name the version in force::

    /usr/lib/yiduan/versions/<version>/app        what git knows of the program, and the fonts
    /usr/lib/yiduan/versions/<version>/libraries  the locked libraries, by their hashes
    /usr/lib/yiduan/current                       -> versions/<version>, set by the postinst
    /usr/lib/yiduan/steady                        the same for the updater, moved by a commit
    /usr/bin/kiosk, kiosk-devices, …              one starter under four names
    units, users, rules, drop-ins                 where Debian looks for them

Only the libraries that the program needs are taken from the lock, found by walking the installed
ones' own requirements; tools of development stay out.
"""

from __future__ import annotations

import argparse
import compileall
import py_compile
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).resolve().parent
PROGRAM = ("standards", "kiosk", "drivers", "screens", "intake", "config", "assets", "LICENSE")
MADE = ("build/fonts", "build/pinyin")
COMMANDS = ("kiosk", "kiosk-devices", "kiosk-intake", "kiosk-steady")
PLACES = {
    "systemd/kiosk-*.service": "usr/lib/systemd/system",
    "systemd/kiosk-*.timer": "usr/lib/systemd/system",
    "systemd/kiosk-*.path": "usr/lib/systemd/system",
    "systemd/x-session": "usr/lib/yiduan",
    "systemd/xorg.conf": "etc/yiduan",
    "systemd/50-yiduan-power.rules": "usr/share/polkit-1/rules.d",
    "systemd/60-yiduan-devices.rules": "usr/lib/udev/rules.d",
    "docs/*.md": "usr/share/doc/yiduan",
    "setup/deb/copyright": "usr/share/doc/yiduan",
}
NAMED = {
    "systemd/yiduan.sysusers": "usr/lib/sysusers.d/yiduan.conf",
    "systemd/yiduan.tmpfiles": "usr/lib/tmpfiles.d/yiduan.conf",
    "systemd/journald.conf": "usr/lib/systemd/journald.conf.d/yiduan.conf",
    "systemd/logind.conf": "usr/lib/systemd/logind.conf.d/yiduan.conf",
    "systemd/system.conf": "usr/lib/systemd/system.conf.d/yiduan.conf",
    "systemd/sysctl.conf": "usr/lib/sysctl.d/60-yiduan.conf",
    "systemd/chrony.conf": "etc/chrony/conf.d/yiduan.conf",
    "setup/deb/start": "usr/lib/yiduan/start",
}


def main() -> int:
    """Build the package and print where it is."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--out", type=Path, default=ROOT / "build" / "deb")
    out: Path = options.parse_args().out
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    tree = out / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    home = tree / "usr" / "lib" / "yiduan" / "versions" / version
    _program(home / "app")
    _named(home / "app", version)
    _libraries(home / "libraries", out / "requirements.txt")
    compileall.compile_dir(
        home, quiet=2, ddir=f"/{home.relative_to(tree)}",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )  # fmt: skip
    _places(tree)
    _control(tree, version)
    package = out / f"yiduan_{version}_amd64.deb"
    _run("dpkg-deb", "--root-owner-group", "-Zzstd", "-z6", "--build", tree, package)
    print(package)
    return 0


def _program(app: Path) -> None:
    """Copy what git knows of the program, and what was made from it."""
    known = _run("git", "-C", ROOT, "ls-files", "-z", *PROGRAM).split("\0")
    for name in filter(None, known):
        target = app / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    for name in MADE:
        shutil.copytree(ROOT / name, app / name)


def _named(app: Path, version: str) -> None:
    """Say which version this is, where Python looks for it: the agent reports it."""
    place = app / f"yiduan-{version}.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: yiduan\nVersion: {version}\n")


def _libraries(target: Path, requirements: Path) -> None:
    """Install the locked libraries that the program needs, each held against its hashes."""
    requirements.parent.mkdir(parents=True, exist_ok=True)
    requirements.write_text(_needed((ROOT / "requirements" / "lock.txt").read_text()))
    _run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--no-compile", "--require-hashes"),
        *("--target", target, "-r", requirements),
    )
    shutil.rmtree(target / "bin", ignore_errors=True)


def _needed(lock: str) -> str:
    """Return the entries of the lock that the program's requirements lead to."""
    names = closure("yiduan")
    entries = re.split(r"\n(?=[a-z0-9])", lock)
    return "\n".join(entry for entry in entries if _normal(entry.partition("==")[0]) in names)


def closure(distribution: str) -> set[str]:
    """Return the normal names of all that an installed distribution needs, without extras."""
    found: set[str] = set()
    left = [distribution]
    while left:
        for line in metadata.requires(left.pop()) or []:
            wanted = Requirement(line)
            name = _normal(wanted.name)
            if name not in found and (
                wanted.marker is None or wanted.marker.evaluate({"extra": ""})
            ):
                found.add(name)
                left.append(name)
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _places(tree: Path) -> None:
    """Put units, rules and drop-ins where Debian looks for them."""
    for pattern, place in PLACES.items():
        directory = tree / place
        directory.mkdir(parents=True, exist_ok=True)
        for own in sorted(ROOT.glob(pattern)):
            shutil.copy(own, directory / own.name)
    for name, place in NAMED.items():
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / place)
    for program in ("start", "x-session"):
        (tree / "usr" / "lib" / "yiduan" / program).chmod(0o755)
    commands = tree / "usr" / "bin"
    commands.mkdir(parents=True)
    for command in COMMANDS:
        (commands / command).symlink_to("../lib/yiduan/start")


def _control(tree: Path, version: str) -> None:
    """Write the control files; the size is told in KiB, as Debian wants it."""
    size = sum(own.lstat().st_size for own in tree.rglob("*")) // 1024
    place = tree / "DEBIAN"
    place.mkdir(mode=0o755)
    text = (OWN / "control").read_text().replace("@VERSION@", version).replace("@SIZE@", str(size))
    (place / "control").write_text(text)
    shutil.copy(OWN / "conffiles", place / "conffiles")
    for own in (OWN / "scripts").iterdir():
        script = place / own.name
        script.write_text(own.read_text().replace("@VERSION@", version))
        script.chmod(0o755)


def _run(*command: object) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
