"""The simulated devices together: control over HTTP, population, and the process that runs them."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from drivers.id_reader.device import CardReading, IdReader
from drivers.scanner.device import Scan, Scanner
from drivers.simulated import control, population
from drivers.simulated.faults import Fault, FaultPlan
from drivers.simulated.plan import Plan
from drivers.simulated.running import run_simulator
from drivers.simulated.simulator import Simulator
from drivers.transport import Transport
from tests.devices.people import CARD, RECORD
from tests.waiting import PATIENCE_S, until

EXPIRED = RECORD | {"valid_to": "2021-05-01", "sex": "2", "nation": "01"}
LONG_TERM = RECORD | {"valid_to": "长期"}
PEOPLE = {
    "seed": 1,
    "people": [
        {"ref": "chen-xiaoyun", "role": "申请人", "card": RECORD, "mobile": "", "licences": []},
        {"ref": "expired-card", "role": "", "card": EXPIRED},
        {"ref": "P0003", "card": LONG_TERM},
    ],
}


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A population file of three."""
    path = tmp_path / "population.json"
    path.write_text(json.dumps(PEOPLE), encoding="utf-8")
    return path


@pytest.fixture
def simulator(tmp_path: Path, people: Path) -> Iterator[Simulator]:
    """All simulated devices, at full speed, with their people."""
    devices = Simulator(tmp_path, paper_dir=tmp_path / "papers", terminal="T-1")
    assert devices.load_population(people)
    yield devices
    devices.close()


@pytest.fixture
def url(simulator: Simulator) -> Iterator[str]:
    """The address of the control page."""
    with control.serve(simulator, 0) as address:
        yield address


def post(url: str, device: str, body: object) -> requests.Response:
    """Press a button."""
    return requests.post(f"{url}/api/{device}", json=body, timeout=PATIENCE_S)


def test_people_are_read_from_the_population(people: Path) -> None:
    """Names and codes of sex and nation mean the same; 长期 has no last day."""
    loaded = population.load(people)
    assert [person.ref for person in loaded] == ["chen-xiaoyun", "expired-card", "P0003"]
    assert loaded.people["chen-xiaoyun"].card == CARD
    assert loaded.people["expired-card"].card.nation_code == "01"
    assert loaded.people["P0003"].card.valid_to is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"people": 3}',
        '{"people": [{}]}',
        '{"people": [{"ref": "x", "card": 5}]}',
        json.dumps({"people": [{"ref": "x", "card": RECORD | {"birth_date": "1990-02-31"}}]}),
        json.dumps({"people": [{"ref": "x", "card": RECORD | {"name": "长" * 16}}]}),
        json.dumps({"people": [{"ref": "x", "card": RECORD | {"nation": "无"}}]}),
    ],
)
def test_a_population_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    """One named error, which never quotes a field's value."""
    path = tmp_path / "population.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(population.PopulationError) as caught:
        population.load(path)
    assert "陈" not in str(caught.value)


def test_a_card_put_down_over_http_is_read(simulator: Simulator, url: str) -> None:
    """By ref; then lifted, which the state tells."""
    state = post(url, "id-reader", {"put": "chen-xiaoyun"}).json()
    assert state["id-reader"]["card"]["name"] == "陈晓云"
    with Transport.open(str(simulator.id_reader.port.link)) as line:
        reading = IdReader(line).read(time.monotonic() + 5)
    assert isinstance(reading, CardReading)
    assert reading.card == CARD
    assert post(url, "id-reader", {"lift": True}).json()["id-reader"]["card"] is None


def test_a_card_can_be_given_as_a_record(simulator: Simulator, url: str) -> None:
    """For scripts that need a person of their own."""
    assert post(url, "id-reader", {"put": RECORD}).status_code == 200
    assert simulator.id_reader.card == CARD


@pytest.mark.parametrize(
    ("show", "payload"),
    [("凭条", "凭条".encode()), ({"base64": base64.b64encode(b"\0\xff").decode()}, b"\0\xff")],
)
def test_a_code_shown_over_http_is_read(
    simulator: Simulator, url: str, show: object, payload: bytes
) -> None:
    """As text, or as any bytes."""
    assert post(url, "scanner", {"show": show}).json()["scanner"]["in_view"]
    with Transport.open(str(simulator.scanner.port.link)) as line:
        assert Scanner(line).scan(time.monotonic() + 5) == Scan(payload=payload)
    until(
        lambda: (
            not requests.get(f"{url}/api/state", timeout=PATIENCE_S).json()["scanner"]["in_view"]
        )
    )


