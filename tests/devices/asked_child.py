"""A child process that does what the question says; for the tests of `drivers.child_process`."""

from __future__ import annotations

import json
import os
import socket
import sys
import time

from drivers.child_process import LONGEST_PACKET, begin, bound_memory
from drivers.memory_file import read_sealed

ROOM = 64 * 1024 * 1024


def main() -> None:
    """Answer until the other end is closed."""
    line = begin(sys.argv[1:], "asked by tests")
    bound_memory(ROOM)
    while True:
        packet, descriptors, _flags, _peer = socket.recv_fds(line, LONGEST_PACKET, 1)
        if not packet:
            return
        data = read_sealed(descriptors[0], len(packet)) if descriptors else b""
        line.send(_answer(packet.decode(), data))


def _answer(question: str, data: bytes) -> bytes:
    match question:
        case "sleep":
            time.sleep(60)  # it is what is tested: it never answers
        case "die":
            os._exit(3)
        case "grow":
            try:
                bytearray(4 * ROOM)
            except MemoryError:
                return b"no room"
        case "environment":
            return json.dumps(dict(os.environ)).encode()
        case "long":
            return bytes(LONGEST_PACKET + 1)
    return data or question.encode()


if __name__ == "__main__":
    main()
