"""What a UPS says, by the Megatec and the NUT protocol, and when it is believed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.ups import megatec, nut, profiles
from drivers.ups.megatec import Bit, Identity, NotKnown, Query, Rating, Status, Unreadable
from drivers.ups.nut import Refusal, Refused, Value
from drivers.ups.power import ENOUGH, NOTHING, RECHARGE_S, Health, Judge, Power, Reading
from tests.devices.pieces import PLACES, cut

WELL = b"(220.5 140.0 220.4 034 49.9 27.0 25.0 00001001\r"


def test_questions() -> None:
    """Two bytes and a return; nothing that switches anything."""
    assert [megatec.ask(query) for query in Query] == [b"Q1\r", b"F\r", b"I\r"]
    assert nut.ask("kiosk", nut.Variable.STATUS) == b"GET VAR kiosk ups.status\n"


def test_answers_in_the_documents() -> None:
    """The examples of the published pages, with both battery forms and unknown figures."""
    line = megatec.parse(b"(208.4 140.0 208.4 034 59.9 2.05 35.0 00110000")
    bits = Bit.BYPASS_OR_BOOST | Bit.FAILED
    assert line == Status(bits=bits, load=34, battery_volts=2.05, input_volts=208.4)
    old = megatec.parse(b"(002.9 000.0 000.0 000 00.0 2.02 21.0 10000001")
    assert isinstance(old, Status)
    assert megatec.reading(old).power is Power.ON_BATTERY
    dashes = megatec.parse(b"(---.- ---.- 229.8 --- 50.0 26.5 --.- 00001000")
    assert isinstance(dashes, Status)
    assert (dashes.load, dashes.battery_volts) == (None, 26.5)
    assert megatec.parse(b"#220.0 003 24.00 50.0") == Rating(battery_volts=24.0)
    named = megatec.parse(b"#" + b"Some Company   " + b" Model one  1.0       ")
    assert named == Identity(company="Some Company", model="Model one", version="1.0")


@pytest.mark.parametrize("line", [b"Q1", b"I", b"(NAK", b"F"])
def test_a_command_it_does_not_know(line: bytes) -> None:
    """Comes back, or is refused."""
    assert megatec.parse(line) == NotKnown()


@pytest.mark.parametrize(
    "line",
    [
        b"(220.5 140.0 220.4 034 49.9 27.0 25.0 0000100",
        b"(220.5 140.0 220.4 034 49.9 27.0 25.0 00002001",
        b"(220.5 140.0 220.4 034 49.9 27.0 00001001",
        b"(2x0.5 140.0 220.4 034 49.9 27.0 25.0 00001001",
        b"#",
        b"#\x1b[2J",
        b"\xff\xfe",
        b"hello",
    ],
)
def test_what_is_no_answer(line: bytes) -> None:
    """Nothing is made of half a status."""
    assert megatec.parse(line) == Unreadable()


@pytest.mark.parametrize(
    ("bits", "power", "health"),
    [
        ("00001001", Power.ON_LINE, Health.OK),
        ("10001001", Power.ON_BATTERY, Health.OK),
        ("11001001", Power.LOW_BATTERY, Health.OK),
        ("00011001", Power.ON_LINE, Health.FAULT),
        ("00101001", Power.ON_LINE, Health.OK),  # boost of a standby type
        ("00100001", Power.ON_LINE, Health.FAULT),  # an on-line type that is passed by
        ("00001101", Power.ON_LINE, Health.OK),  # testing its battery
        ("00001010", Power.LOW_BATTERY, Health.OK),  # about to cut the power, mains or not
        ("10001010", Power.LOW_BATTERY, Health.OK),
    ],
)
def test_bits(bits: str, power: Power, health: Health) -> None:
    """Each bit of the status and what it means here."""
    status = Status(bits=Bit(int(bits, 2)), load=None, battery_volts=None, input_volts=None)
    reading = megatec.reading(status)
    assert (reading.power, reading.health) == (power, health)
    assert reading.minutes_left is None


def test_a_line_without_end() -> None:
    """Is one unreadable line, in bounded memory."""
    receiver = megatec.Receiver()
    assert receiver.receive(b"(" * 10_000) == []
    assert receiver.kept <= megatec.MAX_LINE
    assert receiver.receive(b"\r" + WELL)[0] == Unreadable()


@given(st.binary(max_size=200), PLACES)
def test_lines_however_they_are_cut(noise: bytes, places: list[int]) -> None:
    """The same bytes are the same lines, for both protocols."""
    data = noise + b"\r\n" + WELL + b'VAR kiosk ups.status "OL"\n' + noise
    for make in (megatec.Receiver, nut.Receiver):
        receiver, whole = make(), make()
        pieces = [line for piece in cut(data, places) for line in receiver.receive(piece)]
        assert pieces == whole.receive(data)


def test_values_of_nut() -> None:
    """Values in quotes, with escapes; every refusal by name."""
    assert nut.parse(b'VAR kiosk ups.status "OB LB"') == Value(variable="ups.status", value="OB LB")
    quoted = nut.parse(rb'VAR kiosk ups.model "a \"b\" \\c"')
    assert quoted == Value(variable="ups.model", value='a "b" \\c')
    assert nut.parse(b"ERR DATA-STALE") == Refused(why=Refusal.STALE)
    assert nut.parse(b"ERR UNKNOWN-UPS") == Refused(why=Refusal.NAME)
    assert nut.parse(b"ERR SOMETHING-ELSE detail") == Refused(why=Refusal.OTHER)
    for line in (b'VAR kiosk ups.status "OL', b"OK", b'VAR kiosk "OL"', b"\xff"):
        assert nut.parse(line) == nut.Unreadable()


@pytest.mark.parametrize(
    ("status", "seconds", "power", "health"),
    [
        ("OL", "1800", Power.ON_LINE, Health.OK),
        ("OL CHRG LB", "60", Power.ON_LINE, Health.OK),
        ("OL LB", "60", Power.ON_LINE, Health.CHARGER_TROUBLE),
        ("OL RB", "1800", Power.ON_LINE, Health.CHARGER_TROUBLE),
        ("OB DISCHRG", "1800", Power.ON_BATTERY, Health.OK),
        ("OB DISCHRG", "90", Power.LOW_BATTERY, Health.OK),
        ("OB LB", "", Power.LOW_BATTERY, Health.OK),
        ("OL BYPASS", "", Power.ON_LINE, Health.FAULT),
        ("OL ALARM OFF", "nan", Power.ON_LINE, Health.FAULT),
        ("FSD OL", "1800", Power.LOW_BATTERY, Health.OK),
        ("FSD OB DISCHRG", "1800", Power.LOW_BATTERY, Health.OK),
        ("OL CHRG FSD", "", Power.LOW_BATTERY, Health.OK),
        ("FSD", "", Power.LOW_BATTERY, Health.OK),
    ],
)
def test_words_of_nut(status: str, seconds: str, power: Power, health: Health) -> None:
    """Fewer minutes than our own limit are a low battery, whatever the UPS thinks."""
    values = {"ups.status": status, "battery.runtime": seconds, "battery.charge": "12.5"}
    reading = nut.reading(values, low_minutes=3)
    assert (reading.power, reading.health) == (power, health)
    assert reading.charge == 12.5
    assert reading.minutes_left == (float(seconds) / 60 if seconds.isdigit() else None)


def test_a_shutdown_on_the_wire() -> None:
    """A UPS that counts down to its shutdown says so in one bit, or one word, of its answer."""
    (line,) = megatec.Receiver().receive(b"(220.5 140.0 220.4 034 49.9 27.0 25.0 00001011\r")
    assert isinstance(line, Status)
    assert megatec.reading(line).power is Power.LOW_BATTERY
    (value,) = nut.Receiver().receive(b'VAR kiosk ups.status "FSD OL CHRG"\n')
    assert isinstance(value, Value)
    assert nut.reading({value.variable: value.value}).power is Power.LOW_BATTERY


def test_without_a_source_there_is_no_reading() -> None:
    """A server that waits for its driver says neither OL nor OB."""
    assert nut.reading({"ups.status": "WAIT"}) is NOTHING
    assert nut.reading({}) is NOTHING


def reading(power: Power = Power.ON_LINE, **more: bool) -> Reading:
    """Return a reading of a UPS that is well."""
    return Reading(power=power, health=Health.OK, battery_low=more.get("low", False))


def test_one_glitch_changes_nothing() -> None:
    """Three equal readings make a state; two do not, and a differing one starts again."""
    judge = Judge()
    lost, well = reading(Power.ON_BATTERY), reading()
    assert [judge.take(well, 0).reading.power for _ in range(ENOUGH)][-2:] == ["unknown", "onLine"]
    glitches = [lost, well, lost, lost, well, NOTHING, NOTHING]
    assert {judge.take(one, 1).reading.power for one in glitches} == {Power.ON_LINE}
    states = [judge.take(lost, 2).reading.power for _ in range(ENOUGH)]
    assert states == ["onLine", "onLine", "onBattery"]


@given(st.lists(st.sampled_from([reading(), reading(Power.ON_BATTERY), NOTHING]), max_size=60))
def test_a_state_was_read_three_times(readings: list[Reading]) -> None:
    """Whatever comes, the power changes only to what the last three readings all said."""
    judge, before = Judge(), Power.UNKNOWN
    for number, one in enumerate(readings):
        power = judge.take(one, number).reading.power
        if power is not before:
            last = readings[max(0, number - 2) : number + 1]
            assert [each.power for each in last] == [power] * ENOUGH
        before = power


def test_mains_that_came_back_have_recovered() -> None:
    """From the return on, until they are lost again; not after a start on mains."""
    judge = Judge()

    def three(power: Power) -> bool:
        return [judge.take(reading(power), 0).recovered for _ in range(ENOUGH)][-1]

    steps = [Power.ON_LINE, Power.ON_BATTERY, Power.LOW_BATTERY, Power.ON_LINE, Power.ON_BATTERY]
    assert [three(power) for power in steps] == [False, False, False, True, False]


def test_figures_follow_without_delay() -> None:
    """The minutes of a state that holds are those of the latest reading."""
    judge = Judge()
    for minutes in (10.0, 9.0, 8.0, 7.0):
        state = judge.take(dataclasses.replace(reading(), minutes_left=minutes), 0)
    assert state.reading.minutes_left == 7.0


def test_a_battery_that_stays_low_on_mains_does_not_charge() -> None:
    """Half a day on mains is enough for any battery."""
    judge = Judge()
    low = reading(low=True)
    for now in (0.0, 1.0, 2.0, RECHARGE_S):
        assert judge.take(low, now).reading.health is not Health.CHARGER_TROUBLE
    for now in (1.0, 2.0, 3.0):
        state = judge.take(low, RECHARGE_S + now)
    assert state.reading.health is Health.CHARGER_TROUBLE


def test_our_files() -> None:
    """Both protocols have one."""
    assert profiles.load("megatec").protocol == "megatec"
    assert profiles.load("nut").low_minutes == 3


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[]", "mapping"),
        ("{}", "protocol"),
        ("protocol: snmp", "protocol"),
        ("{protocol: nut, ups: 'a b'}", "ups is not"),
        ("{protocol: nut, low_minutes: 99}", "low_minutes"),
        ("{protocol: megatec, volts: 24}", "volts"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, fault: str) -> None:
    """With its path and what is wrong."""
    (tmp_path / "ups-x.yaml").write_text(text)
    with pytest.raises(profiles.ProfileError, match=fault):
        profiles.load("x", tmp_path)
