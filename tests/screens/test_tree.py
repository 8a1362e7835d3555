"""The semantic tree is all there is: what is painted can be read out."""

from __future__ import annotations

import pytest

from screens.gallery import PORTRAIT, placed
from screens.samples import Sample
from screens.semantic import Role
from tests.screens.conftest import SAMPLES


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_page_can_be_read_out(sample: Sample) -> None:
    """Every page has its name and a title; every target has a name and a role; ids are unique.

    But for days: a quick choice and the calendar may offer the same one.
    """
    root = placed(sample, PORTRAIT).node
    assert root.value == sample.view.page
    assert root.label
    assert any(node.role is Role.TITLE and node.label for node in root.walk())
    targets = [node for node in root.walk() if node.target]
    ids = [node.target for node in targets if not node.target.startswith("date:")]
    assert len(set(ids)) == len(ids)
    for node in targets:
        assert node.label, node.target
        assert node.role in {Role.BUTTON, Role.CHOICE}


def test_pictures_have_words() -> None:
    """An illustration that says what to do says it in words too."""
    for sample in SAMPLES:
        for node in placed(sample, PORTRAIT).node.walk():
            if node.style.picture and node.style.picture.name.startswith(("card", "slip")):
                assert node.hint, sample.name
