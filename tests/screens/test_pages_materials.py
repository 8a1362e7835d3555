"""Pages from the materials to the farewell: what is offered, how large, and never clipped."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from PIL import Image, ImageColor

from kiosk.journey.observe import observed
from kiosk.journey.view import ReviewView, text
from screens import layout, pictures
from screens import theme as look
from screens.fonts import advance
from screens.gallery import Easel
from screens.layout import Box, Placed
from screens.pages import (
    capture,
    commitments,
    delivery,
    materials,
    mine,
    progress,
    rating,
    receipt,
    review,
    sign,
)
from screens.semantic import Node, Picture, Role
from screens.theme import Theme, contrast
from screens.widgets.kit import TURN, Kit
from screens.words import Words
from tests.screens import newborn_end_views as e
from tests.screens import newborn_views as m
from tests.screens.newborn_scenes import SCENES, Scene
from tests.screens.test_contrast import RUNNING, grounds

THEMES: Final = {
    "portrait": Theme(width=1080, height=1920),
    "elder": Theme(width=1080, height=1920, size="elder"),
    "landscape": Theme(width=1920, height=1080),
    "elder-landscape": Theme(width=1920, height=1080, size="elder"),
    "24-inch": Theme(width=1080, height=1920, px_per_mm=3.6),
}
BUILDERS: Final[dict[str, Any]] = {
    "materials": materials.build,
    "capture": capture.live,
    "captured": capture.captured,
    "commit": commitments.letter,
    "listed": commitments.listed,
    "delivery": delivery.build,
    "review": review.build,
    "sign": sign.build,
    "rating": rating.build,
    "mine": mine.build,
    "progress_scan": progress.scan,
    "progress_show": progress.show,
    "receipt": receipt.build,
    "farewell": receipt.farewell,
}
CASES = [
    pytest.param(scene, theme, language, id=f"{scene.name}-{word}-{language}")
    for scene in SCENES
    for word, theme in THEMES.items()
    for language in ("zh", "en")
]


def placed(view: Any, theme: Theme, leaf: int = 0, language: str = "zh") -> Placed:
    """Return the placed tree of a view."""
    now = datetime(2026, 11, 22, 14, 32, tzinfo=UTC)
    kit = Kit(theme=theme, say=Words(language), now=now, leaf=leaf)
    sized = replace(view, frame=replace(view.frame, size=theme.size, language=language))
    return layout.arrange(BUILDERS[view.page](kit, sized), theme.width, theme.height)


def leaves(view: Any, theme: Theme, language: str = "zh") -> list[Placed]:
    """Return every leaf of a page."""
    found = [placed(view, theme, 0, language)]
    while f"{TURN}+1" in found[-1].node.targets():
        found.append(placed(view, theme, len(found), language))
    return found


def named(root: Node, target: str) -> Node:
    """Return the node with a target."""
    return next(node for node in root.walk() if node.target == target)


@pytest.mark.parametrize(("scene", "theme", "language"), CASES)
def test_targets_are_large_enough_and_apart(scene: Scene, theme: Theme, language: str) -> None:
    """Every target is 20 mm (elder letters: 25 mm) both ways, on the screen, apart from others."""
    least = (25.0 if theme.elder else 20.0) * theme.px_per_mm
    for tree in leaves(scene.view, theme, language):
        for target in tree.targets():
            assert min(target.box.w, target.box.h) >= least, target.node.target
            assert target.box.inside(tree.box), target.node.target
        for one, other in itertools.combinations(tree.targets(), 2):
            assert not one.box.overlaps(other.box), (one.node.target, other.node.target)
        ids = tree.node.targets()
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("scene", "theme", "language"), CASES)
def test_nothing_is_clipped(scene: Scene, theme: Theme, language: str) -> None:
    """Every word and picture lies in the card that holds it, and lines fit their boxes."""
    for tree in leaves(scene.view, theme, language):
        for holder, own in with_holder(tree, tree.box):
            if not own.lines and own.node.style.picture is None:
                continue
            what = own.node.label or own.node.hint
            assert own.box.inside(tree.box), what
            assert own.box.inside(holder), what
            words = own.node.style.type
            if words is not None and words.face != "icon":
                longest = max(advance(line, words.face, words.size) for line in own.lines)
                assert longest <= own.box.w + 1, what
                assert len(own.lines) * words.size * words.leading <= own.box.h + 1, what


def with_holder(tree: Placed, holder: Box) -> list[tuple[Box, Placed]]:
    """Pair everything with the box of the nearest painted thing around it."""
    found = []
    for child in tree.children:
        found.append((holder, child))
        style = child.node.style
        inner = child.box if style.fill or style.border_width or child.node.target else holder
        found += with_holder(child, inner)
    return found


@pytest.mark.parametrize("word", THEMES)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_all_that_is_offered_is_on_some_leaf(scene: Scene, word: str) -> None:
    """Every target of the view can be touched; with several leaves, on one of them."""
    offered = observed(scene.view)["targets"]
    assert isinstance(offered, list)
    shown = {t for tree in leaves(scene.view, THEMES[word]) for t in tree.node.targets()}
    assert set(offered) <= shown


@pytest.mark.parametrize("word", THEMES)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_words_can_be_read(scene: Scene, word: str) -> None:
    """Running text 7:1, other text 4.5:1, icons and rims of what can be touched 3:1."""
    for tree in leaves(scene.view, THEMES[word]):
        for ground, own in grounds(tree):
            words, style = own.node.style.type, own.node.style
            if words is not None and own.lines:
                icon = words.face == "icon"
                least = 3.0 if icon else 7.0 if len(own.node.label) > RUNNING else 4.5
                found = contrast(words.colour, style.fill or ground)
                if not (icon and words.colour == look.GOLD):  # beside words only
                    assert found >= least, (own.node.label, words.colour, ground, round(found, 2))
            if own.node.target and style.border_width:
                assert contrast(style.border, ground) >= 3.0, own.node.target


def test_a_heading_stays_with_its_papers() -> None:
    """No leaf ends with the heading of what need not be brought."""
    for language in ("zh", "en"):
        for theme in THEMES.values():
            for tree in leaves(m.MATERIALS, theme, language):
                words = tree.node.words()
                heading = Words(language)(text("pages.materials.spared", n=26))
                assert (heading in words) <= (Words(language)(m.SPARED[0].told) in words)


def test_asked_papers_are_gold_and_the_others_green() -> None:
    """A paper that waits has a golden rim; once it is there the rim is quiet."""
    waiting, done = (
        {
            node.state[0]: next(c.style.border for c in node.walk() if c.style.border)
            for node in placed(view, THEMES["portrait"]).node.walk()
            if node.state and node.state[0] in {"waiting", "captured", "committed"}
        }
        for view in (m.MATERIALS, m.MATERIALS_DONE)
    )
    assert waiting == {"waiting": look.GOLD}
    assert set(done) == {"captured", "committed"}
    assert look.GOLD not in done.values()


def test_the_shutter_is_large() -> None:
    """30 mm at least, in every size; there is none while a picture is taken."""
    for theme in THEMES.values():
        tree = placed(m.CAPTURE, theme)
        shutter = next(t for t in tree.targets() if t.node.target == "shoot")
        assert min(shutter.box.w, shutter.box.h) >= 30 * theme.px_per_mm
        assert "shoot" not in placed(m.CAPTURE_TAKING, theme).node.targets()


def test_checks_turn_green() -> None:
    """What a picture needs is green once it is so, and only then."""
    root = placed(m.CAPTURE, THEMES["portrait"]).node
    pills = [node for node in root.walk() if node.role is Role.STATUS and node.style.radius]
    fills = {pill.words()[-1]: pill.style.fill for pill in pills}
    assert fills["没有反光"] != look.JADE
    assert {fills[name] for name in ("四个角都在", "清楚", "光线够")} == {look.JADE}


def test_the_live_picture_keeps_its_proportion() -> None:
    """A camera's picture is 4:3 and is not stretched, in every size."""
    for theme in THEMES.values():
        live = one_picture(placed(m.CAPTURE, theme), "live")
        assert live.box.w / live.box.h == pytest.approx(4 / 3, rel=0.01)


