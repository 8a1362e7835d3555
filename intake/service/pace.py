"""How many requests a terminal may make: a bucket that fills steadily, shared by all workers.

One terminal that has gone mad must not take the intake from the others. The buckets lie in memory
that the workers of one host inherit; each host counts for itself. A bucket is locked by its place
in a file, so the kernel frees it when a worker dies. Two terminals whose names meet in one bucket
share it: with a thousand terminals that befalls about one pair, and the limit is generous.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import mmap
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

RATE: Final = 100.0
"""Requests a second that one terminal may make for long; a visit makes about thirty altogether."""
BURST: Final = 2000
"""Requests at once after a rest: a terminal that was cut off for days brings what has waited."""
_BUCKETS: Final = 1 << 18
_BUCKET: Final = struct.Struct("<dd")
"""Requests that were made and not yet made good, and the moment of the last one."""


class Pace:
    """The limit; safe for threads, and for processes forked after it was made."""

    def __init__(
        self,
        rate: float = RATE,
        burst: int = BURST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Allow ``burst`` requests at once, and ``rate`` a second in the long run; both above 0."""
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._threads = threading.Lock()
        self._file = os.memfd_create("yiduan-pace", os.MFD_CLOEXEC)
        os.ftruncate(self._file, _BUCKETS * _BUCKET.size)
        self._buckets = mmap.mmap(self._file, 0)

    def wait_for(self, terminal: str) -> int:
        """Count a request; return 0, or in how many whole seconds it may come again."""
        digest = hashlib.blake2b(terminal.encode(), digest_size=8).digest()
        place = (int.from_bytes(digest, "little") % _BUCKETS) * _BUCKET.size
        with self._locked(place):
            open_requests, last = _BUCKET.unpack_from(self._buckets, place)
            now = self._clock()
            left: float = max(0.0, open_requests - max(0.0, now - last) * self._rate)
            if left + 1 > self._burst:
                return max(1, math.ceil((left + 1 - self._burst) / self._rate))
            _BUCKET.pack_into(self._buckets, place, left + 1, now)
            return 0

    @contextmanager
    def _locked(self, place: int) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX, _BUCKET.size, place)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _BUCKET.size, place)
