"""Samples of the devices beside a visit: UPS, keypad and face camera, as staff try them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kiosk.journey.view import text
from kiosk.maintenance import view as m
from screens.sample import Sample, say
from screens.samples_staff import health, staff_frame, way


def staff_beside() -> Iterator[Sample]:
    """Yield the pages of this module."""
    ups = m.StaffDeviceView(
        frame=staff_frame(),
        title=text("faults.name.ups"),
        part="ups",
        health=health("fine"),
        ways=(way("test"), way("test_battery"), way("reset")),
        outcome=m.Outcome(
            tone="fine",
            told=text("upkeep.ups.well_charge_minutes", charge=96, minutes=21),
            hint=text("upkeep.ups.well_hint"),
        ),
        errors=(
            m.PartError(at="11-20 14:02", told=say("停电了，现在用的是电池", "Mains are lost")),
        ),
        facts=(
            m.Fact(key="power", value=text("upkeep.ups.power.onLine")),
            m.Fact(key="charge", value=say("96%")),
            m.Fact(key="lasts", value=text("upkeep.ups.minutes", n=21)),
            m.Fact(key="last_cut", value=say("11-20 14:02")),
        ),
    )
    yield Sample(name="staff-device-ups", view=ups)
    asked = replace(
        ups,
        outcome=None,
        doing=text("upkeep.ups.ask"),
        ways=(way("yes", key="test_battery"), way("no", key="keep")),
    )
    yield Sample(name="staff-device-ups-ask", view=asked)
    keypad = replace(
        ups,
        title=text("faults.name.keypad"),
        part="keypad",
        outcome=None,
        doing=text("upkeep.keypad.press", keys="左、右、确定、小声"),
        ways=(),
        errors=(),
        facts=(),
    )
    yield Sample(name="staff-device-keypad", view=keypad)
    face = replace(
        keypad,
        title=text("faults.name.face_camera"),
        part="face_camera",
        doing=None,
        outcome=m.Outcome(
            tone="trouble",
            told=text("upkeep.face.poor"),
            hint=text("upkeep.face.hint.face_the_light"),
        ),
        ways=(way("test"), way("reset")),
    )
    yield Sample(name="staff-device-face", view=face)
