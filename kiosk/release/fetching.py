"""Where releases come from: a web server, or a stick with the same files.

Both are bounded. How many bytes a file may have is known before it is asked for (from signed
documents, or TUF's limits of those that begin the chain); here is added how long it may take, that
nothing is unpacked on the way, and that nobody is followed elsewhere.

A poll that finds nothing new is the commonest thing a terminal does: the server is told which
timestamp is known (RFC 9110 13.1.2) and answers with a line. Who answers so for ever holds the
terminal back no longer than the timestamp is good.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

import urllib3
from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    SlowRetrievalError,
)
from tuf.ngclient.fetcher import FetcherInterface

from kiosk.release import durable

CONNECT_S: Final = 10.0
SILENCE_S: Final = 20.0
"""Seconds between two pieces."""
LONGEST_S: Final = 300.0
"""Seconds that one file may take: 4 MiB at 14 kB/s."""
PACKAGE_S: Final = 3600.0
"""Seconds that one try of a software package may take; the next goes on where it ended."""
_PIECE: Final = 16 * 1024
_SHORT: Final = 4
"""Pieces of an answer that is not wanted."""
_GONE: Final = 404
_MOST_TAG: Final = 200


class Source(Protocol):
    """Where a release comes from; addresses end in a slash."""

    @property
    def metadata_url(self) -> str:
        """Where the signed documents are."""

    @property
    def targets_url(self) -> str:
        """Where the packs are."""

    @property
    def fetcher(self) -> FetcherInterface:
        """What gets a file."""

    def settle(self) -> None:
        """Remember what helps the next look, once what came is trusted."""

    def pieces(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield a published file from an offset on."""


class Fetcher(FetcherInterface):
    """What both have of the client's interface."""

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """Return a document, which is small; the client's own way is over a file of the disk.

        Raises:
            DownloadLengthMismatchError: it is longer than may be.
            DownloadError: as of ``fetch``.
        """
        whole = bytearray()
        for piece in self.fetch(url):
            whole += piece
            if len(whole) > max_length:
                raise DownloadLengthMismatchError(f"{url}: more than {max_length} bytes")
        return bytes(whole)


