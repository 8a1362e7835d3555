"""Match and challenge with a real face process on the simulated camera."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import cv2
import pytest

from drivers.camera import device as health
from drivers.camera.device import Camera
from drivers.camera.source import Setup
from drivers.errors import DeviceError, TransportLost
from drivers.face import by_hand, weights
from drivers.face.answers import ReferenceWord, Unsupported
from drivers.face.challenge import Challenge, Limits, Move, Phase, Reason, Result, Step, Verdict
from drivers.face.device import Answer, FaceCamera, Match, Reference, Sight, Why
from drivers.face.judgement import Problem
from drivers.face.process import FaceReader, NotSupported
from drivers.face.reference import BareSize
from drivers.service.adapter import word_for
from drivers.service.adapters.face_camera import FaceCameraAdapter
from drivers.service.envelope import CompletionCode, Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.simulated.face_camera import SimulatedFaceCamera
from drivers.simulated.face_scenes import CARD_PHOTO, FaceScene, card_photo
from drivers.trouble import Trouble
from standards.assets import data_root
from tests.devices.face_bench import CITIZEN, HELD, MOVED, STRANGER, card_png, simulated
from tests.waiting import until

SETUP = Setup(width=640, height=480)
SHORT = Limits(start_s=6, move_s=1, straight_s=6)
PATIENT = Limits(start_s=20, move_s=20, straight_s=20)


class Stage:
    """A simulated camera, opened, and one face process."""

    def __init__(self, place: Path) -> None:
        self.place = place / "face-camera"
        self.simulated: SimulatedFaceCamera = simulated(self.place)
        until((self.place / "frame.jpg").exists)
        self.process = FaceReader(limit_s=20)
        self.device = FaceCamera(camera=Camera.open(str(self.place), SETUP), process=self.process)
        self.never = threading.Event()

    def stand(self, scene: FaceScene, who: int = CITIZEN) -> None:
        """Let somebody stand there, and wait until the camera has seen it."""
        self.simulated.control({"scene": scene, "who": who})
        newest = self.device.camera.wait(0, 5)
        self.device.camera.wait(newest.number + 1 if newest else 0, 5)

    def match(self, reference: Reference | None, seconds: float = 20) -> Match:
        """Compare who stands there."""
        end = self.device.match(reference, time.monotonic() + seconds, self.never)
        assert end is not None
        return end

    def challenge(
        self, moves: tuple[Move, ...], act: Mapping[Move, FaceScene], limits: Limits, who: int
    ) -> Verdict:
        """Ask for movements; ``who`` makes them."""

        def tell(step: Step, problem: Problem | None) -> None:
            if step.move is not None:
                self.simulated.control({"scene": act[step.move], "who": who})
            elif step.phase is Phase.STRAIGHT:
                self.simulated.control({"scene": FaceScene.ONE, "who": who})

        run = Challenge(moves=moves, threshold=0.363, began=time.monotonic(), limits=limits)
        end = self.device.challenge(run, tell, self.never)
        assert end is not None
        return end

    def close(self) -> None:
        """End it all."""
        self.device.camera.close()
        self.process.close()
        self.simulated.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Lend one camera to the tests of this file."""
    stage = Stage(tmp_path_factory.mktemp("face"))
    yield stage
    stage.close()


@pytest.fixture
def stage(shared: Stage) -> Stage:
    """Lend the camera with the citizen before it."""
    shared.stand(FaceScene.ONE)
    return shared


def bare(who: int) -> Reference:
    """Return a card photo as its decoder gives it: dots of red, green, blue."""
    dots = cv2.cvtColor(card_photo(who), cv2.COLOR_BGR2RGB)
    width, height = CARD_PHOTO
    return Reference(data=dots.tobytes(), bare=BareSize(width=width, height=height))


def jpeg(who: int) -> Reference:
    """Return a card photo as a JPEG."""
    return Reference(data=cv2.imencode(".jpg", card_photo(who))[1].tobytes())


