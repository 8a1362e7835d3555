"""All simulated devices of one terminal; `drivers.simulated.running` makes them a process.

The devices are pseudo-terminals under `RUN/devices/`; who opens them cannot tell them from
hardware. What a person would do with the hardware (lay a card down, hold a code up, tear the
paper, pull a plug) is done through `Simulator.control`, which the control page and scripts reach
over HTTP.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from drivers.id_reader.card import Card
from drivers.simulated import population
from drivers.simulated.camera import SimulatedCamera
from drivers.simulated.device import SimulatedDevice, Surroundings
from drivers.simulated.discharge_record import RECORD
from drivers.simulated.kinds import KINDS, build
from drivers.simulated.plan import PACES
from drivers.simulated.population import Population, PopulationError
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.reader import SimulatedReader
from drivers.simulated.scanner import SimulatedScanner
from drivers.simulated.scanner_honeywell import SimulatedHoneywell
from drivers.simulated.scanner_module import SimulatedModule
from drivers.simulated.scanner_zebra import SimulatedZebra

SCANNERS: Final[Mapping[str, type[SimulatedModule]]] = MappingProxyType(
    {"newland": SimulatedScanner, "honeywell": SimulatedHoneywell, "zebra": SimulatedZebra}
)
"""The families of scanners; the host's profile of the same name speaks with each."""

ID_READER, SCANNER, PRINTER, CAMERA = "id-reader", "scanner", "printer", "camera"


class UnknownDevice(LookupError):
    """There is no such simulated device here."""


