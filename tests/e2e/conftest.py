"""One desk for all tests of a module; each test begins on the attract page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.e2e.desk import Desk

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def running_desk() -> Iterator[Desk]:
    """A started terminal with rehearsal; stopped at the end of the module."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    with Desk() as desk:
        yield desk


@pytest.fixture
def desk(running_desk: Desk) -> Desk:
    """The module's terminal, made whole again: intake up, paper in, attract page."""
    running_desk.make_whole()
    return running_desk
