"""Screen, printed list, text, PDF and telephone tell the same fee, openness and visits."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from intake.people import guide as telephone
from intake.service.rendering import page
from kiosk.catalogue.files import load
from kiosk.domain import fees, freedom, going
from kiosk.domain.catalogue import Catalogue, Thing
from kiosk.domain.effect import FILED
from kiosk.domain.guide import lines, not_here, record
from kiosk.domain.guide_slip import GuideSlip, guide_slip
from kiosk.guide.pdf import made
from kiosk.journey import present_guide, present_materials
from kiosk.journey.view import GuideView, text
from kiosk.translation import Translator
from tests.journeys.stage import context

CONFIG = Path(__file__).parents[2] / "config"
ZH = Translator("zh")
PLACES = ["410700", "140502", "411523", "410103"]


@cache
def catalogue(code: str) -> Catalogue:
    """The catalogue of a place, read once."""
    return load(CONFIG, code)


def things(code: str) -> tuple[Thing, ...]:
    """Everything that a place tells of."""
    return (*catalogue(code).things, *catalogue(code).typical)


def printed(place: Catalogue, thing: Thing) -> str:
    """What the printed list says."""
    slip = GuideSlip(
        service_name="s",
        thing=thing,
        items=thing.told_items,
        commitments=place.commitments,
        address="",
        help=({"text": "咨询电话 12345"},),
        catalogue=place.short_version,
    )
    return "\n".join(str(v) for own in guide_slip(slip, ZH.text).lines for v in own.values())


def telephoned(place: Catalogue, thing: Thing, *, full: bool = False) -> str:
    """What a telephone shows, without its drawings."""
    own = telephone.of(place, thing.code)
    body = bytes(page("guide.html", guide=own, full=full, path="/g").body).decode()
    body = re.sub(r"<(svg|head).*?</\1>", "", body, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s*<[^>]+>\s*", "\n", body))


def shown(place: Catalogue, thing: Thing) -> GuideView:
    """What the screen shows."""
    return present_guide.guide(replace(context(), catalogue=place, thing=thing))


def on_paper(place: Catalogue, thing: Thing) -> str:
    """What a PDF says; lines are broken anywhere."""
    document = pdfium.PdfDocument(made(record(place, thing.code), simple=True))
    text = "".join(own.get_textpage().get_text_range() for own in document)
    return re.sub(r"\s", "", text)


def told(place: Catalogue, thing: Thing) -> dict[str, str]:
    """What the quick renderings say, by their names."""
    return {
        "list": printed(place, thing),
        "text": "\n".join(lines(record(place, thing.code), simple=True)),
        "telephone": telephoned(place, thing),
    }


@pytest.mark.parametrize("code", PLACES)
def test_every_guide_tells_the_same(code: str) -> None:
    """What is paid, how often one goes and what for; nobody is sent where nothing can be filed."""
    place = catalogue(code)
    for thing in things(code):
        items = thing.told_items
        fee, later = fees.fee(items).told(), going.later_visits(thing, items)
        for name, said in told(place, thing).items():
            assert fee in said, (thing.name, name)
            assert (f"{1 + len(later)} 次" in said) == thing.open, (thing.name, name)
            assert all((own in said) == thing.open for own in later), (thing.name, name)


@pytest.mark.parametrize("code", PLACES)
def test_the_screen_tells_the_same(code: str) -> None:
    """The figure is the amount; what it leaves open stands beside it in the same sentence."""
    place = catalogue(code)
    for thing in things(code):
        view, fee = shown(place, thing), fees.fee(thing.told_items)
        card = view.figures[-1]
        assert card.value == ("?" if fee.key == "fee.open" else fee.yuan), thing.name
        assert card.before == (None if fee.whole else text(fee.key, yuan=fee.yuan)), thing.name
        heads = {part.key: part.lines for part in record(place, thing.code).heads}
        assert "；".join(heads["visits"]) in str(view.promise)
        assert (view.frame.go is not None) <= thing.open


def test_the_pdf_tells_the_same() -> None:
    """The heads are read out of the file."""
    place = catalogue("410700")
    thing = min(things("410700"), key=lambda own: len(own.told_items) or 99)
    said = on_paper(place, thing)
    for part in record(place, thing.code).heads:
        assert all(re.sub(r"\s", "", line) in said for line in part.lines), part.title


NOT_HERE = (
    "在终端上",
    "到自助终端",
    "当场拿凭条",
    "可以承诺",
    "补交",
    "能一起办的",
    "在这里提交。",
)


@pytest.mark.parametrize("code", PLACES)
def test_nobody_is_told_to_file_what_is_not_open(code: str) -> None:
    """A thing that is not open says so in every guide; one of its items does in one that is."""
    place = catalogue(code)
    for thing in things(code):
        said = {
            "list": printed(place, thing),
            "text": "\n".join(lines(record(place, thing.code), simple=False)),
            "telephone": telephoned(place, thing, full=True),
        }
        closed = [own for own in thing.items if own.mode in FILED and not own.open]
        for name, words in said.items():
            if not thing.open:
                assert not [own for own in NOT_HERE if own in words], (thing.name, name)
                assert any(own in words for own in ("还不能在", "还没有开办")), (thing.name, name)
            if name != "list":
                assert all(not_here(own) in words for own in closed), (thing.name, name)
        if thing.open:
            parts = {own.name: own.parts for own in record(place, thing.code).items}
            assert not any(parts[own.name] for own in closed)


def test_what_goes_together_follows_from_the_relations() -> None:
    """Ways to one end are not all chosen; a law that binds two is told; else everything goes."""
    early = freedom.told(catalogue("410700").thing("retirement").told_items)
    assert early[0] == "不能全部一起办，选要办的。"
    assert any(own.startswith("只能选一种：") for own in early)
    free = freedom.told(catalogue("410700").thing("bankruptcy-check").told_items)
    assert free[0] == "可以全部一起办，也可以只选要办的。"
    assert freedom.told(()) == ()


def test_sending_is_free_only_by_a_rule_of_the_place() -> None:
    """Whoever has no such rule is told to ask who pays."""
    place = catalogue("410700")
    rules = {own.code: own.quote for own in place.jurisdiction.rules}
    assert "免费寄" in rules[place.jurisdiction.free_courier]
    free = present_materials.courier_note(place.jurisdiction)
    assert ZH.text(free.key) == "免费寄到家，本人签收"
    paid = present_materials.courier_note(catalogue("411523").jurisdiction)
    assert "免费" not in ZH.text(paid.key)
