"""The social security card through the real service, with every fault its simulator can show."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator, Mapping

import pytest

from drivers.service.client import CommandFailed, Event, ServiceClient
from drivers.simulated.social_card import ANSWER_TO_RESET, SimulatedSocialSlot
from tests.devices.cabinet_bench import CabinetBench, listen, part, surroundings
from tests.devices.service_schema import check
from tests.waiting import PATIENCE_S, until

READ = "XSocialCard.Read"
VISIT = {"visit": "v1"}
CARD = {
    "number": "400702199003050027",
    "name": "陈晓云",
    "cardNumber": "A40000001",
    "expiry": "2040-05-01",
}


class Hall:
    """The bench, its slot, and one long visit: a new one costs a new process each time."""

    def __init__(self, bench: CabinetBench) -> None:
        self.bench = bench
        self.visit: ServiceClient | None = None
        self.slot = SimulatedSocialSlot(surroundings(bench.link("social-card")))
        bench.add("social-card", self.slot)


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    """Lend one host to the tests of this file."""
    bench = CabinetBench()
    made = Hall(bench)
    with bench:
        bench.await_word("SocialCard", "online")
        with bench.visit("SocialCard") as made.visit:
            yield made


@pytest.fixture
def client(hall: Hall) -> Iterator[ServiceClient]:
    """Lend the visit's client of an empty slot."""
    client = hall.visit
    assert client is not None
    until(lambda: part(client, "cardReader")["media"] == "notPresent")
    yield client
    hall.slot.control({"fault": None})
    for well in ({"replug": True}, {"take_out": True}, {"manner": "direct"}, {"other_form": False}):
        hall.slot.control(well)


def read(hall: Hall, client: ServiceClient, card: object = True) -> Mapping[str, object]:
    """Put a card in when asked for one; return the completion's card."""

    def on_event(event: Event) -> None:
        if event.name == "CardReader.InsertCardEvent":
            hall.slot.control({"insert": card})

    check("XSocialCard.Read.command", VISIT)
    done = client.call(READ, VISIT, 8.0, on_event=on_event)
    check("XSocialCard.Read.completion", done.payload)
    found = done.payload["card"]
    assert isinstance(found, Mapping)
    return found


def fails(hall: Hall, client: ServiceClient, card: object = True) -> str | None:
    """Return the error code of a read that fails."""
    with pytest.raises(CommandFailed) as caught:
        read(hall, client, card)
    assert "4007" not in str(caught.value)
    check("XSocialCard.Read.error", caught.value.payload)
    return caught.value.error_code


@pytest.mark.parametrize(("manner", "other_form"), [("direct", False), ("61", True), ("6c", False)])
def test_a_card_is_read(hall: Hall, client: ServiceClient, manner: str, other_form: bool) -> None:
    """Whatever manner of answer and form of question the card knows."""
    hall.slot.control({"manner": manner})
    hall.slot.control({"other_form": other_form})
    assert read(hall, client) == CARD


def test_a_card_without_an_end(hall: Hall, client: ServiceClient) -> None:
    """Its expiry is null."""
    card = {"number": CARD["number"], "name": "某某", "card_number": "A40000002"}
    assert read(hall, client, card)["expiry"] is None


def test_it_is_watched_until_it_is_taken_out(hall: Hall, client: ServiceClient) -> None:
    """Everyone is told, once; nothing of the card is in the log."""
    gone = listen(client, "CardReader.MediaRemovedEvent")
    read(hall, client)
    assert part(client, "cardReader") == {"media": "present", "chipPower": "poweredOff"}
    hall.slot.control({"take_out": True})
    gone.get(timeout=PATIENCE_S)
    until(lambda: part(client, "cardReader") == {"media": "notPresent", "chipPower": "noCard"})
    assert "4007" not in hall.bench.log()
    assert "A40" not in hall.bench.log()


def test_a_card_that_was_forgotten(hall: Hall, client: ServiceClient) -> None:
    """The next visit does not get it: it must be taken out first."""
    with hall.bench.visit("SocialCard") as leaving:
        read(hall, leaving)
    events: list[str] = []

    def on_event(event: Event) -> None:
        events.append(event.name.split(".")[1])
        if event.name == "XSocialCard.TakeOutEvent":
            hall.slot.control({"take_out": True})
        if event.name == "CardReader.MediaRemovedEvent":
            hall.slot.control({"insert": True})

    with hall.bench.visit("SocialCard") as following:
        done = following.call(READ, {"visit": "v2"}, 8.0, on_event=on_event)
    assert done.payload["card"] == CARD
    assert events == [
        "InsertCardEvent",
        "TakeOutEvent",
        "MediaRemovedEvent",
        "MediaInsertedEvent",
    ]