def test_a_card_is_seen_large(easel: Easel) -> None:
    """Of the camera's picture only the middle half is shown for a card, all of it for a sheet."""
    from kivy.graphics import ClearBuffers, ClearColor

    from screens.painter import Painter, ground

    frame = Image.new("RGB", (640, 480), "#C00000")
    frame.paste("#00C000", (160, 120, 480, 360))
    for view, colour in ((m.CAPTURE_CARD, (0, 192, 0)), (m.CAPTURE, (192, 0, 0))):
        tree = placed(view, THEMES["portrait"])
        painter = Painter(tree.box.h, Still(frame))
        buffer = easel._fbo(size=(tree.box.w, tree.box.h))
        for made in (ClearColor(*ground(tree)), ClearBuffers(), painter.paint(tree)):
            buffer.add(made)
        painter.refresh_live()
        buffer.draw()
        seen = Image.frombytes("RGBA", (tree.box.w, tree.box.h), buffer.pixels).convert("RGB")
        live = one_picture(tree, "live").box
        assert seen.getpixel((live.x + 12, tree.box.h - live.y - 12)) == colour


class Still:
    """A camera that always sees the same."""

    def __init__(self, image: Image.Image) -> None:
        self.width, self.height = image.size
        self.rgb, self.number = image.tobytes(), 1

    def live(self) -> Still:
        """Return what is seen."""
        return self

    def photo(self, name: str) -> None:
        """Return nothing: no photograph was taken."""


