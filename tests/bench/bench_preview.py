"""The live view: frames a second that reach a session, decoded, through the pictures socket."""

from __future__ import annotations

import time
from functools import partial
from itertools import pairwise

from drivers.service.pictures import LiveFrame, PicturesClient
from tests.bench.figure import Figure, percentile
from tests.devices.camera_bench import CameraBench, take
from tests.waiting import until

SECONDS = 6.0
WANTED = 15.0


def measure() -> list[Figure]:
    """Watch the simulated camera (2592 x 1944, JPEG, 20 frames a second) for a while."""
    with CameraBench() as bench, bench.camera_visit() as client:
        bench.lay("discharge_record")
        take(client)  # the visit is known to the camera from now on
        pictures = bench.pictures()
        pictures.watch("visit-1")
        first = until(pictures.frame)
        arrivals, size = [time.perf_counter()], (first.width, first.height)
        last = first
        while arrivals[-1] - arrivals[0] < SECONDS:
            last = until(partial(_newer, pictures, last), every=0.002)
            arrivals.append(time.perf_counter())
        pictures.stop()
    gaps = [after - before for before, after in pairwise(arrivals)]
    seen = (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])
    return [
        Figure(
            name="live view: 15 frames a second over those that arrived",
            value=WANTED / seen,
            limit=1.0,
            measured=f"{seen:.1f} frames a second of {size[0]} x {size[1]}",
            peer=f"longest of 95 % of the gaps {percentile(gaps, 0.95) * 1000:.0f} ms",
            note="the simulated camera gives 20 a second; decoding and copying included",
        )
    ]


def _newer(pictures: PicturesClient, last: LiveFrame) -> LiveFrame | None:
    """Return the newest frame if it is another than the last."""
    frame = pictures.frame()
    return frame if frame is not None and frame.number != last.number else None
