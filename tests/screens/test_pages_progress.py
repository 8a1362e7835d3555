"""Where an application stands: what was refused does not look done."""

from __future__ import annotations

import pytest

from screens import theme as look
from screens.fonts import icon
from screens.semantic import Node, Role
from screens.theme import Theme
from tests.screens import newborn_end_views as e
from tests.screens.test_pages_materials import THEMES, leaves


def rows(theme: Theme) -> list[Node]:
    """Return the items: the one that is done, the two that were refused."""
    trees = leaves(e.SHOW_REFUSED, theme)
    nodes = [node for tree in trees for node in tree.node.walk()]
    return [node for node in nodes if node.role is Role.ROW]


def bars(row: Node) -> str:
    """Return how many bars of an item are full."""
    return next(node.state[0] for node in row.walk() if node.role is Role.PROGRESS)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_what_was_refused_does_not_look_done(theme: Theme) -> None:
    """Only what is done has a tick and all its bars; what was refused is in the trouble colours."""
    done, turned_down, refused = rows(theme)
    assert icon("check") in done.words()
    assert bars(done) == "4/4"
    assert (bars(turned_down), bars(refused)) == ("2/4", "3/4")
    for row in (turned_down, refused):
        assert icon("check") not in row.words()
        assert icon("x") in row.words()
        assert any(node.style.fill == look.SEAL_WASH for node in row.walk())


def test_nothing_is_wanted_for_what_was_refused() -> None:
    """No gold block asks for papers of an item that is over."""
    words = [
        word for tree in leaves(e.SHOW_REFUSED, THEMES["portrait"]) for word in tree.node.words()
    ]
    assert not any("要您补" in word for word in words)
