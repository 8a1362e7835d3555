"""BarcodeReader on the simulated scan camera, through the host and its sockets."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drivers.decoder.codes import Symbology
from drivers.service.client import CommandFailed, ServiceClient, ServiceUnavailable
from drivers.service.interfaces.camera_scanner import SYMBOLOGIES
from drivers.service.status import device_word
from drivers.simulated.camera_codes import SimulatedCodeCamera
from tests.devices.service_bench import REPOSITORY, is_alive, pem
from tests.waiting import PATIENCE_S, until

READ = "BarcodeReader.Read"
READ_S = 20.0
BACK_S = 12.0
"""Put in again, a camera is tried after 0.5, 1, 2 and 5 seconds."""


class Bench:
    """A host that serves a simulated scan camera; its other devices are not there."""

    def __init__(self) -> None:
        self.run = Path(tempfile.mkdtemp(prefix="yd-"))
        self.camera = SimulatedCodeCamera(self.run / "scan-camera")
        self.host = self._start_host()

    def __enter__(self) -> Self:
        until((self.run / "xfs4iot" / "CameraScanner.sock").exists)
        self.await_word("online", 20)
        return self

    def __exit__(self, *_: object) -> None:
        self.host.terminate()
        try:
            self.host.wait(PATIENCE_S)
        finally:
            self.host.kill()
            self.camera.close()
            shutil.rmtree(self.run)

    def client(self) -> ServiceClient:
        """Return a new client, as a visit has one."""
        return ServiceClient(self.run / "xfs4iot" / "CameraScanner.sock", "CameraScanner", "5e")

    def status(self) -> Mapping[str, object]:
        """Return the status as a stranger sees it."""
        client = self.client()
        try:
            return client.call("Common.Status", None, 10.0).payload
        except (ServiceUnavailable, CommandFailed):
            return {}
        finally:
            client.close()

    def await_word(self, word: str, seconds: float) -> None:
        """Wait until the device is in a state."""
        until(lambda: device_word(self.status()) == word, timeout=seconds, every=0.05)

    def processes(self, word: str) -> list[int]:
        """Return the host's processes that have this word in their title."""
        found = []
        for process in psutil.Process(self.host.pid).children(recursive=True):
            try:
                if word in " ".join(process.cmdline()):
                    found.append(process.pid)
            except psutil.Error:
                continue  # it ended meanwhile
        return found

    def _start_host(self) -> subprocess.Popen[bytes]:
        (self.run / "evidence.pem").write_bytes(pem(Ed25519PrivateKey.generate()))
        ports = {"devices": {"camera-scanner": {"port": f"frames:{self.run / 'scan-camera'}"}}}
        (self.run / "ports.yaml").write_text(json.dumps(ports))
        host = subprocess.Popen(
            [
                *(sys.executable, "-m", "drivers", "serve", "--run", str(self.run)),
                *("--evidence-key", str(self.run / "evidence.pem"), "--terminal", "T0001"),
                *("--config", str(self.run / "ports.yaml")),
                *("--secrets-on-stdin", "--with-parent"),
            ],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stderr=(self.run / "host.log").open("wb"),
        )
        assert host.stdin is not None
        host.stdin.write(json.dumps({"roles": {"session": "5e"}}).encode() + b"\n")
        host.stdin.close()
        return host


@pytest.fixture(scope="module")
def shared() -> Iterator[Bench]:
    """Lend one host to the tests of this file."""
    with Bench() as bench:
        yield bench


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    """Lend the host with a well camera before which nothing is shown."""
    shared.await_word("online", BACK_S)
    yield shared
    shared.camera.control({"fault": None})
    shared.camera.control({"flaky": 0})
    shared.camera.control({"hide": True})


@pytest.fixture(scope="module")
def visit(shared: Bench) -> Iterator[ServiceClient]:
    """Lend the client of one long visit."""
    client = shared.client()
    yield client
    client.close()


@pytest.fixture
def client(bench: Bench, visit: ServiceClient) -> ServiceClient:
    """Lend that client once the camera is well."""
    del bench
    return visit


def scanner(bench: Bench) -> object:
    """Return the word for whether it is armed."""
    part = bench.status().get("barcodeReader")
    return part.get("scanner") if isinstance(part, Mapping) else None


class Reading(threading.Thread):
    """A read that waits beside the test."""

    def __init__(self, client: ServiceClient, payload: Mapping[str, object] | None = None) -> None:
        super().__init__(daemon=True)
        self._client, self._payload = client, payload
        self.outputs: list[Mapping[str, object]] = []
        self.failure = ""
        self.start()

    def run(self) -> None:
        """Read once."""
        try:
            output = self._client.call(READ, self._payload, READ_S).payload["readOutput"]
            assert isinstance(output, list)
            self.outputs = output
        except (CommandFailed, ServiceUnavailable) as error:
            self.failure = getattr(error, "completion_code", "unavailable")

    def one(self) -> tuple[str, bytes]:
        """Return kind and bytes of the one code that was read."""
        self.join(READ_S + 5)
        assert not self.failure
        (output,) = self.outputs
        return str(output["symbology"]), base64.b64decode(str(output["barcodeData"]))


