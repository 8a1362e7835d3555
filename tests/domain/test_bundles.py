"""Things that belong together: found as one, shown in their order, never half of one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.catalogue.check_bundles import check_bundles
from kiosk.catalogue.comparison import changes
from kiosk.catalogue.files import load
from kiosk.catalogue.listing import listing, table
from kiosk.catalogue.place_shape import JurisdictionFile
from kiosk.catalogue.sources import Source, Sources, read_sources
from kiosk.documents import DocumentError, parse, validate
from kiosk.domain import bundle, search

CONFIG = Path(__file__).parents[2] / "config"
PLACE = CONFIG / "jurisdictions" / "140502.yaml"
CATALOGUE = load(CONFIG, "140502")
OF_SHOPS, LATER_LIFE = CATALOGUE.jurisdiction.bundles
THINGS = "things: [enterprise-setup, trade-permit]"


def spoilt(old: str, new: str) -> tuple[Sources, int]:
    """Return the files of a place with one text in place of another, and its line."""
    text = PLACE.read_text(encoding="utf-8")
    head, found, tail = text.partition(old)
    assert found
    document = parse(PLACE, f"{head}{new}{tail}".encode())
    place = Source(document, validate(document, JurisdictionFile))
    return replace(read_sources(CONFIG, "140502"), place=place), head.count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (THINGS, "things: [enterprise-setup, trade-permits]", "Did you mean trade-permit?"),
        (THINGS, "things: [enterprise-setup, study-abroad]", "晋城市城区 does not list"),
        (THINGS, "things: [trade-permit, trade-permit]", "trade-permit is there twice"),
        (THINGS, "things: [enterprise-setup, newborn]", "not for the same people"),
        ("name: 开店证照联办", "name: 退休养老", "is the name of a theme too"),
    ],
)
def test_a_bundle_that_leads_nowhere_is_refused(old: str, new: str, problem: str) -> None:
    """The fault has the line of the place's file."""
    sources, line = spoilt(old, new)
    assert [own.line for own in check_bundles(sources) if problem in str(own)] == [line]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (THINGS, "things: [enterprise-setup]", "bundles.0.things"),
        ("kind: 证照联办", "kind: 套餐", "bundles.0.kind"),
        ("    source:\n      section: 二（七）\n", "    words_of:\n", "bundles.0.source"),
    ],
)
def test_a_bundle_without_its_parts_is_refused(old: str, new: str, key: str) -> None:
    """One thing is no bundle; its kind is a document's word, and its words are quoted."""
    with pytest.raises(DocumentError) as caught:
        spoilt(old, new)
    assert key in {own.key for own in caught.value.faults}
    assert all(own.line > 1 for own in caught.value.faults)


def test_a_search_finds_all_things_of_a_bundle_and_says_why() -> None:
    """By its name, by what people call it, by its kind, and as it is read."""
    index = search.build(CATALOGUE.things, CATALOGUE.jurisdiction.bundles)
    for query in ("开店证照联办", "执照和许可", "证照联办", "kdzzlb"):
        assert {hit.thing.code for hit in index.hits(query)} == set(OF_SHOPS.things), query
    found = {hit.thing.code: hit for hit in index.hits("退休以后")}
    assert set(found) == set(LATER_LIFE.things)
    assert {hit.reason for hit in found.values()} == {search.Reason.BUNDLE}
    assert {hit.words for hit in found.values()} == {"退休以后"}


def test_a_bundle_keeps_its_order_and_is_never_half() -> None:
    """The list has it otherwise; where one thing is missing the bundle is not shown."""
    turned = tuple(reversed(CATALOGUE.things))
    assert tuple(own.code for own in OF_SHOPS.of(turned)) == ("enterprise-setup", "trade-permit")
    assert bundle.shown((OF_SHOPS, LATER_LIFE), turned) == (OF_SHOPS, LATER_LIFE)
    without = [own for own in turned if own.code != "trade-permit"]
    assert bundle.shown((OF_SHOPS, LATER_LIFE), without) == (LATER_LIFE,)


def test_the_listing_names_bundles_and_a_comparison_tells_their_changes() -> None:
    """With what the document says, and that the grouping is an example."""
    told = listing(CATALOGUE)["bundles"]
    assert isinstance(told, list)
    assert [own["name"] for own in told] == ["开店证照联办", "退休以后"]
    assert [own["no"] for own in told[0]["things"]] == [1, 2]
    assert "联动办理" in told[0]["source"]["quote"]
    assert any("开店证照联办（示例）：企业开办 → 企业准营" in line for line in table(CATALOGUE))
    other = replace(OF_SHOPS, things=tuple(reversed(OF_SHOPS.things)))
    place = replace(CATALOGUE.jurisdiction, bundles=(other,))
    after = replace(CATALOGUE, version="other", jurisdiction=place)
    lines = list(map(str, changes(CATALOGUE, after)))
    assert "- jurisdiction.bundles.later-life: 退休以后" in lines
    assert any("licence-and-permits.things" in own and "another order" in own for own in lines)
