"""An application's package for the archive: all of it, and a changed byte is found."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from intake.archive import package as archive
from intake.archive.bag import BagError, BagWriter, Folder, Packed, opened, wrong
from intake.archive.keys import Keys, KeysError, SigningKey, known
from intake.cli import main
from intake.enrolment.model import EnrolledTerminal, TerminalKey, Use
from intake.receiving.catalogues import Catalogues
from intake.records.store import Store
from kiosk.crypto import provider
from kiosk.intake_check import probe
from kiosk.intake_check.stand import Stand
from tests.intake_databases import postgres_url, store, url
from tests.intake_desk import CONFIG, IntakeDesk
from tests.newborn_filing import filing, keep
from tests.unit.test_intake_check import stand

__all__ = ["postgres_url", "store", "url"]

NOW = datetime(2026, 11, 22, 6, 36, tzinfo=UTC)
THEIRS = "4107-2026-77"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("archive")) as running:
        yield running


@pytest.fixture(scope="module")
def number(desk: IntakeDesk) -> str:
    """An application with a picture, a notice, an act, and a number of the province."""
    own: Stand = stand(desk)
    page = probe.page()
    envelope = probe.envelope(own, page)
    own.client.upload(page.attachment.sha256, page.body, page.attachment.media_type)
    answer = own.client.submit(envelope.canonical(), own.sign(envelope.canonical()))
    told = str(getattr(answer, "application_no", ""))
    post = {"headers": {"origin": desk.page_url}}
    assert desk.page("POST", f"/clerk/items/{told}01/receive", json={}, **post).ok
    assert desk.page("POST", f"/clerk/numbers/{told}", json={"number": THEIRS}, **post).ok
    return told


@pytest.fixture(scope="module")
def package(desk: IntakeDesk, number: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its package, as the clerk's page gives it."""
    answer = desk.page("GET", f"/clerk/applications/{number}/archive")
    assert answer.headers["content-type"] == "application/zip"
    path = tmp_path_factory.mktemp("package") / f"{number}.zip"
    path.write_bytes(answer.content)
    return path


def keys(desk: IntakeDesk) -> Keys:
    """Return the keys of the terminals that this intake lists."""
    return known(None, desk.state / "intake" / "terminals.json")


def faults(path: Path, own: Keys) -> list[str]:
    """Return everything that is not as it was packed."""
    try:
        bag = opened(path)
        return [*wrong(bag), *archive.inconsistent(bag, own)]
    except BagError as error:
        return [str(error)]


def test_everything_is_in_it(desk: IntakeDesk, number: str, package: Path) -> None:
    """Numbers, who, items, the signed bytes, the files, what happened, and what was issued."""
    assert faults(package, keys(desk)) == []
    bag = Packed(package)
    told = json.loads(bag.read("data/description.json"))
    assert (told["application_no"], told["provincial_no"]) == (number, THEIRS)
    assert told["applicant"]["name"] == "联调测试"
    assert told["catalogue_version"] == desk.catalogue.version
    assert told["jurisdiction"] == {"code": "410700", "name": desk.catalogue.jurisdiction.name}
    (item,) = told["items"]
    assert (item["no"], item["state_text"]) == (f"{number}01", "已收件")
    by_path = {one["path"]: one for one in told["files"]}
    picture = by_path["data/materials/001.png"]
    assert picture["title"] == "signature-picture"
    assert picture["media_type"] == "image/png"
    assert len(picture["sm3"]) == len(picture["sha256"]) == 64
    assert json.loads(bag.read("data/envelope.json"))["application"]["terminal"] == "YD-TEST-0001"
    acts = json.loads(bag.read("data/acts.json"))
    assert [one["kind"] for one in acts] == [
        "application.received",
        "item.received",
        "provincial.set",
    ]
    notice = next(name for name in bag.names() if name.startswith("data/notices/"))
    assert bag.read(notice).decode().splitlines()[3] == "联调测试："
    shown = desk.page("GET", f"/clerk/applications/{number}").text
    assert "取出归档包" in shown.partition('id="history"')[2]


