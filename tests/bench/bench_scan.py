"""Code held up → its bytes, over the wire time of what the module sends.

The simulated modules pace their bytes at 115200 baud and take no time of their own to decode.
SSI wants an answer to every packet, and how fast the two processes take turns is the machine's
matter: there the peer is a bare loop that reads and acknowledges, and does nothing else.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from drivers.scanner import profiles
from drivers.scanner.device import Scan, Scanner
from drivers.scanner.zebra import HOST, MORE, Opcode, Packet, ZebraCodec, encode
from drivers.simulated.scanner_module import SimulatedModule
from drivers.simulated.scanner_zebra import ROOM, SimulatedZebra
from drivers.transport import Transport
from tests.bench.figure import Figure, median
from tests.devices.scanner_families import MODULES
from tests.waiting import until

ROUNDS = 15
BAUD = 115200
CODE_BYTES = 1000
TURNS = f"; {-(-CODE_BYTES // ROOM)} turns of two processes a code"
WIRE_S = (len("]Q1") + CODE_BYTES + len("\x04\r")) * 10 / BAUD
"""Seconds of a marked code and its suffix, ten bits a byte."""


def measure() -> list[Figure]:
    """Read code after code of each family while the module is armed; ours and bare by turns."""
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        ours = {one: stack.enter_context(_ours(one, Path(place) / one)) for one in MODULES}
        bare = stack.enter_context(_bare(Path(place) / "bare"))
        times: dict[str, list[float]] = {one: [] for one in (*MODULES, "bare")}
        for number in range(ROUNDS):
            for one, run in (*ours.items(), ("bare", bare)):
                times[one].append(run(number))
    wired = [_figure(one, times[one], WIRE_S, "wire") for one in ("newland", "honeywell")]
    return [*wired, _figure("zebra", times["zebra"], median(times["bare"]), "bare loop")]


def _figure(family: str, times: list[float], peer_s: float, peer: str) -> Figure:
    return Figure(
        name=f"code in view → its bytes, {family}, median, over {peer}",
        value=median(times) / peer_s,
        limit=1.25 if family == "zebra" else 1.15,
        measured=f"median {median(times) * 1000:.0f} ms, worst {max(times) * 1000:.0f} ms",
        peer=f"{peer} {peer_s * 1000:.0f} ms",
        note=f"{CODE_BYTES} bytes, {ROUNDS} codes" + (TURNS if family == "zebra" else ""),
    )


@contextlib.contextmanager
def _ours(family: str, link: Path) -> Iterator[Callable[[int], float]]:
    """Lend a call that times one code through our driver."""
    module = MODULES[family](link, BAUD)
    with Transport.open(str(link), baudrate=BAUD) as line:
        scanner = Scanner(line, profile=profiles.load(family))

        def run(number: int) -> float:
            scanner.arm()
            took = _time(module, number, lambda: _scanned(scanner))
            scanner.disarm()
            until(lambda: not module.triggered)
            return took

        yield run
    module.close()


def _scanned(scanner: Scanner) -> bytes:
    scan = scanner.read(time.monotonic() + 10)
    assert isinstance(scan, Scan)
    return scan.payload


@contextlib.contextmanager
def _bare(link: Path) -> Iterator[Callable[[int], float]]:
    """Lend a call that times one code through a loop that only reads and acknowledges."""
    module = SimulatedZebra(link, BAUD)
    line = os.open(link, os.O_RDWR | os.O_NOCTTY)

    def run(number: int) -> float:
        os.write(line, ZebraCodec().start()[-1].data)
        return _time(module, number, lambda: _acknowledged(line))

    yield run
    os.close(line)
    module.close()


def _acknowledged(line: int) -> bytes:
    """Read packets and acknowledge codes until the last one of a message."""
    acknowledgement = encode(Packet(opcode=Opcode.ACK, source=HOST))
    buffer, code, more = b"", b"", True
    while more:
        buffer += os.read(line, 4096)
        while buffer and len(buffer) >= buffer[0] + 2:
            packet, buffer = buffer[: buffer[0]], buffer[buffer[0] + 2 :]
            if packet[1] == Opcode.DECODE_DATA:
                os.write(line, acknowledgement)
                code += packet[5:]
                more = bool(packet[3] & MORE)
    return code


def _time(module: SimulatedModule, number: int, read: Callable[[], bytes]) -> float:
    """Return the seconds from a code in view to its bytes."""
    payload = (b"%d" % number) * CODE_BYTES
    until(lambda: module.triggered)
    holding = threading.Thread(target=module.show, args=(payload,))
    began = time.perf_counter()
    holding.start()
    got = read()
    took = time.perf_counter() - began
    holding.join()
    assert got == payload
    return took
