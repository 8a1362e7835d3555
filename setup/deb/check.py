# ruff: noqa: INP001 - run by path
"""Install the package on a fresh Debian, use it, purge it, and see that nothing is left.

It needs root, ``mmdebstrap`` and Debian's archive; a clean system is made once and kept beside the
package. The verdict is the last line; the exit status is 1 when anything did not hold.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from booted import SERVICES, Booted, booted, reached

SUITE = "bookworm"
THINGS = 21
"""Of 新乡市, by its document."""
RUNS_S = 8
HELD = "7"
"""Descriptors that systemd holds of a session, its standby, and of what the shell knows."""
UNITS = (
    "kiosk-display",
    "kiosk-devices",
    "kiosk-agent",
    "kiosk-shell",
    "kiosk-doctor",
    "kiosk-renew",
    "kiosk-release",
    "kiosk-software",
    "kiosk-training",
)
ANSWERS = """\
terminal: {id: XX-DT-001, site_name: 示例大厅}
intake: {api_url: "https://intake.invalid", public_url: "http://intake.invalid"}
"""


class Machine:
    """A Debian in a directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *command: str, expect: int | None = 0) -> str:
        """Run a command inside; ``expect`` is the exit status that it must have.

        Raises:
            AssertionError: it ended otherwise.
        """
        done = subprocess.run(
            ["chroot", str(self.root), "env", "DEBIAN_FRONTEND=noninteractive", *command],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if expect is not None and done.returncode != expect:
            raise AssertionError(f"{' '.join(command)}: {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    def users(self) -> set[str]:
        """Return the names of its users and groups."""
        lines = (self.root / "etc" / "passwd").read_text() + (
            self.root / "etc" / "group"
        ).read_text()
        return {line.partition(":")[0] for line in lines.splitlines()}


def installs(machine: Machine) -> None:
    """With its dependencies from Debian's own archive, on a system that has none of them."""
    machine.run("apt-get", "-qq", "update")
    machine.run("apt-get", "-qq", "-y", "--no-install-recommends", "install", "/yiduan.deb")
    missing = {"kiosk-ui", "kiosk-devices", "kiosk-agent", "kiosk-local"} - machine.users()
    _hold(not missing, f"no users {missing}")
    machine.run("kiosk", "--help")


def units_are_whole(machine: Machine) -> None:
    """Systemd finds every unit, every program that it names, and every user."""
    for unit in UNITS:
        machine.run("systemd-analyze", "verify", "--man=no", f"{unit}.service")


def becomes_a_terminal(machine: Machine) -> None:
    """By a file of answers; then its catalogue is there and its doctor has something to say."""
    (machine.root / "root" / "answers.yaml").write_text(ANSWERS)
    machine.run("kiosk", "setup", "--answers", "/root/answers.yaml")
    things = json.loads(
        machine.run("kiosk", "catalogue", "list", "--jurisdiction", "新乡市", "--json")
    )
    _hold(len(things["things"]) == THINGS, "the catalogue is not whole")
    found = json.loads(machine.run("kiosk", "doctor", "--json", expect=2))["findings"]
    told = {(one["check"], one["case"]) for one in found}
    well = {(name, "ok") for name in ("settings", "catalogue", "keys", "fonts", "outbox")}
    _hold(told >= {*well, ("intake", "lookup")}, f"the doctor says {told}")


def its_agent_runs(machine: Machine) -> None:
    """As its own user, with its secrets, until it is asked to stop; its log is whole."""
    state, secrets = "/var/lib/yiduan/agent", "/etc/yiduan/credentials/agent"
    agent = f"timeout {RUNS_S} kiosk agent --state {state} --run /run/yiduan"
    rest = f"--settings /etc/yiduan/terminal.yaml --secrets-on-stdin < {secrets}"
    machine.run("sh", "-c", f"runuser -u kiosk-agent -- {agent} {rest}", expect=124)
    machine.run("kiosk", "audit", "verify", "--state", state)
    said = machine.run("kiosk", "audit", "show", "--state", state, "--json")
    _hold("agent_started" in said and "agent_stopped" in said, said)


def its_services_run(machine: Machine) -> None:
    """Under systemd, in the walls they ship with; a visit outlives its shell; nights are well."""
    machine.run("apt-get", "-qq", "-y", "--no-install-recommends", "install", "xvfb")
    machine.run("systemctl", "enable", *SERVICES)
    with booted(machine.root) as system:
        reached(lambda: set(system.states()) == {"active"}, f"not all run: {system.states()}")
        reached(lambda: system.told("kiosk-shell", "NFileDescriptorStore") == HELD, "none is held")
        _outlives_its_shell(system)
        system.run("systemctl", "start", "kiosk-doctor.service")
        found = system.run("cat", "/var/lib/yiduan/doctor/last.json")
        _hold('"findings"' in found, "the nightly doctor wrote nothing")
        before = system.told("kiosk-shell", "MainPID")
        system.run("systemctl", "start", "kiosk-renew.service")
        _hold(system.told("kiosk-shell", "MainPID") != before, "nothing was renewed")
        _hold(system.told("kiosk-renew", "Result") == "success", "the renewal failed")


def _outlives_its_shell(system: Booted) -> None:
    """Killed, the shell comes back to the sessions it had; stopped, it ends them."""
    sessions, shell = system.sessions(), system.told("kiosk-shell", "MainPID")
    shown = min(sessions, key=int)  # the other may still load: then another one is made
    system.run("systemctl", "kill", "--kill-who=main", "--signal=KILL", "kiosk-shell")
    reached(lambda: system.told("kiosk-shell", "MainPID") not in {"0", shell}, "no new shell")
    reached(lambda: "active" in system.states()[-1:], "the new shell is not ready")
    _hold(shown in system.sessions(), f"{sessions} became {system.sessions()}")
    system.run("systemctl", "stop", "kiosk-shell")
    reached(lambda: not system.sessions(), "sessions of a stopped service live")
    system.run("systemctl", "start", "kiosk-shell")


def keeps_what_waits(machine: Machine) -> None:
    """A package is not removed over the heads of submissions that wait."""
    state = machine.root / "var" / "lib" / "yiduan" / "agent" / "outbox"
    (state / "outbox.db.damaged-20260101T000000").write_bytes(b"x")
    machine.run("apt-get", "-qq", "-y", "remove", "yiduan", expect=100)
    _hold("ii" in machine.run("dpkg", "-l", "yiduan"), "it was removed")
    shutil.rmtree(state)


def leaves_nothing(machine: Machine) -> None:
    """No file, no key, no user after a purge."""
    machine.run("apt-get", "-qq", "-y", "purge", "yiduan")
    left = [own for place in ("usr", "etc", "var/lib", "var/log", "run", "root")
            for own in (machine.root / place).rglob("*")
            if "yiduan" in own.name.lower() and "/dpkg/" not in str(own)]  # fmt: skip
    left += [Path(name) for name in machine.users() if name.startswith("kiosk")]
    _hold(not left, f"left: {left}")


def _hold(condition: object, told: str) -> None:
    if not condition:
        raise AssertionError(told)


CHECKS: tuple[Callable[[Machine], None], ...] = (
    installs, units_are_whole, becomes_a_terminal, its_agent_runs, its_services_run,
    keeps_what_waits, leaves_nothing,
)  # fmt: skip


def main() -> int:
    """Run every check in order; the first that does not hold ends it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("package", type=Path)
    package: Path = options.parse_args().package
    with fresh(package.parent / f"{SUITE}.tar") as machine:
        shutil.copy(package, machine.root / "yiduan.deb")
        for check in CHECKS:
            try:
                check(machine)
            except AssertionError as error:
                print(f"✗ {check.__name__}: {error}\nThe package does not hold.")
                return 1
            print(f"✓ {check.__name__}: {(check.__doc__ or '').strip()}", flush=True)
    print(f"The package holds: {len(CHECKS)} of {len(CHECKS)}.")
    return 0


@contextmanager
def fresh(kept: Path) -> Iterator[Machine]:
    """Unpack a clean Debian, made first if it is not kept yet, and remove it in the end."""
    if not kept.exists():
        made = kept.with_suffix(".part.tar")
        subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", SUITE, str(made)], check=True)
        made.rename(kept)
    root = Path(tempfile.mkdtemp(prefix="yiduan-package-"))
    try:
        subprocess.run(["tar", "-xf", str(kept), "-C", str(root)], check=True)
        shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
        with mounted(root / "proc", "proc"):
            yield Machine(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def mounted(place: Path, kind: str) -> Iterator[None]:
    """Mount a kernel's file system for a while."""
    subprocess.run(["mount", "-t", kind, kind, str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


if __name__ == "__main__":
    sys.exit(main())
