"""One frame on a local stream socket.

Bytes: 4-byte big-endian length, then that many bytes of UTF-8 JSON (one object,
at most 1 MiB). A frame may carry file descriptors (SCM_RIGHTS) sent with its
first byte; the object then says how many under ``"fds"``.
"""

from __future__ import annotations

import array
import json
import os
import socket
import struct
from collections.abc import Sequence

from kiosk.channel.errors import ChannelClosed, ChannelError

MAX_FRAME = 1 << 20
"""Largest JSON part, bytes."""
MAX_FDS = 4
_LENGTH = struct.Struct(">I")

Message = dict[str, object]


def send(sock: socket.socket, message: Message, fds: Sequence[int] = ()) -> None:
    """Write one frame; descriptors stay open here.

    Raises:
        ChannelError: the message is larger than a frame may be.
        ChannelClosed: the peer is gone.
    """
    if fds:
        message = {**message, "fds": len(fds)}
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > MAX_FRAME:
        raise ChannelError(f"frame of {len(body)} bytes is larger than {MAX_FRAME}")
    data = _LENGTH.pack(len(body)) + body
    try:
        sent = socket.send_fds(sock, [data], list(fds)) if fds else sock.send(data)
        if sent < len(data):  # even an empty send fails once a quick peer has answered and left
            sock.sendall(data[sent:])
    except OSError as error:
        raise ChannelClosed(str(error)) from error


def receive(sock: socket.socket) -> tuple[Message, list[int]]:
    """Read one frame and the descriptors that came with it (the caller closes them).

    Raises:
        ChannelClosed: end of stream, also in the middle of a frame.
        ChannelError: too long, not JSON, not an object, or another number of
            descriptors than the frame names.
    """
    fds: list[int] = []
    try:
        head = _read_head(sock, fds)
        (size,) = _LENGTH.unpack(head)
        if size > MAX_FRAME:
            raise ChannelError(f"frame of {size} bytes is larger than {MAX_FRAME}")
        message = _parse(_read_exactly(sock, size))
        if message.get("fds", 0) != len(fds):
            raise ChannelError("another number of descriptors than the frame names")
    except ChannelError:
        close_all(fds)
        raise
    return message, fds


def close_all(fds: Sequence[int]) -> None:
    """Close descriptors that nobody took."""
    for fd in fds:
        os.close(fd)


def _read_head(sock: socket.socket, fds: list[int]) -> bytes:
    """Read the length; ancillary data can arrive only with these bytes."""
    head = b""
    while len(head) < _LENGTH.size:
        try:
            part, ancillary, _flags, _peer = sock.recvmsg(
                _LENGTH.size - len(head), socket.CMSG_LEN(MAX_FDS * array.array("i").itemsize)
            )
        except OSError as error:
            raise ChannelClosed(str(error)) from error
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                numbers = array.array("i")
                numbers.frombytes(data[: len(data) - len(data) % numbers.itemsize])
                fds.extend(numbers)
        if not part:
            raise ChannelClosed("end of stream")
        head += part
    return head


def _read_exactly(sock: socket.socket, size: int) -> bytes:
    body = bytearray()
    while len(body) < size:
        try:
            part = sock.recv(min(size - len(body), 1 << 16))
        except OSError as error:
            raise ChannelClosed(str(error)) from error
        if not part:
            raise ChannelClosed("end of stream in a frame")
        body += part
    return bytes(body)


def _parse(body: bytes) -> Message:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ChannelError(f"not JSON: {error}") from error
    if not isinstance(message, dict):
        raise ChannelError("not a JSON object")
    return message
