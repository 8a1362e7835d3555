"""``kiosk-devices decode``: one line a file, and exit code 1 when one could not be read."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest
import segno
from PIL import Image

from drivers import cli
from tests.devices.test_decoder_cascade import drawn


def picture(place: Path, payload: bytes) -> Path:
    """Save a picture with a QR code of these bytes."""
    Image.fromarray(drawn(segno.make_qr(payload, mode="byte"))).save(place)
    return place


def decode(capsys: pytest.CaptureFixture[str], *files: Path) -> tuple[int, list[dict[str, object]]]:
    """Decode files; return the exit code and the lines."""
    code = cli.main(["decode", *map(str, files), "--json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_text_is_given_when_it_is_certain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """UTF-8 and GB 18030 as text, other bytes as base64; each with kind, place and time."""
    files = [
        picture(tmp_path / "1.png", "申请已受理".encode()),
        picture(tmp_path / "2.png", "申请已受理".encode("gb18030")),
        picture(tmp_path / "3.png", b"\xff\xfe\x00"),
    ]
    exit_code, lines = decode(capsys, *files)
    assert exit_code == 0
    assert [line["file"] for line in lines] == list(map(str, files))
    found = []
    for line in lines:
        assert set(line) == {"file", "codes", "ms"}
        codes = line["codes"]
        assert isinstance(codes, list)
        (code,) = codes
        assert (code.pop("symbology"), np.shape(code.pop("corners"))) == ("qrCode", (4, 2))
        found.append(code)
    assert found == [
        {"text": "申请已受理", "charset": "utf-8"},
        {"text": "申请已受理", "charset": "gb18030"},
        {"base64": base64.b64encode(b"\xff\xfe\x00").decode(), "charset": None},
    ]


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its line says what is wrong and what to do, the others are read, and the end is 1."""
    (tmp_path / "text.jpg").write_text("no picture")
    good = picture(tmp_path / "good.png", b"good")
    empty = tmp_path / "wall.png"
    Image.fromarray(np.full((200, 300), 180, np.uint8)).save(empty)
    files = [tmp_path / "nowhere.png", tmp_path / "text.jpg", tmp_path, good, empty]
    exit_code, lines = decode(capsys, *files)
    assert exit_code == 1
    errors = [str(line.get("error", "")) for line in lines]
    assert errors[0].startswith("unreadable")
    assert errors[1:] == ["notAPicture", errors[2], "", ""]
    assert errors[2].startswith("unreadable")
    assert all(line["help"] for line in lines[:3])
    good_codes, no_codes = (line["codes"] for line in lines[3:])
    assert (no_codes, bool(good_codes)) == ([], True)


def test_plain_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For a person: a line a code, without characters that steer a terminal."""
    (tmp_path / "text.jpg").write_text("no picture")
    file = picture(tmp_path / "1.png", b"a\x1b[31mb")
    assert cli.main(["decode", str(file), str(tmp_path / "text.jpg")]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{file}: qrCode a[31mb"
    assert "notAPicture" in second