@pytest.mark.parametrize("view", [m.CAPTURED, m.CAPTURED_CARD, m.CAPTURED_FAULT])
def test_a_photograph_keeps_its_proportion(view: Any) -> None:
    """A straightened picture is shown as it is, never stretched."""
    for theme in THEMES.values():
        photo = one_picture(placed(view, theme), f"photo:{view.picture}")
        assert photo.box.w / photo.box.h == pytest.approx(view.width / view.height, rel=0.01)


def one_picture(tree: Placed, name: str) -> Placed:
    """Return where the picture called ``name`` is."""
    return next(
        p for p in tree.walk() if p.node.style.picture and p.node.style.picture.name == name
    )


def test_a_read_number_stands_on_one_line() -> None:
    """19 digits are compared at a glance: one line in every size."""
    for theme in THEMES.values():
        found = [
            node
            for tree in leaves(m.CAPTURED_CARD, theme)
            for node in tree.walk()
            if node.node.label == "9156 0400 1234 5678 017" and node.node.style.type
        ]
        assert [len(node.lines) for node in found] == [1]


def test_a_picture_that_will_not_do_is_taken_again() -> None:
    """Where keeping is not offered, taking it again is the way on."""
    tree = placed(m.CAPTURED_FAULT, THEMES["portrait"])
    again = next(t for t in tree.targets() if t.node.target == "again")
    assert again.node.style.fill == look.JADE


def test_consequences_are_larger_than_terms() -> None:
    """What happens otherwise is set apart and larger than what is promised."""
    for theme in THEMES.values():
        sizes = {
            node.label: node.style.type.size
            for tree in leaves(m.COMMIT, theme)
            for node in tree.node.walk()
            if node.style.type
        }
        terms = max(sizes[Words()(term)] for term in m.COMMIT.terms)
        assert min(sizes[Words()(told)] for told in m.COMMIT.consequences) > terms


@pytest.mark.parametrize("view", [e.REVIEW, e.REVIEW_LONG], ids=["seven", "twelve"])
def test_a_group_is_seen_where_its_link_leads(view: ReviewView) -> None:
    """看 turns to the leaf that shows the group's own rows."""
    for word in ("portrait", "landscape"):
        theme = THEMES[word]
        links = [
            (leaf, target)
            for leaf, tree in enumerate(leaves(view, theme))
            for target in tree.node.targets()
            if target.startswith(f"{TURN}+") and target != f"{TURN}+1"
        ]
        groups = [group for group in view.groups if group.rows]
        assert len(links) == len(groups)
        for (leaf, link), group in zip(links, groups, strict=True):
            seen = placed(view, theme, leaf + int(link.removeprefix(TURN))).node.words()
            assert Words()(group.title) in seen
            assert Words()(group.rows[0].value) in seen


