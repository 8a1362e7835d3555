"""Layers: who said what, which configuration is read, secrets, forms, and every kind of site."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.settings import SettingsError, config_root, load
from kiosk.settings.combinations import settings_of
from kiosk.settings.forms import UnknownForm, brought_up
from kiosk.settings.secrets import looks_like

DESK = config_root() / "terminals" / "desk.yaml"
INTAKE = "intake: {api_url: 'https://a.invalid', public_url: 'https://b.invalid'}\n"
SITES = ("hall", "bank", "post", "telecom", "park", "mall", "building")


def own(folder: Path, text: str) -> Path:
    """Write a terminal's own file."""
    path = folder / "terminal.yaml"
    path.write_text("terminal: {id: 410700-0021}\n" + INTAKE + text, encoding="utf-8")
    return path


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A configuration with a group's layer, as a release has it."""
    config = tmp_path / "config"
    (config / "sites").mkdir(parents=True)
    (config / "jurisdictions").mkdir()
    (config / "defaults.yaml").write_text((config_root() / "defaults.yaml").read_text())
    (config / "sites" / "mall.yaml").write_text("help: {phone: '111'}\n")
    (config / "jurisdictions" / "410700.settings.yaml").write_text("help: {phone: '222'}\n")
    (config / "group.yaml").write_text("help: {phone: '333'}\n")
    return config


def test_each_layer_wins_over_those_below(released: Path, tmp_path: Path) -> None:
    """Product, site, jurisdiction, group, terminal; each is remembered with what it said."""
    settings = load([own(tmp_path, "site: hall\nhelp: {phone: '444'}\n")], root=released)
    assert [one.layer for one in settings.said("help.phone")] == [
        *("product", "jurisdiction 410700", "group", "terminal")
    ]
    settings = load([own(tmp_path, "site: mall\nsound: {volume: 5}\n")], root=released)
    assert settings.help.phone == "333"
    assert [(one.layer, one.value) for one in settings.said("help.phone")][1:] == [
        ("site mall", "111"),
        ("jurisdiction 410700", "222"),
        ("group", "333"),
    ]


def test_explain_names_layer_file_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The command tells who gave a value, and over what; a misspelt key is guessed."""
    assert main(["settings", "explain", "help.phone", "--settings", str(DESK)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("help.phone = 12345  (jurisdiction 410700: ")
    assert "over 12345  (product: " in told[1]
    assert main(["settings", "explain", "help.fone", "--settings", str(DESK)]) == 1
    assert "did you mean help.phone?" in capsys.readouterr().err


def test_the_release_in_force_is_read(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own generation by its own path: a change of the name changes nothing that is read."""
    monkeypatch.delenv("YIDUAN_CONFIG", raising=False)
    monkeypatch.setenv("YIDUAN_RELEASES", str(tmp_path / "releases"))
    assert config_root() == Path(__file__).parents[2] / "config"
    generation = tmp_path / "releases" / "generations" / "4"
    generation.mkdir(parents=True)
    released.rename(generation / "config")
    (tmp_path / "releases" / "current").symlink_to("generations/4")
    assert config_root() == generation / "config"


@pytest.mark.parametrize(
    "value",
    [
        "-----BEGIN PRIVATE KEY-----",
        "https://admin:hunter2@a.invalid/",
        "9f86d081884c7d659a2feaa0c55ad015",
        "aGVsbG8gd29ybGQgdGhpcyBpcyBhIGtleTEyMw==",
        "sk-1234567890abcdefghij",
    ],
)
def test_a_secret_is_refused(tmp_path: Path, value: str) -> None:
    """With the line it stands in, and where it belongs instead."""
    path = own(tmp_path, f"idle:\n  greeting: '{value}'\n")
    with pytest.raises(SettingsError, match=r"settings hold none.*name the file") as caught:
        load([path])
    assert caught.value.faults[0].line == 4


@pytest.mark.parametrize(
    "text",
    ["power: {shutdown: [rm, -rf, /]}\n", "maintenance: {restart: [sh]}\n", "terminal: {id: t-99}"],
)
def test_a_release_names_no_commands_and_no_machine(
    released: Path, tmp_path: Path, text: str
) -> None:
    """However many signed it: what a machine runs and which it is, its own file says alone."""
    (released / "group.yaml").write_text(text)
    with pytest.raises(SettingsError, match=r"group\.yaml:1: .*only the terminal's own file"):
        load([own(tmp_path, "")], root=released)
    assert load([own(tmp_path, "power: {shutdown: [systemctl, poweroff]}\n")]).power.shutdown


@pytest.mark.parametrize(
    "value", ["政务事项，就在银行办", "https://intake.example/api/v1", "12345", "410700-0021", True]
)
def test_what_is_no_secret_is_not_taken_for_one(value: object) -> None:
    """Words, addresses and numbers."""
    assert looks_like(value) == ""


def test_documents_of_older_forms_are_brought_up() -> None:
    """Step by step; the number itself is no setting."""
    steps = (
        lambda old: {"b" if key == "a" else key: own for key, own in old.items()},
        lambda old: {key: own * 2 for key, own in old.items()},
    )
    assert brought_up({"a": 1}, steps) == {"b": 2}
    assert brought_up({"form": 2, "b": 1}, steps) == {"b": 2}
    assert brought_up({"form": 3, "b": 1}, steps) == {"b": 1}


