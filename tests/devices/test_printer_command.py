"""``kiosk-devices print`` on printers that are not ours."""

from __future__ import annotations

import json
import os
import tty
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp

from drivers import cli
from drivers.printer.profiles import GENERIC_80MM
from tests.devices.plain_board import PlainBoard
from tests.devices.slips import PRINTED, SLIP, URL
from tests.waiting import until

WELL = {
    "paper": "full", "cover": "closed", "cutter": "ok", "head": "ok", "error": "none",
    "line": "online",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name the profile is one whose clearing and settling are not waited for."""
    quick = replace(GENERIC_80MM, clear=("dle-enq-2",), settle_s=0.1)
    monkeypatch.setattr("drivers.printer.profiles.GENERIC_80MM", quick)
    monkeypatch.setattr("drivers.printer.device.POLL_S", 0.02)
    monkeypatch.setattr("drivers.transport.SLICE_S", 0.005)


@pytest.fixture
def slip(tmp_path: Path) -> Path:
    """Return a file with a slip that has every kind of line."""
    file = tmp_path / "slip.json"
    content = {**SLIP, "lines": [*SLIP["lines"], {"barcode": "L01261122A017"}, {"text": "陈䶮"}]}
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def run(capsys: pytest.CaptureFixture[str], to: str, *more: object) -> tuple[int, dict[str, Any]]:
    """Run the command with ``--json``; return its exit code and its one line."""
    code = cli.main(["print", "--to", to, "--json", *map(str, more)])
    said = [json.loads(own) for own in capsys.readouterr().out.splitlines() if own[:1] == "{"]
    (line,) = [own for own in said if "event" not in own]  # what others log stands beside it
    return code, line


def test_a_board_that_knows_nothing_but_the_common_commands(
    slip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Text by its bytes, codes by the dots, one cut, proof by GS r, and no strange command."""
    with PlainBoard() as board:
        code, answer = run(capsys, board.url, "--profile", "generic-80mm", "--receipt", slip)
        assert (code, answer["printed"], answer["confirmed_by"]) == (0, True, "buffer-order")
        assert answer["status"] == WELL
        assert answer["bytes"] > 1000
        assert "error" not in answer
        assert board.text == [*PRINTED, "L01261122A017", "陈〓"]
        assert (board.cuts, board.strange) == (1, [])
        codes = zxingcpp.read_barcodes(np.asarray(board.picture))
        assert {code.text for code in codes} == {URL, "L01261122A017"}


@pytest.mark.parametrize(
    ("answers", "error", "word"),
    [
        ({1: 0x1A, 2: 0x16}, "coverOpen", ("cover", "open")),
        ({1: 0x1A, 2: 0x32, 4: 0x72}, "paperOut", ("paper", "out")),
        ({4: 0x72}, "paperOut", ("paper", "out")),
        ({1: 0x1A, 2: 0x52, 3: 0x1A}, "cutterError", ("cutter", "fault")),
        ({1: 0x1A, 2: 0x52, 3: 0x52}, "overheated", ("head", "hot")),
        ({1: 0x1A}, "offline", ("line", "offline")),
    ],
)
def test_a_board_in_trouble(
    slip: Path,
    capsys: pytest.CaptureFixture[str],
    answers: dict[int, int],
    error: str,
    word: tuple[str, str],
) -> None:
    """Not printed, the reason by its name, exit code 1, and not a line on paper."""
    with PlainBoard() as board:
        board.status.update(answers)
        code, answer = run(capsys, board.url, "--receipt", slip)
        assert (code, answer["printed"], answer["error"]) == (1, False, error)
        assert answer["status"][word[0]] == word[1]
        assert (board.text, answer["bytes"]) == ([], 0)


def test_paper_that_ends_in_the_middle(slip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not printed, though everything was sent."""
    with PlainBoard() as board:
        board.out_after_lines = 3
        code, answer = run(capsys, board.url, "--receipt", slip)
        assert (code, answer["printed"], answer["error"]) == (1, False, "paperOut")
        assert board.text == PRINTED[:3]


def test_low_paper_prints_and_says_so(slip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A warning is no trouble."""
    with PlainBoard() as board:
        board.status[4] = 0x1E
        code, answer = run(capsys, board.url, "--receipt", slip)
        assert (code, answer["printed"], answer["status"]["paper"]) == (0, True, "low")


def test_a_board_whose_answers_are_not_wired(
    slip: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may print; nobody can tell."""
    monkeypatch.setattr("drivers.printer.device.SILENT_WAIT_S", 0.5)
    with PlainBoard() as board:
        board.mute = True
        code, answer = run(capsys, board.url, "--receipt", slip)
        assert (code, answer["printed"], answer["error"]) == (1, "unknown", "noAnswer")
        until(lambda: board.cuts)


def test_no_such_printer(slip: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Not printed, and what to do about it."""
    code, answer = run(capsys, f"usb:{tmp_path / 'lp0'}", "--receipt", slip)
    assert (code, answer["printed"], answer["bytes"]) == (1, False, 0)
    assert "lp0" in answer["error"] + answer["help"]
    assert answer["help"]


def test_a_usb_printer_that_takes_nothing(
    slip: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A character device nobody reads: given up in bounded time, by its name."""
    monkeypatch.setattr("drivers.transport.WRITE_LIMIT_S", 0.2)
    monkeypatch.setattr("drivers.printer.device.SILENT_WAIT_S", 0.5)
    master, slave = os.openpty()
    tty.setraw(slave)
    content = {"title": "", "lines": [{"qr": URL}] * 4 + [{"big": "长䶮" * 100}] * 3}
    slip.write_text(json.dumps(content), encoding="utf-8")
    code, answer = run(capsys, f"usb:{os.ttyname(slave)}", "--receipt", slip)
    os.close(master)
    os.close(slave)
    assert (code, answer["printed"], answer["error"]) == (1, False, "stalled")
    assert answer["status"]["line"] == "stalled"


@pytest.mark.parametrize("text", ["[" * 100_000, "nothing", '{"title": 1}', "\x00"])
def test_a_file_that_is_no_receipt(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named with what is wrong, before any printer is opened."""
    (tmp_path / "slip.json").write_text(text)
    code, answer = run(capsys, "nowhere", "--receipt", tmp_path / "slip.json")
    assert code == 1
    assert "slip.json" in answer["error"]


def test_a_profile_that_is_not_there(slip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own file is named, not the slip's, and where profiles are."""
    code, answer = run(capsys, "nowhere", "--profile", "epson-tm", "--receipt", slip)
    assert code == 1
    assert "printer-epson-tm.yaml" in answer["error"]
    assert "slip.json" not in answer["error"] + answer["help"]
    assert "config/devices" in answer["help"]
