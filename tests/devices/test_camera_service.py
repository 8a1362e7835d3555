"""XCamera on the simulated camera, through host, sockets and the session's own desk."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator, Mapping

import psutil
import pytest

from drivers.camera import page
from drivers.camera.page import Kind
from drivers.service.client import CommandFailed, Event, ServiceClient
from drivers.simulated.camera_papers import BANK, account_number
from drivers.simulated.camera_scenes import SIZE, SceneName, draw
from kiosk.journey.facts import CardRead, Sight, Taken, Trouble
from kiosk.session.camera import CameraDesk, PictureGone, Stopped
from tests.devices.camera_bench import (
    SERVICE,
    CameraBench,
    decoded,
    likeness,
    picture_id,
    take,
)
from tests.devices.service_bench import is_alive
from tests.devices.service_schema import check
from tests.waiting import PATIENCE_S, until

WORD_S = 30.0
"""A frozen camera is known after 3 s, and tried again after 0.5, 1, 2, 5 and then 10 s."""


@pytest.fixture(scope="module")
def shared() -> Iterator[CameraBench]:
    """Lend one host to the tests of this file."""
    with CameraBench() as bench:
        yield bench


@pytest.fixture
def bench(shared: CameraBench) -> Iterator[CameraBench]:
    """Lend the host with a well camera over an empty desk."""
    yield shared
    shared.lay("empty")
    shared.await_word(SERVICE, "online", timeout=WORD_S)


@pytest.fixture
def client(bench: CameraBench) -> Iterator[ServiceClient]:
    """Lend a visit's client."""
    with bench.camera_visit() as client:
        yield client


def camera_status(client: ServiceClient) -> Mapping[str, object]:
    """Return the camera's part of the status."""
    status = client.call("Common.Status", None, 10.0).payload["camera"]
    assert isinstance(status, Mapping)
    return status


def refusal(call: Callable[[], object]) -> str:
    """Return how a call was refused."""
    with pytest.raises(CommandFailed) as caught:
        call()
    return caught.value.error_code or caught.value.completion_code


@pytest.mark.parametrize("fault", [None, "upside_down"])
def test_a_page_is_taken_upright(bench: CameraBench, client: ServiceClient, fault: str) -> None:
    """The picture is the sheet, straight and the right way up, and what was told of it is true."""
    bench.lay("discharge_record", fault)
    answer = take(client)
    check("XCamera.Take.completion", answer)
    assert answer["faults"] == []
    assert answer["turned"] == (180 if fault else 0)
    picture = decoded(bench.pictures().picture("visit-1", picture_id(answer)))
    told = answer["picture"]
    assert isinstance(told, Mapping)
    assert picture.shape == (told["height"], told["width"], 3) == (1754, 1240, 3)
    scene = draw(SceneName.DISCHARGE_RECORD)
    assert scene.corners is not None
    found = page.Found(corners=scene.corners, complete=True)
    true = page.straighten(scene.picture, found, Kind.PAGE)
    assert likeness(picture, true) > 0.85


@pytest.mark.parametrize(
    "fault",
    [
        "half",
        "blurred",
        pytest.param("dark", marks=pytest.mark.campaign),
        pytest.param("glare", marks=pytest.mark.campaign),
    ],
)
def test_what_is_wrong_is_told(bench: CameraBench, client: ServiceClient, fault: str) -> None:
    """A bad picture is taken with its fault, so that the citizen can see what is meant."""
    bench.lay("discharge_record", fault)
    answer = take(client)
    check("XCamera.Take.completion", answer)
    assert {"half": "cut"}.get(fault, fault) in str(answer["faults"])
    assert bench.pictures().picture("visit-1", picture_id(answer))


def test_nothing_there(bench: CameraBench, client: ServiceClient) -> None:
    """Without a sheet the picture is all that is seen, and says so."""
    bench.lay("empty")
    answer = take(client)
    check("XCamera.Take.completion", answer)
    assert answer["faults"] == ["no_page"]


@pytest.mark.parametrize("seed", [11, 12, pytest.param(13, marks=pytest.mark.campaign)])
def test_a_card_is_read(bench: CameraBench, client: ServiceClient, seed: int) -> None:
    """The number and the bank are those that are printed."""
    print("seed", seed)
    number = account_number(seed)
    bench.lay("bank_card", "upside_down" if seed == 12 else None, number=number)
    picture = picture_id(take(client, "card"))
    about = {"visit": "visit-1", "picture": picture}
    check("XCamera.ReadCard.command", about)
    read = client.call("XCamera.ReadCard", about, 20.0).payload
    check("XCamera.ReadCard.completion", read)
    assert read == {"number": number, "bank": BANK}


