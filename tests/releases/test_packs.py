"""Packs that are well signed and harmful all the same, and what a release may hold at all."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from fleet.errors import KeyRefused, SourceRefused
from fleet.keys import sealed_file
from fleet.release.packing import Told, content, group_named, packed, unpacked
from kiosk.release import unpacking
from kiosk.release.errors import Unusable
from kiosk.release.unpacking import MOST_BYTES, unpack
from tests.releases.repositories import CHEAP, configuration

TOLD = json.dumps({"name": "n", "group": "g", "built": "b", "format": 1}).encode()
Maker = Callable[[tarfile.TarFile], None]


def pack(folder: Path, *entries: tuple[str, bytes], also: Maker = lambda _: None) -> Path:
    """Write a pack with entries, whatever they are called."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in entries:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        also(archive)
    path = folder / "pack.tar.zst"
    path.write_bytes(zstd.compress(buffer.getvalue()))
    return path


def linked(kind: bytes, name: str = "config/a.yaml") -> Maker:
    """Return what adds an entry of a kind that is no file."""

    def add(archive: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, "/etc/passwd"
        archive.addfile(entry)

    return add


@pytest.mark.parametrize(
    "name",
    [
        *("../config/a.yaml", "/etc/passwd", "config/../../a", "config/.hidden", "other/a.yaml"),
        *("config/a/b/c/d/e/f.yaml", "config/" + "x" * 90, "config/a\nb", "config//a", "config/"),
    ],
)
def test_nothing_is_written_elsewhere(tmp_path: Path, name: str) -> None:
    """Names that lead out, that hide, or that are none."""
    with pytest.raises(Unusable, match="does not belong"):
        unpack(pack(tmp_path, ("release.json", TOLD), (name, b"x")), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_no_links_and_no_devices(tmp_path: Path, kind: bytes) -> None:
    """Files alone."""
    with pytest.raises(Unusable):
        unpack(pack(tmp_path, ("release.json", TOLD), also=linked(kind)), tmp_path / "out")


@pytest.mark.parametrize("names", [("config/a", "config/a/b.yaml"), ("config/a/b/c", "config/a")])
def test_no_name_is_a_file_and_a_folder(tmp_path: Path, names: tuple[str, str]) -> None:
    """Refused before the first file is written, whichever comes first."""
    entries = [(name, b"x") for name in names]
    with pytest.raises(Unusable, match="'config/a' is a file and a folder"):
        unpack(pack(tmp_path, ("release.json", TOLD), *entries), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("more", [b"x", zstd.compress(b"x")])
def test_nothing_follows_a_pack(tmp_path: Path, more: bytes) -> None:
    """Neither bytes nor a second frame, which another reader might take for the rest."""
    path = pack(tmp_path, ("release.json", TOLD))
    path.write_bytes(path.read_bytes() + more)
    with pytest.raises(Unusable, match="follows"):
        unpack(path, tmp_path / "out")


def _changed(archive: bytearray) -> None:
    archive[0:1] = b"R"


def _followed(archive: bytearray) -> None:
    archive += archive[:1024]


def _cut(archive: bytearray) -> None:
    del archive[700:]


def _counted_wrong(archive: bytearray) -> None:
    archive[124:136] = b"-0000000001\0"


@pytest.mark.parametrize("spoil", [_changed, _followed, _cut, _counted_wrong, bytearray.clear])
def test_an_archive_that_is_not_as_it_was_made(
    tmp_path: Path, spoil: Callable[[bytearray], None]
) -> None:
    """Nothing is hidden behind its end, and no header is believed that was changed."""
    archive = bytearray(zstd.decompress(pack(tmp_path, ("release.json", TOLD)).read_bytes()))
    spoil(archive)
    (tmp_path / "pack").write_bytes(zstd.compress(bytes(archive)))
    with pytest.raises(Unusable, match="no tar archive"):
        unpack(tmp_path / "pack", tmp_path / "out")


def test_no_headers_of_other_forms(tmp_path: Path) -> None:
    """A name so long that it needs an extended header belongs in no release."""
    name = "/".join(["config", *["x" * 70] * 4])
    with pytest.raises(Unusable, match="does not belong"):
        unpack(pack(tmp_path, ("release.json", TOLD), (name, b"x")), tmp_path / "out")


def test_what_grows_without_end_is_dropped(tmp_path: Path) -> None:
    """A bomb of some kilobytes."""
    path = pack(tmp_path, ("release.json", TOLD), ("config/a.yaml", bytes(MOST_BYTES)))
    assert path.stat().st_size < 64 * 1024
    with pytest.raises(Unusable, match="unpacks to more"):
        unpack(path, tmp_path / "out")


@pytest.mark.parametrize(
    "told",
    [
        *(b"", b"[]", b"{}", TOLD.replace(b"1", b"2"), TOLD.replace(b"1", b"true"), b"[" * 9999),
        *(TOLD.replace(b'"n"', value) for value in (b'["n"]', b"null", b"1", b'"\\ud800"')),
    ],
)
def test_a_release_says_what_it_is(tmp_path: Path, told: bytes) -> None:
    """A form of tomorrow, and no form."""
    with pytest.raises(Unusable):
        unpack(pack(tmp_path, ("release.json", told)), tmp_path / "out")


@pytest.mark.parametrize("data", [b"", b"no archive", zstd.compress(b"no tar" * 200)[:-9]])
def test_what_is_no_pack(tmp_path: Path, data: bytes) -> None:
    """Cut off, or something else."""
    (tmp_path / "pack").write_bytes(data)
    with pytest.raises(Unusable):
        unpack(tmp_path / "pack", tmp_path / "out")


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    """And another group's layer is not among them, its own is."""
    sources = configuration(tmp_path / "config", "1")
    (sources / "groups").mkdir()
    for group in ("canary", "stable"):
        (sources / "groups" / f"{group}.yaml").write_text(f"help: {{phone: '{len(group)}'}}\n")
    told = Told(name="n", group="canary", built="b")
    assert packed(sources, told) == packed(sources, told)
    (tmp_path / "pack").write_bytes(packed(sources, told))
    unpack(tmp_path / "pack", tmp_path / "out")
    files = {path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.rglob("out/**/*.*")}
    assert files == {
        *("release.json", "config/defaults.yaml", "config/group.yaml", "config/sites/hall.yaml"),
    }
    assert "'6'" in (tmp_path / "out" / "config" / "group.yaml").read_text()


def test_strange_files_are_not_packed(tmp_path: Path) -> None:
    """A key that lies about is not signed and sent to everybody."""
    sources = configuration(tmp_path / "config", "1")
    (sources / "id_ed25519").write_text("x")
    with pytest.raises(SourceRefused, match="id_ed25519"):
        packed(sources, Told(name="n", group="canary", built="b"))
    with pytest.raises(SourceRefused, match="no defaults"):
        packed(tmp_path, Told(name="n", group="canary", built="b"))


@pytest.mark.parametrize(
    "name",
    [
        *("x" * 81 + ".yaml", "a b.yaml", "事项.yaml", ".hidden.yaml", "a/b/c/d/e/f.yaml"),
        "/".join([*["d" * 75] * 4, "f" * 70 + ".yaml"]),
    ],
)
def test_what_no_terminal_takes_is_not_packed(tmp_path: Path, name: str) -> None:
    """A name too long, too deep or not plain is told by the file, before anybody signs."""
    sources = configuration(tmp_path / "config", "1")
    (sources / name).parent.mkdir(parents=True, exist_ok=True)
    (sources / name).write_text("{}")
    with pytest.raises(SourceRefused, match=Path(name).stem):
        packed(sources, Told(name="n", group="canary", built="b"))


def test_what_terminals_refuse_is_not_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Limits of all files together are the terminal's."""
    monkeypatch.setattr(unpacking, "MOST_FILES", 2)
    with pytest.raises(SourceRefused, match="no terminal takes it: more than 2 files"):
        packed(configuration(tmp_path / "config", "1"), Told(name="n", group="g", built="b"))


def test_people_read_a_pack_as_terminals_do(tmp_path: Path) -> None:
    """Neither a bomb nor a link is unpacked where it is compared and painted."""
    bomb = pack(tmp_path, ("release.json", TOLD), ("config/a.yaml", bytes(MOST_BYTES)))
    with pytest.raises(SourceRefused, match="unpacks to more"):
        unpacked(bomb, tmp_path / "out")
    with pytest.raises(SourceRefused, match="unpacks to more"):
        content(bomb)
    link = pack(tmp_path, ("release.json", TOLD), also=linked(tarfile.SYMTYPE))
    with pytest.raises(SourceRefused, match="does not belong"):
        unpacked(link, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["root", "timestamp", "", "Canary", "a/b", "-a", "x" * 40])
def test_groups_have_plain_names(name: str) -> None:
    """None of a role, and none that is a path."""
    with pytest.raises(SourceRefused):
        group_named(name)


def test_a_key_is_sealed(tmp_path: Path) -> None:
    """By its own passphrase alone; it is never overwritten, and short ones are refused."""
    made = sealed_file.Ed25519PrivateKey.generate()
    path = tmp_path / "a.key"
    with pytest.raises(KeyRefused, match="12 characters"):
        sealed_file.write(path, made, "short", CHEAP)
    sealed_file.write(path, made, "a long passphrase", CHEAP)
    assert path.stat().st_mode & 0o077 == 0
    assert made.private_bytes_raw() not in path.read_bytes()
    read = sealed_file.read(path, "a long passphrase")
    assert read.private_bytes_raw() == made.private_bytes_raw()
    with pytest.raises(KeyRefused, match="does not open"):
        sealed_file.read(path, "a wrong passphrase")
    with pytest.raises(KeyRefused, match="never overwritten"):
        sealed_file.write(path, made, "a long passphrase", CHEAP)
