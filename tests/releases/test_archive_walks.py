"""Archives of any bytes, or changed on the way: read as they were made, or refused."""

from __future__ import annotations

import io
import tarfile

from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.release.archive import ArchiveError, files
from kiosk.release.errors import Unusable
from kiosk.release.unpacking import read

PART = st.text("abcxyz019._-", min_size=1, max_size=40).filter(lambda part: part.strip("."))
NAMES = st.lists(PART, min_size=1, max_size=5).map("/".join)
ENTRIES = st.dictionaries(NAMES, st.binary(max_size=1100), max_size=5)


def made(entries: dict[str, bytes]) -> bytes:
    """Return an archive by the general library."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


@settings(max_examples=60, deadline=None)
@given(ENTRIES)
def test_what_another_library_wrote_is_read_as_it_was(entries: dict[str, bytes]) -> None:
    """Names up to the form's longest, contents of no block, a part of one, several."""
    assert dict(files(made(entries))) == entries


@settings(max_examples=120, deadline=None)
@given(ENTRIES, st.data())
def test_a_changed_byte_changes_no_header(entries: dict[str, bytes], draw: st.DataObject) -> None:
    """It is refused, or was of a content: no file is called otherwise, longer, or left out."""
    archive = bytearray(made(entries))
    archive[draw.draw(st.integers(0, len(archive) - 1))] = draw.draw(st.integers(0, 255))
    try:
        found = [(name, len(data)) for name, data in files(bytes(archive))]
    except ArchiveError:
        return
    assert found == [(name, len(data)) for name, data in entries.items()]


@settings(max_examples=120, deadline=None)
@given(ENTRIES, st.data())
def test_a_cut_archive_is_refused(entries: dict[str, bytes], draw: st.DataObject) -> None:
    """Before its end is said; what lies after that is nothing anyway."""
    archive = made(entries)
    whole = sum(512 + -(-len(data) // 512) * 512 for data in entries.values())
    cut = archive[: draw.draw(st.integers(0, whole + 511))]
    try:
        list(files(cut))
    except ArchiveError:
        return
    raise AssertionError("what was cut off was not missed")


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.binary(max_size=2048), ENTRIES.map(made)), st.booleans())
def test_any_bytes_are_a_release_or_are_refused(data: bytes, packed: bool) -> None:
    """By one class of error, which the updater knows."""
    try:
        told, found = read(zstd.compress(data) if packed else data)
    except Unusable:
        return
    assert told.name
    assert "release.json" in found
