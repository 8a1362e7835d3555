"""The wire of a simulated device: one pseudo-terminal behind a stable symbolic link.

How a pty is made to behave like a serial adapter:

- the slave side is set raw, or the kernel would echo and cook the bytes;
- the slave side stays open here, or a driver that closes its port would break ours (EIO);
- *unplug* closes both sides, which the driver sees as a hang-up, and removes the link;
- *replug* makes a new pty and points the link at it, as udev does with `/dev/serial/by-id/…`;
- a pty has no speed, so a paced port sleeps: 8N1 needs ten bit times a byte.

One thread per port reads and calls `on_bytes`; that thread may write its answer itself.
"""

from __future__ import annotations

import os
import select
import threading
import time
import tty
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BITS_PER_BYTE = 10
"""Start bit, eight data bits, stop bit."""

PACED_CHUNK = 64
"""Bytes moved between two sleeps of a paced port: 5.6 ms at 115200 baud."""

STALLED_WRITE_S = 1.0
"""A UART has no hand-shake: what nobody reads for this long is lost."""


class PtyPort:
    """One end of a simulated serial line; the other end is opened by a driver through `link`.

    Args:
        link: Symbolic link that names the port, kept pointing at the present pty.
        pace_baud: Bits a second to imitate in both directions; None moves bytes at once.
    """

    def __init__(self, link: Path, pace_baud: int | None = None) -> None:
        self._link = link
        self._byte_s = BITS_PER_BYTE / pace_baud if pace_baud else 0.0
        self._lock = threading.Lock()
        self._write_lock = threading.Lock()
        self._master = self._slave = -1
        self._closed = False
        self._gone = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        self._thread: threading.Thread | None = None
        link.parent.mkdir(parents=True, exist_ok=True)
        self.replug()

    @property
    def link(self) -> Path:
        """The path a driver opens."""
        return self._link

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._master >= 0

    def start(self, on_bytes: Callable[[bytes], None]) -> None:
        """Start the port's thread, which hands every piece that arrives to `on_bytes`."""
        self._thread = threading.Thread(
            target=self._run, args=(on_bytes,), name=f"pty {self._link.name}", daemon=True
        )
        self._thread.start()

    def read(self, size: int = 4096) -> bytes:
        """Return what has arrived, at most `size` bytes, without waiting; b"" when nothing has."""
        with self._lock:
            if self._master < 0:
                return b""
            try:
                return os.read(self._master, size)
            except OSError:  # nothing there (EAGAIN), or the last reader hung up (EIO)
                return b""

    def write(self, data: bytes) -> int:
        """Send `data` to the driver at the line's pace.

        Returns:
            How many bytes went out; fewer than given when the cable was pulled meanwhile or
            nobody read the line.
        """
        with self._write_lock:
            sent, started, gone = 0, time.monotonic(), self._gone
            while sent < len(data) and not gone.is_set():
                chunk = data[sent : sent + PACED_CHUNK] if self._byte_s else data[sent:]
                moved = self._write_some(chunk)
                if moved == 0:
                    break
                sent += moved
                if self._byte_s:
                    gone.wait(max(0.0, started + sent * self._byte_s - time.monotonic()))
            return sent

    def unplug(self) -> None:
        """Pull the cable: the driver sees a hang-up, the link disappears."""
        with self._lock:
            if self._master < 0:
                return
            self._gone.set()
            self._link.unlink(missing_ok=True)
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = -1
            self._wake()

    def replug(self) -> None:
        """Put the cable in again, as a new pty behind the same link; nothing when it is in."""
        with self._lock:
            if self._master >= 0 or self._closed:
                return
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self._point_link(os.ttyname(self._slave))
            self._gone = threading.Event()
            self._wake()

    def close(self) -> None:
        """Unplug for good and end the thread; safe to call twice and from the thread itself."""
        if self._closed:
            return
        self.unplug()
        with self._lock:
            self._closed = True
            self._wake()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(timeout=2.0)
        for fd in (self._wake_read, self._wake_write):
            os.close(fd)

    def _point_link(self, target: str) -> None:
        """Make the link name `target` in one step, so that no opener ever finds it missing."""
        fresh = self._link.with_name(self._link.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(self._link)

    def _wake(self) -> None:
        os.write(self._wake_write, b"\0")

    def _write_some(self, chunk: bytes) -> int:
        """Write what fits, waiting a bounded time for room; 0 when it cannot be written."""
        deadline = time.monotonic() + STALLED_WRITE_S
        while time.monotonic() < deadline:
            with self._lock:
                if self._master < 0:
                    return 0
                try:
                    return os.write(self._master, chunk)
                except BlockingIOError:
                    pass
            if self._gone.wait(0.002):
                return 0
        return 0

    def _run(self, on_bytes: Callable[[bytes], None]) -> None:
        while not self._closed:
            self._wait_for_bytes()
            data = self.read(PACED_CHUNK if self._byte_s else 4096)
            if data:
                if self._byte_s:
                    self._gone.wait(len(data) * self._byte_s)
                on_bytes(data)

    def _wait_for_bytes(self) -> None:
        """Sleep until the line has bytes or somebody woke the thread."""
        master = self._master
        watched = [self._wake_read] if master < 0 else [self._wake_read, master]
        try:
            ready, _, _ = select.select(watched, [], [], 1.0)
        except (OSError, ValueError):  # pulled between the look and the wait
            return
        if self._wake_read in ready and not self._closed:
            os.read(self._wake_read, 64)
