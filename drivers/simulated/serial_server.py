"""A box that puts a serial device on the network: one TCP client, one serial line, bytes between.

What is called a serial device server; a driver reaches the line behind it as ``socket://``. Whoever
comes second waits until the first is gone. A line that hangs up ends the client's connection.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import termios
import threading
import tty
from pathlib import Path
from typing import Self

_SPEED = termios.B115200
_PIECE = 4096
_LOOK_S = 0.2


class SerialServer:
    """The box, on a free port of the loopback address.

    Args:
        line: The serial line behind it, opened anew for each client at 115200 baud.
    """

    def __init__(self, line: Path) -> None:
        self._line = line
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._client: socket.socket | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="serial server", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """What a driver opens."""
        return f"socket://127.0.0.1:{self._listener.getsockname()[1]}"

    def hang_up(self) -> None:
        """End the client's connection, as a network that breaks does."""
        client = self._client
        if client is not None:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the box."""
        self._closed.set()
        self.hang_up()
        self._thread.join(timeout=2.0)
        self._listener.close()

    def _serve(self) -> None:
        while not self._closed.is_set():
            if not select.select([self._listener], [], [], _LOOK_S)[0]:
                continue
            client, _ = self._listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._client = client
            with client, contextlib.suppress(OSError):
                self._join(client)
            self._client = None

    def _join(self, client: socket.socket) -> None:
        """Carry bytes both ways until one side is gone."""
        line = os.open(self._line, os.O_RDWR | os.O_NOCTTY)
        try:
            _set_up(line)
            while not self._closed.is_set():
                ready, _, _ = select.select([client.fileno(), line], [], [], _LOOK_S)
                if client.fileno() in ready:
                    data = client.recv(_PIECE)
                    os.write(line, data)
                    if not data:
                        return
                if line in ready:
                    data = os.read(line, _PIECE)
                    client.sendall(data)
                    if not data:
                        return
        finally:
            os.close(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _set_up(line: int) -> None:
    """Make a line raw, at the box's speed, without what was left on it."""
    tty.setraw(line)
    attributes = termios.tcgetattr(line)
    attributes[4] = attributes[5] = _SPEED
    termios.tcsetattr(line, termios.TCSAFLUSH, attributes)
