"""A release without the profile of a device that is connected is refused by that terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

from kiosk.commands.check_release import checked
from kiosk.settings import config_root

OWN = (
    'jurisdiction: "411523"\nterminal: {id: 411523-0001}\n'
    "intake: {api_url: 'https://a.invalid', public_url: 'https://b.invalid'}\n"
)
PORTS = (
    "devices:\n  ups: {port: /dev/ups}\n  receipt-printer: {port: /dev/p, profile: custom-vkp80}\n"
)


def test_what_drives_a_connected_device_has_to_be_there(tmp_path: Path) -> None:
    """Named or by default, and of no other device; a file that can't be read says nothing."""
    shutil.copytree(config_root(), tmp_path / "config")
    own, ports = tmp_path / "terminal.yaml", tmp_path / "devices.yaml"
    own.write_text(OWN)
    ports.write_text(PORTS)
    gone = ("ups-megatec", "printer-custom-vkp80", "panel-keypad-arrows", "printer-generic-80mm")
    for name in gone:
        (tmp_path / "config" / "devices" / f"{name}.yaml").unlink()
    wrong, _ = checked(tmp_path, [own], pages=False)
    told = [line for line in wrong if "is not there" in line]
    assert [name for name in gone if any(f"{name}.yaml" in line for line in told)] == list(gone[:2])
    assert len(told) == 2
    ports.write_text("devices: {}")
    assert checked(tmp_path, [own], pages=False)[0] == []
    ports.write_text("devices: [")
    assert checked(tmp_path, [own], pages=False)[0] == []
    ports.unlink()
    assert checked(tmp_path, [own], pages=False)[0] == []