def test_a_code_is_read_while_a_command_waits(bench: Bench, client: ServiceClient) -> None:
    """Off, on while the command waits, off again; the payload comes byte for byte."""
    assert scanner(bench) == "off"
    reading = Reading(client)
    until(lambda: scanner(bench) == "on")
    data = "本机号 L400123".encode("gb18030")
    bench.camera.control({"show": {"base64": base64.b64encode(data).decode()}, "look": "screen"})
    assert reading.one() == ("qrCode", data)
    until(lambda: scanner(bench) == "off")


def test_a_code_from_before_is_dropped(bench: Bench, client: ServiceClient) -> None:
    """Somebody else's code, gone before the command, is never given."""
    bench.camera.control({"show": "from before"})
    seen = bench.camera.frames
    until(lambda: bench.camera.frames > seen + 1)
    bench.camera.control({"hide": True})
    with pytest.raises(CommandFailed) as caught:
        client.call(READ, None, 0.7)
    assert caught.value.completion_code == "timeOut"


def test_only_the_symbologies_that_are_asked_for(bench: Bench, client: ServiceClient) -> None:
    """The standard's filter is kept; one that leaves nothing, or is none, is refused."""
    bench.camera.control({"show": "AB-1234567"})
    reading = Reading(client, {"symbologies": {"code128": True, "qrCode": False}})
    until(lambda: scanner(bench) == "on")
    bench.camera.control({"show": "AB-7654321", "symbology": "code128"})
    assert reading.one() == ("code128", b"AB-7654321")
    wrongs: tuple[object, ...] = ({"msi": True}, {"qrCode": "yes"}, [])
    for wrong in wrongs:
        with pytest.raises(CommandFailed) as caught:
            client.call(READ, {"symbologies": wrong}, 1.0)
        assert caught.value.completion_code == "invalidData"


def test_what_it_says_it_can(bench: Bench, client: ServiceClient) -> None:
    """The capabilities name every kind the decoder reads, in the standard's words."""
    del bench
    part = client.call("Common.Capabilities", None, 10.0).payload["barcodeReader"]
    assert part == {
        "canFilterSymbologies": True,
        "symbologies": dict.fromkeys(map(str, Symbology), True),
    }
    assert set(SYMBOLOGIES) == set(Symbology)


@pytest.mark.parametrize(
    ("break_it", "word"),
    [
        ({"unplug": True}, "noDevice"),
        ({"fault": "black"}, "hardwareError"),
    ],
)
def test_a_fault_ends_the_command_and_heals(
    bench: Bench, client: ServiceClient, break_it: Mapping[str, object], word: str
) -> None:
    """The command ends, the status says what is wrong, and a camera that is well is used again.

    Which faults there are is tested at the device, where nobody waits for seconds.
    """
    reading = Reading(client)
    until(lambda: scanner(bench) == "on")
    bench.camera.control(break_it)
    reading.join(PATIENCE_S)
    assert reading.failure == ("deviceNotReady" if word == "noDevice" else "hardwareError")
    bench.await_word(word, 5)
    assert scanner(bench) == "inoperative"
    bench.camera.control({"replug": True})
    bench.await_word("online", BACK_S)


def test_spoiled_frames_do_not_end_a_command(bench: Bench, client: ServiceClient) -> None:
    """A cable that spoils half of the frames delays the code."""
    bench.camera.control({"fail_next": "garbled"})
    bench.camera.control({"flaky": 0.5, "seed": 5})
    bench.camera.control({"show": "through"})
    assert Reading(client).one() == ("qrCode", b"through")


def test_a_killed_decoding_process_is_replaced(bench: Bench, client: ServiceClient) -> None:
    """The command that waits goes on and reads."""
    reading = Reading(client)
    until(lambda: scanner(bench) == "on")
    (first,) = until(lambda: bench.processes("decoding"))
    os.kill(first, signal.SIGKILL)
    bench.camera.control({"show": "still there"})
    assert reading.one() == ("qrCode", b"still there")
    assert device_word(bench.status()) == "online"


def test_a_visit_takes_its_processes_with_it(bench: Bench) -> None:
    """Worker and decoding process that saw a visit's code end with its connection."""
    client = bench.client()
    bench.camera.control({"show": "a citizen's"})
    assert Reading(client).one() == ("qrCode", b"a citizen's")
    touched = bench.processes("worker camera-scanner") + bench.processes("decoding")
    assert len(touched) == 2
    client.close()
    until(lambda: not any(is_alive(pid) for pid in touched))
    bench.await_word("online", BACK_S)


def test_a_reset_makes_all_of_it_new(bench: Bench, client: ServiceClient) -> None:
    """The standard's reset answers once the camera lives again, with another process."""
    before = until(lambda: bench.processes("decoding"))
    client.call("BarcodeReader.Reset", None, READ_S)
    after = until(lambda: bench.processes("decoding"))
    assert not set(before) & set(after)
    bench.camera.control({"show": "anew"})
    assert Reading(client).one() == ("qrCode", b"anew")


def test_a_command_that_is_given_up_disarms(bench: Bench) -> None:
    """Its time is over, or its visit ends: nothing is looked at any more."""
    client = bench.client()
    with pytest.raises(CommandFailed):
        client.call(READ, None, 0.5)
    assert scanner(bench) == "off"
    Reading(client)
    until(lambda: scanner(bench) == "on")
    client.close()
    until(lambda: scanner(bench) == "off", timeout=BACK_S)
