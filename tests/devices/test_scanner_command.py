"""``kiosk-devices scan``: one line about one code, or one about what is wrong."""

from __future__ import annotations

import base64
import json
import threading
from pathlib import Path

import pytest

from drivers import cli
from tests.devices.scanner_families import FAMILIES, MODULES
from tests.waiting import until


def scan(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, str]]:
    """Run the command; return its exit code and its line."""
    code = cli.main(["scan", *map(str, words), "--json"])
    answer: dict[str, str] = json.loads(capsys.readouterr().out)
    return code, answer


@pytest.mark.parametrize("family", FAMILIES)
def test_a_code_is_one_line(
    family: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Text that is harmless, character set, bytes, kind."""
    module = MODULES[family](tmp_path / "scanner")
    payload = "新\x1b乡\x1d\u202e".encode("gb18030")

    def show() -> None:
        until(lambda: module.triggered)
        module.show(payload, symbology="pdf417")

    threading.Thread(target=show, daemon=True).start()
    code, answer = scan(capsys, "--port", tmp_path / "scanner", "--profile", family)
    module.close()
    assert code == 0
    assert answer == {
        "text": "新乡",
        "charset": "gb18030",
        "base64": base64.b64encode(payload).decode(),
        "symbology": "pdf417",
    }


def test_bytes_in_no_character_set_are_given_as_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is guessed."""
    module = MODULES["newland"](tmp_path / "scanner")
    module.show(b"\xff\xff\x80")
    code, answer = scan(capsys, "--port", tmp_path / "scanner")
    module.close()
    assert (code, answer["text"], answer["charset"]) == (0, "", "none")
    assert base64.b64decode(answer["base64"]) == b"\xff\xff\x80"


def test_what_is_wrong_is_one_line_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No code in time, no such profile, a port that cannot be held alone."""
    module = MODULES["honeywell"](tmp_path / "scanner")
    where = ["--port", tmp_path / "scanner"]
    honeywell = [*where, "--profile", "honeywell", "--timeout", "0.2"]
    code, answer = scan(capsys, *honeywell)
    assert (code, answer["error"]) == (1, "noCode")
    code, answer = scan(capsys, *where, "--profile", "nobodys")
    assert code == 1
    assert "scanner-nobodys.yaml" in answer["error"]
    assert "config/devices" in answer["help"]
    module.close()
    code, answer = scan(capsys, "--port", f"hid-keyboard:{tmp_path}/event-kbd")
    assert code == 1
    assert "held alone" in answer["error"] + answer["help"]
