"""Trying each part: what the person has to do, and how it ended, in words."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.journey.view_parts import Text, text
from kiosk.maintenance.conditions import of_device
from kiosk.maintenance.facts import Did
from kiosk.maintenance.opening_check import Step
from kiosk.session.maintenance.bench import PRINT_S, VISIT, Answer, Bench, Gone, code_of
from kiosk.session.maintenance.card_trials import try_card
from kiosk.session.maintenance.face_trial import try_face
from kiosk.session.maintenance.keypad_trial import try_keys
from kiosk.session.maintenance.power_trials import look_at_power, try_battery
from kiosk.translation import Translator

SCAN_S: Final = 60.0
PAGE_S: Final = 60.0
"""Patience with a person who looks for a code or a sheet; one who is quick waits for nothing."""
SHEET_S: Final = 90.0
"""A laser that slept warms up first."""
RESET_S: Final = 20.0
PAGE_EVERY_S: Final = 0.7
LIGHTS_S: Final = 3.0
SENSOR_S: Final = 5.0
SENSOR_EVERY_S: Final = 0.5
"""So long, and so often, the printer is asked whether it sees the new paper."""

PART_OF_STEP: Final[Mapping[Step, str]] = {
    Step.CARD: "id_reader",
    Step.PRINT: "receipt_printer",
    Step.SCAN: "scanner",
    Step.CAPTURE: "document_camera",
    Step.SOUND: "sound",
}
"""Steps of the opening check at which a part is tried."""

Payload = Mapping[str, object]
Say = Callable[[Text], None]
Ask = Callable[[Text], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who stands there: told what to do, or asked; then their answer is the end of the trial."""

    say: Say
    ask: Ask