@pytest.mark.parametrize("form", [0, 2, "1", True, -1])
def test_a_newer_form_asks_for_newer_software(tmp_path: Path, form: object) -> None:
    """Nobody guesses what a later document means."""
    with pytest.raises(UnknownForm):
        brought_up({"form": form})
    path = tmp_path / "newer.yaml"
    path.write_text("form: 2\n")
    with pytest.raises(SettingsError, match="Update this terminal's software first"):
        load([DESK, path])


@pytest.mark.parametrize("site", SITES)
def test_seven_kinds_of_site_ship(tmp_path: Path, site: str) -> None:
    """Each names the place, and is a layer of its own."""
    settings = load([own(tmp_path, f"site: {site}\n")])
    assert settings.origin("terminal.site_name").layer == f"site {site}"
    assert settings.origin("privacy.risk").layer == f"site {site}"
    assert settings.privacy.second_person or settings.privacy.risk == "low"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("site: mall\nsound: {speech: loudspeaker}\n", "headset or off where risk is high"),
        ("site: mall\nprivacy: {second_person: false}\n", "has to be on where risk is high"),
    ],
)
def test_values_are_held_against_each_other(tmp_path: Path, text: str, told: str) -> None:
    """What is right by itself can be wrong beside another value."""
    with pytest.raises(SettingsError, match=told):
        load([own(tmp_path, text)])


def test_every_combination_is_looked_at(released: Path) -> None:
    """A jurisdiction's layer that is wrong over one kind of site alone is found."""
    for code in ("410700", "140502"):
        (released / "jurisdictions" / f"{code}.yaml").touch()
    (released / "sites" / "mall.yaml").write_text("privacy: {risk: high, second_person: true}\n")
    good, faults = settings_of(released)
    assert (len(good), faults) == (14, ())
    (released / "jurisdictions" / "410700.settings.yaml").write_text("sound: {speech: loudspeaker}")
    good, faults = settings_of(released)
    assert len(good) == 13
    assert "risk is high" in str(faults[0])


ROSTER = "help: {roster: [{name: 热线, phone: '222', workdays: ['00:00-24:00']}]}\n"


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("", 1),
        ("help: {hours: 白天}\n", 1),
        ("help: {phone: '222'}\n", 1),  # the installer's answer was the roster's own number
        ("help: {phone: '555'}\n", 0),
        ("help: {phone: '555', roster: [{name: 服务台, phone: '666'}]}\n", 1),
    ],
)
def test_a_number_of_its_own_takes_the_place_of_a_roster_from_below(
    released: Path, tmp_path: Path, said: str, stands: int
) -> None:
    """Or it would be said nowhere; `explain` names the line that did it."""
    (released / "jurisdictions" / "410700.settings.yaml").write_text(ROSTER)
    (released / "group.yaml").unlink()
    settings = load([own(tmp_path, said)], root=released)
    assert len(settings.help.roster) == stands
    last = settings.said("help.roster")[-1]
    assert (last.layer == "terminal") == (said.count("555") > 0)
    assert settings.said("help.phone")[-1].value == settings.help.phone


@pytest.mark.parametrize(
    ("below", "said", "hours"),
    [
        ("hours: 中心白天", "phone: '555'", ""),  # hours of the place's number, not of this one
        ("hours: 中心白天", "phone: '555', hours: 整天", "整天"),
        ("hours: 中心白天", "hours: 整天", "整天"),
        ("hours: 中心白天", "", "中心白天"),
        ("phone: '555', hours: 中心白天", "phone: '555'", "中心白天"),  # the same number again
        ("phone: '555'", "phone: '666', roster: []", ""),
    ],
)
def test_hours_stand_beside_the_number_that_they_were_said_of(
    released: Path, tmp_path: Path, below: str, said: str, hours: str
) -> None:
    """A number from a higher layer comes without the hours of those below; `explain` tells."""
    (released / "jurisdictions" / "410700.settings.yaml").write_text(f"help: {{{below}}}\n")
    (released / "group.yaml").unlink()
    settings = load([own(tmp_path, f"help: {{{said}}}\n")], root=released)
    assert settings.help.hours == hours
    assert settings.said("help.hours")[-1].value == hours


def test_what_a_hall_says_of_its_staff_is_said_of_no_telephone(tmp_path: Path) -> None:
    """The number of a terminal's own comes without; the sentence stands by itself."""
    told = load([own(tmp_path, "help: {phone: 0373-1234567}\n")]).help
    assert (told.phone, told.hours, told.roster) == ("0373-1234567", "", ())
    assert told.attended == "工作日 9:00至17:00 有工作人员在场"


@pytest.mark.parametrize("code", ["410700", "140502", "410103", "411523"])
def test_every_place_that_ships_has_somebody_who_answers(tmp_path: Path, code: str) -> None:
    """At night and on holidays, too; by a public number, and nobody's private one."""
    roster = load([own(tmp_path, f"jurisdiction: '{code}'\n")]).help.roster
    for hours in ("workdays", "weekends", "holidays"):
        assert any(getattr(one, hours) == ("00:00-24:00",) for one in roster)
    assert {one.phone for one in roster} == {"12345"}
    names = {one.phone.startswith("0373-000000") for one in load([DESK]).help.staff}
    assert names == {True}
