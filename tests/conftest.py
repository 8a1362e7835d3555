"""What every test has: strict texts, printed seeds."""

from __future__ import annotations

import os

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
