"""The document camera to a session: frames a second of the live view; a pulled cable, and back."""

from __future__ import annotations

import time
from functools import partial
from itertools import pairwise

from drivers.service.pictures import LiveFrame, PicturesClient
from tests.bench.figure import Figure, percentile
from tests.devices.camera_bench import SERVICE, CameraBench, take
from tests.waiting import until

SECONDS = 6.0
WANTED = 15.0
CABLE_ROUNDS = 4


def measure() -> list[Figure]:
    """Watch the simulated camera (2592 x 1944, JPEG, 20 frames a second), then pull it out."""
    with CameraBench() as bench:
        bench.lay("discharge_record")
        return [_live_view(bench), *_cable(bench)]


def _live_view(bench: CameraBench) -> Figure:
    with bench.camera_visit() as client:
        take(client)  # the visit is known to the camera from now on
        pictures = bench.pictures()
        pictures.watch("visit-1")
        first = last = until(pictures.frame)
        arrivals = [time.perf_counter()]
        while arrivals[-1] - arrivals[0] < SECONDS:
            last = until(partial(_newer, pictures, last), every=0.002)
            arrivals.append(time.perf_counter())
        pictures.stop()
    gaps = [after - before for before, after in pairwise(arrivals)]
    seen = (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])
    return Figure(
        name="live view: 15 frames a second over those that arrived",
        value=WANTED / seen,
        limit=1.0,
        measured=f"{seen:.1f} frames a second of {first.width} x {first.height}",
        peer=f"95 % of the gaps within {percentile(gaps, 0.95) * 1000:.0f} ms",
        note="the simulated camera gives 20 a second; decoding and copying included",
    )


def _cable(bench: CameraBench) -> list[Figure]:
    lost, back = [], []
    for _ in range(CABLE_ROUNDS):
        bench.await_word(SERVICE, "online", timeout=20)
        began = time.perf_counter()
        bench.camera.control({"unplug": True})
        bench.await_word(SERVICE, "noDevice", timeout=20)
        lost.append(time.perf_counter() - began)
        began = time.perf_counter()
        bench.camera.control({"replug": True})
        bench.await_word(SERVICE, "online", timeout=20)
        back.append(time.perf_counter() - began)
    named = (("pulled out → noticed", lost, 3.0), ("plugged in → usable", back, 10.0))
    return [
        Figure(name=f"document camera {name}, worst", value=max(times), unit="s", limit=limit)
        for name, times, limit in named
    ]


def _newer(pictures: PicturesClient, last: LiveFrame) -> LiveFrame | None:
    """Return the newest frame if it is another than the last."""
    frame = pictures.frame()
    return frame if frame is not None and frame.number != last.number else None