def test_yes_and_no(stage: Stage) -> None:
    """The person is known from a card's photo in any form, and another person is not."""
    mine, other = stage.match(bare(CITIZEN)), stage.match(jpeg(STRANGER))
    assert mine.answer is Answer.YES
    assert other.answer is Answer.NO
    assert mine.score is not None
    assert other.score is not None
    assert other.score < mine.threshold < mine.score
    assert (mine.threshold, mine.model) == (weights.THRESHOLD, weights.MODEL_NAME)
    assert (mine.certificate, mine.live, mine.why) == (None, None, None)


def test_the_threshold_is_the_terminals(stage: Stage) -> None:
    """A stricter terminal says no where the model would say yes."""
    stage.device.threshold = 0.99
    try:
        assert stage.match(bare(CITIZEN)).answer is Answer.NO
    finally:
        stage.device.threshold = None


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        (None, Why.NO_REFERENCE),
        (Reference(data=b""), Why.NO_REFERENCE),
        (Reference(data=b"GIF89a" + bytes(64)), ReferenceWord.BAD),
        (Reference(data=card_png(CITIZEN)[:200]), ReferenceWord.BAD),
        (Reference(data=bytes(102 * 126 * 3 - 1), bare=BareSize(width=102, height=126)), "bad"),
        (Reference(data=bytes(102 * 126 * 3), bare=BareSize(width=102, height=126)), "no face"),
    ],
)
def test_a_photo_that_is_no_good(stage: Stage, reference: Reference | None, why: str) -> None:
    """It leaves the match undecided, with the reason, and nothing is scored."""
    expected = {"bad": ReferenceWord.BAD, "no face": ReferenceWord.NO_FACE}.get(why, why)
    end = stage.match(reference)
    assert (end.answer, end.why, end.score) == (Answer.UNDECIDED, expected, None)


def test_nobody_is_compared_who_stands_badly(stage: Stage) -> None:
    """Until the time is over, a bad picture is no reason for a no."""
    stage.stand(FaceScene.TOO_FAR)
    end = stage.match(bare(CITIZEN), seconds=0.6)
    assert (end.answer, end.why) == (Answer.UNDECIDED, Problem.TOO_FAR)


class TestChallenge:
    """People and prints before the camera."""

    def test_a_print_turned_as_asked(self, stage: Stage) -> None:
        """Turning the paper moves no nose against the eyes."""
        stage.stand(FaceScene.PAPER)
        end = stage.challenge((Move.TURN_LEFT, Move.NOD), HELD, SHORT, CITIZEN)
        assert (end.result, end.reasons, end.made) == (Result.FAILED, (Reason.TOO_SLOW,), ())

    def test_another_person_steps_in(self, stage: Stage) -> None:
        """The second one may do what is asked: it is not the face that began."""
        end = stage.challenge((Move.TURN_LEFT, Move.NOD), MOVED, PATIENT, STRANGER)
        assert end.result is Result.FAILED
        assert end.reasons == (Reason.ANOTHER_FACE,)

    def test_the_camera_goes_away(self, stage: Stage) -> None:
        """It could not be judged, which says nothing about the person."""

        def tell(step: Step, problem: Problem | None) -> None:
            if step.move is not None:
                camera.control({"unplug": True})

        camera = simulated(stage.place.with_name("other"))
        until((stage.place.with_name("other") / "frame.jpg").exists)
        opened = Camera.open(str(stage.place.with_name("other")), SETUP)
        device = FaceCamera(camera=opened, process=stage.process)
        run = Challenge(
            moves=(Move.NOD, Move.TURN_LEFT), threshold=0.3, began=time.monotonic(), limits=PATIENT
        )
        end = device.challenge(run, tell, stage.never)
        opened.close()
        camera.close()
        assert end == Verdict(result=Result.ABORTED, reasons=(Reason.CAMERA_FAILED,))

    def test_given_up(self, stage: Stage) -> None:
        """A cancelled match, watch or challenge ends, without an answer."""
        cancelled = threading.Event()
        cancelled.set()
        run = Challenge(moves=(Move.NOD,), threshold=0.3, began=0.0, limits=PATIENT)
        assert stage.device.challenge(run, lambda _step, _problem: None, cancelled) is None
        assert stage.device.match(bare(CITIZEN), time.monotonic() + 20, cancelled) is None
        told: list[Sight] = []
        stage.device.watch(told.append, cancelled)
        assert told == []


