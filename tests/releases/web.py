"""A web server of static files on the loopback interface that can be told to misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

Answer = Callable[[BaseHTTPRequestHandler], None]
NAME = "timestamp.json"


@dataclass(slots=True)
class Web:
    """Serves ``public``; ``instead`` answers for names that end so."""

    public: Path
    instead: dict[str, Answer] = field(default_factory=dict)
    sent: int = 0
    """Bytes on the line, headers counted, both ways."""
    asked: list[str] = field(default_factory=list)
    _server: Any = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        """Serve from a free port."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()


def _handler(own: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            own.asked.append(self.path)
            own.sent += len(self.raw_requestline) + len(bytes(self.headers))
            for ending, answer in own.instead.items():
                if self.path.endswith(ending):
                    answer(self)
                    return
            self._serve(own.public / self.path.lstrip("/"))

        def _serve(self, path: Path) -> None:
            try:
                data, status = path.read_bytes(), 200
            except OSError:
                data, status = b"", 404
            tag = f'"{hash(data):x}"'
            if status == 200 and self.headers["If-None-Match"] == tag:
                data, status = b"", 304
            self._answer(status, data, tag)

        def _answer(self, status: int, data: bytes, tag: str) -> None:
            head = f"HTTP/1.1 {status} -\r\nETag: {tag}\r\nContent-Length: {len(data)}\r\n\r\n"
            whole = head.encode() + data
            own.sent += len(whole)
            self.wfile.write(whole)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
