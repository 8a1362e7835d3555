"""The pure parts of pad and board: bytes to events, keys, frames, words, lamps."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.panel import board_profile, keypad_profile
from drivers.panel.input_events import (
    EVENT_BYTES,
    SYN_DROPPED,
    SYN_REPORT,
    EventType,
    InputEvent,
    KeyValue,
    Nonsense,
)
from drivers.panel.input_events import Receiver as EventReceiver
from drivers.panel.keys import Action, Decoder, Headset, HeadsetEvent, Key, KeyEvent, KeyMap
from drivers.panel.lights import HALF_PERIOD_S, Color, FlashRate, Lamps, Light, Shown, UnknownLight
from drivers.panel.modbus import (
    Bits,
    Done,
    ExceptionCode,
    Receiver,
    Refused,
    crc16,
    read_coils,
    read_inputs,
    sealed,
    write_coil,
    write_coils,
)
from drivers.panel.sensors import Sensor, Watch
from tests.devices.pieces import PLACES, cut

UP, DOWN, ENTER, F15, F16, JACK = 103, 108, 28, 185, 186, 2
MAP = KeyMap(
    keys={UP: Key.UP, DOWN: Key.DOWN, ENTER: Key.SELECT},
    inserted=F15,
    removed=F16,
    switch=JACK,
    repeating=frozenset({Key.UP}),
)


def key(code: int, value: int, at_s: float = 0.0) -> InputEvent:
    """Return a key event."""
    return InputEvent(type=EventType.KEY, code=code, value=value, at_s=at_s)


def mark(code: int = SYN_REPORT) -> InputEvent:
    """Return a report or the notice that events were dropped."""
    return InputEvent(type=EventType.SYN, code=code, value=0)


def pad(*events: InputEvent) -> list[tuple[str, str]]:
    """Return what a fresh decoder makes of events, in short."""
    return short(Decoder(MAP), *events)


def short(decoder: Decoder, *events: InputEvent) -> list[tuple[str, str]]:
    """Return what a decoder makes of events, in short."""
    return [
        (event.key, event.action) if isinstance(event, KeyEvent) else ("headset", event.headset)
        for event in decoder.decode(events)
    ]


def test_an_input_event_byte_for_byte() -> None:
    """24 bytes: seconds, microseconds, type, code, value, as linux/input.h has them."""
    data = bytes.fromhex("0300000000000000 20a1070000000000 0100 6700 01000000")
    event = InputEvent(type=1, code=103, value=1, at_s=3.5)
    assert EventReceiver().receive(data) == [event]
    assert event.pack() == data
    assert len(data) == EVENT_BYTES


@pytest.mark.parametrize(
    "event",
    [
        InputEvent(type=0x20, code=0, value=0),
        InputEvent(type=1, code=30, value=3),
        InputEvent(type=1, code=30, value=-1),
    ],
)
def test_what_no_kernel_sends(event: InputEvent) -> None:
    """Unknown types and values are nonsense, not keys."""
    assert EventReceiver().receive(event.pack()) == [Nonsense()]
    assert EventReceiver().receive(b"\xff" * EVENT_BYTES) == [Nonsense()]


@given(st.binary(max_size=400), PLACES)
def test_events_however_they_are_cut(data: bytes, places: list[int]) -> None:
    """The same bytes are the same events."""
    receiver = EventReceiver()
    pieces = [event for piece in cut(data, places) for event in receiver.receive(piece)]
    assert pieces == EventReceiver().receive(data)


def test_a_key_is_pressed_repeated_and_released() -> None:
    """A held arrow repeats; a held select does not."""
    assert pad(key(UP, 1), mark(), key(UP, 2), mark(), key(UP, 0)) == [
        ("up", "pressed"),
        ("up", "repeated"),
        ("up", "released"),
    ]
    assert pad(key(ENTER, 1), key(ENTER, 2), key(ENTER, 2), key(ENTER, 0)) == [
        ("select", "pressed"),
        ("select", "released"),
    ]


def test_a_worn_contact_is_one_press() -> None:
    """Presses within 20 ms of the release of the same key are a bounce; another key is not."""
    bounce = [key(ENTER, value, at_s=number * 0.004) for number, value in enumerate([1, 0] * 3)]
    assert pad(*bounce) == [("select", "pressed"), ("select", "released")]
    again = [key(ENTER, 1, 0.0), key(ENTER, 0, 0.1), key(ENTER, 1, 0.13), key(ENTER, 0, 0.2)]
    assert len(pad(*again)) == 4
    both = [key(ENTER, 1, 0.0), key(ENTER, 0, 0.1), key(UP, 1, 0.101)]
    assert pad(*both)[-1] == ("up", "pressed")


def test_a_code_of_no_key_is_nothing() -> None:
    """A pad cannot type."""
    assert pad(key(30, 1), key(30, 0), key(2, 1), key(2, 0)) == []


def test_a_release_without_a_press_says_nothing() -> None:
    """Nor does a second press of a held key."""
    assert pad(key(UP, 0), key(UP, 2), key(UP, 1), key(UP, 1)) == [("up", "pressed")]


def test_the_jack_by_keys_and_by_switch() -> None:
    """Each change is told once."""
    decoder = Decoder(MAP)
    assert decoder.headset is Headset.UNKNOWN
    assert short(decoder, key(F15, 1), key(F15, 0), key(F15, 1)) == [("headset", "present")]
    assert short(decoder, key(F16, 1), key(F16, 0)) == [("headset", "notPresent")]
    jack = InputEvent(type=EventType.SW, code=JACK, value=1)
    assert decoder.decode([jack, jack]) == [HeadsetEvent(headset=Headset.PRESENT)]


def test_events_that_were_dropped() -> None:
    """Held keys are released, and nothing is believed up to the next report."""
    events = [key(UP, 1), mark(), mark(SYN_DROPPED), key(DOWN, 1), mark(), key(DOWN, 1), mark()]
    assert pad(*events) == [("up", "pressed"), ("up", "released"), ("down", "pressed")]


keys = st.builds(
    key,
    st.sampled_from([UP, DOWN, ENTER, F15, F16, 30]),
    st.sampled_from(list(KeyValue)),
    st.floats(0, 10),
)


@given(st.lists(keys | st.just(mark()) | st.just(mark(SYN_DROPPED)), max_size=40))
def test_presses_and_releases_alternate(events: list[InputEvent]) -> None:
    """Whatever comes, a key is never pressed twice without a release, and repeats only if held."""
    down: set[Key] = set()
    for event in Decoder(MAP).decode(events):
        if not isinstance(event, KeyEvent):
            continue
        match event.action:
            case Action.PRESSED:
                assert event.key not in down
                down.add(event.key)
            case Action.RELEASED:
                assert event.key in down
                down.remove(event.key)
            case Action.REPEATED:
                assert event.key in down
                assert event.key is Key.UP


@pytest.mark.parametrize("name", ["arrows", "audio-nav"])
def test_the_pads_in_our_files(name: str) -> None:
    """Each can move, select, ask for help, and tells its headset."""
    keymap = keypad_profile.load(name)
    assert {Key.UP, Key.DOWN, Key.SELECT, Key.HELP} <= set(keymap.keys.values())
    assert keymap.inserted is not None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[", "while parsing"),
        ("keys: {}", "none"),
        ("keys: {up: KEY_NONSENSE}", "KEY_NONSENSE"),
        ("keys: {digit: KEY_1}", "digit"),
        ("keys: {up: KEY_UP, down: KEY_UP}", "two keys"),
        ("keys: {up: KEY_UP}\nrepeat: [up]", "repeat"),
        ("keys: {up: KEY_UP}\ndebounce_s: 9", "debounce_s"),
        ("keys: {up: KEY_UP}\nheadset: {jack: KEY_F15}", "jack"),
        ("keys: {up: KEY_UP}\nheadset: {switch: KEY_F15}", "KEY_F15"),
    ],
)
def test_a_wrong_pad_file_is_named(tmp_path: Path, text: str, fault: str) -> None:
    """With its path and what is wrong."""
    (tmp_path / "panel-keypad-x.yaml").write_text(text)
    with pytest.raises(keypad_profile.ProfileError, match=fault) as caught:
        keypad_profile.load("x", tmp_path)
    assert "panel-keypad-x.yaml" in str(caught.value)


# -- Modbus ------------------------------------------------------------------------------------


def test_frames_of_the_standard() -> None:
    """The examples of the application protocol, with their check sums."""
    assert crc16(b"\x02\x07") == 0x1241  # MODBUS over Serial Line 6.2.2: 41 12 on the wire
    assert read_inputs(1, 0xC4, 0x16).frame()[:-2].hex() == "010200c40016"
    assert read_coils(1, 0x13, 0x13).frame()[:-2].hex() == "010100130013"
    assert write_coil(1, 0xAC, on=True).frame()[:-2].hex() == "010500acff00"
    bits = [bit == "1" for bit in "1011001110"]
    assert write_coils(1, 0x13, bits).frame()[:-2].hex() == "010f0013000a02cd01"


def test_answers_of_the_standard() -> None:
    """Bits from the lowest on, an echo for an order, a named refusal."""
    answer = Receiver(read_inputs(1, 0xC4, 22)).receive(sealed(bytes.fromhex("010203acdb35")))
    assert isinstance(answer, Bits)
    assert [at for at, bit in enumerate(answer.bits) if not bit] == [0, 1, 4, 6, 10, 13, 17, 19]
    order = write_coils(1, 0x13, [True] * 10)
    assert Receiver(order).receive(sealed(bytes.fromhex("010f0013000a"))) == Done()
    refused = Receiver(order).receive(sealed(bytes.fromhex("018f02")))
    assert refused == Refused(code=ExceptionCode.ILLEGAL_ADDRESS)
    other = Receiver(order).receive(sealed(bytes.fromhex("018f63")))
    assert other == Refused(code=ExceptionCode.OTHER)


@pytest.mark.parametrize(
    "frame",
    [
        sealed(bytes.fromhex("020201ff")),  # another board
        sealed(bytes.fromhex("010101ff")),  # another question
        sealed(bytes.fromhex("010202ffff")),  # another count
        sealed(bytes.fromhex("010201ff"))[:-1],
        sealed(bytes.fromhex("010201ff"))[:-1] + b"\x00",
        b"",
    ],
)
def test_what_is_no_answer(frame: bytes) -> None:
    """Is waited over, and the real answer after it is found."""
    receiver = Receiver(read_inputs(1, 0, 8))
    assert receiver.receive(frame) is None
    good = sealed(bytes.fromhex("010201a5"))
    answer = receiver.receive(good) or receiver.receive(good)
    assert answer == Bits(bits=(True, False, True, False, False, True, False, True))


def test_an_order_is_done_only_by_its_own_echo() -> None:
    """The echo of another coil does not count."""
    receiver = Receiver(write_coil(1, 3, on=True))
    assert receiver.receive(sealed(bytes.fromhex("01050003 0000".replace(" ", "")))) is None
    assert receiver.receive(sealed(bytes.fromhex("01050003ff00"))) == Done()


@given(st.binary(max_size=600), st.binary(max_size=20), PLACES)
def test_answers_however_they_are_cut(noise: bytes, more: bytes, places: list[int]) -> None:
    """Noise before and after an answer: the same answer whatever the pieces, in bounded memory."""
    data = noise + sealed(bytes.fromhex("010201a5")) + more
    receiver = Receiver(read_inputs(1, 0, 8))
    got = None
    for piece in cut(data, places):
        got = receiver.receive(piece)
    assert got == Receiver(read_inputs(1, 0, 8)).receive(data)
    assert len(receiver._buffer) <= 1024


# -- sensors and lamps -------------------------------------------------------------------------

DOOR = Sensor(name="cabinetFrontDoor", when={0: "closed"}, otherwise="open", steady_s=0.2)


def test_a_door_bounces_and_is_then_open() -> None:
    """The first word is told at once, the next when it was steady."""
    watch = Watch(sensors=[DOOR])
    told = [
        watch.look([closed], now)["cabinetFrontDoor"]
        for closed, now in [(True, 0), (False, 0.1), (True, 0.15), (False, 0.2), (False, 0.45)]
    ]
    assert told == ["closed", "closed", "closed", "closed", "open"]


def test_the_first_contact_that_is_on_decides() -> None:
    """A key switch has several positions."""
    switch = Sensor(
        name="operatorSwitch", when={0: "supervisor", 1: "maintenance"}, otherwise="run"
    )
    assert [switch.word(inputs) for inputs in ([True, True], [False, True], [False, False])] == [
        "supervisor",
        "maintenance",
        "run",
    ]


SMALL = "inputs: {count: 1}\ncoils: {count: 1}\n"
LAMPS = {
    "scanner": Light(name="scanner", coils={Color.GREEN: 0, Color.RED: 1}),
    "fasciaLight": Light(name="fasciaLight", coils={Color.WHITE: 2}),
}


def test_lamps_blink_in_one_time() -> None:
    """Each rate is lit for half its period; off is off, continuous is on."""
    for rate, half in HALF_PERIOD_S.items():
        lamps = Lamps(LAMPS, 3).showing({"scanner": Shown(rate=rate, color=Color.RED)})
        assert lamps.coils(0.0) == (False, True, False)
        assert lamps.coils(half * 1.01) == (False, False, False)
        assert lamps.coils(half * 2.01) == (False, True, False)
        assert 0 < lamps.next_change(0.1) <= half
    quick = {"scanner": Shown(rate=FlashRate.OFF), "fasciaLight": Shown(rate=FlashRate.QUICK)}
    assert lamps.showing(quick).coils(0.0) == (False, False, True)


def test_no_light_blinks_more_than_three_times_a_second() -> None:
    """WCAG 2.3.1."""
    assert all(1 / (2 * half) <= 3 for half in HALF_PERIOD_S.values())


def test_an_order_is_carried_out_whole_or_not() -> None:
    """An unknown light or colour changes nothing."""
    lamps = Lamps(LAMPS, 3)
    on = Shown(rate=FlashRate.CONTINUOUS)
    for wrong in ({"cardReader": on}, {"fasciaLight": Shown(color=Color.RED)}):
        with pytest.raises(UnknownLight):
            lamps.showing({"scanner": on, **wrong})
        assert lamps.coils(0.0) == (False, False, False)


def test_the_board_in_our_files() -> None:
    """It knows doors, tamper, presence and switch, and words that YAML would read as booleans."""
    profile = board_profile.load("cabinet-8")
    sensors = {one.name: one for one in profile.sensors}
    assert sensors["tamperSensor"].otherwise == "on"
    assert sensors["tamperSensor"].steady_s == 0
    assert {"cabinetFrontDoor", "proximitySensor", "operatorSwitch"} <= set(sensors)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("inputs: {count: 8}", "coils"),
        ("inputs: {count: 8}\ncoils: {count: 8}\nunit: 300", "unit"),
        ("inputs: {count: 8}\ncoils: {count: 8}\nwrite: all", "write"),
        ("inputs: {count: 8}\ncoils: {count: 8}\nsensors: {door: {}}", "door"),
        (
            SMALL + "sensors: {safeDoor: {when: {1: closed}, otherwise: open}}",
            "safeDoor",
        ),
        (
            SMALL + "sensors: {safeDoor: {when: {0: shut}, otherwise: open}}",
            "words are",
        ),
        (SMALL + "lights: {scanner: {pink: 0}}", "pink"),
        (SMALL + "lights: {scanner: {red: 1}}", "scanner"),
        (SMALL + "lights: {scanner: {red: 0, green: 0}}", "two"),
        (SMALL + "lights: {scanner: {red: 0}, fasciaLight: {white: 0}}", "two"),
    ],
)
def test_a_wrong_board_file_is_named(tmp_path: Path, text: str, fault: str) -> None:
    """With its path and what is wrong."""
    (tmp_path / "panel-board-x.yaml").write_text(text)
    with pytest.raises(board_profile.ProfileError, match=fault):
        board_profile.load("x", tmp_path)