def test_the_whole_form_can_be_read() -> None:
    """Every field of the form stands on some leaf, with its source, in every size."""
    for theme in THEMES.values():
        words = [w for tree in leaves(e.REVIEW, theme) for w in tree.node.words()]
        for row in e.REVIEW.rows:
            assert Words()(row.label) in words
            assert Words()(row.value) in words


def test_a_signature_stays_on_its_field() -> None:
    """The picture of the strokes is exactly the field that is written on."""
    for theme in THEMES.values():
        tree = placed(e.SIGN_DONE, theme)
        field = next(t for t in tree.targets() if t.node.target == "stroke")
        picture = one_picture(tree, "strokes")
        assert picture.box == field.box
        assert len(json.loads(picture.node.style.picture.text)) == len(e.STROKES)  # type: ignore[union-attr]
    assert "stroke" not in placed(e.SIGN_BY_CARD, THEMES["portrait"]).node.targets()


def test_strokes_are_painted_where_they_were_written() -> None:
    """Ink lies on the points of a stroke, and nowhere else but on the base line."""
    ink = ImageColor.getrgb(look.INK)
    written = json.dumps([[[0.2, 0.2], [0.6, 0.4]]])
    image = pictures.paint(Picture(name="strokes", text=written, colour=look.INK), 900, 500)
    assert image.size == (900, 500)
    assert image.getpixel((180, 100)) == ink
    assert image.getpixel((360, 150)) == ink
    assert image.getpixel((540, 200)) == ink
    assert image.getpixel((180, 200)) == ImageColor.getrgb(look.CARD)


def test_a_touch_without_a_movement_is_a_dot() -> None:
    """A stroke of one point is a dot of ink, not a failure; no strokes are an empty field."""
    dot = Picture(name="strokes", text="[[[0.5,0.5]]]", colour=look.INK)
    assert pictures.paint(dot, 400, 200).getpixel((200, 100)) == ImageColor.getrgb(look.INK)
    empty = pictures.paint(Picture(name="strokes", text="", colour=look.INK), 400, 200)
    assert empty.getpixel((200, 60)) == ImageColor.getrgb(look.CARD)


def test_nothing_is_rated_beforehand() -> None:
    """No grade is marked before one is chosen; all five are equally large, skipping is plain."""
    for theme in THEMES.values():
        trees = leaves(e.RATING, theme)
        targets = {t.node.target: t for tree in trees for t in tree.targets()}
        grades = [targets[f"rate:{n}"] for n in range(1, 6)]
        assert not any(grade.node.state for grade in grades)
        assert len({(g.box.w, g.box.h, g.node.style.fill) for g in grades}) == 1
        assert targets["finish"].box.w >= grades[0].box.w
        assert targets["finish"].box.h >= 25 * theme.px_per_mm


def test_what_is_wanted_stands_out() -> None:
    """A supplement is told in gold, in the department's words, on the first leaf."""
    for theme in THEMES.values():
        root = placed(e.SHOW, theme).node
        block = next(node for node in root.walk() if "bring" in node.state)
        assert block.style.fill == look.GOLD_WASH
        assert "出院记录第 2 页看不清，医保局请您再拍一次。" in block.words()


def test_the_receipt_tells_every_number() -> None:
    """All seven items with their numbers, the code, and what happens next."""
    for theme in THEMES.values():
        trees = leaves(e.RECEIPT, theme)
        words = [w for tree in trees for w in tree.node.words()]
        for line in (*e.RECEIPT.items, *e.RECEIPT.stages):
            assert Words()(line.name) in words
            assert line.aside is None or Words()(line.aside) in words
        assert one_picture(trees[0], "qr").box.w >= 40 * theme.px_per_mm


def test_a_seven_item_receipt_is_one_page() -> None:
    """Upright, in ordinary letters, nothing need be turned."""
    assert len(leaves(e.RECEIPT, THEMES["portrait"])) == 1
