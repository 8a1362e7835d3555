"""The control of the simulated devices over HTTP, for people (a page) and for scripts (JSON).

::

    GET  /                     the page
    GET  /api/state            every device as it is now
    GET  /api/devices          the devices beside the four, and what can be done to each
    GET  /api/people           whose cards can be laid down
    GET  /api/printer/papers   what was printed
    GET  /paper/{id}.png       one printed paper as a picture
    GET  /code.svg?text=…      a text as a QR code
    GET  /camera.jpg           what the camera sees
    POST /api/id-reader        {"put": ref or card} {"lift": true}
    POST /api/scanner          {"show": text or {"base64": …}, "repeat"?, "seconds"?}
                               {"show": …, "presentation": true} {"hide": true}
    POST /api/printer          {"paper": "ok|low|out"} {"cover": "open|closed"}
    POST /api/camera           {"scene": name, "fault"?, "number"?, "bank"?} {"fault": name or null}
    POST /api/{name}           any of the other devices: what /api/devices offers, and more
    POST /api/{device}         {"unplug": true} {"replug": true}
                               {"fail_next": kind, "times"?} {"fail_during": kind} {"fault": null}

A POST answers with the new state, or 400 and `{"error": …}` when nothing was done.
Only the loopback address is served, and only to pages of this server: a web site opened on the same
machine cannot press the buttons.
"""

from __future__ import annotations

import contextlib
import io
import json
import threading
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import segno

MAX_BODY = 64 * 1024
"""Largest command taken, in bytes: a code of 4096 bytes in base64 and room to spare."""

_PAGE_DIR = Path(__file__).parent / "page"
_PAGE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "/": ("index.html", "text/html; charset=utf-8"),
        "/bench.css": ("bench.css", "text/css; charset=utf-8"),
        "/bench.js": ("bench.js", "text/javascript; charset=utf-8"),
    }
)
_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


class Devices(Protocol):
    """What this page controls."""

    def state(self) -> dict[str, object]:
        """Return every device as JSON values."""

    def devices(self) -> list[dict[str, object]]:
        """Return the devices beside the four, and what the page offers for each."""

    def people(self) -> list[dict[str, object]]:
        """Return whose cards can be laid down."""

    def papers(self) -> list[dict[str, object]]:
        """Return what was printed."""

    def camera_picture(self) -> bytes:
        """Return what the camera sees, as a JPEG; empty when there is nothing yet."""

    def control(self, device: str, command: Mapping[str, object]) -> None:
        """Do something to a device; LookupError or ValueError when that is impossible."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, devices: Devices) -> None:
        self.devices = devices
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        path = address.path
        if not self._is_ours():
            self._json(HTTPStatus.FORBIDDEN, {"error": "not a page of this server"})
        elif path in _PAGE:
            name, media_type = _PAGE[path]
            self._send(HTTPStatus.OK, (_PAGE_DIR / name).read_bytes(), media_type)
        elif path == "/api/state":
            self._json(HTTPStatus.OK, self.server.devices.state())
        elif path == "/api/devices":
            self._json(HTTPStatus.OK, self.server.devices.devices())
        elif path == "/api/people":
            self._json(HTTPStatus.OK, self.server.devices.people())
        elif path == "/api/printer/papers":
            papers = self.server.devices.papers()
            self._json(HTTPStatus.OK, [p | {"png": f"/paper/{p['id']}.png"} for p in papers])
        elif path.startswith("/paper/"):
            self._picture(path.removeprefix("/paper/").removesuffix(".png"))
        elif path == "/camera.jpg":
            self._camera()
        elif path == "/code.svg":
            self._code(parse_qs(address.query).get("text", [""])[0])
        else:
            self._json(HTTPStatus.NOT_FOUND, {"error": "no such page"})

    def do_POST(self) -> None:
        device = self.path.removeprefix("/api/")
        body = self._body()
        if body is None:
            return
        try:
            command = json.loads(body)
            if not isinstance(command, dict):
                raise ValueError("a command is an object")  # noqa: TRY004 - one refusal for all
            self.server.devices.control(device, command)
        except LookupError:
            self._json(HTTPStatus.NOT_FOUND, {"error": "no such device"})
        except ValueError as error:
            self._json(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        else:
            self._json(HTTPStatus.OK, self.server.devices.state())

    def log_message(self, *_: object) -> None:
        """Say nothing: what is shown and put down is nobody's business."""

    def _body(self) -> bytes | None:
        """Return the body of a request we may act on; None when it was refused already."""
        length = self.headers.get("Content-Length", "")
        too_long = not length.isdecimal() or int(length) > MAX_BODY
        if too_long:
            self.close_connection = True
            self._json(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "command too long"})
            return None
        body = self.rfile.read(int(length))
        if self._is_ours() and self.headers.get_content_type() == "application/json":
            return body
        self._json(HTTPStatus.FORBIDDEN, {"error": "not a page of this server, or not JSON"})
        return None

    def _is_ours(self) -> bool:
        """Whether the request names this server, and comes from its own page or from no page."""
        port = self.server.server_address[1]
        ours = {f"127.0.0.1:{port}", f"localhost:{port}"}
        origin = self.headers.get("Origin")
        return self.headers.get("Host") in ours and (
            origin is None or origin.removeprefix("http://") in ours
        )

    def _picture(self, number: str) -> None:
        """Send a paper's picture; only files the printer itself names can be reached."""
        files = {str(paper["id"]): paper["png"] for paper in self.server.devices.papers()}
        try:
            picture = Path(str(files[number])).read_bytes()
        except (KeyError, OSError):
            self._json(HTTPStatus.NOT_FOUND, {"error": "no such paper"})
        else:
            self._send(HTTPStatus.OK, picture, "image/png")

    def _camera(self) -> None:
        picture = self.server.devices.camera_picture()
        if picture:
            self._send(HTTPStatus.OK, picture, "image/jpeg")
        else:
            self._json(HTTPStatus.NOT_FOUND, {"error": "the camera sees nothing yet"})

    def _code(self, text: str) -> None:
        try:
            code = segno.make(text, error="l", micro=False)
        except ValueError:
            self._json(HTTPStatus.BAD_REQUEST, {"error": "nothing, or too long for a QR code"})
            return
        drawn = io.BytesIO()
        code.save(drawn, kind="svg", border=2, dark="#17212B", light="#FFFFFF", scale=4)
        self._send(HTTPStatus.OK, drawn.getvalue(), "image/svg+xml")

    def _json(self, status: HTTPStatus, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False)
        self._send(status, text.encode(), "application/json; charset=utf-8")

    def _send(self, status: HTTPStatus, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serve(devices: Devices, port: int) -> Iterator[str]:
    """Serve the page and the API on 127.0.0.1 while this lasts; port 0 takes any free one.

    Yields:
        The address of the page, without a slash at its end.

    Raises:
        OSError: The port is taken.
    """
    server = _Server(port, devices)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="control", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=2.0)
