"""``kiosk-devices read-card``: the one line others build on, and its named errors."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers import cli
from drivers.simulated.reader import SAM_ID, SimulatedReader
from drivers.simulated.reader_condition import Condition
from drivers.simulated.serial_server import SerialServer
from tests.devices.people import CARD, OTHER_KINDS

SERIAL = "05.01-20240199-0000000001-0000000002"

PERSON = {
    "kind": "citizen",
    "name": "陈晓云",
    "sex": "2",
    "sex_name": "女",
    "nation": "01",
    "nation_name": "汉",
    "birth_date": "1990-03-05",
    "address": "河南省新乡市红旗区平原路街道金穗社区12号楼3单元501室",
    "id_no": "400702199003050027",
    "issuer": "新乡市公安局红旗分局",
    "valid_from": "2020-05-01",
    "valid_to": "2040-05-01",
    "photo_bytes": 1024,
    "sam_id": SERIAL,
    "checks": {
        "id_no": True,
        "sex": True,
        "validity": True,
        "name": True,
        "birth_date": True,
        "nation": True,
    },
}


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedReader]:
    """A reader with nothing on it."""
    reader = SimulatedReader(tmp_path / "id-reader")
    yield reader
    reader.close()


def run(
    capsys: pytest.CaptureFixture[str], port: object, *more: object
) -> tuple[int, dict[str, object]]:
    """Read a card with ``--json``; return the exit code and the one line."""
    code = cli.main(["read-card", "--port", str(port), *map(str, more), "--json"])
    (line,) = capsys.readouterr().out.splitlines()
    return code, json.loads(line)


def test_a_card_is_one_line(simulated: SimulatedReader, capsys: pytest.CaptureFixture[str]) -> None:
    """Every key as it was agreed, and no other."""
    simulated.put(CARD)
    assert run(capsys, simulated.port.link) == (0, PERSON)
    assert len(SAM_ID) == 16


def test_what_lies_there_may_be_read_again(
    simulated: SimulatedReader, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hand there is no visit that ended."""
    simulated.put(CARD)
    for _ in range(2):
        assert run(capsys, simulated.port.link, "--timeout", 0) == (0, PERSON)


@pytest.mark.parametrize("card", OTHER_KINDS, ids=lambda card: card.kind.value)
def test_the_other_kinds_have_more_keys(
    simulated: SimulatedReader,
    capsys: pytest.CaptureFixture[str],
    card: type(CARD),  # type: ignore[valid-type]
) -> None:
    """All that a citizen's card has, and what is theirs."""
    simulated.put(card)
    code, person = run(capsys, simulated.port.link)
    assert code == 0
    assert set(PERSON) < set(person)
    assert person["kind"] == card.kind
    assert person["name_en" if card.name_en else "pass_number"]


def test_a_newest_address_is_told(
    simulated: SimulatedReader, capsys: pytest.CaptureFixture[str]
) -> None:
    """And only when there is one."""
    simulated.put(CARD, newest_address="河南省新乡市平原路2号")
    _, person = run(capsys, simulated.port.link)
    assert person == {**PERSON, "newest_address": "河南省新乡市平原路2号"}


def test_a_card_without_an_end(
    simulated: SimulatedReader, capsys: pytest.CaptureFixture[str]
) -> None:
    """长期 is null."""
    simulated.control({"put": {**_record(), "valid_to": "长期"}})
    _, person = run(capsys, simulated.port.link)
    assert person["valid_to"] is None


def _record() -> dict[str, object]:
    keys = ("name", "sex", "nation", "birth_date", "address", "id_no", "issuer", "valid_from")
    return {key: PERSON[key] for key in keys}


def test_a_reader_on_the_network(
    simulated: SimulatedReader, capsys: pytest.CaptureFixture[str]
) -> None:
    """``socket://host:port`` in place of a path."""
    simulated.put(CARD)
    with SerialServer(simulated.port.link) as box:
        assert run(capsys, box.url) == (0, PERSON)


def test_a_reader_at_another_speed(
    simulated: SimulatedReader, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody needs to know it."""
    simulated.baud = 57600
    simulated.put(CARD)
    assert run(capsys, simulated.port.link) == (0, PERSON)


def test_a_card_put_down_while_it_waits(
    simulated: SimulatedReader, capsys: pytest.CaptureFixture[str]
) -> None:
    """The wait ends with the card."""
    threading.Timer(0.5, simulated.put, [CARD]).start()
    assert run(capsys, simulated.port.link, "--timeout", 20) == (0, PERSON)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ({}, "noCard"),
        ({"fail_during": "lift"}, "cardRemoved"),
        ({"fail_during": "status:41", "times": 3}, "cardUnreadable"),
        ({"fail_during": "status:40"}, "cardUnsupported"),
        ({"fail_during": "status:31", "times": 3}, "authenticationFailed"),
        ({"fail_during": "status:66"}, "readerFailed"),
        ({"fail_during": "unplug:700"}, "noDevice"),
        ({"condition": Condition.NOT_AUTHORISED}, "readerFailed"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_every_end_without_a_card_has_a_name_and_advice(
    simulated: SimulatedReader,
    capsys: pytest.CaptureFixture[str],
    trouble: dict[str, object],
    error: str,
) -> None:
    """One JSON line, exit code 1, nothing of the card."""
    if trouble:
        simulated.put(CARD)
        simulated.control(trouble)
    code, told = run(capsys, simulated.port.link, "--timeout", 0.1)
    assert (code, told["error"]) == (1, error)
    assert set(told) == {"error", "help"}
    assert told["help"]
    assert CARD.id_no not in str(told)


def test_no_reader_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another name than a card that is not there; the help names the port."""
    code, told = run(capsys, tmp_path / "nowhere")
    assert (code, told["error"]) == (1, "noDevice")
    assert "nowhere" in str(told["help"])
    code, told = run(capsys, "socket://127.0.0.1:9")
    assert (code, told["error"]) == (1, "noDevice")


def test_nobody_answers(
    simulated: SimulatedReader,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The port is there, a reader is not."""
    monkeypatch.setattr("drivers.id_reader.probing.PROBE_S", (0.06, 60.0))
    simulated.condition = Condition.DEAD
    code, told = run(capsys, simulated.port.link, "--timeout", 0.1)
    assert (code, told["error"]) == (1, "noAnswer")


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "soon"])
def test_a_time_that_is_none_is_refused(
    seconds: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before a port is opened."""
    with pytest.raises(SystemExit):
        cli.main(["read-card", "--port", str(tmp_path), f"--timeout={seconds}"])
    assert "--timeout" in capsys.readouterr().err


def test_the_photo_block_goes_where_it_is_told(
    simulated: SimulatedReader, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Undecoded, and only when somebody asks for it; a wrong path is an error by name."""
    simulated.put(CARD)
    run(capsys, simulated.port.link, "--photo", tmp_path / "photo.wlt")
    assert (tmp_path / "photo.wlt").stat().st_size == 1024
    code, told = run(capsys, simulated.port.link, "--photo", tmp_path / "none" / "photo.wlt")
    assert (code, told["error"]) == (1, "photoNotWritten")