class Trials:
    """One after the other, each on the thread that calls it."""

    def __init__(self, bench: Bench, words: Translator, chime: Callable[[], None]) -> None:
        """Take the devices, the words of slips, and what plays a sound."""
        self._bench, self._words, self._chime = bench, words, chime
        self._code = ""

    def of(
        self, part: str, number: int, person: Person, *, own: bool = False
    ) -> Callable[[], Did | None]:
        """Return the trial of a part; ``own``: the code of the slip before is to be scanned."""
        trials: dict[str, Callable[[], Did | None]] = {
            "id_reader": lambda: try_card(self._bench, part, number, person.say),
            "receipt_printer": lambda: self.slip(number),
            "a4_printer": lambda: self.sheet(number),
            "social_card": lambda: try_card(self._bench, part, number, person.say),
            "scanner": lambda: self.scan(number, person.say, own=own),
            "camera_scanner": lambda: self.scan(number, person.say, part="camera_scanner"),
            "document_camera": lambda: self.page(number, person.say),
            "panel": lambda: self.lights(number, person.ask),
            "sound": lambda: self.sound(person.ask),
            "keypad": lambda: try_keys(self._bench, self._words, number, person.say),
            "face_camera": lambda: try_face(self._bench, number, person.say),
            "ups": lambda: look_at_power(self._bench),
            "battery": lambda: try_battery(self._bench, number, person.say),
        }
        return trials[part]

    def slip(self, number: int, *, told: str = "told") -> Did:
        """Print a slip with a code that nobody else has."""
        self._code = f"YIDUAN-TEST-{secrets.token_hex(4).upper()}"
        words = self._words.text
        paper = {
            "title": words("upkeep.slip.test"),
            "lines": [
                {"text": words(f"upkeep.slip.{told}")},
                {"text": words("upkeep.slip.code")},
                {"qr": self._code},
            ],
        }
        return self.printed(number, paper)

    def printed(self, number: int, paper: Mapping[str, object]) -> Did:
        """Print a slip, and say what the printer said of it."""
        about = {"receipt": paper}
        answer = self._call("receipt_printer", number, "XReceipt.Print", about, PRINT_S)
        if answer is None or answer.error:
            return _ill("slip_not", "slip_hint")
        match answer.payload.get("printed"):
            case True:
                return _well("slip_printed")
            case False:
                return _ill("slip_not", "slip_hint")
        return _ill("slip_unsure", "slip_hint")

    def sheet(self, number: int, *, told: str = "told") -> Did:
        """Print one page of A4, and say what the printer said of it."""
        words = self._words.text
        blocks = [{"text": words(f"upkeep.sheet.{told}")}, {"text": words("upkeep.sheet.look")}]
        page = {"document": {"title": words("upkeep.sheet.test"), "blocks": blocks}}
        answer = self._call("a4_printer", number, "XDocument.Print", page, SHEET_S)
        printed = None if answer is None or answer.error else answer.payload.get("printed")
        if printed is True:
            return _well("sheet_printed")
        return _ill("sheet_unsure" if printed == "unknown" else "sheet_not", "sheet_hint")

    def scan(self, number: int, say: Say, *, own: bool = False, part: str = "scanner") -> Did:
        """Scan a code: any, or the one of the slip that was printed last."""
        say(text("upkeep.test.scan_slip" if own and self._code else "upkeep.test.scan"))
        answer = self._call(part, number, "BarcodeReader.Read", {}, SCAN_S)
        read = b"" if answer is None or answer.error else code_of(answer)
        if answer is None or not read:
            return _ill("scan_not", "scan_hint")
        if own and self._code and read != self._code.encode():
            return _ill("scan_other", "scan_other_hint")
        return _well("scanned", s=f"{answer.seconds:.1f}")

    def page(self, number: int, say: Say) -> Did:
        """Take a picture of a sheet until one is good; none is kept."""
        say(text("upkeep.test.page"))
        deadline = time.monotonic() + PAGE_S
        faults: object = None
        about = {"visit": VISIT, "kind": "page"}
        while time.monotonic() < deadline:
            answer = self._call("document_camera", number, "XCamera.Take", about, PAGE_S)
            if answer is None or answer.error:
                return _ill("page_not", "page_hint")
            faults = answer.payload.get("faults")
            if faults == []:
                return _well("page_taken")
            if not _nothing_lies(faults):
                say(text("upkeep.test.page_faults"))
            time.sleep(PAGE_EVERY_S)
        if faults is None:
            return _ill("page_not", "page_hint")
        return _ill("page_none") if _nothing_lies(faults) else _ill("page_faults", "page_hint")

    def sound(self, ask: Ask) -> None:
        """Play the sound and ask."""
        self._chime()
        ask(text("upkeep.test.sound"))

    def lights(self, number: int, ask: Ask) -> Did | None:
        """Light every lamp for some seconds, and ask."""
        status = self._bench.look().devices.get("panel") or {}
        lamps = status.get("lights")
        if not isinstance(lamps, Mapping) or not lamps:
            return _ill("lights_not")
        on = {name: {"default": {"flashRate": "continuous"}} for name in lamps}
        off = {name: {"default": {"flashRate": "off"}} for name in lamps}
        answer = self._call("panel", number, "Lights.SetLight", on, 5.0)
        if answer is None or answer.error:
            return _ill("lights_not")
        ask(text("upkeep.test.lights"))
        time.sleep(LIGHTS_S)
        self._call("panel", number, "Lights.SetLight", off, 5.0)
        return None

    def reset(self, part: str, number: int) -> Did:
        """Have a device begin anew."""
        answer = self._call(part, number, "XDevice.Reset", {}, RESET_S)
        if answer is None or answer.error:
            return Did(well=False, told=text("upkeep.reset.ill"))
        return Did(well=True, told=text("upkeep.reset.well"))

    def replenished(self, part: str, number: int, work_no: str) -> Did:
        """Print on the new paper, and ask the printer whether it sees it."""
        if part == "a4_printer":  # looks at its tray by itself; the proof is a page of its own
            done = self.sheet(number, told="paper")
        else:
            self._call(part, number, "Printer.SupplyReplenish", {"upper": True}, 5.0)
            done = self.slip(number, told="paper")
        if not done.well:
            return done
        if self._still_short(part):
            low = f"upkeep.paper.still_low{'_tray' if part == 'a4_printer' else ''}"
            told, hint = text("upkeep.paper.still_low"), text(f"{low}_hint")
            return Did(well=False, told=told, hint=hint, result="still_low")
        return Did(
            well=True, told=text("upkeep.paper.well"), hint=text("upkeep.paper.kept", no=work_no)
        )

    def _still_short(self, part: str) -> bool:
        """Say whether the printer still says that paper is low or out; its sensor gets its time."""
        deadline = time.monotonic() + SENSOR_S
        while any(one.word in {"low", "out"} for one in of_device(part, self._status(part))):
            if time.monotonic() >= deadline:
                return True
            time.sleep(SENSOR_EVERY_S)
        return False

    def _status(self, part: str) -> Payload | None:
        return self._bench.look().devices.get(part)

    def _call(
        self, part: str, number: int, command: str, payload: Payload, within: float
    ) -> Answer | None:
        try:
            return self._bench.call((part, number), command, payload, within)
        except Gone:
            return None


def _nothing_lies(faults: object) -> bool:
    """Say whether the camera saw no sheet at all."""
    return isinstance(faults, list) and "no_page" in faults


def _well(key: str, **values: object) -> Did:
    return Did(well=True, told=text(f"upkeep.test.{key}", **values))


def _ill(key: str, hint: str = "") -> Did:
    said = text(f"upkeep.test.{hint}") if hint else None
    return Did(well=False, told=text(f"upkeep.test.{key}"), hint=said)
