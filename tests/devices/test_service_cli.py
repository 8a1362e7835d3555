"""The ``kiosk-devices`` command: one device by hand, and what it says when it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drivers import cli
from drivers.simulated.simulator import Simulator
from tests.devices.service_bench import CARD, REPOSITORY, pem
from tests.waiting import until


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    """Lend simulated devices."""
    simulator = Simulator(tmp_path, paper_dir=tmp_path / "papers")
    yield simulator
    simulator.close()


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, object]]:
    """Run a command with ``--json``; return its exit code and its one line."""
    code = cli.main([*map(str, arguments), "--json"])
    (line,) = capsys.readouterr().out.splitlines()
    return code, json.loads(line)


def test_read_card(
    simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line with the person, without the photo, which goes to a file when asked for."""
    simulator.id_reader.put(CARD)
    port, photo = tmp_path / "devices" / "id-reader", tmp_path / "photo.wlt"
    code, person = run(capsys, "read-card", "--port", port, "--photo", photo)
    assert code == 0
    assert (person["name"], person["id_no"], person["valid_to"]) == (CARD.name, CARD.id_no, None)
    assert len(photo.read_bytes()) == person["photo_bytes"] == 1024


def test_read_card_without_a_card(
    simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No card in time is an error with what to do."""
    port = tmp_path / "devices" / "id-reader"
    code, trouble = run(capsys, "read-card", "--port", port, "--wait", 0.1)
    assert (code, trouble["error"]) == (1, "noCard")
    assert trouble["help"]


@pytest.mark.parametrize(
    "arguments", [["read-card", "--port"], ["scan", "--port"], ["print", "--receipt", "R", "--to"]]
)
def test_no_such_port(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A port that is not there is an error that names it."""
    (tmp_path / "slip.json").write_text('{"title": "t", "lines": []}')
    words = [str(tmp_path / "slip.json") if word == "R" else word for word in arguments]
    code, trouble = run(capsys, *words, tmp_path / "nowhere")
    assert code == 1
    assert "nowhere" in str(trouble)


def test_scan(simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line with text, character set and bytes; control characters do not reach the terminal."""

    def show() -> None:
        until(lambda: simulator.scanner.triggered)
        simulator.scanner.show("中\x1b文".encode("gb18030"))

    threading.Thread(target=show, daemon=True).start()
    code, answer = run(capsys, "scan", "--port", tmp_path / "devices" / "scanner")
    assert (code, answer["text"], answer["charset"]) == (0, "中文", "gb18030")


def test_print(simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer of the printer, and exit code 1 when nothing came out."""
    slip = tmp_path / "slip.json"
    slip.write_text('{"title": "凭条", "lines": [{"text": "你好"}]}', encoding="utf-8")
    to = ["print", "--to", tmp_path / "devices" / "receipt-printer", "--receipt", slip]
    code, answer = run(capsys, *to)
    assert (code, answer["printed"], answer["confirmed_by"]) == (0, True, "buffer-order")
    simulator.printer.control({"paper": "out"})
    code, answer = run(capsys, *to)
    assert (code, answer["printed"], answer["error"]) == (1, False, "paperOut")


def test_a_wrong_receipt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no receipt is named."""
    slip = tmp_path / "slip.json"
    slip.write_text('{"title": "t", "lines": [{"raw": "x"}]}')
    code, trouble = run(capsys, "print", "--to", "nowhere", "--receipt", slip)
    assert code == 1
    assert str(slip) in str(trouble["error"])


def test_plain_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json the trouble is said on stderr."""
    assert cli.main(["scan", "--port", str(tmp_path / "nowhere")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nowhere" in captured.err


@pytest.mark.parametrize(
    ("stdin", "config", "word"),
    [
        ("", "", "role session"),
        ('{"roles": {"agent": "00"}}', "", "role session"),
        ('{"roles": {"session": "00"}}', "devices: {camera: {}}", "devices.camera"),
        ('{"roles": {"session": "00"}}', "", "evidence.pem"),
    ],
)
def test_serve_says_what_is_missing(tmp_path: Path, stdin: str, config: str, word: str) -> None:
    """A host that cannot start names the reason and ends with 1."""
    arguments = ["--run", tmp_path, "--terminal", "T1", "--secrets-on-stdin"]
    if config:
        (tmp_path / "evidence.pem").write_bytes(pem(Ed25519PrivateKey.generate()))
        (tmp_path / "ports.yaml").write_text(config)
        arguments += ["--config", tmp_path / "ports.yaml"]
    arguments += ["--evidence-key", tmp_path / "evidence.pem"]
    host = subprocess.run(
        [sys.executable, "-m", "drivers", "serve", *map(str, arguments)],
        input=stdin,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert host.returncode == 1
    assert word in host.stderr


@pytest.mark.parametrize(
    ("file", "word"),
    [
        ("{}", "--run"),
        ("{run: R, evidence_key: k.pem}", "--terminal"),
        ("{run: R, terminal: T1}", "--evidence-key"),
        ("{run: R, terminal: T1, evidence_key: k.pem}", "--secrets-on-stdin"),
        ("{secrets: s.json, run: R, terminal: T1, evidence_key: no.pem}", "no.pem"),
        ("{secrets: open.json, run: R, terminal: T1, evidence_key: no.pem}", "chmod 600"),
        ("{secrets: s.json, run: LONG, terminal: T1, evidence_key: k.pem}", "shorter path"),
    ],
)
def test_serve_from_the_file_alone_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, word: str
) -> None:
    """Each complaint names what to mend, before anything is opened."""
    for name, mode in (("s.json", 0o600), ("open.json", 0o644)):
        (tmp_path / name).write_text('{"roles": {"session": "00"}}')
        (tmp_path / name).chmod(mode)
    (tmp_path / "k.pem").write_bytes(pem(Ed25519PrivateKey.generate()))
    (tmp_path / "host.yaml").write_text(file.replace("LONG", "x" * 90))
    process = dict.fromkeys(("title", "leave_no_dump", "log_to_stderr"), mock.DEFAULT)
    with mock.patch.multiple("drivers.service.serving", **process):  # this process is the test's
        assert cli.main(["serve", "--config", str(tmp_path / "host.yaml")]) == 1
    assert word in capsys.readouterr().err


def test_the_command_starts_light() -> None:
    """Help costs no device, no web socket and no picture library."""
    script = (
        "import sys; from drivers import cli; cli._parser();"
        "print([m for m in ('serial', 'websockets', 'PIL', 'yaml', 'cryptography')"
        " if m in sys.modules])"
    )
    light = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert light.stdout.strip() == "[]"


def test_no_code_is_taken_from_where_it_is_started(tmp_path: Path) -> None:
    """A folder with a package of our name, on a technician's stick, is not run by any process."""
    stick, ran = tmp_path / "stick", tmp_path / "ran"
    (stick / "drivers").mkdir(parents=True)
    trap = f"import pathlib; pathlib.Path({str(ran)!r}).touch()"
    (stick / "drivers" / "__init__.py").write_text(trap, encoding="utf-8")
    ports = stick / "devices.yaml"
    ports.write_text("devices: {scanner: {port: /dev/null}}\n", encoding="utf-8")
    program = "from drivers.cli import main; main()"
    told = subprocess.run(
        [sys.executable, "-P", "-c", program, "doctor", "--config", "devices.yaml"],
        cwd=stick,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "scanner" in told.stdout, told.stderr
    assert not ran.exists()