class TestProcess:
    """The face process hangs, dies, talks nonsense or is another maker's."""

    def test_hung(self, stage: Stage) -> None:
        """It is ended in its time, the answer says so, and the next match has another process."""
        process = FaceReader(limit_s=0.2)
        device = FaceCamera(camera=stage.device.camera, process=process)
        device.facts(stage.never)
        hung = process.pid
        assert hung is not None
        os.kill(hung, signal.SIGSTOP)
        end = device.match(bare(CITIZEN), time.monotonic() + 20, stage.never)
        assert end is not None
        assert (end.answer, end.why) == (Answer.UNDECIDED, Why.ENGINE_FAILED)
        assert process.pid is None
        assert not Path(f"/proc/{hung}").exists()

    def test_killed(self, stage: Stage) -> None:
        """What it knew of the visit is gone: nobody is taken for the one who passed before."""
        stage.device.facts(stage.never)
        assert stage.process.pid is not None
        os.kill(stage.process.pid, signal.SIGKILL)
        until(lambda: stage.match(bare(CITIZEN)).answer is Answer.YES)
        assert stage.match(bare(CITIZEN)).live is not True

    def test_failing(self, stage: Stage) -> None:
        """A module that fails with every picture leaves the match undecided."""
        end = self.matched_by(stage, "Crashing")
        assert (end.answer, end.why) == (Answer.UNDECIDED, Why.ENGINE_FAILED)

    def test_another_makers_module(self, stage: Stage) -> None:
        """Its name, threshold and certificate are told, and its no to a screen is a no."""
        end = self.matched_by(stage, "Suspicious")
        assert (end.answer, end.live) == (Answer.NO, False)
        assert (end.model, end.threshold, end.certificate) == ("Test module 1.0", 0.5, "TEST-0001")

    def matched_by(self, stage: Stage, name: str) -> Match:
        """Match with a module of the tests."""
        process = FaceReader(engine=f"tests.devices.face_engine:{name}", limit_s=20)
        device = FaceCamera(camera=stage.device.camera, process=process)
        try:
            end = device.match(bare(CITIZEN), time.monotonic() + 20, stage.never)
        finally:
            process.close()
        assert end is not None
        return end

    def test_no_such_module(self, stage: Stage) -> None:
        """A name that leads nowhere is told as such."""
        with pytest.raises(NotSupported) as caught:
            FaceReader(engine="tests.devices.face_engine:Nowhere").facts(stage.never)
        assert caught.value.reason is Unsupported.ENGINE


class Emitted:
    """Keeps what an adapter tells."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def __call__(self, name: str, payload: Payload | None = None) -> None:
        """Keep the event's name."""
        self.told.append(name)

    def state(self) -> None:
        """Keep nothing."""


