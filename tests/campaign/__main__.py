"""``make campaign-NAME``: run a campaign in full, part after part, and go on where it stopped.

Everything drawn by lot follows from the seed, which is printed. What was found is kept
after each part under ``var/campaign``; the same campaign with the same seed goes on there.
"""

from __future__ import annotations

import argparse
import random
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import postgres
from tests.campaign import block_disk, crash, kill, load, model, network, storage
from tests.campaign.test_model import Delivery
from tests.campaign.verdict import Stopwatch, Verdict, resumed

Part = Callable[[Verdict, int], None]
KEPT = Path("var/campaign")
MACHINE = settings(
    max_examples=200,
    stateful_step_count=40,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """One campaign: what a part of it does, and how many parts are the whole."""

    part: Part
    parts: int
    possible: Callable[[], bool] = lambda: True


def kill_part(verdict: Verdict, step: int) -> None:
    """Hand over a hundred submissions, on SQLite and PostgreSQL in turn."""
    if step % 2 == 0 or not postgres.there():
        kill.kill(verdict, step, submissions=100, every=10)
        return
    with postgres.postgres_server() as url:
        kill.kill(verdict, step, submissions=100, every=10, database=url)


def crash_part(verdict: Verdict, step: int) -> None:
    """Replay every kind of crash state; the mutation must be caught."""
    for variant in crash.VARIANTS:
        own = Verdict(name=variant.name, seed=verdict.seed * 1000 + step)
        crash.crash(variant, own, submissions=20, most=6, limit=150)
        verdict.counts[f"states ({variant.name})"] += own.counts["states"]
        verdict.seconds += own.seconds
        if variant.broken:
            verdict.counts["states that break under the mutation"] += own.counts[
                "states that break"
            ]
            if own.ok:
                verdict.blame(f"the rig does not catch the {variant.name}")
        else:
            for violation in own.violations:
                verdict.blame(violation)


def storage_part(verdict: Verdict, step: int) -> None:
    """Fail every tenth call, beginning with another one each time: ten parts are every call."""
    storage.storage(verdict, share=(step, 10))


def network_part(verdict: Verdict, step: int) -> None:
    """Cut at a hundred bytes, and at every message."""
    network.network(verdict, points=100, lot=random.Random(f"{verdict.seed}:{step}"))  # noqa: S311


def load_part(verdict: Verdict, step: int) -> None:
    """Play a thousand terminals, on SQLite and PostgreSQL in turn."""
    if step % 2 == 0 or not postgres.there():
        load.load(verdict, step, size=load.Size())
        return
    with postgres.postgres_server(durable=True) as url:
        load.load(verdict, step, size=load.Size(), database=url)


def model_part(verdict: Verdict, step: int) -> None:
    """A hundred thousand submissions through the rules; every tenth time the machine too."""
    model.simulate(verdict, step)
    if step % 10 == 0:
        with Stopwatch(verdict):
            run_state_machine_as_test(seed(verdict.seed + step)(Delivery), settings=MACHINE)
        verdict.counts["runs of the machine"] += MACHINE.max_examples


CAMPAIGNS = {
    "kill": Campaign(part=kill_part, parts=20),
    "crash": Campaign(part=crash_part, parts=10, possible=block_disk.possible),
    "storage": Campaign(part=storage_part, parts=10, possible=storage.possible),
    "network": Campaign(part=network_part, parts=10),
    "load": Campaign(part=load_part, parts=2),
    "model": Campaign(part=model_part, parts=100),
}


def main() -> int:
    """Run the named campaigns; returns 1 when one found a violation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(CAMPAIGNS), help=", ".join(CAMPAIGNS))
    parser.add_argument("--seed", type=int, help="of everything drawn by lot (default: a new one)")
    parser.add_argument("--parts", type=int, help="how many parts in all (default: the whole)")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where findings are kept")
    options = parser.parse_args()
    chosen = options.seed if options.seed is not None else uuid.uuid4().int % 1_000_000
    verdicts = [run(name, chosen, options.parts, options.keep) for name in options.names]
    print("\n".join(one.text() for one in verdicts))
    return 0 if all(one.ok for one in verdicts) else 1


def run(name: str, chosen: int, parts: int | None, keep: Path) -> Verdict:
    """Run the parts of a campaign that are not done yet."""
    campaign, verdict = CAMPAIGNS[name], resumed(name, chosen, keep)
    if not campaign.possible():
        verdict.counts["not possible on this machine"] = 1
        print(f"{name}: NOT RUN, this machine can't (docs/reliability.md says what it takes)")
        return verdict
    whole = parts or campaign.parts
    for step in range(verdict.done, whole):
        campaign.part(verdict, step)
        verdict.done = step + 1
        verdict.save(keep)
        state = "ok" if verdict.ok else "BROKEN"
        progress = f"{verdict.done}/{whole}, {verdict.seconds:.0f} s, {state}"
        print(f"{name} (seed {chosen}): {progress}", file=sys.stderr, flush=True)
    return verdict


if __name__ == "__main__":
    sys.exit(main())
