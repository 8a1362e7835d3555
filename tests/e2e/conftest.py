"""One desk for all tests of a module; each test begins on the attract page."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator

import pytest

from tests.e2e.desk import Desk

pytestmark = pytest.mark.e2e


LAST_LINES = 2500
"""Characters of each log that a failed test shows."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failed test what the terminal's processes said last."""
    report = yield
    desk = getattr(item, "funcargs", {}).get("desk")
    if report.failed and isinstance(desk, Desk):
        for log in sorted(desk.stack.logs.glob("*.log")):
            report.sections.append((log.name, log.read_text()[-LAST_LINES:]))
    return report


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
