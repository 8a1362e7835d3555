"""Several pictures as one PDF, through the service; one sheet by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest

from drivers import cli
from drivers.camera.bound import Leaf, bind
from drivers.camera.page import Kind
from drivers.service.client import CommandFailed, ServiceClient
from drivers.simulated.camera_scenes import CameraFault, SceneName, draw
from tests.devices.camera_bench import CameraBench, decoded, likeness, picture_id, take
from tests.devices.service_schema import check


@pytest.fixture(scope="module")
def bench() -> Iterator[CameraBench]:
    """Lend one host to the tests of this file."""
    with CameraBench() as bench:
        yield bench


def jpeg(kind: Kind, shade: int) -> bytes:
    """Return a plain picture of a kind."""
    size = (1754, 1240, 3) if kind is Kind.PAGE else (638, 1012, 3)
    return cv2.imencode(".jpg", np.full(size, shade, np.uint8))[1].tobytes()


def bound(client: ServiceClient, *pictures: str) -> Mapping[str, object]:
    """Bind pictures and return what is told of the document."""
    payload = {"visit": "visit-1", "pictures": list(pictures)}
    check("XCamera.Bind.command", payload)
    done = client.call("XCamera.Bind", payload, 20.0)
    check("XCamera.Bind.completion", done.payload)
    document = done.payload["document"]
    assert isinstance(document, Mapping)
    return document


def test_pictures_go_in_as_they_are() -> None:
    """Byte for byte, a sheet a page, two cards a page, and nothing of time or program."""
    kinds = [Kind.PAGE, Kind.CARD, Kind.CARD, Kind.CARD, Kind.PAGE]
    leaves = [Leaf(jpeg=jpeg(kind, 40 * place), kind=kind) for place, kind in enumerate(kinds)]
    made = bind(leaves)
    assert made.pages == 4
    assert all(leaf.jpeg in made.pdf for leaf in leaves)
    assert bind(leaves) == made
    document = pypdfium2.PdfDocument(made.pdf)
    assert len(document) == 4
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert b"/ID" not in made.pdf
    assert b"fpdf" not in made.pdf.lower()


def test_a_card_has_its_size() -> None:
    """Printed, it is as wide as the card."""
    page = pypdfium2.PdfDocument(bind([Leaf(jpeg=jpeg(Kind.CARD, 0), kind=Kind.CARD)]).pdf)[0]
    dots = np.asarray(page.render(scale=2).to_pil().convert("L"))
    wide = np.flatnonzero((dots < 128).any(0))
    assert (wide[-1] - wide[0]) / 144 * 25.4 == pytest.approx(85.6, abs=0.5)


def test_pages_of_a_visit_become_one_document(bench: CameraBench) -> None:
    """In the order that is asked for, fetched like a picture, gone with the visit."""
    with bench.camera_visit() as client:
        taken = []
        for scene in ("discharge_record", "discharge_record-2"):
            bench.lay(scene)
            taken.append(take(client))
        first, second = map(picture_id, taken)
        document = bound(client, second, first)
        pdf = bench.pictures().picture("visit-1", str(document["id"]))
        assert (document["pages"], document["size"]) == (2, len(pdf))
        assert hashlib.sha256(pdf).hexdigest() == document["sha256"]
        page = pypdfium2.PdfDocument(pdf)[1].render(scale=1).to_numpy()
        picture = decoded(bench.pictures().picture("visit-1", first))
        assert likeness(np.asarray(page, np.uint8), picture) > 0.95
        with pytest.raises(CommandFailed) as caught:
            bound(client, first, "0" * 32)
        assert caught.value.error_code == "unknownPicture"
        status = client.call("Common.Status", None, 10.0).payload["camera"]
        assert isinstance(status, Mapping)
        assert status["pictures"] == {"document": 2}


@pytest.mark.parametrize("pictures", [None, [], ["short"], [7], ["0" * 32] * 25])
def test_what_cannot_be_bound(bench: CameraBench, pictures: object) -> None:
    """It is refused before the camera hears of it."""
    with bench.camera_visit() as client, pytest.raises(CommandFailed) as caught:
        client.call("XCamera.Bind", {"visit": "visit-1", "pictures": pictures}, 10.0)
    assert caught.value.completion_code == "invalidData"


# -- by hand --------------------------------------------------------------------------------------


def by_hand(capsys: pytest.CaptureFixture[str], *more: object) -> tuple[int, dict[str, object]]:
    """Take a sheet from the command line; return the exit code and the one line."""
    code = cli.main(["capture", "--kind", "page", "--json", *map(str, more)])
    (line,) = capsys.readouterr().out.splitlines()
    return code, json.loads(line)


def test_capture(bench: CameraBench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the corners are, from the top of the sheet on; how it is; and the picture."""
    scene = draw(SceneName.DISCHARGE_RECORD, CameraFault.UPSIDE_DOWN)
    bench.lay("discharge_record", "upside_down")
    file = tmp_path / "sheet.jpg"
    code, told = by_hand(capsys, "--source", bench.camera_folder, "--out", file)
    assert (code, told["faults"], told["turned"]) == (0, [], 180)
    assert scene.corners is not None
    assert np.abs(np.array(told["corners"]) - scene.corners).max() < 6
    assert decoded(file.read_bytes()).shape == (told["height"], told["width"], 3)


def test_capture_in_vain(
    bench: CameraBench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty desk and a camera that is not there are told, with the next step."""
    bench.lay("empty")
    code, told = by_hand(capsys, "--source", bench.camera_folder)
    assert (code, told["error"]) == (1, "noPage")
    assert told["help"]
    code, told = by_hand(capsys, "--source", tmp_path / "nowhere")
    assert (code, told["error"]) == (1, "noDevice")
    assert "nowhere" in str(told["help"])
