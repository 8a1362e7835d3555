"""The walk of docs/devices/add-a-device.md, done: its blocks are taken out and used."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.service.adapter import WorkerPlan
from drivers.service.envelope import Message
from drivers.service.service import DeviceService
from drivers.service.status import device_word
from drivers.simulated.device import Surroundings

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "devices" / "add-a-device.md"
BLOCK = re.compile(
    r"^### `(drivers/[a-z_/]+\.py)`\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def package(path: str) -> str:
    """Return where a block's module is put, outside the package it is meant for."""
    return "walked_" + path.removesuffix(".py").replace("/", "_")


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lend a folder with every block of the page as a module."""
    blocks = dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert len(blocks) == 5
    place = tmp_path_factory.mktemp("walk")
    for path, code in blocks.items():
        for other in blocks:
            module = other.removesuffix(".py").replace("/", ".")
            code = code.replace(module, package(other))  # noqa: PLW2901  # step by step
        (place / f"{package(path)}.py").write_text(code, encoding="utf-8")
    return place


@pytest.fixture
def module(walked: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Lend a way to import a block by the path the page gives it."""
    monkeypatch.syspath_prepend(str(walked))
    return lambda path: importlib.import_module(package(path))


def test_the_codec_understands_lines_in_any_pieces(module: Callable[[str], Any]) -> None:
    """Step 1: whole, in pieces, noise, and a line without end."""
    codec = module("drivers/badge_reader/codec.py")
    stream = b"I SN1\r\nB 0042\r\nB -\r\nnoise\r\n" + b"x" * 5000 + b"\r\nB 7\r\n"
    whole = codec.Decoder().feed(stream)
    pieces = codec.Decoder()
    assert [event for byte in stream for event in pieces.feed(bytes([byte]))] == whole
    assert whole == [
        codec.Identity(serial="SN1"),
        codec.Badge(number="0042"),
        codec.Badge(number=None),
        codec.Garbled(),
        codec.Garbled(),
        codec.Badge(number="7"),
    ]


class Talk:
    """One visit's connection."""

    def __init__(self, service: DeviceService) -> None:
        self.service = service
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self.number = service.connected(self.messages.put_nowait)

    def read(self, number: int) -> None:
        """Ask for a badge."""
        header = {"name": "XBadge.Read", "type": "command", "version": "1.0", "requestId": number}
        self.service.received(self.number, json.dumps({"header": {**header, "timeout": 5000}}))

    async def next(self, *kinds: str) -> Message:
        """Return the next message of these types."""
        while True:
            message = await asyncio.wait_for(self.messages.get(), 10)
            if message.header.type in kinds:
                return message

    async def word(self, word: str) -> None:
        """Wait until the device is in a state."""
        async with asyncio.timeout(10):
            while device_word(self.service.status) != word:
                await self.messages.get()


def test_the_whole_way_through_the_service(tmp_path: Path, module: Callable[[str], Any]) -> None:
    """Steps 2 to 5: a badge is read, a fault is survived, a pulled cable is told and healed."""
    simulated = module("drivers/simulated/badge_reader.py").SimulatedBadgeReader(
        Surroundings(link=tmp_path / "badge-reader", baud=None, papers=tmp_path, options={})
    )
    spec = module("drivers/service/interfaces/badge_reader.py").BADGE_READER
    plan = WorkerPlan(device=spec.device, adapter=spec.adapter, port=str(tmp_path / "badge-reader"))

    async def scene() -> None:
        service = DeviceService(spec, plan)
        talk = Talk(service)
        service.start()
        try:
            await talk.word("online")
            talk.read(1)
            assert (await talk.next("event")).header.name == "CardReader.InsertCardEvent"
            simulated.control({"put": "0042"})
            assert (await talk.next("completion")).payload == {"number": "0042"}
            for number, fault in ((2, "silence"), (3, "garbage")):
                simulated.control({"fail_next": fault})
                talk.read(number)
                assert (await talk.next("completion")).payload == {"number": "0042"}
            simulated.control({"unplug": True})
            await talk.word("noDevice")
            talk.read(4)
            assert (await talk.next("completion")).header.completion_code == "deviceNotReady"
            simulated.control({"replug": True})
            await talk.word("online")
        finally:
            await service.stop()
            simulated.close()

    asyncio.run(scene())
