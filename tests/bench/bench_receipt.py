"""The slip of a newborn's visit: its bytes over a picture's, and its time over the bare line's.

The simulated printer is a process of its own. Its line is paced at 115200 baud; its paper takes no
time, for how fast paper moves is nobody's here to save. The peer writes the same bytes to the same
printer, asks for the same proof, and does nothing else: what the simulated printer needs to read
them is given to both.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import threading
import time
from multiprocessing.synchronize import Event
from pathlib import Path

from drivers.printer import pictures
from drivers.printer.codec import ask_process_id
from drivers.printer.device import ReceiptPrinter
from drivers.printer.encoder import encode
from drivers.printer.paper import decode
from drivers.printer.profiles import Profile, load
from drivers.simulated.printer import SimulatedPrinter
from drivers.transport import Transport
from tests.bench.figure import Figure, median, percentile
from tests.devices.slips import newborn

BAUD = 115200
ROUNDS = 21
QUARTER = 0.25
"""The quickest quarter is compared: a busy machine adds to each turn of question and answer."""


def measure() -> list[Figure]:
    """Compare the slip with its own picture, and its printing with the wire."""
    models = [load("simulated-80mm"), load("generic-80mm")]
    return [_bytes(model) for model in models] + [_time(models[0])]


def _bytes(model: Profile) -> Figure:
    """Compare with the picture of the same paper, sent row by row."""
    stream = encode(newborn(), model).stream
    ink = decode(stream).sheet.ink().point(lambda v: 0 if v >= 128 else 255, "1")
    picture = b"".join(pictures.rows(ink, model.raster_rows))
    return Figure(
        name=f"receipt, bytes over a picture of it ({model.name})",
        value=len(stream) / len(picture),
        limit=0.4,
        measured=f"{len(stream)} bytes",
        peer=f"{len(picture)} bytes",
    )


def _time(model: Profile) -> Figure:
    """Take turns with the bare line, in the same minute on the same printer."""
    ours: list[float] = []
    bare: list[float] = []
    stream = encode(newborn(), model).stream
    with tempfile.TemporaryDirectory() as place:
        link = Path(place) / "printer"
        spawning = multiprocessing.get_context("spawn")
        ready, over = spawning.Event(), spawning.Event()
        process = spawning.Process(target=_simulate, args=(link, ready, over))
        process.start()
        ready.wait(30)
        with Transport.open(str(link), baudrate=BAUD) as transport:
            printer = ReceiptPrinter(transport, model, baudrate=BAUD)
            for _ in range(ROUNDS):
                ours.append(_printed(printer))
                bare.append(_written(transport, stream))
        over.set()
        process.join(10)
    return Figure(
        name="receipt, time to confirmation over the bare line",
        value=percentile(ours[1:], QUARTER) / percentile(bare[1:], QUARTER),
        limit=1.15,
        measured=f"median {median(ours[1:]) * 1000:.0f} ms, worst {max(ours[1:]) * 1000:.0f} ms",
        peer=f"bare {median(bare[1:]) * 1000:.0f} ms, wire {len(stream) * 10 / BAUD * 1000:.0f} ms",
        note=f"{ROUNDS - 1} slips each, lower quartile; proof by process id",
    )


def _printed(printer: ReceiptPrinter) -> float:
    """Print by the driver; return the seconds until it is told, its own questions included."""
    began = time.perf_counter()
    result = printer.print_receipt(newborn(), time.monotonic() + 20)
    took = time.perf_counter() - began
    assert result.printed is True
    _let_it_be_drawn()
    return took


def _written(transport: Transport, stream: bytes) -> float:
    """Write the same bytes and wait for the same proof, and nothing else."""
    began, answer = time.perf_counter(), b""
    transport.write(stream + ask_process_id("bare"))
    while not answer.endswith(b"bare\x00"):
        answer += transport.read(time.monotonic() + 5)
    took = time.perf_counter() - began
    _let_it_be_drawn()
    return took


def _let_it_be_drawn() -> None:
    """Give the simulator the time to draw its sheet; a printer draws nothing."""
    threading.Event().wait(0.3)


def _simulate(link: Path, ready: Event, over: Event) -> None:
    printer = SimulatedPrinter(link, link.parent / "papers", BAUD, dots_a_second=0)
    ready.set()
    over.wait(60)
    printer.close()
