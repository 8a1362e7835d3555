"""A file of a terminal in the console: asked for, come, taken by who may, and written down."""

from __future__ import annotations

import re

from fleet import journal
from fleet.people import Role
from kiosk.status.attachment import Attachment
from kiosk.status.command import Kind
from tests.broker import Bus, bus
from tests.fleet.test_bus import terminal
from tests.fleet.test_console import Running, console
from tests.waiting import until

__all__ = ["bus", "console"]
PICTURE = b"\xff\xd8\xff" + b"<script>alert(1)</script>" * 2000


def test_a_picture_is_asked_for_and_looked_at(console: Running, bus: Bus) -> None:
    """By who may give commands alone; nothing in it may run; the journal tells who took it."""
    own, key = console.browser(Role.OPERATOR)
    base = f"{console.base}/terminals/T-0001"
    page = own.get(f"{base}/command?kind=screenshot", timeout=20).text
    assert "有人在用就不截" in page
    given = own.post(f"{base}/command", {"form_key": key, "kind": "screenshot"}, timeout=20)
    assert given.status_code == 200
    command = console.parts.app.state.console.desk.newest(["T-0001"], 1)[0].id
    assert own.get(f"{base}/files/{command}", timeout=20).status_code == 404
    with terminal(bus, "T-0001") as line:
        assert line.attach(command, Attachment(kind=Kind.SCREENSHOT, data=PICTURE))
        until(lambda: f"files/{command}" in own.get(f"{base}/now", timeout=20).text)
    got = own.get(f"{base}/files/{command}", timeout=20)
    assert (got.content, got.headers["content-type"]) == (PICTURE, "image/jpeg")
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["x-content-type-options"] == "nosniff"
    viewer, _ = console.browser(Role.VIEWER)
    assert viewer.get(f"{base}/files/{command}", timeout=20).status_code == 403
    assert (
        own.get(f"{console.base}/terminals/T-0002/files/{command}", timeout=20).status_code == 404
    )
    taken = next(one for one in journal.newest(console.engine, 5) if one.action == "file_taken")
    assert (taken.person, taken.subject, taken.detail) == ("operator", "T-0001", "screenshot")


def test_going_back_wants_a_reason(console: Running) -> None:
    """It is in the journal and goes to the terminal's log."""
    own, key = console.browser(Role.RELEASER)
    base = f"{console.base}/terminals/T-0002/command"
    assert re.search(
        r'name="argument"[^>]*required', own.get(f"{base}?kind=release_back", timeout=20).text
    )
    form = {"form_key": key, "kind": "release_back"}
    assert own.post(base, {**form, "argument": " "}, timeout=20).status_code == 422
    assert own.post(base, {**form, "argument": "电话写错了"}, timeout=20).status_code == 200
    newest = console.parts.app.state.console.desk.newest(["T-0002"], 1)[0]
    assert (newest.kind, newest.argument) == ("release_back", "电话写错了")
