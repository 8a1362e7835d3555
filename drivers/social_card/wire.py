"""A slot on a Unix socket, in the form of the virtual reader of the vsmartcard project.

::

    length (2, big-endian) | 00 off, 01 on, 02 reset, 04 answer to reset, or a command for the card

The card answers a question for its answer to reset, and a command, in the same form; an empty
answer means that there is no card.
Source: vsmartcard, virtualsmartcard/src/vpcd (vpcd.h: VPCD_CTRL_OFF, ON, RESET, ATR).
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Final

from drivers.errors import DeviceSilent, TransportLost
from drivers.social_card.ports import CardGone

OFF, ON, RESET, ATR = (bytes([word]) for word in (0, 1, 2, 4))

ANSWER_S: Final = 1.0
"""Seconds one answer may take; a card's answer to these questions takes some 50 ms."""

_LONGEST: Final = 4096


def framed(message: bytes) -> bytes:
    """Return a message with its length."""
    return len(message).to_bytes(2, "big") + message


class Receiver:
    """Bytes of the socket become messages, however they are cut; at most one is kept."""

    def __init__(self) -> None:
        self._buffer = b""

    def receive(self, data: bytes) -> list[bytes]:
        """Take bytes as they came, return the messages that are complete."""
        self._buffer += data
        messages = []
        while len(self._buffer) >= 2:
            end = 2 + int.from_bytes(self._buffer[:2], "big")
            if len(self._buffer) < end:
                break
            messages.append(self._buffer[2:end])
            self._buffer = self._buffer[end:]
        return messages


class WireSlot:
    """The slot behind one socket."""

    model = "socket"

    def __init__(self, path: str) -> None:
        self._path = path
        self._receiver = Receiver()
        self._waiting: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(ANSWER_S)
        try:
            self._socket.connect(path)
        except OSError as error:
            self._socket.close()
            raise TransportLost(f"{path}: {error}") from error

    def present(self) -> bool:
        """As `CardSlot.present`."""
        return bool(self._ask(ATR))

    def power_on(self) -> bytes:
        """As `CardSlot.power_on`."""
        self._send(ON)
        answer = self._ask(ATR)
        if not answer:
            raise CardGone
        return answer

    def transmit(self, command: bytes) -> bytes:
        """As `CardSlot.transmit`."""
        answer = self._ask(command)
        if not answer:
            raise CardGone
        return answer

    def power_off(self) -> None:
        """As `CardSlot.power_off`."""
        with contextlib.suppress(TransportLost):
            self._send(OFF)

    def close(self) -> None:
        """As `CardSlot.close`."""
        self._socket.close()

    def _send(self, message: bytes) -> None:
        try:
            self._socket.sendall(framed(message))
        except OSError as error:
            raise TransportLost(f"{self._path}: {error}") from error

    def _ask(self, message: bytes) -> bytes:
        self._send(message)
        deadline = time.monotonic() + ANSWER_S
        while not self._waiting:
            self._waiting += self._receiver.receive(self._piece(deadline))
        return self._waiting.pop(0)

    def _piece(self, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            data = self._socket.recv(_LONGEST)
        except TimeoutError:
            raise DeviceSilent(f"{self._path}: no answer in {ANSWER_S} s") from None
        except OSError as error:
            raise TransportLost(f"{self._path}: {error}") from error
        if not data:
            raise TransportLost(f"{self._path}: hung up")
        return data
