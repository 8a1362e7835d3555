"""The line between a terminal and its intake, and a hand that can hold it still.

Bytes are passed on as they are (TLS ends at the intake).  A held line is not broken: whoever sends
waits, as behind a router that lost its uplink.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Self

from tests.waiting import PATIENCE_S

_AT_ONCE = 16 << 10


class Line:
    """Passes a loopback port on to another; use as a context manager.

    Attributes:
        port: where the terminal connects to.
        sent: bytes that came through from the terminal so far.
        down: whether new connections end at once, as if nobody listened.
        delay: seconds by which every piece of the terminal's comes later.
    """

    def __init__(self, far_port: int) -> None:
        self._far_port = far_port
        self._limit: int | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server
        self._free: asyncio.Event
        self.port = 0
        self.sent = 0
        self.down = False
        self.delay = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)

    def hold_after(self, more: int) -> None:
        """Let so many more bytes of the terminal through, then nothing."""
        self._loop.call_soon_threadsafe(self._hold, more)

    def let_go(self) -> None:
        """Let everything through again."""
        self._loop.call_soon_threadsafe(self._release)

    @property
    def held(self) -> bool:
        """Whether the limit was reached."""
        return self._limit is not None and self.sent >= self._limit

    def _hold(self, more: int) -> None:
        self._limit = self.sent + more
        self._free.clear()

    def _release(self) -> None:
        self._limit = None
        self._free.set()

    async def _open(self) -> None:
        self._free = asyncio.Event()
        self._free.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self.down:
            back.close()
            return
        try:
            far, forth = await asyncio.open_connection("127.0.0.1", self._far_port)
        except OSError:  # the intake is down: that is what the terminal shall see
            back.close()
            return
        await asyncio.gather(self._up(near, forth), _down(far, back))

    async def _up(self, near: asyncio.StreamReader, forth: asyncio.StreamWriter) -> None:
        try:
            while data := await near.read(_AT_ONCE):
                if self.held:
                    await self._free.wait()
                await asyncio.sleep(self.delay)
                self.sent += len(data)
                forth.write(data)
                await forth.drain()
        except OSError:
            pass
        finally:
            forth.close()


async def _down(far: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
    try:
        while data := await far.read(_AT_ONCE):
            back.write(data)
            await back.drain()
    except OSError:
        pass
    finally:
        back.close()
