# ruff: noqa: INP001 - beside a program that is run by path
"""Start a Debian of a directory with its own systemd, and see the terminal's services run.

It lives in namespaces of its own: processes, mounts, network, control groups. It has a ``/tmp``, a
``/run`` and a ``/dev`` of its own, no network, no device, and can set nothing of the kernel, so the
machine that runs the test notices nothing. What needs hardware or would set the clock stays off;
the X server is a virtual one.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

OFF = (
    *("systemd-sysctl", "systemd-udevd", "systemd-modules-load", "systemd-random-seed"),
    *("systemd-remount-fs", "systemd-timesyncd", "chrony", "getty@", "console-getty"),
    *("kiosk-ladder@", "kiosk-release", "kiosk-software"),
)
DISPLAY = """\
[Service]
PAMName=
TTYPath=
StandardInput=null
UtmpIdentifier=
ExecStart=
ExecStart=/usr/bin/xinit /usr/lib/yiduan/x-session -- /usr/bin/Xvfb :0 -screen 0 1080x1920x24
"""
BOOT = """\
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
  touch dev/$name
  mount --bind /dev/$name dev/$name
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
mkdir -p old
pivot_root . old
cd /
umount -l old
mount --make-rshared /
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
  /lib/systemd/systemd --system --unit=graphical.target
"""
SESSIONS = """\
for place in /proc/[0-9]*; do
  case "$(tr '\\0' ' ' < $place/cmdline 2> /dev/null)" in
    kiosk-session*) echo "${place#/proc/}" ;;
  esac
done
"""
SERVICES = ("kiosk-display", "kiosk-devices", "kiosk-agent", "kiosk-shell")
PATIENCE_S = 180.0


class Booted:
    """A running system, by the process that is its first."""

    def __init__(self, first: int) -> None:
        self._first = first

    def run(self, *command: str) -> str:
        """Run a command inside and return what it prints, whatever its exit status."""
        enter = ("nsenter", "-t", str(self._first), "-m", "-p", "-u", "-i", "-n", "-C", "-r", "-w")
        path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
        done = subprocess.run(
            [*enter, "env", "-i", path, *command], capture_output=True, text=True, check=False
        )
        return done.stdout

    def states(self) -> list[str]:
        """Return how it stands with each service."""
        return self.run("systemctl", "is-active", *SERVICES).split()

    def told(self, unit: str, name: str) -> str:
        """Return a property of a unit."""
        return self.run("systemctl", "show", f"--property={name}", "--value", unit).strip()

    def sessions(self) -> list[str]:
        """Return the process ids of the sessions."""
        return sorted(self.run("sh", "-c", SESSIONS).split())


@contextmanager
def booted(root: Path) -> Iterator[Booted]:
    """Start the system of a directory; it ends with the context."""
    units = root / "etc" / "systemd" / "system"
    for name in OFF:
        (units / f"{name}.service").unlink(missing_ok=True)
        (units / f"{name}.service").symlink_to("/dev/null")
    (units / "kiosk-display.service.d").mkdir(exist_ok=True)
    (units / "kiosk-display.service.d" / "virtual.conf").write_text(DISPLAY)
    own = ("--pid", "--mount", "--uts", "--ipc", "--net", "--cgroup", "--fork", "--kill-child")
    process = subprocess.Popen(
        ["unshare", *own, "sh", "-c", BOOT, "sh", str(root)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    try:
        reached(lambda: bool(children.read_text().split()), "no system")
        yield Booted(int(children.read_text().split()[0]))
    finally:
        process.kill()
        process.wait()


def reached(condition: Callable[[], bool], told: str) -> None:
    """Wait until a condition holds.

    Raises:
        AssertionError: it did not, within `PATIENCE_S`.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(told)
        time.sleep(0.2)
