"""From what a device says to the sentence a clerk reads."""

from __future__ import annotations

import pytest

from kiosk.maintenance.conditions import of_device, of_finding
from kiosk.maintenance.faults import DEVICES, Condition, Loses, faults, listed, told
from kiosk.translation import Translator

ANY = dict.fromkeys(("count", "hours", "free", "ms", "seconds", "degrees", "days"), 3) | {
    "unit": "kiosk-agent"
}
"""Values for every place of the words."""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fault_has_words_loss_steps_and_somebody_to_ring(language: str) -> None:
    """No fault is a code: each says what is wrong, what it costs, what to do, and whom to ring."""
    words = Translator(language, strict=True)
    for one in faults(
        Condition(subject=own.subject, word=own.word, values=ANY) for own in listed()
    ):
        said = told(one, words)
        assert all((said.title, said.loss, said.steps, said.call)), one.id
        assert all(step.endswith(("。", ".")) for step in said.steps), one.id


def test_every_fault_says_whether_its_alarm_waits() -> None:
    """Nothing that means tampering or loss waits for the end of a maintenance window."""
    assert {type(one.waits) for one in listed()} == {bool}
    heard = {one.id for one in listed() if not one.waits}
    assert {one.id for one in listed() if one.subject == "staff_card"} <= heard
    assert {one.id for one in listed() if one.call == "guard"} - heard == {"panel.door_open"}
    assert heard >= {
        *("audit.broken", "outbox.unusable", "outbox.damaged", "disk.gone", "keys.open"),
        *("keys.other_terminal", "intake.stranger", "release.untrusted", "stick.refused"),
        *("upkeep.staff", "upkeep.tries", "upkeep.codes"),
    }


def test_the_worst_is_told_first() -> None:
    """What stops everybody comes before what narrows, whatever order it was found in."""
    found = faults(
        [
            Condition(subject="receipt_printer", word="low"),
            Condition(subject="scanner", word="gone"),
            Condition(subject="id_reader", word="gone"),
            Condition(subject="id_reader", word="online"),
        ]
    )
    assert [one.id for one in found] == ["id_reader.gone", "receipt_printer.low", "scanner.gone"]
    assert found[0].loses is Loses.ALL


@pytest.mark.parametrize("subject", DEVICES)
def test_a_service_that_does_not_answer_is_a_fault_of_every_device(subject: str) -> None:
    """Whatever device it is, staff are told."""
    assert faults(of_device(subject, None))


@pytest.mark.parametrize(
    ("subject", "status", "expected"),
    [
        ("receipt_printer", {"printer": {"paper": {"upper": "low"}}}, ["receipt_printer.low"]),
        ("receipt_printer", {"printer": {"paper": {"upper": "out"}}}, ["receipt_printer.out"]),
        ("receipt_printer", {"xReceipt": {"cover": "open"}}, ["receipt_printer.open"]),
        ("a4_printer", {"printer": {"toner": "out"}}, ["a4_printer.toner_out"]),
        ("ups", {"xUps": {"power": "onBattery"}}, ["ups.battery"]),
        ("ups", {"xUps": {"health": "chargerTrouble"}}, ["ups.failed"]),
        ("panel", {"auxiliaries": {"cabinetFrontDoor": "open"}}, ["panel.door_open"]),
        ("panel", {"auxiliaries": {"tamperSensor": "on"}}, ["panel.tampered"]),
        ("scanner", {"barcodeReader": {"scanner": "inoperative"}}, ["scanner.failed"]),
        ("id_reader", {"common": {"device": "noDevice"}}, ["id_reader.gone"]),
        ("id_reader", {"common": {"device": "fraudAttempt"}}, ["id_reader.fraud"]),
        ("id_reader", {"common": {"device": "hardwareError"}}, ["id_reader.failed"]),
        ("keypad", {}, []),
    ],
)
def test_the_standards_words_become_faults(
    subject: str, status: dict[str, object], expected: list[str]
) -> None:
    """Each word that somebody must see to is a fault; a device that is well has none."""
    well = {"common": {"device": "online"}}
    assert [one.id for one in faults(of_device(subject, {**well, **status}))] == expected


def test_a_silent_line_is_one_fault_whatever_the_doctor_called_it() -> None:
    """A name that isn't found, a host that is silent: the clerk looks at the cable."""
    for case in ("lookup", "silent", "unreachable", "insecure"):
        found = faults([of_finding("intake", case, {"host": "intake"})])
        assert [one.id for one in found] == ["intake.unreachable"]


def test_a_value_reaches_the_sentence() -> None:
    """The number of what waits is in the words."""
    found = faults([of_finding("outbox", "late", {"count": 4, "hours": 80})])
    assert "4 件" in told(found[0], Translator(strict=True)).title
