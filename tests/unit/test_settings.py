"""Settings: layers, origins, and refusals that say file, line, key and next step."""

from __future__ import annotations

import io
from pathlib import Path

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from kiosk.settings import SettingsError, config_root, load
from kiosk.settings.check import check

DESK = config_root() / "terminals" / "desk.yaml"
INTAKE = "intake: {api_url: 'https://intake.invalid', public_url: 'http://pages.invalid'}\n"


def own(tmp_path: Path, text: str) -> Path:
    """Write a terminal's own file."""
    path = tmp_path / "terminal.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_later_layers_win_and_origins_are_known() -> None:
    """Each value knows its file and line, whichever layer gave it."""
    settings = load([DESK])
    assert settings.terminal.id == "410700-0020"
    assert settings.terminal.site_name == "政务服务大厅"
    assert (settings.timeouts.idle, settings.timeouts.submit_wait) == (60, 8)
    assert settings.origin("terminal.id").file == DESK
    assert settings.origin("terminal.site_name").file == config_root() / "sites" / "hall.yaml"
    assert settings.origin("help.phone").file.name == "410700.settings.yaml"
    where = settings.origin("display.px_per_mm")
    line = where.file.read_text(encoding="utf-8").splitlines()[where.line - 1]
    assert line.strip() == "px_per_mm: 4.03"


def test_a_terminal_overrides_one_value_of_a_group(tmp_path: Path) -> None:
    """Groups are merged key by key; the rest of the group stays."""
    path = own(tmp_path, "terminal: {id: 410700-0021}\ndisplay: {width: 1920}\n" + INTAKE)
    settings = load([path])
    assert (settings.display.width, settings.display.height) == (1920, 1920)
    assert settings.origin("display.width").line == 2


def test_a_terminal_chooses_its_site_layer(tmp_path: Path) -> None:
    """The site named by the terminal's file brings its own layer in below it."""
    path = own(tmp_path, "site: bank\nterminal: {id: 410700-0021}\n" + INTAKE)
    settings = load([path])
    assert settings.terminal.site_name == "银行网点政务自助区"
    assert settings.origin("site").file == path


@pytest.mark.parametrize(
    ("text", "line", "key", "told"),
    [
        ("display:\n  px_pr_mm: 4\n", 2, "display.px_pr_mm", "Did you mean px_per_mm?"),
        ("\ntimeout: {idle: 60}\n", 2, "timeout", "Did you mean timeouts?"),
        ("timeouts:\n  idle: 60\n  warning: 5\n", 3, "timeouts.warning", "greater than or equal"),
        ("display:\n  width: wide\n", 2, "display.width", "valid integer (given: 'wide')"),
        ("display: 4\n", 1, "display", ""),
        ("site: pub\n", 1, "site", "'hall'"),
        ("help:\n\n  phone: 12345\n", 3, "help.phone", "valid string"),
        ("retention:\n  tombstones_days: 3\n", 2, "retention.tombstones_days", "equal to 30"),
        ("outbox:\n  max_byte: 1\n", 2, "outbox.max_byte", "Did you mean max_bytes?"),
    ],
)
def test_refusals_name_the_place(tmp_path: Path, text: str, line: int, key: str, told: str) -> None:
    """A wrong key or value is refused with its file, line and key, and what to do."""
    path = own(tmp_path, text + "terminal: {id: 410700-0021}\n" + INTAKE)
    with pytest.raises(SettingsError) as caught:
        load([path])
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.key) == (path, line, key)
    assert told in str(caught.value)


def test_a_missing_value_names_the_file_to_add_it_to(tmp_path: Path) -> None:
    """What only the terminal's own file can say is asked of that file."""
    path = own(tmp_path, "terminal: {id: 410700-0021}\n")
    with pytest.raises(SettingsError, match=rf"{path}:1: intake: missing\. Add intake here"):
        load([path])


def test_personal_data_may_not_go_in_clear(tmp_path: Path) -> None:
    """The API has to be https."""
    path = own(
        tmp_path,
        "terminal: {id: 410700-0021}\n"
        "intake: {api_url: 'http://a.invalid', public_url: 'http://b.invalid'}\n",
    )
    with pytest.raises(SettingsError, match="https"):
        load([path])


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "a: &x 1\nb: *x\n", "site: ../../etc\n"])
def test_odd_documents_are_refused(tmp_path: Path, text: str) -> None:
    """A list, broken YAML, stray keys and a path for a name are SettingsErrors."""
    with pytest.raises(SettingsError):
        load([own(tmp_path, text)])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The file that cannot be read is in the message."""
    with pytest.raises(SettingsError, match="nowhere"):
        load([tmp_path / "nowhere.yaml"])


def test_settings_do_not_change() -> None:
    """Nobody sets a value in a running process."""
    settings = load([DESK])
    with pytest.raises(ValidationError):
        settings.site = "bank"


def test_check_shows_every_value_with_its_origin(tmp_path: Path) -> None:
    """The command prints key, value and origin, and its status tells good from bad."""
    out, err = io.StringIO(), io.StringIO()
    assert check([DESK], out, err) == 0
    assert f"terminal.id = 410700-0020  ({DESK}:4)" in out.getvalue()
    assert check([own(tmp_path, "sight: hall\n")], out, err) == 1
    assert "Did you mean site?" in err.getvalue()


def test_shipped_layers_fit_the_published_schema() -> None:
    """An editor that uses the schema accepts every layer and refuses a misspelt key."""
    root = config_root()
    schema = yaml.safe_load((root / "schema" / "settings.schema.json").read_text("utf-8"))
    layers = [
        root / "defaults.yaml",
        *root.glob("sites/*.yaml"),
        *(one for one in root.glob("terminals/*.yaml") if not one.name.startswith("devices")),
        *root.glob("jurisdictions/*.settings.yaml"),
    ]
    for layer in layers:
        jsonschema.validate(yaml.safe_load(layer.read_text("utf-8")), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"sight": "hall"}, schema)
