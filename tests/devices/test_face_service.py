"""XFace on the simulated face camera, through host, worker and face process."""

from __future__ import annotations

import base64
import contextlib
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator

import psutil
import pytest

from drivers.face import weights
from drivers.face.challenge import LEAST_MOVES as LEAST
from drivers.face.challenge import MOST_MOVES, Move
from drivers.service.client import CommandFailed, Event, ServiceClient
from drivers.service.interfaces import face_camera
from drivers.simulated.face_scenes import FaceScene
from tests.devices.cabinet_bench import part
from tests.devices.face_bench import (
    CALL_S,
    CITIZEN,
    MOVED,
    SERVICE,
    STRANGER,
    FaceBench,
    card_png,
    challenge,
    match,
)
from tests.devices.service_schema import check, definitions
from tests.e2e.memory import in_memory
from tests.waiting import PATIENCE_S, until

WORD_S = 30.0
POISONED = {"PYTHONMALLOC": "debug", "MALLOC_PERTURB_": "165"}
"""As a terminal starts its device host: freed memory is overwritten."""


@pytest.fixture(scope="module")
def shared() -> Iterator[FaceBench]:
    """Lend one host to the tests of this file."""
    with pytest.MonkeyPatch.context() as surroundings:
        for name, value in POISONED.items():
            surroundings.setenv(name, value)
        with FaceBench() as bench:
            yield bench


@pytest.fixture
def bench(shared: FaceBench) -> Iterator[FaceBench]:
    """Lend the host with the citizen before a well camera."""
    yield shared
    shared.stand(FaceScene.ONE)
    shared.await_word(SERVICE, "online", timeout=WORD_S)


@pytest.fixture
def client(bench: FaceBench) -> Iterator[ServiceClient]:
    """Lend a visit's client."""
    with bench.visit(SERVICE) as client:
        yield client


def refusal(call: Callable[[], object]) -> str:
    """Return how a call was refused."""
    with pytest.raises(CommandFailed) as caught:
        call()
    return caught.value.error_code or caught.value.completion_code


def test_what_it_offers(client: ServiceClient) -> None:
    """No picture of a person can be had; models and moves are told, and that none is certified."""
    told = client.call("Common.Capabilities", None, 5.0).payload
    interfaces = told["interfaces"]
    assert isinstance(interfaces, list)
    offered = {name for one in interfaces for name in one.get("commands", {})}
    assert {name for name in offered if not name.startswith("Common.")} == {
        "XFace.Watch",
        "XFace.Match",
        "XDevice.Reset",
        "XFace.Challenge",
    }
    assert told["xFace"] == {
        "models": True,
        "model": weights.MODEL_NAME,
        "threshold": 0.363,
        "certificate": None,
        "moves": [move.value for move in Move],
        "live": True,
        "attackDetection": False,
    }
    assert (face_camera.LEAST_MOVES, face_camera.MOST_MOVES) == (LEAST, MOST_MOVES)
    errors = definitions()["XFace.error"]["$defs"]["XFace.error"]["properties"]["errorCode"]
    assert set(errors["enum"]) == set(face_camera.FaceError)


def test_watching(bench: FaceBench, client: ServiceClient) -> None:
    """Who comes, how they stand and that they go is told, and the live view shows them."""
    bench.stand(FaceScene.NOBODY)
    heard: queue.SimpleQueue[Event] = queue.SimpleQueue()
    ended: queue.SimpleQueue[str] = queue.SimpleQueue()

    def watch() -> None:
        try:
            client.call("XFace.Watch", {"visit": "visit-1"}, CALL_S, on_event=heard.put)
        except CommandFailed as end:
            ended.put(end.completion_code)

    threading.Thread(target=watch, daemon=True).start()
    await_sight(heard, lambda sight: sight["problems"] == ["nobody"])
    bench.stand(FaceScene.TOO_FAR)
    far = await_sight(heard, lambda sight: sight["problems"] == ["too_far"])
    assert far["hint"] == "come_closer"
    assert part(client, "biometric")["subject"] == "present"
    bench.stand(FaceScene.ONE)
    await_sight(heard, lambda sight: sight["problems"] == [] and "hint" not in sight)
    pictures = bench.pictures()
    pictures.watch("visit-1")
    frame = until(pictures.frame)
    assert (frame.width, frame.height) == (640, 480)
    pictures.stop()
    bench.stand(FaceScene.NOBODY)
    until(lambda: heard.get(timeout=PATIENCE_S).name == "Biometric.SubjectRemovedEvent")
    client.call("Common.Cancel", None, 5.0)
    assert ended.get(timeout=PATIENCE_S) == "canceled"
    assert part(client, "biometric")["subject"] == "unknown"
    assert part(client, "xFace") == {"engine": "ok"}


