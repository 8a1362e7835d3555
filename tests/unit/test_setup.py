"""``kiosk setup``: answers become a terminal, wrong ones change nothing, twice does no harm."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest
import yaml

from kiosk.channel import Secrets
from kiosk.cli import main
from kiosk.crypto import PublicKeys
from kiosk.installation import Question, SetupError, asked, questions, set_up
from kiosk.settings import load
from kiosk.translation import Translator

ANSWERS: dict[str, object] = {
    "terminal": {"id": "XX-DT-007", "site_name": "示例大厅"},
    "intake": {"api_url": "https://intake.invalid", "public_url": "http://intake.invalid"},
}


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_machine_becomes_a_terminal(tmp_path: Path) -> None:
    """Settings in force, secrets and keys that nobody else reads, each unit its own roles."""
    done = set_up(ANSWERS, tmp_path)
    etc, state = tmp_path / "etc" / "yiduan", tmp_path / "var" / "lib" / "yiduan" / "agent"
    settings = load((etc / "terminal.yaml",))
    assert settings.terminal.id == "XX-DT-007"
    assert settings.power.shutdown == ["systemctl", "poweroff"], "a UPS's battery would run out"
    assert (etc / "terminal.env").read_text() == "YIDUAN_TERMINAL=XX-DT-007\n"
    assert PublicKeys.read(state / "keys").terminal == "XX-DT-007"
    given = {
        unit: set(json.loads((etc / "credentials" / unit).read_text())["roles"])
        for unit in ("shell", "agent", "devices")
    }
    assert given["devices"] == {"session", "agent", "maintenance"}
    assert given["shell"] == given["agent"] == {"session", "shell", "agent", "maintenance"}
    secret = list((etc / "credentials").iterdir())
    assert {_mode(path) for path in secret} == {0o600}
    assert _mode(etc / "credentials") == 0o700
    assert done.recovery.is_dir()


def test_roles_prove_themselves_to_each_other(tmp_path: Path) -> None:
    """A secret is one secret in every file that holds it."""
    set_up(ANSWERS, tmp_path)
    place = tmp_path / "etc" / "yiduan" / "credentials"
    shell, devices = (
        Secrets(roles=json.loads((place / unit).read_text())["roles"])
        for unit in ("shell", "devices")
    )
    assert devices.proves("session", shell.roles["session"])


def test_again_it_keeps_secrets_and_keys(tmp_path: Path) -> None:
    """New answers are taken, the old ones kept beside; what others rely on stays."""
    set_up(ANSWERS, tmp_path)
    etc = tmp_path / "etc" / "yiduan"
    kept = {path: path.read_bytes() for path in (etc / "credentials").iterdir()}
    (etc / "devices.yaml").write_text("devices: {id-reader: {port: /dev/ttyUSB0}}\n")
    set_up({**ANSWERS, "help": {"phone": "0373-12345"}}, tmp_path)
    assert {path: path.read_bytes() for path in kept} == kept
    assert "ttyUSB0" in (etc / "devices.yaml").read_text()
    assert load((etc / "terminal.yaml",)).help.phone == "0373-12345"
    assert "0373" not in (etc / "terminal.yaml.before").read_text()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"terminal": {"id": "x"}}, "terminal.id"),
        ({"intake": {"api_url": "http://intake.invalid", "public_url": "http://x"}}, "https"),
        ({"printer": {}}, "printer"),
        ({"jurisdiction": "999999"}, "Write one of 140502, 410103, 410700, 411523"),
    ],
)
def test_wrong_answers_change_nothing(tmp_path: Path, wrong: dict[str, object], named: str) -> None:
    """The settings in force stay, and the message names the key."""
    set_up(ANSWERS, tmp_path)
    before = (tmp_path / "etc" / "yiduan" / "terminal.yaml").read_bytes()
    with pytest.raises(SetupError, match=named):
        set_up({**ANSWERS, **wrong}, tmp_path)
    assert (tmp_path / "etc" / "yiduan" / "terminal.yaml").read_bytes() == before


def test_another_terminals_keys_are_not_taken(tmp_path: Path) -> None:
    """A copied disk is told, since its keys would speak for another terminal."""
    set_up(ANSWERS, tmp_path)
    with pytest.raises(SetupError, match="XX-DT-007"):
        set_up({**ANSWERS, "terminal": {"id": "XX-DT-008"}}, tmp_path)
    assert "XX-DT-007" in (tmp_path / "etc" / "yiduan" / "terminal.yaml").read_text()


def test_only_open_questions_are_asked() -> None:
    """What a file answers is not asked; an empty answer takes the suggestion."""
    seen: list[str] = []

    def say(question: Question, suggestion: str) -> str:
        seen.append(question.key)
        return "900" if question.key == "display.width" else ""

    answers = asked(ANSWERS, say)
    assert "terminal.id" not in seen
    assert seen == [one.key for one in questions() if one.key in seen]
    assert answers["display"] == {"width": 900, "height": 1920}
    assert answers["jurisdiction"] == "410700"
    assert ANSWERS.get("display") is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_question_has_words(language: str) -> None:
    """In both languages of who installs."""
    words = Translator(language, strict=True)
    assert all(words.text(one.words) for one in questions())


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By a file, without anybody to ask; then with a file that is none."""
    file = tmp_path / "answers.yaml"
    file.write_text(yaml.safe_dump(ANSWERS))
    root = tmp_path / "root"
    assert main(["setup", "--answers", str(file), "--root", str(root)]) == 0
    told = capsys.readouterr().out
    assert "terminal.yaml" in told
    assert "恢复密钥" in told
    file.write_text("help: {phone: '0373-1'}\n")
    assert main(["setup", "--answers", str(file), "--root", str(root)]) == 0
    kept = load((root / "etc" / "yiduan" / "terminal.yaml",))
    assert (kept.terminal.id, kept.help.phone) == ("XX-DT-007", "0373-1")
    file.write_text("- a list\n")
    assert main(["setup", "--answers", str(file), "--root", str(root)]) == 1
    assert "settings layer is expected" in capsys.readouterr().err


def test_without_anybody_to_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script without answers is told so, and leaves nothing behind."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["setup", "--root", str(tmp_path / "root")]) == 1
    assert "--answers" in capsys.readouterr().err
    assert not (tmp_path / "root").exists()
