"""YAML files of people who do not program: what is wrong is told with its line and the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.documents import DocumentError, parse

FILE = Path("things/pet.yaml")


@pytest.mark.parametrize(
    ("data", "line", "hint"),
    [
        ("code: pet\nname: 养犬登记\n".encode("gbk"), 2, "Save the file as UTF-8"),
        ("code: pet\nname：养犬登记\nsteps: 4\n".encode(), 2, "narrow : and a space"),
        ("items:\n  - code：x\n    name: y\n".encode(), 2, "narrow : and a space"),
        (b"items:\n  - code: x\n name: y\n", 3, "Check indentation and quotes"),
        (b"code: a\ncode: b\n", 2, "Keep one"),
    ],
)
def test_what_people_write_wrong(data: bytes, line: int, hint: str) -> None:
    """Another encoding, a wide colon, a wrong indent, a key twice."""
    with pytest.raises(DocumentError) as refused:
        parse(FILE, data)
    (fault,) = refused.value.faults
    assert (fault.line, hint in fault.hint) == (line, True), str(fault)
