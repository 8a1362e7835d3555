"""From the admin's command line to a terminal's configuration, with the terminal's own checks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from fleet.cli import main as fleet_main
from kiosk.cli import main as kiosk_main
from kiosk.settings import config_root
from tests.releases.web import Web

PERSONS = ("zhang", "li", "wang")
SMALL = ("411523.yaml",)
"""A jurisdiction that lists nothing: its check takes a second."""

OWN = """\
jurisdiction: "411523"
terminal: {id: 411523-0001}
intake: {api_url: "https://a.invalid", public_url: "https://b.invalid"}
"""


@dataclass(frozen=True, slots=True)
class Hands:
    """The admin's folder, and the terminal's."""

    place: Path

    @property
    def sources(self) -> Path:
        """The configuration that is written."""
        return self.place / "config"

    def fleet(self, *words: str) -> int:
        """Give ``kiosk-fleet`` a command."""
        return fleet_main([*words, "--repository", str(self.place / "repository")])

    def secrets(self, *persons: str) -> list[str]:
        """Name files of passphrases."""
        return [f"--passphrase={name}={self.place / name}" for name in persons]

    def sign(self, *persons: str) -> None:
        """Let persons sign."""
        for name in persons:
            words = ("release", "sign", f"--keys={self.place / 'keys'}", f"--person={name}")
            assert self.fleet(*words, *self.secrets(name)) == 0

    def publish(self) -> int:
        """Publish what is staged, checked."""
        return self.fleet("release", "publish", f"--online={self.place / 'online'}")

    def terminal(self, *words: str) -> int:
        """Give ``kiosk release`` a command."""
        return kiosk_main(["release", *words, f"--folder={self.place / 'releases'}"])

    def update(self, where: str) -> int:
        """Look for a release."""
        settings = f"--settings={self.place / 'terminal.yaml'}"
        root = f"--root={self.place / 'repository/public/metadata/1.root.json'}"
        own = ("--group=canary", "--trial=0", settings, root)
        return self.terminal("update", where, *own)

    @property
    def phone(self) -> str:
        """The phone that the release in force says."""
        path = self.place / "releases" / "current" / "config" / "defaults.yaml"
        return str(yaml.safe_load(path.read_text())["help"]["phone"])

    def write(self, phone: str) -> None:
        """Write another phone into the sources."""
        path = self.sources / "defaults.yaml"
        told = yaml.safe_load(path.read_text())
        told["help"]["phone"] = phone
        path.write_text(yaml.safe_dump(told, allow_unicode=True))


@pytest.fixture
def hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """Persons with keys, and a small configuration."""
    monkeypatch.setattr("fleet.keys.sealed_file.COST", 2**4)
    own = Hands(tmp_path)
    shutil.copytree(config_root(), own.sources)
    for path in (own.sources / "jurisdictions").iterdir():
        if path.name not in SMALL:
            path.unlink()
    (tmp_path / "terminal.yaml").write_text(OWN)
    for name in PERSONS:
        (tmp_path / name).write_text(f"a passphrase of {name}\n")
        os.chmod(tmp_path / name, 0o600)  # noqa: PTH101
    made = own.fleet(
        *("keys", "init", f"--persons={','.join(PERSONS)}", "--threshold=2"),
        *(f"--keys={tmp_path / 'keys'}", f"--online={tmp_path / 'online'}"),
        *own.secrets(*PERSONS),
    )
    assert made == 0
    return own


def test_a_release_goes_the_whole_way(
    hands: Hands, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built, told apart, signed by two, checked, published, taken by a terminal, and taken back."""
    hands.write("61234567")
    assert hands.fleet("release", "build", str(hands.sources), "--group=canary", "--name=A") == 0
    hands.sign("zhang")
    assert hands.publish() == 1
    assert "canary 1: signed by zhang; 1 more needed" in capsys.readouterr().err
    hands.sign("wang")
    assert hands.publish() == 0
    with Web(hands.place / "repository" / "public") as web:
        assert hands.update(f"--from={web.url}") == 0
    assert hands.phone == "61234567"
    monkeypatch.setenv("YIDUAN_RELEASES", str(hands.place / "releases"))
    assert config_root() == hands.place / "releases" / "generations" / "1" / "config"
    capsys.readouterr()

    hands.write("61230000")
    words = ("release", "diff", "canary", str(hands.sources))
    assert hands.fleet(*words) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == ["~ help.phone for every terminal: 61234567 → 61230000"]
    assert hands.terminal("back", "--why=rehearsal") == 0
    assert not (hands.place / "releases" / "current").exists()
    assert hands.update(f"--from-usb={hands.place / 'repository' / 'public'}") == 2
    assert "rehearsal" in capsys.readouterr().out


def test_what_is_wrong_is_not_published_and_not_taken(
    hands: Hands, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The admin is told file, line and key; a terminal that is given it all the same refuses it."""
    assert hands.fleet("release", "build", str(hands.sources), "--group=canary") == 0
    hands.sign("zhang", "li")
    monkeypatch.setattr("fleet.release.checking.check", lambda _pack: "")
    assert hands.publish() == 0
    monkeypatch.undo()
    mall = hands.sources / "sites" / "mall.yaml"
    mall.write_text("privacy:\n  risk: high\n  second_person: false\nhelp: {fone: '1'}\n")
    assert hands.fleet("release", "build", str(hands.sources), "--group=canary") == 0
    hands.sign("zhang", "li")
    assert hands.publish() == 1
    told = capsys.readouterr().err
    assert "sites/mall.yaml:4: help.fone: unknown key. Did you mean phone?" in told
    desk = hands.sources / "defaults.yaml"
    desk.write_text(desk.read_text().replace("idle: 60", "idle: 6"))
    assert hands.fleet("release", "build", str(hands.sources), "--group=canary") == 0
    hands.sign("zhang", "li")
    monkeypatch.setattr("fleet.release.checking.check", lambda _pack: "")
    assert hands.publish() == 0
    stick = f"--from-usb={hands.place / 'repository' / 'public'}"
    assert hands.update(stick) == 2
    told = capsys.readouterr().out
    assert "defaults.yaml" in told
    assert "timeouts.idle" in told
    assert not (hands.place / "releases" / "current").exists()
