"""What every test has: strict texts, printed seeds; and which tests begin."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

os.environ["YIDUAN_STRICT_TEXT"] = "1"

settings.register_profile(
    "suite",
    max_examples=100,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("campaign", settings.get_profile("suite"), max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let whole terminals begin: they mostly wait, and the last file of a run has none beside it.

    Workers are given file after file in this order (``--no-loadscope-reorder``).
    """
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)