@pytest.mark.parametrize(
    ("card", "code"),
    [("bank", "cardUnsupported"), ("blocked", "cardBlocked"), ("mute", "cardUnreadable")],
)
def test_cards_that_cannot_be_read(hall: Hall, client: ServiceClient, card: str, code: str) -> None:
    """Each has its own word; a bank's card is not looked into."""
    before = hall.slot.asked
    assert fails(hall, client, card) == code
    if card == "bank":
        assert hall.slot.asked == before + 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("lift", "cardRemoved"),
        ("truncated", "cardUnreadable"),
        ("garbage", "cardUnreadable"),
        ("foreign", "cardUnreadable"),
        ("status:82", "cardUnreadable"),
        ("silence", "readerFailed"),
        ("unplug:1", "readerFailed"),
    ],
)
def test_faults_in_the_middle(hall: Hall, client: ServiceClient, fault: str, code: str) -> None:
    """A card pulled out, one that answers nonsense, a slot that is gone: each by name."""
    hall.slot.control({"fail_during": fault})
    assert fails(hall, client) == code


def test_bytes_one_by_one(hall: Hall, client: ServiceClient) -> None:
    """Are whole answers."""
    hall.slot.control({"fail_during": "split"})
    assert read(hall, client) == CARD


def test_pulled_out_at_every_answer(hall: Hall, client: ServiceClient) -> None:
    """Is the same outcome wherever, and the next card is read."""
    before = hall.slot.asked
    read(hall, client)
    answers = hall.slot.asked - before
    for number in range(answers):
        hall.slot.control({"fault": None})
        hall.slot.control({"take_out": True})
        for _ in range(number):
            hall.slot.control({"fail_next": "split"})
        hall.slot.control({"fail_next": "lift"})
        assert fails(hall, client) == "cardRemoved"


def test_the_plug(hall: Hall, client: ServiceClient) -> None:
    """Pulled is told within seconds; put back it is usable without a restart."""
    hall.slot.control({"unplug": True})
    hall.bench.await_word("SocialCard", "noDevice")
    assert part(client, "cardReader") == {"media": "unknown", "chipPower": "unknown"}
    hall.slot.control({"replug": True})
    hall.bench.await_word("SocialCard", "online")
    assert read(hall, client) == CARD


def test_waiting_can_be_cancelled_and_ends(hall: Hall, client: ServiceClient) -> None:
    """By the caller, and by its time limit."""
    with pytest.raises(CommandFailed) as caught:
        client.call(READ, VISIT, 0.3)
    assert caught.value.completion_code == "timeOut"
    ends: list[str] = []

    def wait() -> None:
        with pytest.raises(CommandFailed) as stopped:
            client.call(READ, VISIT, 20.0)
        ends.append(stopped.value.completion_code)

    waiting = threading.Thread(target=wait)
    waiting.start()
    until(client.cancel)
    waiting.join(PATIENCE_S)
    assert ends == ["canceled"]


def test_the_answer_to_reset_by_the_standard(hall: Hall, client: ServiceClient) -> None:
    """ReadRawData gives the chip's; other sources are refused, as is ChipIO."""

    def on_event(event: Event) -> None:
        if event.name == "CardReader.InsertCardEvent":
            hall.slot.control({"insert": True})

    done = client.call("CardReader.ReadRawData", {"chip": True}, 5.0, on_event=on_event)
    chip = done.payload["chip"]
    assert isinstance(chip, list)
    assert chip[0]["data"] == base64.b64encode(ANSWER_TO_RESET).decode()
    for name, payload, code in (
        ("CardReader.ReadRawData", {"track2": True}, "invalidData"),
        ("CardReader.ChipIO", {"chipData": "AA=="}, "unsupportedCommand"),
        (READ, {}, "invalidData"),
    ):
        with pytest.raises(CommandFailed) as caught:
            client.call(name, payload, 3.0)
        assert caught.value.completion_code == code
