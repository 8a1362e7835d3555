"""A disk whose every write and flush is written down: one file on a FUSE mount of our own.

A loop device over that file carries a real ext4; what the file system sends down is what a
real disk would get, in that order, and flushes are the only promises. The FUSE side is a
process of its own that speaks the kernel's protocol (linux/fuse.h, 7.31) as far as one
file needs it. Needs root, ``/dev/fuse`` and loop devices.

The log: records ``kind (1 byte: W or F), offset (8), length (4), data``, little-endian,
appended before the kernel hears that the write is done. Its length is the clock: whatever
was acknowledged when it was *n* bytes long must survive a cut of the power after *n*.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import until

RECORD = struct.Struct("<cQI")
_IN = struct.Struct("<IIQQIIII")
_OUT = struct.Struct("<IiQ")
_ATTR = struct.Struct("<QQQQQQIIIIIIIIII")
_ENTRY = struct.Struct("<QQQQII")
_RW = struct.Struct("<QQIIQII")
_VALID = struct.Struct("<QII")
LOOKUP, GETATTR, SETATTR, OPEN, READ, WRITE = 1, 3, 4, 14, 15, 16
STATFS, RELEASE, FSYNC, FLUSH, INIT = 17, 18, 20, 25, 26
FORGETTING = frozenset({2, 42})
ROOT, FILE = 1, 2
NAME = "disk"
MAX_WRITE = 1 << 17
_DIRECT_IO = 1
_BIG_WRITES, _MAX_PAGES = 1 << 5, 1 << 22
_NOSUID_NODEV = 2 | 4
_HELLO = (7, 31, 0, _BIG_WRITES | _MAX_PAGES, 16, 12, MAX_WRITE, 1, 32, 0, 0, 0)
FIXED: dict[int, bytes] = {
    INIT: struct.pack("<IIIIHHIIHHII", *_HELLO).ljust(64, b"\0"),
    OPEN: struct.pack("<QII", 1, _DIRECT_IO, 0),
    STATFS: struct.pack("<QQQQQIIII24x", *[1 << 20] * 3, 10, 10, 4096, 255, 4096, 0),
    **dict.fromkeys((RELEASE, FLUSH, FSYNC), b""),
}
"""Answers that are always the same."""
_libc = ctypes.CDLL(None, use_errno=True)


def possible() -> bool:
    """Say whether this machine can carry such a disk."""
    return (
        os.geteuid() == 0
        and Path("/dev/fuse").exists()
        and Path("/dev/loop-control").exists()
        and Path("/proc/filesystems").read_text().find("fuse") >= 0
    )


class Disk:
    """The serving side: the file's bytes in memory, the log in a file."""

    def __init__(self, image: bytes, log: Path) -> None:
        self._bytes = bytearray(image)
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def serve(self, device: int) -> None:
        """Answer the kernel until the mount is gone."""
        while True:
            try:
                request = os.read(device, MAX_WRITE + 4096)
            except OSError as error:
                if error.errno == errno.ENODEV:
                    return
                if error.errno in {errno.EINTR, errno.ENOENT, errno.EAGAIN}:
                    continue
                raise
            _, opcode, unique, node, *_ = _IN.unpack_from(request)
            answer = self._answer(opcode, node, request[_IN.size :])
            if answer is None:
                continue
            problem, body = (answer, b"") if isinstance(answer, int) else (0, answer)
            with contextlib.suppress(FileNotFoundError):  # the caller was interrupted
                os.write(device, _OUT.pack(_OUT.size + len(body), -problem, unique) + body)

    def _answer(self, opcode: int, node: int, body: bytes) -> bytes | int | None:
        """Return what the kernel is told: bytes, an error number, or nothing at all."""
        if opcode in FORGETTING:
            return None
        if opcode == LOOKUP and body.rstrip(b"\0").decode() != NAME:
            return errno.ENOENT
        if opcode in {READ, WRITE}:
            return self._moved(opcode, body)
        if opcode == FSYNC:
            os.write(self._log, RECORD.pack(b"F", 0, 0))
        if opcode == LOOKUP:
            return _ENTRY.pack(FILE, 0, 60, 60, 0, 0) + self._attributes(FILE)
        if opcode in {GETATTR, SETATTR}:
            return _VALID.pack(60, 0, 0) + self._attributes(node)
        return FIXED.get(opcode, errno.ENOSYS)

    def _moved(self, opcode: int, body: bytes) -> bytes:
        _, offset, size, *_ = _RW.unpack_from(body)
        if opcode == READ:
            return bytes(self._bytes[offset : offset + size])
        self._write(offset, body[_RW.size : _RW.size + size])
        return struct.pack("<II", size, 0)

    def _write(self, offset: int, data: bytes) -> None:
        os.write(self._log, RECORD.pack(b"W", offset, len(data)) + data)
        self._bytes[offset : offset + len(data)] = data

    def _attributes(self, node: int) -> bytes:
        size = len(self._bytes) if node == FILE else 0
        mode = stat.S_IFREG | 0o600 if node == FILE else stat.S_IFDIR | 0o700
        return _ATTR.pack(node, size, size // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def main(image: Path, where: Path, log: Path) -> None:
    """Mount and serve."""
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other,max_read={MAX_WRITE}"
    if _libc.mount(b"disk", bytes(where), b"fuse", _NOSUID_NODEV, options.encode()) != 0:
        raise OSError(ctypes.get_errno(), "mount")
    Disk(image.read_bytes(), log).serve(device)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mounted:
    """A logged disk in use: where its file system is, and its log."""

    root: Path
    log: Path

    @property
    def clock(self) -> int:
        """Bytes of the log so far."""
        return self.log.stat().st_size


@contextlib.contextmanager
def logged_disk(image: Path, work: Path) -> Iterator[Mounted]:
    """Carry the image's file system on a logged disk; the image itself stays as it is."""
    fuse, root, log = work / "fuse", work / "root", work / "log"
    for directory in (fuse, root):
        directory.mkdir()
    command = [sys.executable, "-m", "tests.campaign.block_disk", str(image), str(fuse), str(log)]
    with subprocess.Popen(command) as server:
        try:
            until((fuse / NAME).exists)
            with mounted(fuse / NAME, root):
                yield Mounted(root=root, log=log)
        finally:
            _libc.umount2(bytes(fuse), 2)
            server.wait()


@contextlib.contextmanager
def mounted(image: Path, root: Path) -> Iterator[Path]:
    """Mount an ext4 image by a loop device, its journal replayed."""
    subprocess.run(["mount", "-o", "loop,noatime", str(image), str(root)], check=True)
    try:
        yield root
    finally:
        subprocess.run(["umount", str(root)], check=True)


def blank(path: Path, size: int) -> Path:
    """Make an ext4 image with a small journal."""
    with path.open("wb") as file:
        file.truncate(size)
    command = [
        "mkfs.ext4",
        "-q",
        "-b",
        "1024",
        "-J",
        "size=1",
        "-m",
        "0",
        "-E",
        "lazy_itable_init=0",
    ]
    subprocess.run([*command, str(path)], check=True)
    return path


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
