"""Scanner profiles: what the files say and may not say; ports that are no serial line."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from drivers.scanner import profiles
from drivers.scanner.opening import KEYBOARD, POS, codec_for, profile_for
from drivers.scanner.profiles import CONFIG_DIR, FAMILIES, PLAIN, ProfileError
from drivers.scanner.symbology import ToldBy
from drivers.service.interfaces.barcode_reader import BARCODE_READER
from drivers.service.options import schema_of

NAMES = sorted(one.stem.removeprefix("scanner-") for one in CONFIG_DIR.glob("scanner-*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_profile_only_looks_when_told(name: str) -> None:
    """It waits for a command, says what kind of code it read, and keeps nothing for good."""
    profile = profiles.load(name)
    codec = FAMILIES[profile.family]
    first = next(iter(profile.settings))
    assert (profile.name, profile.settings[first]) == (name, "must")
    assert profile.symbology is not ToldBy.NOTHING
    request = codec.configure(list(profile.settings))
    assert request is not None
    assert b"@" not in request.data
    assert not request.data.endswith(b".")
    if profile.family == "zebra":
        assert not request.data[3] & 0x08
    for setting in profile.settings:
        assert codec.fault_of(setting) is None


def test_every_family_has_a_profile() -> None:
    """Under its own name, which is what the command takes."""
    assert set(FAMILIES) <= set(NAMES)
    assert all(profiles.load(family).family == family for family in FAMILIES)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_a_profile_has_a_source(name: str) -> None:
    """What a module is set to says where that is documented."""
    text = (CONFIG_DIR / f"scanner-{name}.yaml").read_text(encoding="utf-8")
    settings = text.partition("settings:\n")[2].splitlines()
    for line in settings:
        assert "#" in line, line
        assert line.startswith("#") or "(" in line, line


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("family: datalogic", "family"),
        ("family: newland\nspeed: 1", "speed"),
        ("family: newland\nframing: packets", "framing"),
        ("family: newland\ngap_s: 5", "gap_s"),
        ("family: newland\ngap_s: true", "gap_s"),
        ("family: newland\nsymbology: guess", "symbology"),
        ("family: newland\nsuffix: CR", "suffix"),
        ("family: newland\nsuffix: 0403", "suffix"),
        ("family: newland\nsuffix: '0102030405'", "suffix"),
        ("family: newland\nsuffix_setting: TSUSET040D", "suffix_setting"),
        ("family: newland\nsettings: [SCNMOD0]", "settings"),
        ("family: newland\nsettings: {SCNMOD0: [must]}", "settings.SCNMOD0"),
        ("family: newland\nsettings: {SCNMOD0: perhaps}", "settings.SCNMOD0"),
        ("family: newland\nsettings: {'@SCNMOD0': must}", "settings.@SCNMOD0"),
        ("family: honeywell\nsettings: {'TRGMOD0.': must}", "settings.TRGMOD0."),
        ("family: zebra\nsettings: {SCNMOD0: must}", "settings.SCNMOD0"),
        ("family: newland\ncheck: SCNMOD0", "check"),
        ("family: newland\nsymbology_setting: AIDENA1", "symbology_setting"),
        ("[]", "not a map"),
        ("{", "cannot be read"),
    ],
)
def test_a_wrong_profile_is_named_with_its_field(tmp_path: Path, text: str, key: str) -> None:
    """The complaint says which file and which field."""
    (tmp_path / "scanner-x.yaml").write_text(text)
    with pytest.raises(ProfileError) as caught:
        profiles.load("x", tmp_path)
    assert key in str(caught.value)
    assert "scanner-x.yaml" in str(caught.value)


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    """Its file is named."""
    with pytest.raises(ProfileError, match="scanner-none"):
        profiles.load("none", tmp_path)


@pytest.mark.parametrize(("port", "family"), [(KEYBOARD, "hid-keyboard"), (POS, "hid-pos")])
def test_a_hid_module_is_known_by_its_port(port: str, family: str) -> None:
    """It takes no commands, so no profile of a serial module holds for it."""
    codec = codec_for(f"{port}/dev/x", PLAIN)
    assert codec.name == family
    assert codec.configure(["SCNMOD0"]) is None
    assert codec.check("SCNMOD0") is None
    assert (codec.start(), codec.stop(), codec.identify()) == ((), None, ())
    assert codec.fault_of("SCNMOD0")
    assert not profile_for(f"{port}/dev/x", profiles.load("newland")).settings


@pytest.mark.parametrize(
    ("port", "fits"),
    [
        ("/dev/serial/by-id/usb-x", True),
        ("socket://10.0.0.7:2000", True),
        ("hid-keyboard:/dev/input/by-id/usb-x-event-kbd", True),
        ("hid-pos:/dev/yiduan/scanner", True),
        ("hid-keyboard:/dev/input/event5", False),
        ("hid-pos:/dev/hidraw0", False),
        ("/dev/ttyUSB0", False),
        ("hid-pos:", False),
        (7, False),
    ],
)
def test_a_port_must_keep_its_name(port: object, fits: bool) -> None:
    """Also behind the word for a HID module; the published schema says the same."""
    rule = BARCODE_READER.options["port"]
    assert (rule(port) is None) is fits
    assert Draft202012Validator(schema_of(rule)).is_valid(port) is fits
