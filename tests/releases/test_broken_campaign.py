"""A thousand configurations broken on purpose: what is refused is told by file, nothing crashes.

Fifty of them go the full path of a terminal, well signed: it is never left without a configuration
that is whole, and what its own check refuses never begins.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from fleet.release import building
from kiosk.commands.check_release import checked
from kiosk.release.commands import by_command
from kiosk.release.course import Stage
from kiosk.release.fetching import Stick
from kiosk.release.update import Manner, Update
from kiosk.settings import config_root, load
from tests.releases.broken import broken
from tests.releases.conftest import Told
from tests.releases.repositories import GROUP, Fleet

pytestmark = pytest.mark.campaign
BLOCK = 50
BLOCKS = 20
FULL = 50
TOLD = re.compile(r"\.yaml(:\d+)?: |the release holds no |Mend what is named")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_validators_tell_and_never_crash(block: int, tmp_path: Path) -> None:
    """Each refusal names a file; what is taken, a terminal can load."""
    seen: Counter[str] = Counter()
    for number in range(block * BLOCK, (block + 1) * BLOCK):
        release = tmp_path / str(number)
        what = broken(config_root(), release / "config", number)
        wrong, _ = checked(release, (), pages=False)
        seen["refused" if wrong else "taken"] += 1
        assert not wrong or any(map(TOLD.search, wrong)), (what, wrong)
    print(f"block {block}: {dict(seen)}")
    assert seen["refused"] > BLOCK // 4


@pytest.mark.timeout(5400)
def test_a_terminal_is_never_left_ill(fleet: Fleet, place: Path) -> None:
    """Well signed and broken: refused before it begins, or well after it."""
    own = place / "terminal.yaml"
    own.write_text(
        'jurisdiction: "140502"\nterminal: {id: 140502-0001}\n'
        "intake: {api_url: 'https://a.invalid', public_url: 'https://b.invalid'}\n"
    )
    update = Update(
        Manner(
            folder=place / "releases",
            group=GROUP,
            check=by_command([own]),
            health=Told(),
            trial_s=0,
            reserve=0,
        )
    )
    stages: Counter[Stage] = Counter()
    for number in range(FULL):
        sources = place / "sources" / str(number)
        broken(config_root(), sources, 10_000 + number)
        building.build(fleet.repository, sources, GROUP, name=f"broken-{number}")
        fleet.sign("zhang", "li")
        stages[update.run(fleet.root, Stick(fleet.publish())).stage] += 1
        current = place / "releases" / "current" / "config"
        if current.is_dir():
            assert load([own], root=current.resolve()).jurisdiction == "140502"
    print(dict(stages))
    assert stages[Stage.REFUSED] > FULL // 5
