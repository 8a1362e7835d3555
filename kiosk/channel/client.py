"""The calling side of a local endpoint."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.channel import frame
from kiosk.channel.errors import ChannelClosed, ChannelError, Refused


class Client:
    """One connection to a local endpoint; calls are answered one by one.

    Safe for several threads; a long call makes the others wait, so a room that
    waits long opens a second connection.
    """

    def __init__(self, path: Path, role: str, secret: str, *, timeout: float = 30.0) -> None:
        """Connect and prove the role.

        Args:
            path: the endpoint's socket.
            role: who is calling.
            secret: that role's secret.
            timeout: seconds a call may take; then the connection is given up.

        Raises:
            ChannelClosed: nobody listens.
            Refused: ``stranger``, the role or its secret is not known there.
        """
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout)
        try:
            self._socket.connect(str(path))
            self._exchange({"hello": role, "secret": secret}, ())
        except OSError as error:
            self.close()
            raise ChannelClosed(f"{path.name}: {error}") from error
        except ChannelError:
            self.close()
            raise

    def call(self, op: str, *, fds: Sequence[int] = (), **fields: object) -> dict[str, object]:
        """Ask for one operation and return its answer.

        Raises:
            ChannelClosed: the peer went away, or did not answer in time; the
                connection can't be used again.
            Refused: the peer said no.
        """
        with self._lock:
            return self._exchange({"op": op, **fields}, fds)

    def close(self) -> None:
        """End the connection; a call in another thread ends with ChannelClosed."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _exchange(self, message: frame.Message, fds: Sequence[int]) -> dict[str, object]:
        try:
            frame.send(self._socket, message, fds)
            answer, unasked = frame.receive(self._socket)
        except ChannelClosed:
            self._socket.close()
            raise
        frame.close_all(unasked)
        if "error" in answer:
            raise Refused(str(answer["error"]), str(answer.get("detail", "")))
        return answer
