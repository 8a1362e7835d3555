"""The plainest printer there is, written apart from everything in `drivers`, on a TCP port.

It knows what every 80 mm board with a Chinese font knows: DLE EOT 1 to 4 in real time, GS r in
order, GB 18030 text, size, alignment, spacing, feed, cut, and pictures in rows and columns. Any
other command is written down in `strange`; other control codes are dropped, as boards do.
"""

from __future__ import annotations

import socket
import threading
from typing import Self

from PIL import Image

LENGTHS = {
    b"\x1b@": 0,
    b"\x1c&": 0,
    b"\x1b3": 1,
    b"\x1bJ": 1,
    b"\x1ba": 1,
    b"\x1d!": 1,
    b"\x1dr": 1,
    b"\x1dV": 2,
}
"""Commands of a fixed length; pictures carry theirs."""

DROPPED = (b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", b"\x10\x05\x02")
"""Clearing commands this board does not know: to it they are control codes only."""


class PlainBoard:
    """One board; `status` are its four DLE EOT answers, and no paper moves while 1 is offline.

    A `mute` one prints, and its answers are not wired.
    """

    def __init__(self) -> None:
        self.status = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
        self.text: list[str] = []
        self.pictures: list[Image.Image] = []
        self.strange: list[str] = []
        self.cuts = 0
        self.mute = False
        self.out_after_lines: int | None = None
        self._line = b""
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """What a driver opens."""
        return f"socket://127.0.0.1:{self._server.getsockname()[1]}"

    @property
    def picture(self) -> Image.Image:
        """All rows of dots, one picture below the other, dark on white."""
        height = sum(part.height for part in self.pictures)
        whole = Image.new("L", (640, height + 80), 255)
        top = 40
        for part in self.pictures:
            whole.paste(part, (32, top))
            top += part.height
        return whole

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def _serve(self) -> None:
        try:
            line, _ = self._server.accept()
        except OSError:
            return
        waiting = b""
        with line:
            while piece := line.recv(100):
                for byte in piece:
                    waiting = self._real_time(waiting + bytes((byte,)), line)
                waiting = self._print(waiting, line)

    def _real_time(self, waiting: bytes, line: socket.socket) -> bytes:
        """Answer a status question where it stands, and take it out of the stream."""
        if len(waiting) >= 3 and waiting[-3:-1] == b"\x10\x04" and waiting[-1] in self.status:
            self._answer(line, self.status[waiting[-1]])
            return waiting[:-3]
        return waiting

    def _answer(self, line: socket.socket, value: int) -> None:
        if not self.mute:
            line.sendall(bytes((value,)))

    def _print(self, data: bytes, line: socket.socket) -> bytes:
        while data and self.status[1] == 0x12:
            size = self._size(data)
            if size is None or len(data) < size:
                break
            self._do(data[:size], line)
            data = data[size:]
        return data

    def _size(self, data: bytes) -> int | None:
        """Return how long the next item is; None when that cannot be told yet."""
        for dropped in DROPPED:
            if data[:2] == dropped[:2]:
                return len(dropped)
        if data[0] not in b"\x10\x1b\x1c\x1d":
            return 1
        code = data[:2]
        if len(data) < 8 and code in (b"\x1b*", b"\x1dv"):
            return None
        if code == b"\x1b*":
            return 5 + 3 * int.from_bytes(data[3:5], "little")
        if code == b"\x1dv":
            across, down = (int.from_bytes(data[at : at + 2], "little") for at in (4, 6))
            return 8 + across * down
        return None if len(code) < 2 else 2 + LENGTHS.get(code, 0)

    def _do(self, item: bytes, line: socket.socket) -> None:
        code = item[:2]
        if item == b"\n":
            self._end_line()
        elif item[0] >= 0x20:
            self._line += item
        elif code == b"\x1dr":
            self._answer(line, 0x00)
        elif code == b"\x1dV":
            self.cuts += 1
        elif code == b"\x1b*":
            self._line += "〓".encode("gb18030")
        elif code == b"\x1dv":
            self._rows(item)
        elif len(item) > 1 and code not in LENGTHS and item not in DROPPED:
            self.strange.append(item.hex())

    def _end_line(self) -> None:
        self.text.append(self._line.decode("gb18030"))
        self._line = b""
        if self.out_after_lines == len(self.text):
            self.status = {1: 0x1A, 2: 0x32, 3: 0x12, 4: 0x72}

    def _rows(self, item: bytes) -> None:
        across, down = (int.from_bytes(item[at : at + 2], "little") for at in (4, 6))
        dots = Image.frombytes("1", (across * 8, down), item[8:])
        wide, high = 1 + (item[3] & 1), 1 + (item[3] >> 1 & 1)
        scaled = dots.resize((dots.width * wide, dots.height * high))
        self.pictures.append(scaled.point(lambda ink: 0 if ink else 255, "L"))