def test_a_changed_byte_is_found_wherever_it_is(
    desk: IntakeDesk, package: Path, tmp_path: Path
) -> None:
    """In a file, in a digest, and in what no digest stands for."""
    whole = package.read_bytes()
    seed = Random().randrange(1 << 30)  # noqa: S311 - a test
    chosen = Random(seed).sample(range(len(whole)), 60)  # noqa: S311
    spoilt = tmp_path / package.name
    for place in (*chosen, 0, 10, len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        spoilt.write_bytes(changed)
        assert faults(spoilt, keys(desk)), (seed, place)
    spoilt.write_bytes(whole + b"\0")
    assert faults(spoilt, keys(desk))


def test_an_unpacked_package_is_held_against_its_digests(
    desk: IntakeDesk, package: Path, number: str, tmp_path: Path
) -> None:
    """Changed, missing, added and exchanged files are told by name."""
    with zipfile.ZipFile(package) as packed:
        packed.extractall(tmp_path)
    folder = tmp_path / number
    assert faults(folder, keys(desk)) == []
    picture = folder / "data/materials/001.png"
    body = picture.read_bytes()
    picture.write_bytes(body[:-1] + b"!")
    told = faults(folder, keys(desk))
    assert "data/materials/001.png: was changed (sha256)" in told
    assert "data/materials/001.png: was changed (sm3)" in told
    picture.unlink()
    assert "data/materials/001.png: is missing" in list(wrong(Folder(folder)))
    picture.write_bytes(body)
    (folder / "data/more.txt").write_text("x")
    assert "data/more.txt: manifest-sha256.txt does not have it" in faults(folder, keys(desk))
    (folder / "data/more.txt").unlink()
    (folder / "data/link").symlink_to(picture)
    assert "is no plain file" in faults(folder, keys(desk))[0]


def test_who_makes_digests_anew_is_found_by_the_signature(
    desk: IntakeDesk, package: Path, tmp_path: Path
) -> None:
    """A package around another envelope is sound in itself, and not the terminal's."""
    bag, forged = Packed(package), BytesIO()
    made = BagWriter(forged, package.stem)
    for name in bag.names():
        if name.startswith("data/"):
            body = bag.read(name)
            made.add(
                name.removeprefix("data/"), body.replace("联调测试".encode(), "联调测验".encode())
            )
    made.close({})
    path = tmp_path / package.name
    path.write_bytes(forged.getvalue())
    assert list(wrong(Packed(path))) == []
    told = faults(path, keys(desk))
    assert "signature: is not that key's over this envelope" in told
    assert "receipt.json: is the answer to another envelope" in told
    nobody = provider("international")
    other = SigningKey(
        terminal="OTHER",
        provider="international",
        public=nobody.load_signing_key(nobody.new_signing_key()).public,
    )
    assert faults(package, Keys([other]))[0].startswith("signature: nobody here knows key")


def test_the_command(
    desk: IntakeDesk, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the province's number too; a package is never written over; verifying has a verdict."""

    def command(*words: str | Path) -> tuple[int, str]:
        status = main(["archive", *map(str, words)])
        told = capsys.readouterr()
        return status, told.out + told.err

    database = ("--db", f"sqlite:///{desk.state}/intake.db")
    listed = ("--terminals", desk.state / "intake" / "terminals.json")
    status, said = command(THEIRS, *database, *listed, "--to", tmp_path)
    assert status == 0, said
    path = tmp_path / f"{number}.zip"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "sm3 " in said
    assert command("--verify", path, *listed)[0] == 0
    assert command(number, *database, "--to", tmp_path)[0] == 1
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    status, said = command("--verify", path, *listed)
    assert (status, said[0]) == (1, "✗")
    status, said = command("4" * 20, *database, "--to", tmp_path)
    assert (status, "no application has this number" in said) == (1, True)
    assert command()[0] == 2


def test_a_whole_family_of_files_is_packed(store: Store) -> None:
    """Items, pictures, a signature, from either database; the same case has the same bytes."""
    made, files = filing()
    keep(store, files)
    store.file(made, NOW)
    application = store.by_slip(made.local_no, made.slip_token)
    assert application is not None
    own = archive.case(store, Catalogues([CONFIG]), Keys(), application)
    packages = []
    for _ in range(2):
        target = BytesIO()
        archive.pack(store, own, target, NOW)
        packages.append(target.getvalue())
    assert packages[0] == packages[1]
    with zipfile.ZipFile(BytesIO(packages[0])) as packed:
        told = json.loads(packed.read(f"{application.application_no}/data/description.json"))
    assert len(told["items"]) == len(application.items)
    kept = sorted(one["sha256"] for one in told["files"] if "/materials/" in one["path"])
    assert kept == sorted(one.sha256 for one in application.attachments)


def test_what_is_no_package_is_told(tmp_path: Path) -> None:
    """Bombs, doubles and other files."""
    path = tmp_path / "x.zip"
    path.write_bytes(b"no zip")
    with pytest.raises(BagError):
        opened(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("x/bagit.txt", b"\0" * (1 << 20))
    assert "is compressed or too large" in faults(path, Keys())[0]
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("../bagit.txt", b"")
        packed.writestr("y/bagit.txt", b"")
    assert "one top folder" in faults(path, Keys())[0]
    with pytest.raises(KeysError):
        known(None, tmp_path / "missing.json")


def test_a_former_key_still_proves_what_it_signed(store: Store) -> None:
    """Keys of the database are all that a terminal ever had; one terminal's, where it is named."""
    chosen = provider("international")
    made = [chosen.load_signing_key(chosen.new_signing_key()) for _ in range(2)]
    with Session(store.engine) as session, session.begin():
        for name in ("A-1", "B-1"):
            told: dict[str, Any] = {"jurisdiction": "410700", "provider": chosen.name}
            session.add(EnrolledTerminal(id=name, enrolled_at=NOW, revoked_at=NOW, **told))
        for own, until in zip(made, (NOW, None), strict=True):
            key = TerminalKey(terminal="A-1", use=Use.SIGNING, public=own.public, since=NOW)
            key.until, key.trusted = until, until is None
            session.add(key)
    keys = known(store.engine, None, terminal="A-1")
    for own in made:
        found = keys.of({"terminal": "A-1", "key_id": own.key_id})
        assert found is not None
        assert found.signed(b"x", own.sign(b"x"))
        assert not found.signed(b"y", own.sign(b"x"))
    assert not known(store.engine, None, terminal="B-1")