def test_a_blurred_card_is_not_read(bench: CameraBench, client: ServiceClient) -> None:
    """Better no number than a wrong one."""
    bench.lay("bank_card", "blurred")
    picture = picture_id(take(client, "card"))
    about = {"visit": "visit-1", "picture": picture}
    read = client.call("XCamera.ReadCard", about, 20.0).payload
    assert read == {"number": None, "bank": None}


def test_watching_tells_what_changes(bench: CameraBench, client: ServiceClient) -> None:
    """Sights come at once when something is laid down, with corners that are right."""
    sights: queue.SimpleQueue[Mapping[str, object]] = queue.SimpleQueue()

    def watch() -> None:
        about = {"visit": "visit-1", "kind": "page"}
        check("XCamera.Watch.command", about)
        with pytest.raises(CommandFailed):
            client.call("XCamera.Watch", about, 60.0, on_event=hear)

    def hear(event: Event) -> None:
        check("XCamera.SightEvent.event", event.payload)
        sights.put(event.payload)

    def next_sight(wanted: Callable[[Mapping[str, object]], bool]) -> Mapping[str, object]:
        while not wanted(sight := sights.get(timeout=PATIENCE_S)):
            pass
        return sight

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    next_sight(lambda one: one["faults"] == ["no_page"])
    bench.lay("discharge_record")
    good = next_sight(lambda one: one["faults"] == [])
    corners, true = good["corners"], bench.camera.corners
    assert isinstance(corners, list)
    assert true is not None
    for (across, down), (true_across, true_down) in zip(corners, true, strict=True):
        assert abs(across - true_across / SIZE[0]) < 0.005
        assert abs(down - true_down / SIZE[1]) < 0.005
    bench.lay("discharge_record", "half")
    next_sight(lambda one: "cut" in str(one["faults"]))
    assert client.cancel()
    watching.join(PATIENCE_S)
    assert not watching.is_alive()


@pytest.mark.parametrize(
    ("fault", "word"),
    [("unplug", "noDevice"), ("black", "hardwareError"), ("freeze", "hardwareError")],
)
def test_a_camera_that_fails_says_so(
    bench: CameraBench, client: ServiceClient, fault: str, word: str
) -> None:
    """Status and answers are honest, and all is well again when the camera is."""
    bench.lay("discharge_record", fault)
    bench.await_word(SERVICE, word, timeout=WORD_S)
    assert camera_status(client) == {
        "cameras": {"document": "inop"},
        "media": {"document": "unknown"},
    }
    assert refusal(lambda: take(client)) == "cameraInoperable"
    bench.lay("discharge_record")
    bench.await_word(SERVICE, "online", timeout=WORD_S)
    assert take(client)["faults"] == []


