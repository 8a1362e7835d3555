"""A virtual screen for the tests of pages and windows."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.gallery import Easel
from screens.samples import Sample, samples
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parent.parent.parent


def start_xvfb(size: str = "1080x1920x24") -> tuple[subprocess.Popen[bytes], str]:
    """Start a virtual screen on a free number; return it and its display name."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        return server, f":{told.readline().strip()}"


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """A virtual screen, by its display name."""
    server, name = start_xvfb()
    yield name
    server.terminate()
    server.wait(PATIENCE_S)


@pytest.fixture(scope="session")
def easel(screen: str) -> Iterator[Easel]:
    """A painter of pages in this process."""
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = screen
    yield Easel()
    if before is None:
        del os.environ["DISPLAY"]
    else:
        os.environ["DISPLAY"] = before


SAMPLES: list[Sample] = samples()