def test_a_code_can_be_hidden_again(simulator: Simulator, url: str) -> None:
    """Shown and taken away: nothing is in view."""
    post(url, "scanner", {"show": "x", "seconds": 60})
    assert not post(url, "scanner", {"hide": True}).json()["scanner"]["in_view"]


@pytest.mark.parametrize(
    ("device", "port"),
    [("id-reader", "id-reader"), ("scanner", "scanner"), ("printer", "receipt-printer")],
)
def test_a_plug_is_pulled_and_put_back(
    simulator: Simulator, url: str, device: str, port: str
) -> None:
    """The link of the device goes and comes."""
    link = simulator.id_reader.port.link.with_name(port)
    assert post(url, device, {"unplug": True}).json()[device]["plugged"] is False
    assert not link.is_symlink()
    assert post(url, device, {"replug": True}).json()[device]["plugged"] is True
    assert link.exists()


def test_faults_are_queued_shown_and_forgotten(url: str) -> None:
    """Both kinds, alone or wrapped, in order; null forgets them."""
    post(url, "id-reader", {"fail_next": "checksum", "times": 2})
    state = post(url, "id-reader", {"fault": {"fail_during": "status:41"}}).json()
    assert state["id-reader"]["faults"] == [
        "fail_next checksum",
        "fail_next checksum",
        "fail_during status:41",
    ]
    assert post(url, "id-reader", {"fault": None}).json()["id-reader"]["faults"] == []


