"""The small editions of the campaigns; the full ones are ``make campaign-NAME``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kiosk.agent.delivery import Policy
from tests.campaign import block_disk, crash, kill, load, network, storage
from tests.campaign.verdict import Verdict, resumed


@pytest.mark.skipif(not block_disk.possible(), reason="needs root, /dev/fuse and loop devices")
@pytest.mark.parametrize("variant", crash.VARIANTS, ids=lambda one: one.name)
def test_power_cuts(variant: crash.Variant) -> None:
    """Every state a disk may be in recovers; a store that does not flush is caught."""
    verdict = Verdict(name="crash", seed=20)
    crash.crash(variant, verdict, submissions=6, most=2, limit=12)
    assert verdict.ok != variant.broken, verdict.text()


@pytest.mark.skipif(not storage.possible(), reason="needs gcc")
def test_failing_disks() -> None:
    """A failing call costs at most the submission that was refused for it."""
    verdict = Verdict(name="storage", seed=20)
    storage.storage(verdict, most=24)
    assert verdict.ok, verdict.text()
    assert verdict.counts["refused"] > 0


def test_failing_lines() -> None:
    """Cut at any byte and at every message: filed once."""
    verdict = Verdict(name="network", seed=20)
    network.network(verdict, points=6, lot=random.Random(20))  # noqa: S311 - where to cut
    assert verdict.ok, verdict.text()


def test_kills() -> None:
    """Session, agent and forwarder are killed; what was told stored arrives once."""
    verdict = Verdict(name="kill", seed=20)
    kill.kill(verdict, 0, submissions=4, every=2)
    assert verdict.ok, verdict.text()
    assert verdict.counts["applications"] >= verdict.counts["told stored"] > 0


def test_load() -> None:
    """The intake stands still for a while; all who wait get through once, each at its pace."""
    verdict = Verdict(name="load", seed=20)
    waits = Policy(first=0.1, ceiling=0.4, line_ceiling=0.2)
    size = load.Size(
        terminals=12,
        each=3,
        arriving=0.5,
        away=0.3,
        killed=False,
        drivers=1,
        policy=waits,
        rate=1.0,
    )
    load.load(verdict, 0, size=size)
    assert verdict.ok, verdict.text()
    assert verdict.counts["applications"] == verdict.counts["submissions"] == 36
    assert verdict.counts["attempts ended status_429"] > 0


def test_a_campaign_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """What was found is kept by name and seed; another seed begins anew."""
    verdict = Verdict(name="kill", seed=3, done=2, seconds=1.5)
    verdict.blame("something was lost")
    verdict.save(tmp_path)
    again = resumed("kill", 3, tmp_path)
    assert again == verdict
    assert "BROKEN" in again.text()
    assert resumed("kill", 4, tmp_path).done == 0
