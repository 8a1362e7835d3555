"""The pages of the devices lead where they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drivers.cli import COMMANDS
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.registry import SERVICES

PAGES = Path(__file__).resolve().parents[2] / "docs" / "devices"
LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")
COMMAND = re.compile(r"`kiosk-devices ([a-z0-9-]+)")


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.name)
def test_links_and_commands_are_there(page: Path) -> None:
    """Every link leads to a page and a heading of it, every command is one."""
    text = page.read_text(encoding="utf-8")
    for target, anchor in LINK.findall(text):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{page.name}: {target}"
        if anchor and there.suffix == ".md":
            assert anchor in headings(there), f"{page.name}: {target}#{anchor}"
    for name in COMMAND.findall(text):
        assert name in COMMANDS, f"{page.name}: kiosk-devices {name}"


def headings(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the forges make them."""
    lines = page.read_text(encoding="utf-8").splitlines()
    titles = [line.lstrip("#").strip() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("spec", SERVICES, ids=lambda spec: spec.service)
def test_every_service_is_listed(spec: ServiceSpec) -> None:
    """A client finds each service, its socket and interfaces on the page of extensions."""
    page = (PAGES / "extensions.md").read_text(encoding="utf-8")
    assert f"`xfs4iot/{spec.service}.sock`" in page