@pytest.mark.parametrize(
    ("device", "body", "status"),
    [
        ("id-reader", {"put": "nobody"}, 400),
        ("id-reader", {"put": {"name": "x"}}, 400),
        ("id-reader", {"dance": True}, 400),
        ("id-reader", {}, 400),
        ("id-reader", [], 400),
        ("id-reader", {"fail_next": "earthquake"}, 400),
        ("id-reader", {"fail_next": "status:zz"}, 400),
        ("id-reader", {"fail_next": "checksum", "times": 0}, 400),
        ("scanner", {"show": ""}, 400),
        ("scanner", {"show": {"base64": "###"}}, 400),
        ("scanner", {"show": "x", "repeat": -1}, 400),
        ("scanner", {"fail_next": "checksum"}, 400),
        ("printer", {}, 400),
        ("printer", {"paper": "wet"}, 400),
        ("toaster", {"lift": True}, 404),
    ],
)
def test_a_command_that_makes_no_sense_is_refused(
    url: str, device: str, body: object, status: int
) -> None:
    """400 or 404 with a reason; nothing is done."""
    answer = post(url, device, body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_only_this_page_may_press_buttons(url: str) -> None:
    """A foreign site, a foreign name for this machine, and a plain form are all refused."""
    target, body = f"{url}/api/id-reader", '{"lift": true}'
    for headers in (
        {"Content-Type": "application/json", "Origin": "https://example.invalid"},
        {"Content-Type": "application/json", "Host": "example.invalid"},
        {"Content-Type": "text/plain"},
    ):
        assert (
            requests.post(target, data=body, headers=headers, timeout=PATIENCE_S).status_code == 403
        )
    long = requests.post(target, data="x" * 70_000, timeout=PATIENCE_S)
    assert long.status_code == 413


def test_the_page_its_style_and_its_script_are_served(url: str) -> None:
    """With nothing from elsewhere: the policy allows this server only."""
    for path, media_type in (("/", "text/html"), ("/bench.css", "text/css")):
        answer = requests.get(url + path, timeout=PATIENCE_S)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(media_type)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "设备模拟台" in requests.get(url, timeout=PATIENCE_S).content.decode()
    assert requests.get(f"{url}/bench.js", timeout=PATIENCE_S).status_code == 200
    assert requests.get(f"{url}/../simulator.py", timeout=PATIENCE_S).status_code == 404


def test_the_people_are_listed_with_what_matters(url: str) -> None:
    """Ref, role, name and whether the card has expired."""
    people = requests.get(f"{url}/api/people", timeout=PATIENCE_S).json()
    assert [(p["ref"], p["expired"]) for p in people] == [
        ("chen-xiaoyun", False),
        ("expired-card", True),
        ("P0003", False),
    ]


def test_a_text_is_drawn_as_a_code(url: str) -> None:
    """So that a phone camera can be tried too; too long a text is refused."""
    drawn = requests.get(f"{url}/code.svg", params={"text": "凭条"}, timeout=PATIENCE_S)
    assert drawn.content.startswith(b"<?xml")
    too_long = requests.get(f"{url}/code.svg", params={"text": "x" * 5000}, timeout=PATIENCE_S)
    assert too_long.status_code == 400


def test_the_printer_is_controlled_and_its_papers_are_shown(simulator: Simulator, url: str) -> None:
    """Paper, cover and faults by HTTP; what comes out is a text and a picture."""
    state = post(url, "printer", {"paper": "low", "cover": "open"}).json()["printer"]
    assert (state["paper"], state["cover"]) == ("low", "open")
    state = post(url, "printer", {"fail_during": "cutter"}).json()["printer"]
    assert state["faults"] == ["fail_during cutter"]
    state = post(url, "printer", {"fault": None, "paper": "ok", "cover": "closed"}).json()
    assert state["printer"]["faults"] == []
    with Transport.open(str(simulator.id_reader.port.link.with_name("receipt-printer"))) as line:
        line.write(b"\x1b@hello\n\x1dV\x00")
        papers = until(lambda: requests.get(f"{url}/api/printer/papers", timeout=PATIENCE_S).json())
    assert papers[0]["png"] == "/paper/1.png"
    assert papers[0]["cut"]
    picture = requests.get(url + papers[0]["png"], timeout=PATIENCE_S)
    assert picture.content.startswith(b"\x89PNG")


def test_a_paper_that_does_not_exist_is_not_found(url: str) -> None:
    """Only what the printer names can be fetched."""
    for path in ("/paper/999.png", "/paper/..%2Fpopulation.json", "/paper/"):
        assert requests.get(url + path, timeout=PATIENCE_S).status_code == 404


def test_faults_strike_in_order_and_only_where_meant() -> None:
    """`fail_during` waits for the work, `fail_next` does not."""
    plan = FaultPlan()
    plan.add({"fail_during": "lift"})
    assert plan.take(at_work=False) is None
    plan.add({"fail_next": "silence"})
    assert plan.take(at_work=True) == Fault.parse("silence")
    assert plan.take(at_work=True) == Fault.parse("lift")
    assert plan.take(at_work=True) is None


def test_the_population_may_come_later_and_change(tmp_path: Path) -> None:
    """The file is read when it appears; a broken one leaves the former people in place."""
    path, stop = tmp_path / "later.json", threading.Event()
    run = threading.Thread(
        target=run_simulator,
        args=(Plan(run=tmp_path, population=path, papers=tmp_path / "papers", pace="fast"),),
        kwargs={"stop": stop},
    )
    run.start()
    announced = tmp_path / "simulator.json"
    until(announced.exists)
    url = json.loads(announced.read_text(encoding="utf-8"))["control_url"]

    def names() -> list[str]:
        people: list[dict[str, str]] = requests.get(f"{url}/api/people", timeout=PATIENCE_S).json()
        return [person["ref"] for person in people]

    def error() -> str:
        return str(requests.get(f"{url}/api/state", timeout=PATIENCE_S).json()["population_error"])

    assert names() == []
    path.write_text(json.dumps(PEOPLE), encoding="utf-8")
    until(lambda: len(names()) == 3)
    path.write_text("{", encoding="utf-8")
    until(error)
    assert len(names()) == 3
    stop.set()
    run.join(timeout=PATIENCE_S)
    assert not announced.exists()


def test_the_process_ends_cleanly_on_a_signal(tmp_path: Path, people: Path) -> None:
    """SIGTERM: soon, even while a scene is being drawn, without a trace of links or addresses."""
    program = (
        "import sys, pathlib; from drivers.simulated.running import run_simulator; "
        "from drivers.simulated.plan import Plan; "
        "run, people = map(pathlib.Path, sys.argv[1:]); "
        "run_simulator(Plan(run=run, population=people, papers=run / 'papers', pace='fast'))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path), str(people)], stdout=subprocess.DEVNULL
    )
    until((tmp_path / "simulator.json").exists)
    assert (tmp_path / "devices" / "id-reader").exists()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PATIENCE_S) == 0
    assert not (tmp_path / "simulator.json").exists()
    assert not (tmp_path / "devices" / "id-reader").is_symlink()