class Web(Fetcher):
    """A web server, over one kept connection."""

    def __init__(self, url: str, known: Path, *, longest_s: float = LONGEST_S) -> None:
        """Take the address of the published directory.

        Args:
            url: of the directory that holds ``metadata`` and ``targets``.
            known: the directory of the documents that are trusted already.
            longest_s: seconds that one file may take.
        """
        base = url if url.endswith("/") else f"{url}/"
        self.metadata_url, self.targets_url = f"{base}metadata/", f"{base}targets/"
        self._timestamp = known / "timestamp.json"
        self._tag = known.parent / "timestamp.tag"
        self._longest = longest_s
        self._pool = urllib3.PoolManager(  # by the system's authorities, and no proxy
            retries=False, timeout=urllib3.Timeout(CONNECT_S, min(SILENCE_S, longest_s))
        )

    @property
    def fetcher(self) -> FetcherInterface:
        """What gets a file."""
        return self

    def close(self) -> None:
        """End the connection."""
        self._pool.clear()

    def _fetch(self, url: str) -> Iterator[bytes]:
        is_poll = url == f"{self.metadata_url}timestamp.json"
        headers = {"User-Agent": "yiduan"}
        if is_poll and (tag := self._known_tag()):
            headers["If-None-Match"] = tag
        until = time.monotonic() + self._longest
        try:
            answer = self._pool.request(
                "GET", url, headers=headers, preload_content=False, redirect=False
            )
        except urllib3.exceptions.TimeoutError as error:
            raise SlowRetrievalError(f"{url}: no answer") from error
        if is_poll and answer.status == HTTPStatus.NOT_MODIFIED:
            _drop(answer)
            return iter([self._timestamp.read_bytes()])
        if answer.status != HTTPStatus.OK:
            _drop(answer)
            raise DownloadHTTPError(f"{url}: status {answer.status}", answer.status)
        if is_poll:
            self._remember(answer.headers.get("ETag", ""))
        return _pieces(answer, url, until)

    def _known_tag(self) -> str:
        """Return what the server called the timestamp that is known; empty: nothing."""
        try:
            told = json.loads(self._tag.read_bytes())
            size, moment = _stamp(self._timestamp)
        except (OSError, ValueError):
            return ""
        same = isinstance(told, dict) and (told.get("size"), told.get("at")) == (size, moment)
        return str(told.get("tag", "")) if same else ""

    def _remember(self, tag: str) -> None:
        self._fresh = tag if tag.isascii() and len(tag) <= _MOST_TAG else ""

    def pieces(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield a published file from an offset on; it may take an hour.

        Raises:
            DownloadError: it is not there, the server does not go on from there, or the line broke.
        """
        url = f"{self.targets_url}{path}"
        headers = {"User-Agent": "yiduan"} | ({"Range": f"bytes={offset}-"} if offset else {})
        until = time.monotonic() + PACKAGE_S
        try:
            answer = self._pool.request(
                "GET", url, headers=headers, preload_content=False, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise DownloadError(f"{url}: no answer") from error
        wanted = HTTPStatus.PARTIAL_CONTENT if offset else HTTPStatus.OK
        begins = answer.headers.get("Content-Range", "").startswith(f"bytes {offset}-")
        if answer.status != wanted or (offset and not begins):
            _drop(answer)
            raise DownloadHTTPError(f"{url}: status {answer.status}", answer.status)
        return _pieces(answer, url, until)

    _fresh: str = ""

    def settle(self) -> None:
        """Keep what the server called the timestamp, once it is trusted."""
        if self._fresh:
            size, moment = _stamp(self._timestamp)
            told = {"tag": self._fresh, "size": size, "at": moment}
            durable.put(self._tag, json.dumps(told).encode())
            self._fresh = ""


def _drop(answer: urllib3.BaseHTTPResponse) -> None:
    """Leave an answer; the end of a short one leaves the connection to the next file."""
    with suppress(OSError, urllib3.exceptions.HTTPError):
        for _ in range(_SHORT):
            if not answer.read1(_PIECE, decode_content=False):
                return
    answer.close()


def _stamp(path: Path) -> tuple[int, int]:
    """Return what tells a file from another of the same name: size, nanoseconds."""
    seen = path.stat()
    return seen.st_size, seen.st_mtime_ns


def _pieces(answer: urllib3.BaseHTTPResponse, url: str, until: float) -> Iterator[bytes]:
    """Yield what comes, as it comes, within the time."""
    try:
        while piece := answer.read1(_PIECE, decode_content=False):
            if time.monotonic() > until:
                raise SlowRetrievalError(f"{url}: takes too long")
            yield piece
    except (OSError, urllib3.exceptions.HTTPError) as error:
        raise DownloadError(f"{url}: broke off") from error
    finally:
        answer.close()


class Stick(Fetcher):
    """A directory on a stick that holds what a server would serve; verified like that."""

    metadata_url = "stick:/metadata/"
    targets_url = "stick:/targets/"

    def __init__(self, directory: Path) -> None:
        """Take the directory that holds ``metadata`` and ``targets``."""
        self._directory = directory

    @property
    def fetcher(self) -> FetcherInterface:
        """What gets a file."""
        return self

    def close(self) -> None:
        """Nothing is kept open."""

    def settle(self) -> None:
        """Nothing is remembered."""

    def pieces(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield a file of the stick from an offset on; raises as `Web.pieces`."""
        for piece in self._fetch(f"{self.targets_url}{path}"):
            if len(piece) <= offset:
                offset -= len(piece)
            else:
                yield piece[offset:]
                offset = 0

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = self._directory / url.removeprefix("stick:/")
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError as error:
            raise DownloadHTTPError(f"{path} is not there", _GONE) from error
        except OSError as error:
            raise DownloadError(f"{path}: {error.strerror}") from error
        return _read(descriptor, path)


def _read(descriptor: int, path: Path) -> Iterator[bytes]:
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise DownloadError(f"{path}: is no file")
        while piece := file.read(_PIECE):
            yield piece
