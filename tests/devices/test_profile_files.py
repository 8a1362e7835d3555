"""The files of devices: whatever is in one, it is a profile or a complaint that names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.errors import DeviceFailed
from drivers.panel import board_profile, keypad_profile
from drivers.printer import profiles as printer
from drivers.profile_file import CONFIG_DIR, ProfileError
from drivers.scanner import profiles as scanner
from drivers.service.adapter import Adapter
from drivers.service.adapters.keypad import KeypadAdapter
from drivers.service.adapters.panel import PanelAdapter
from drivers.service.adapters.receipt_printer import ReceiptPrinterAdapter
from drivers.service.adapters.scanner import ScannerAdapter
from drivers.service.adapters.ups import UpsAdapter
from drivers.ups import profiles as ups

LOADERS: dict[str, Callable[[str, Path], Any]] = {
    "printer": printer.load,
    "scanner": scanner.load,
    "ups": ups.load,
    "panel-board": board_profile.load,
    "panel-keypad": keypad_profile.load,
}
FILES = sorted((kind, file) for kind in LOADERS for file in CONFIG_DIR.glob(f"{kind}-*.yaml"))

PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.binary(max_size=4),
    st.sampled_from(["must", "many", "megatec", "newland", "KEY_UP", "up", "red", "1D 56"]),
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.one_of(st.text(max_size=4), st.integers(), st.none()), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def content(path: Path) -> Any:
    """Return what is in a file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def places(value: Any) -> list[tuple[Any, ...]]:
    """Return where in a content something else can stand, as the keys that lead there."""
    found: list[tuple[Any, ...]] = [()]
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for key, one in entries:
        found += [(key, *rest) for rest in places(one)]
    return found


def put(value: Any, place: tuple[Any, ...], other: Any) -> Any:
    """Return a content with something else in one place."""
    if not place:
        return other
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[place[0]] = put(value[place[0]], place[1:], other)
    return changed


def loaded(kind: str, folder: Path, text: str) -> None:
    """Load a file of that text: a profile, or a complaint with its name."""
    (folder / f"{kind}-x.yaml").write_text(text, encoding="utf-8")
    complaint = f"{kind}-x.yaml"
    try:
        LOADERS[kind]("x", folder)
    except ProfileError as error:
        complaint = str(error)
    assert f"{kind}-x.yaml" in complaint


@pytest.mark.parametrize("kind", LOADERS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_value_anywhere_is_a_profile_or_a_complaint(
    tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    """One of our files with something else in one place, keys and nesting included."""
    file = data.draw(st.sampled_from([file for of, file in FILES if of == kind]))
    whole = content(file)
    place = data.draw(st.sampled_from(places(whole)))
    loaded(kind, tmp_path, yaml.safe_dump(put(whole, place, data.draw(VALUES))))


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize(
    "text",
    [
        "", "[", "x", "\x00", "{}", "[1]: 2", "a: &a [*a]", "a: !!int ''", "a: !!bool x",
        "a: !!timestamp x", "a: 2026-99-99", "a: !!python/object:os.system {}", "9: 9",
        "a: " + "[" * 3000, "a: " + "9" * 5000, "write: [1]", "protocol: [megatec]",
        "family: newland\nsettings: {a: [1]}", "sources: {a: b}",
    ],
)  # fmt: skip
def test_what_no_writer_of_yaml_would_write(tmp_path: Path, kind: str, text: str) -> None:
    """Broken, hostile or merely odd."""
    loaded(kind, tmp_path, text)


@pytest.mark.parametrize(("kind", "file"), FILES, ids=lambda one: getattr(one, "stem", ""))
def test_our_files_are_profiles_and_may_name_their_sources(
    tmp_path: Path, kind: str, file: Path
) -> None:
    """`sources` is for people, in the file of every device."""
    known = content(file) | {"sources": {"model": "a manual, page 7"}}
    (tmp_path / file.name).write_text(yaml.safe_dump(known, sort_keys=False), encoding="utf-8")
    name = file.stem.removeprefix(f"{kind}-")
    assert LOADERS[kind](name, tmp_path) == LOADERS[kind](name, CONFIG_DIR)


@pytest.mark.parametrize("kind", LOADERS)
def test_a_file_that_is_not_there_is_named(tmp_path: Path, kind: str) -> None:
    """Staff read which one."""
    with pytest.raises(ProfileError, match=f"{kind}-none.yaml"):
        LOADERS[kind]("none", tmp_path)


@pytest.mark.parametrize(
    "adapter", [ReceiptPrinterAdapter, ScannerAdapter, UpsAdapter, PanelAdapter, KeypadAdapter]
)
def test_a_wrong_file_is_a_failed_device_and_not_a_dead_host(
    adapter: Callable[[str, Mapping[str, str]], Adapter],
) -> None:
    """It says which file when it is opened, and the other devices never hear of it."""
    device = adapter("/nowhere", {"profile": "none"})
    for _ in range(2):
        with pytest.raises(DeviceFailed, match=r"-none\.yaml"):
            device.open()
        device.close()
    assert device.lost() is not None
    assert device.model() is not None