def test_the_standards_picture(bench: CameraBench, client: ServiceClient) -> None:
    """Camera.TakePicture gives all that is seen; another camera's name is refused."""
    import base64

    bench.lay("bank_card")
    done = client.call("Camera.TakePicture", {"camera": "document"}, 5.0)
    picture = decoded(base64.b64decode(str(done.payload["pictureFile"])))
    assert picture.shape == (SIZE[1] // 2, SIZE[0] // 2, 3)
    wrong = refusal(lambda: client.call("Camera.TakePicture", {"camera": "room"}, 5.0))
    assert wrong == "cameraNotSupported"


@pytest.mark.parametrize(
    ("command", "payload"),
    [
        ("XCamera.Take", {"visit": "v"}),
        ("XCamera.Take", {"visit": "v", "kind": "face"}),
        ("XCamera.Take", {"kind": "page"}),
        ("XCamera.Watch", {"visit": "v" * 65, "kind": "page"}),
        ("XCamera.ReadCard", {"visit": "v", "picture": "../../etc/passwd"}),
        ("XCamera.ReadCard", {"visit": "v", "picture": 7}),
    ],
)
def test_what_makes_no_sense(
    client: ServiceClient, command: str, payload: dict[str, object]
) -> None:
    """It is refused before the camera hears of it."""
    assert refusal(lambda: client.call(command, payload, 5.0)) == "invalidData"


def test_a_picture_of_nobody(client: ServiceClient) -> None:
    """A right-looking id that was never given out is no picture."""
    about = {"visit": "visit-1", "picture": "0" * 32}
    assert refusal(lambda: client.call("XCamera.ReadCard", about, 10.0)) == "unknownPicture"


def test_everything_ends_with_the_visit(bench: CameraBench) -> None:
    """Worker and reading process are gone after it, and no picture can be had any more."""
    bench.lay("bank_card")
    with bench.camera_visit() as client:
        name = picture_id(take(client, "card"))
        worker = bench.worker("document-camera")
        (reader,) = until(bench.readers)
        assert bench.pictures().picture("visit-1", name)
        assert camera_status(client)["pictures"] == {"document": 1}
    until(lambda: not is_alive(worker))
    until(lambda: not is_alive(reader) or psutil.Process(reader).status() == "zombie")
    bench.await_word(SERVICE, "online", timeout=WORD_S)
    desk = CameraDesk(bench.client(SERVICE), bench.pictures())
    with pytest.raises(PictureGone):
        desk.picture(name)
    with bench.camera_visit() as client:
        until(lambda: camera_status(client).get("pictures") == {"document": 0})
        about = {"visit": "visit-1", "picture": name}
        assert refusal(lambda: client.call("XCamera.ReadCard", about, 10.0)) == "unknownPicture"


def test_the_reading_process_ends_with_a_killed_worker(bench: CameraBench) -> None:
    """Even when the worker is killed, no process that read a card is left."""
    bench.lay("bank_card")
    with bench.camera_visit() as client:
        take(client, "card")
        (reader,) = until(bench.readers)
        os.kill(bench.worker("document-camera"), 9)
        until(lambda: reader not in bench.readers() and not _runs(reader))
    bench.await_word(SERVICE, "online", timeout=WORD_S)


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != "zombie"
    except psutil.NoSuchProcess:
        return False


class TestDesk:
    """The session's desk."""

    def test_a_visit(self, bench: CameraBench) -> None:
        """Look, see frames, take, read, have the picture: as a session does it."""
        bench.lay("bank_card", number=account_number(5))
        desk = CameraDesk(bench.client(SERVICE), bench.pictures())
        sights: queue.SimpleQueue[Sight] = queue.SimpleQueue()
        ended: queue.SimpleQueue[object] = queue.SimpleQueue()
        number = desk.begin()

        def watch() -> None:
            try:
                ended.put(desk.watch(number, "visit-7", "card", sights.put))
            except Stopped:
                ended.put("stopped")

        threading.Thread(target=watch, daemon=True).start()
        while not sights.get(timeout=PATIENCE_S).good:
            pass
        first = until(desk.frame)
        assert (first.width, first.height) == (SIZE[0] // 4, SIZE[1] // 4)
        assert len(first.rgb) == first.width * first.height * 3
        until(lambda: (now := desk.frame()) and now.number > first.number + 5)
        taken = desk.take(desk.begin(), "visit-7", "card")
        assert ended.get(timeout=PATIENCE_S) == "stopped"
        assert isinstance(taken, Taken)
        assert taken.faults == ()
        assert len(desk.picture(taken.picture)) == taken.size
        read = desk.read_card(desk.begin(), "visit-7", taken.picture)
        assert read == CardRead(number=account_number(5), bank=BANK)
        still = desk.frame()
        until(lambda: (now := desk.frame()) and still and now.number > still.number)
        desk.stop()
        assert desk.frame() is None

    def test_given_up(self, bench: CameraBench) -> None:
        """A wait that was given up before it began never begins."""
        desk = CameraDesk(bench.client(SERVICE), bench.pictures())
        number = desk.begin()
        desk.stop()
        with pytest.raises(Stopped):
            desk.take(number, "visit-8", "page")

    def test_without_a_camera(self, bench: CameraBench) -> None:
        """A camera that is gone is a trouble to tell, not an exception."""
        bench.lay("empty", "unplug")
        bench.await_word(SERVICE, "noDevice", timeout=WORD_S)
        desk = CameraDesk(bench.client(SERVICE), bench.pictures())
        assert desk.take(desk.begin(), "visit-9", "page") == Trouble(reason="camera_failed")
        with pytest.raises(PictureGone):
            desk.picture("0" * 32)
