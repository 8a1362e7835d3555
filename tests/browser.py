"""A real headless Chromium, driven by the few DevTools messages that tests need.

Chromium's sandbox wants an unprivileged user, so root runs it as ``yiduan-test``. Import the
fixture ``browser`` where it is needed.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from websockets.sync.client import ClientConnection, connect

from tests.postgres import as_user, unprivileged
from tests.waiting import PATIENCE_S, until


class Page:
    """One tab."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._numbers = itertools.count(1)

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Send one DevTools command and return its result."""
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(self._line.recv(timeout=20))
            if told.get("id") == number:
                assert "error" not in told, told["error"]
                result: dict[str, Any] = told["result"]
                return result

    def open(self, url: str) -> None:
        """Go to an address and wait until the document is there."""
        self.call("Page.navigate", url=url)
        until(lambda: self.run("document.readyState") == "complete" and self.run("location.href"))

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        told = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def click(self, selector: str) -> None:
        """Click in the middle of an element with the real pointer."""
        box = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=box[0],
                y=box[1],
                button="left",
                clickCount=1,
            )

    def press(self, key: str) -> None:
        """Press and let go of Tab or Enter."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **(text if kind == "keyDown" else {}),
            )

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)

    def size(self, width: int, height: int) -> None:
        """Give the page a size in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def picture(self, path: Path) -> None:
        """Save what is seen as PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))


@pytest.fixture
def browser() -> Iterator[Page]:
    """An empty tab of a fresh Chromium profile."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium: not installed")
    user = unprivileged()
    profile = Path(tempfile.mkdtemp(prefix="yiduan-web-"))
    os.chown(profile, user.pw_uid, user.pw_gid)
    process = subprocess.Popen(
        [
            *(chromium, "--headless=new", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
            *("--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={**os.environ, "HOME": str(profile), "XDG_RUNTIME_DIR": str(profile)},
        **as_user(user),  # type: ignore[call-overload]
    )
    try:
        ready = profile / "DevToolsActivePort"
        until(lambda: ready.exists() and ready.read_text().count("\n"))
        port = ready.read_text().split("\n")[0]
        tabs = requests.get(f"http://127.0.0.1:{port}/json", timeout=PATIENCE_S).json()
        address = next(tab for tab in tabs if tab["type"] == "page")["webSocketDebuggerUrl"]
        with connect(address, max_size=1 << 26, proxy=None) as line:
            yield Page(line)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)
        shutil.rmtree(profile, ignore_errors=True)