def test_without_models(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of XFace works and all of it says so, whether models are missing or not ours."""
    monkeypatch.setenv("YIDUAN_ASSETS", str(tmp_path))
    emitted = Emitted()
    for word in ("missing", "damaged"):
        adapter = FaceCameraAdapter(str(stage.place), {"width": "640", "height": "480"})
        adapter.open()
        for command, more in (("Watch", {}), ("Match", {}), ("Challenge", {"seed": "s"})):
            if word == "damaged" and command != "Match":
                continue  # a face process a question, to no new end
            payload: Payload = {"visit": "v", **more}
            end = adapter.run(f"XFace.{command}", payload, emitted, stage.never)
            assert end.code is CompletionCode.COMMAND_ERROR_CODE
            assert end.payload == {"errorCode": "unsupported"}
        assert adapter.state().status["xFace"] == {"engine": word}
        adapter.close()
        with pytest.raises(Trouble, match=f"models_{word}"):
            by_hand.capture(str(stage.place))
        shutil.copytree(
            Path(__file__).parents[2] / "assets" / "vendor" / "face",
            data_root() / "vendor" / "face",
            dirs_exist_ok=True,
        )
        (data_root() / "vendor" / "face" / weights.FINDER).write_bytes(b"other")
    assert emitted.told == []


def test_a_camera_that_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen, silent, garbled or black camera is out of order, not a picture of somebody.

    The camera's limits, which have tests of their own, are shorter here than on duty.
    """
    faults = ("freeze", "silent", "garbled", "black")
    cameras = {fault: simulated(tmp_path / fault) for fault in faults}
    adapters = {fault: FaceCameraAdapter(str(tmp_path / fault), {}) for fault in faults}
    try:
        for fault, camera in cameras.items():
            until((tmp_path / fault / "frame.jpg").exists)
            adapters[fault].open()
            camera.control({"fault": fault})
        for limit in ("SILENT_S", "FROZEN_S", "BLACK_S"):
            monkeypatch.setattr(health, limit, 0.6)
        for adapter in adapters.values():
            assert until(partial(_met, adapter)) is DeviceWord.HARDWARE_ERROR
    finally:
        for adapter in adapters.values():
            adapter.close()
        for camera in cameras.values():
            camera.close()


def _met(adapter: FaceCameraAdapter) -> DeviceWord | None:
    """Return the status word for what a look at the camera meets."""
    try:
        adapter.poll(Emitted())
    except DeviceError as error:
        return word_for(error)
    return None


class TestByHand:
    """``kiosk-devices capture --kind face``."""

    def test_a_camera_and_a_file(self, stage: Stage, tmp_path: Path) -> None:
        """Both are judged with the same words, and nothing of the picture is told."""
        live = by_hand.capture(str(stage.place))
        assert (live["faces"], live["problems"], live["hint"]) == (1, [], None)
        assert live["model"] == weights.MODEL_NAME
        file = tmp_path / "photo.png"
        file.write_bytes(card_png(CITIZEN))
        still = by_hand.capture(str(file))
        assert set(still) == set(live)
        assert still["problems"] == ["too_far"]  # a card's photo is too small for a frame

    def test_nothing_there(self, tmp_path: Path) -> None:
        """No camera and no picture are told with what to do."""
        (tmp_path / "text").write_text("no picture")
        for source in (tmp_path / "nowhere", tmp_path / "text"):
            with pytest.raises(Trouble) as caught:
                by_hand.capture(str(source))
            assert caught.value.help


class TestSimulated:
    """The simulated camera's commands."""

    def test_a_wrong_command_changes_nothing(self, stage: Stage) -> None:
        """It is refused with what would be right."""
        before = stage.simulated.state()
        wrong: list[dict[str, object]] = [
            {"scene": "dancing"},
            {"scene": "one", "who": -1},
            {"fault": "tired"},
            {"flaky": 2},
            {"fail_next": "black"},
            {"fail_next": "garbled", "times": 0},
            {"sing": True},
        ]
        for command in wrong:
            with pytest.raises(ValueError, match=r"."):
                stage.simulated.control(command)
        assert stage.simulated.state() == before

    def test_spoiled_frames_disturb_nothing(self, stage: Stage) -> None:
        """Single frames that cannot be decoded are passed over."""
        stage.simulated.control({"flaky": 0.3})
        stage.simulated.control({"fail_next": "garbled", "times": 2})
        try:
            assert stage.match(bare(CITIZEN)).answer is Answer.YES
        finally:
            stage.simulated.control({"flaky": 0})

    def test_it_ends(self, tmp_path: Path) -> None:
        """Its folder goes with it, which is a camera that was pulled out."""
        camera = simulated(tmp_path / "camera")
        until((tmp_path / "camera" / "frame.jpg").exists)
        camera.close()
        with pytest.raises(TransportLost):
            Camera.open(str(tmp_path / "camera"), SETUP)