def await_sight(
    heard: queue.SimpleQueue[Event], good: Callable[[dict[str, object]], bool]
) -> dict[str, object]:
    """Return the first sight that is as wanted."""
    while True:
        event = heard.get(timeout=PATIENCE_S)
        if event.name == "XFace.SightEvent":
            check("XFace.SightEvent.event", event.payload)
            if good(dict(event.payload)):
                return dict(event.payload)


def test_who_passes_the_challenge_is_known(bench: FaceBench, client: ServiceClient) -> None:
    """A living person passes and is matched as live; who takes their place is not."""
    done = challenge(client, MOVED, bench)
    assert (done["result"], done["reasons"]) == ("passed", [])
    mine = match(client, card_png(CITIZEN))
    assert (mine["answer"], mine["live"]) == ("yes", True)
    assert float(str(mine["score"])) > float(str(mine["threshold"]))
    none = match(client, None)
    assert (none["answer"], none["why"]) == ("undecided", "no_reference")
    assert "score" not in none
    bench.stand(FaceScene.ONE, STRANGER)
    other = match(client, card_png(STRANGER))
    assert (other["answer"], other["why"], other["live"]) == ("undecided", "face_changed", False)
    another_visit = match(client, card_png(STRANGER), "visit-2")
    assert another_visit["answer"] == "yes"
    assert "live" not in another_visit


def test_without_a_camera(bench: FaceBench, client: ServiceClient) -> None:
    """A pulled cable is told, and the camera works again once it is back."""
    bench.camera.control({"unplug": True})
    bench.await_word(SERVICE, "noDevice", timeout=WORD_S)
    assert part(client, "camera") == {"cameras": {"person": "inop"}}
    assert refusal(lambda: match(client, card_png(CITIZEN))) == "cameraInoperable"
    bench.camera.control({"replug": True})
    bench.await_word(SERVICE, "online", timeout=WORD_S)
    assert match(client, card_png(CITIZEN))["answer"] == "yes"


@pytest.mark.parametrize(
    ("command", "payload"),
    [
        ("XFace.Watch", {}),
        ("XFace.Watch", {"visit": "v" * 65}),
        ("XFace.Match", {"visit": "v", "reference": 7}),
        ("XFace.Match", {"visit": "v", "reference": "no base64!"}),
        ("XFace.Match", {"visit": "v", "reference": "AAAA", "width": 1}),
        ("XFace.Match", {"visit": "v", "reference": "AAAA", "width": 1, "height": 5000}),
        ("XFace.Challenge", {"visit": "v"}),
        ("XFace.Challenge", {"visit": "v", "seed": "s", "moves": 7}),
        ("XFace.Challenge", {"visit": "v", "seed": "s", "moves": True}),
    ],
)
def test_what_makes_no_sense(
    client: ServiceClient, command: str, payload: dict[str, object]
) -> None:
    """It is refused before anybody is looked at."""
    assert refusal(lambda: client.call(command, payload, 5.0)) == "invalidData"


@pytest.mark.skipif(os.geteuid() != 0, reason="root: memory of other processes is read")
def test_nothing_is_left_of_a_visit(bench: FaceBench) -> None:
    """Worker and face process end with it, and no process of ours holds the photo any more."""
    photo = card_png(CITIZEN)
    with bench.visit(SERVICE) as client:
        assert match(client, photo)["answer"] == "yes"
        assert holders(bench.processes()[:1], photo)  # or the search would prove nothing
        (face,) = bench.face_processes()
        worker = psutil.Process(face).ppid()
    until(lambda: not _runs(face) and not _runs(worker))
    bench.await_word(SERVICE, "online", timeout=WORD_S)
    assert holders(bench.processes(), photo) == set()


def holders(processes: list[psutil.Process], photo: bytes) -> set[str]:
    """Return which processes hold the middle of a photo, as it is or as it travels."""
    middles = [form[len(form) // 2 :][:32] for form in (photo, base64.b64encode(photo))]
    marks = {"photo": [*middles, middles[1].decode().encode("utf-16-le")]}
    found = set()
    for process in processes:
        with contextlib.suppress(OSError, psutil.Error):
            if in_memory(process.pid, marks):
                found.add(" ".join(process.cmdline()).strip())
    return found


def test_the_face_process_ends_with_a_killed_worker(bench: FaceBench) -> None:
    """Even when the worker is killed, no process that saw a photo is left."""
    with bench.visit(SERVICE) as client:
        match(client, card_png(CITIZEN))
        (face,) = bench.face_processes()
        os.kill(psutil.Process(face).ppid(), signal.SIGKILL)
        until(lambda: face not in bench.face_processes() and not _runs(face))


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != "zombie"
    except psutil.NoSuchProcess:
        return False
