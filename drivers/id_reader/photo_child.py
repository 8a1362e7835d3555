"""The process a photo decoder runs in: limits first, then the decoder itself.

Run as a file by `drivers.id_reader.photo_decoder`; uses nothing but Python's own library, so that
it starts fast. The photo block comes on standard input, the picture goes to standard output.

Arguments: seconds, then ``program PATH ARGUMENTS…`` or ``library PATH FUNCTION FLAG``.
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import sys

MEMORY = 512 * 1024 * 1024
PICTURE = 64 * 1024
"""Room for the library's output: more than the largest form of the picture."""
BMP, RAW = 38862, 38556

_PR_SET_PDEATHSIG = 1


def limit(seconds: float) -> None:
    """Allow this process some time and memory, no file, no core dump; end it with its parent."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    cpu = math.ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def unpack(path: str, function: str, flag: int) -> bytes:
    """Return what ``function(const char *photo, char *picture, int flag)`` of a library writes."""
    picture = ctypes.create_string_buffer(PICTURE)
    call = getattr(ctypes.CDLL(path), function)
    call.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
    call(sys.stdin.buffer.read(), picture, flag)
    return picture.raw[: BMP if picture.raw[:2] == b"BM" else RAW]


def main(arguments: list[str]) -> None:
    """Decode one photo."""
    seconds, kind, path, *rest = arguments
    limit(float(seconds))
    if kind == "program":
        os.execv(path, [path, *rest])  # noqa: S606  # the decoder the terminal is set up with
    function, flag = rest
    sys.stdout.buffer.write(unpack(path, function, int(flag)))


if __name__ == "__main__":
    main(sys.argv[1:])