class Simulator:
    """The simulated devices of one terminal.

    Args:
        run_dir: Directory that gets `devices/`.
        pace: A key of `PACES`.
        paper_dir: Where printed papers are kept as pictures.
        terminal: Name of the terminal, shown on the control page.
        others: Devices beside the four of every terminal, a key of `KINDS` each, and options.
        seed: Where the chance of the others begins.
        scanner: Family of the scanner, a key of `SCANNERS`.

    Raises:
        ValueError: There is no such device, or its options cannot be used.
    """

    def __init__(
        self,
        run_dir: Path,
        *,
        pace: str = "fast",
        paper_dir: Path,
        terminal: str = "",
        others: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
        seed: int = 0,
        scanner: str = "newland",
    ) -> None:
        baud, links = PACES[pace], run_dir / "devices"
        self._pace = pace
        self._terminal = terminal
        self._population = Population()
        self._population_error = "no file yet"
        self._ref = ""
        self.id_reader = SimulatedReader(
            links / "id-reader", baud, work_s=0.0 if pace == "line" else None
        )
        if scanner not in SCANNERS:
            raise ValueError(f"there is no scanner of {scanner}; there are {', '.join(SCANNERS)}")
        self.scanner: SimulatedModule = SCANNERS[scanner](links / "scanner", baud)
        self.printer = SimulatedPrinter(links / "receipt-printer", paper_dir, baud)
        self.camera = SimulatedCamera(links / "document-camera", seed=seed)
        self._others: dict[str, SimulatedDevice] = {}
        try:
            for name, options in others.items():
                self._others[name] = _built(
                    name, options, links, baud=baud, papers=paper_dir, seed=seed
                )
        except ValueError:
            self.close()
            raise

    @property
    def population(self) -> Population:
        """The people whose cards can be laid down."""
        return self._population

    def load_population(self, path: Path) -> bool:
        """Read the people from `path`; False when that failed and the former ones stay."""
        try:
            self._population = population.load(path)
        except PopulationError as error:
            self._population_error = str(error)
            return False
        self._population_error = ""
        return True

    def state(self) -> dict[str, object]:
        """Return everything the control page shows, as JSON values."""
        return {
            "terminal": self._terminal,
            "pace": self._pace,
            "population_error": self._population_error,
            ID_READER: self._reader_state(),
            SCANNER: self.scanner.state(),
            PRINTER: self._printer_state(),
            CAMERA: self.camera.state(),
            **{name: device.state() for name, device in self._others.items()},
        }

    def devices(self) -> list[dict[str, object]]:
        """Return the devices beside the four, and what the page offers for each."""
        return [
            {
                "name": name,
                "title": KINDS[name].title,
                "actions": [
                    {"label": action.label, "command": dict(action.command)}
                    for action in KINDS[name].actions
                ],
            }
            for name in self._others
        ]

    def other(self, name: str) -> SimulatedDevice:
        """Return one of the devices beside the four.

        Raises:
            UnknownDevice: There is none of that name here.
        """
        if name not in self._others:
            raise UnknownDevice(name)
        return self._others[name]

    def people(self) -> list[dict[str, object]]:
        """Return the people of the population, as JSON values."""
        today = dt.datetime.now(tz=dt.UTC).astimezone().date()
        return [
            {
                "ref": person.ref,
                "role": person.role,
                "expired": bool(person.card.valid_to and person.card.valid_to < today),
                **_card_state(person.card),
            }
            for person in self._population
        ]

    def papers(self) -> list[dict[str, object]]:
        """Return the printed papers, oldest first."""
        return self.printer.papers()

    def camera_picture(self) -> bytes:
        """Return what the camera sees, as a small JPEG; empty before it sees anything."""
        return self.camera.picture()

    def control(self, device: str, command: Mapping[str, object]) -> None:
        """Do to `device` what a person or a fault would.

        Args:
            device: `id-reader`, `scanner`, `printer`, `camera`, or one of the others' names.
            command: The JSON body of `POST /api/{device}`.

        Raises:
            UnknownDevice: There is no such device.
            ValueError: The command cannot be understood; nothing was done.
        """
        handlers: dict[str, Callable[[Mapping[str, object]], None]] = {
            ID_READER: self._control_reader,
            SCANNER: self.scanner.control,
            PRINTER: self._control_printer,
            CAMERA: self.camera.control,
            **{name: other.control for name, other in self._others.items()},
        }
        if device not in handlers:
            raise UnknownDevice(device)
        handlers[device](command)

    def close(self) -> None:
        """End every device and remove the links."""
        self.id_reader.close()
        self.scanner.close()
        self.printer.close()
        self.camera.close()
        for other in self._others.values():
            other.close()

    def _control_reader(self, command: Mapping[str, object]) -> None:
        if "put" in command:
            self._put(command["put"])
        else:
            self.id_reader.control(command)

    def _put(self, what: object) -> None:
        """Lay down a person's card by ref, or a card given as a record."""
        if isinstance(what, str):
            person = self._population.people.get(what)
            if person is None:
                raise ValueError(f"nobody is called {what!r}")
            card, ref = person.card, person.ref
        else:
            card, ref = population.card_from_json(what), ""
        newest = what.get("newest_address") if isinstance(what, Mapping) else None
        self.id_reader.put(card, newest_address=str(newest or ""))
        self._ref = ref
        self.camera.record = self._population.records.get(card.id_no, RECORD)

    def _control_printer(self, command: Mapping[str, object]) -> None:
        """Pass a command on; `{"fault": null}` means here what it means to the others."""
        if not command:
            raise ValueError("an empty command")
        self.printer.control(
            {key: "none" if value is None else value for key, value in command.items()}
        )

    def _reader_state(self) -> dict[str, object]:
        card = self.id_reader.card
        return {
            "plugged": self.id_reader.port.plugged,
            "card": {"ref": self._ref, **_card_state(card)} if card else None,
            "reads": self.id_reader.reads,
            "faults": self.id_reader.faults.waiting(),
        }

    def _printer_state(self) -> dict[str, object]:
        state = self.printer.state()
        plans = state.get("plans")
        waiting = [
            f"{'fail_during' if after_lines else 'fail_next'} {accident}"
            for accident, after_lines, _ in (plans if isinstance(plans, list) else [])
        ]
        return {**state, "faults": waiting}


def _built(
    name: str,
    options: Mapping[str, object],
    links: Path,
    *,
    baud: int | None,
    papers: Path,
    seed: int,
) -> SimulatedDevice:
    if name not in KINDS:
        raise ValueError(f"there is no simulated {name}; there are {', '.join(KINDS)}")
    around = Surroundings(
        link=links / name, baud=baud, papers=papers, options=dict(options), seed=seed
    )
    return build(KINDS[name], around)


def _card_state(card: Card) -> dict[str, object]:
    """Return a (synthetic) card as JSON values for the control page."""
    return {
        "name": card.name,
        "sex_code": card.sex_code,
        "nation_code": card.nation_code,
        "birth_date": card.birth_date.isoformat(),
        "address": card.address,
        "id_no": card.id_no,
        "issuer": card.issuer,
        "valid_from": card.valid_from.isoformat(),
        "valid_to": card.valid_to.isoformat() if card.valid_to else None,
    }
