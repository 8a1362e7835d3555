"""When a citizen leaves, their data leaves: a scan of memory and files after the visit."""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.agent.diagnostics import bundle
from kiosk.agent.maintenance import Upkeep
from tests.e2e import memory
from tests.e2e.desk import Desk
from tests.waiting import until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.getuid() != 0, reason="reading other processes' memory needs root"),
]
CARD_NO = "9156000000000000001"
IDLE_S = 30
"""Seconds without a touch before the warning, which stays for twenty."""


@pytest.fixture(scope="module")
def running_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A terminal that does not wait long for somebody who went away."""
    layer: Path = tmp_path_factory.mktemp("settings") / "idle.yaml"
    layer.write_text(f"timeouts: {{idle: {IDLE_S}}}\n")
    with Desk(settings=[layer]) as desk:
        yield desk


def _marks(desk: Desk) -> dict[str, list[bytes]]:
    """Return what must not be found: what was typed, fetched, read from a card or a picture."""
    mother, father = desk.person("chen-xiaoyun"), desk.person("li-jianguo")
    return memory.of_text(
        id_no=mother["card"]["id_no"],
        mobile=mother["mobile"],
        address=mother["card"]["address"],
        residence=mother["residence_address"],
        father=father["card"]["id_no"],
        child="李沐辰",
        account=CARD_NO,
    )


def _nothing_is_left(desk: Desk, marks: memory.Marks) -> None:
    """No process of the terminal and no file of it holds the data."""
    desk.usable()
    desk.nothing_lost_nothing_twice()
    last: list[tuple[str, set[str]]] = []

    def gone() -> bool:
        last[:] = memory.holding(desk, marks)
        return not last

    try:
        until(gone, every=0.5)
    except AssertionError:
        raise AssertionError(f"still held: {last}") from None
    state = desk.stack.state
    places = [state / "outbox", state / "audit", state / "logs", state / "keys", desk.stack.run]
    found = memory.in_files([place for place in places if place.exists()], marks)
    outside = (str(desk.stack.papers), str(desk.stack.run / "devices"))
    assert {one for one in found if not one[0].startswith(outside)} == set()


def _finished(desk: Desk) -> None:
    desk.play()


def _killed(desk: Desk) -> None:
    desk.play_until("review")
    desk.kill_session()


@pytest.mark.parametrize("end", [_finished, _killed])
def test_nothing_of_a_thin_visit_is_left(desk: Desk, end: Callable[[Desk], None]) -> None:
    """A visit without pictures: finished, and killed before it was."""
    end(desk)
    _nothing_is_left(desk, _marks(desk))


def test_nothing_of_a_finished_newborn_visit_is_left(desk: Desk) -> None:
    """All files that arrived are searched for by some bytes of their middle."""
    desk.play("newborn")
    files = desk.intake.filed(str(desk.player.played.tally["local_no"])).files
    assert len(files) == 4
    _nothing_is_left(desk, _marks(desk) | memory.of_files(files))
    _nothing_goes_to_the_vendor(desk)


def _nothing_goes_to_the_vendor(desk: Desk) -> None:
    """The diagnostics bundle of staff has how the terminal is, and nobody in it."""
    state = desk.stack.state
    upkeep = Upkeep(state=state, settings=tuple(desk.stack.settings_files()))
    bundle(state / "bundle.zip", upkeep, {})
    with zipfile.ZipFile(state / "bundle.zip") as archive:
        archive.extractall(state / "bundle")
    assert "visit_ended" in (state / "bundle" / "audit.jsonl").read_text()
    assert (state / "bundle" / "logs" / "agent.log").exists()
    everybody = [person["card"]["id_no"] for person in desk.population()["people"]]
    marks = _marks(desk) | {f"person {n}": [no.encode()] for n, no in enumerate(everybody)}
    assert memory.in_files([state / "bundle"], marks) == set()


def _goes_home(desk: Desk) -> None:
    """The citizen goes, and the next page is seen without anybody being killed."""
    desk.player.devices.do("id-reader", lift=True)
    desk.player.tap("home")
    desk.player.reach("warning")
    desk.player.tap("finish")
    desk.player.reach("attract")


def _walks_off(desk: Desk) -> None:
    """Nobody touches anything: a warning, then the next citizen's page."""
    desk.player.devices.do("id-reader", lift=True)
    until(_is_on(desk, "attract"), timeout=IDLE_S + 40, every=0.2)


def _session_dies(desk: Desk) -> None:
    desk.kill_session()


def _camera_dies(desk: Desk) -> None:
    """The worker that holds the pictures is killed, then the citizen goes."""
    for worker in desk.titled("devices", "kiosk-devices: worker document-camera"):
        os.kill(worker.pid, signal.SIGKILL)
    _goes_home(desk)


def _is_on(desk: Desk, page: str) -> Callable[[], bool]:
    def there() -> bool:
        seen = desk.player.link.look()
        return seen is not None and seen.page == page and seen.settled

    return there


ENDS: dict[str, tuple[str, Callable[[Desk], None]]] = {
    "abandoned in the form": ("form", _goes_home),
    "abandoned at the materials": ("materials", _goes_home),
    "abandoned with a picture": ("captured", _goes_home),
    "timed out with a picture": ("captured", _walks_off),
    "camera killed with a picture": ("captured", _camera_dies),
    "session killed with a signature": ("sign", _session_dies),
    "abandoned with a signature": ("sign", _goes_home),
}


LONG = {
    "abandoned at the materials",
    "abandoned with a picture",
    "timed out with a picture",
    "camera killed with a picture",
}
"""Ends that the campaign tries, for their like are among the others."""


@pytest.mark.parametrize(
    "end",
    [pytest.param(end, marks=pytest.mark.campaign if end in LONG else ()) for end in ENDS],
)
def test_nothing_of_an_unfinished_newborn_visit_is_left(desk: Desk, end: str) -> None:
    """Wherever it ends; what must not be found afterwards is found before, or it proves nothing."""
    page, leave = ENDS[end]
    desk.play_until(page, "newborn")
    marks = _marks(desk)
    session = desk.active_session()
    if page in {"captured", "sign"}:
        marks |= memory.of_the_page_in(session)
    if page == "sign":
        desk.player.draw()
        desk.sees(page="sign", signed=True)
    assert memory.in_memory(session.pid, marks), "the scan finds nothing where the data must be"
    leave(desk)
    _nothing_is_left(desk, marks)
