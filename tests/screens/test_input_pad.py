"""The pads as they are placed and painted: sizes, places, contrast, one height in all states."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PIL import Image

from kiosk.journey.view_parts import text
from screens import layout
from screens import theme as look
from screens.fonts import advance
from screens.gallery import LANDSCAPE, PORTRAIT, Easel
from screens.input.composition import MAX_LETTERS, Composition, Mode
from screens.input.engine import Candidate, Reading
from screens.layout import Placed
from screens.sample import NOW
from screens.semantic import Node
from screens.theme import ELDER_TARGET_MM, TARGET_MM, Theme, contrast
from screens.widgets import candidates, keyboard, keys, number_pad
from screens.widgets.kit import Kit
from screens.words import Words

SMALL = Theme(width=1080, height=1920, px_per_mm=3.6)
THEMES = {
    "portrait": PORTRAIT,
    "landscape": LANDSCAPE,
    "24-inch": SMALL,
    "elder": replace(PORTRAIT, size="elder"),
    "elder-landscape": replace(LANDSCAPE, size="elder"),
}
LETTER_MM = 22.5
"""With elder letters ten keys stand side by side and are a little narrower than 25 mm."""
RAIL = 600


def reading(*words: str, syllables: tuple[str, ...] = ("mu", "chen")) -> Reading:
    """Make a reading whose candidates use up two letters."""
    found = tuple(Candidate(words=one, letters=2) for one in words)
    return Reading(syllables=syllables, candidates=found)


MANY = reading(*("沐辰", "沐晨", "沐宸", "慕尘"), *"木母目亩穆墓姆慕牧幕暮沐" * 9)
LONG = reading("中" * 12, "新乡市红旗区平原路", "新乡市", *"中种重" * 20, syllables=("zhuang",) * 6)
STATES: dict[str, Composition] = {
    "empty": Composition(),
    "composing": Composition(letters="muchen", reading=MANY),
    "leaf": Composition(letters="muchen", reading=MANY, leaf=1),
    "last-leaf": Composition(letters="muchen", reading=MANY, leaf=99),
    "long": Composition(letters="z" * MAX_LETTERS, reading=LONG),
    "long-leaf": Composition(letters="z" * MAX_LETTERS, reading=LONG, leaf=1),
    "nothing": Composition(letters="v", reading=Reading(syllables=("v",))),
    "latin": Composition(mode=Mode.LATIN, capital=True),
    "digits": Composition(mode=Mode.DIGITS),
    "symbols": Composition(mode=Mode.SYMBOLS),
}
KINDS = ("digits", "mobile", "id_number", "money", "account")


def page(pad: Node, kit: Kit) -> Placed:
    """Put a pad at the bottom of a screen."""
    root = kit.column([kit.space(), pad], fill=look.PAPER)
    return layout.arrange(root, kit.theme.width, kit.theme.height)


def pads(theme: Theme, language: str) -> list[tuple[str, Node, Kit]]:
    """Return every pad in every state on a screen."""
    kit = Kit(theme=theme, say=Words(language), now=NOW)
    done = text("input.next")
    widths = (0,) if theme.portrait else (0, theme.width - RAIL)
    made: list[tuple[str, Node, Kit]] = []
    for big, width in itertools.product((False, True), widths):
        for name, state in STATES.items():
            node = keyboard.pad(kit, state, big=big, done=done, width=width)
            made.append((f"{name}-{big}-{width}", node, kit))
        for kind in KINDS:
            node = keyboard.dock(kit, kind, STATES["empty"], big=big, done=done, width=width)
            made.append((f"{kind}-{big}-{width}", node, kit))
        bare = keyboard.pad(kit, STATES["latin"], big=big, available=False, width=width)
        made.append((f"absent-{big}-{width}", bare, kit))
    return made


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_targets_are_large_enough_and_apart(theme: Theme, language: str) -> None:
    """20 mm (elder: 25) both ways, on the screen, no dot shared, no target twice."""
    least = (ELDER_TARGET_MM if theme.elder else TARGET_MM) * theme.px_per_mm
    for name, pad, kit in pads(theme, language):
        tree = page(pad, kit)
        targets = tree.targets()
        for target in targets:
            letter = target.node.target.startswith("screen:key:")
            narrow = min(least, LETTER_MM * theme.px_per_mm) if letter else least
            assert target.box.w >= narrow, (name, target.node.target)
            assert target.box.h >= least, (name, target.node.target)
            assert target.box.inside(tree.box), (name, target.node.target)
        for one, other in itertools.combinations(targets, 2):
            assert not one.box.overlaps(other.box), (name, one.node.target, other.node.target)
        named = [target.node.target for target in targets]
        assert len(named) == len(set(named)), name


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_words_fit_their_keys(theme: Theme, language: str) -> None:
    """No word is cut or stands over the edge of its key."""
    for name, pad, kit in pads(theme, language):
        for own in page(pad, kit).walk():
            words = own.node.style.type
            if words is None or not own.lines or words.face == "icon":
                continue
            assert "".join(own.lines).replace(" ", "") == own.node.label.replace(" ", ""), name
            longest = max(advance(line, words.face, words.size) for line in own.lines)
            assert longest <= own.box.w + 1, (name, own.node.label)
            assert len(own.lines) * words.size * words.leading <= own.box.h + 1, name


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_height_never_changes(theme: Theme) -> None:
    """Nothing moves under a finger; a lying screen keeps 55 % (elder: 45) for the form."""
    kit = Kit(theme=theme, say=Words(), now=NOW)
    for big in (False, True):
        wanted = keyboard.height(kit, big=big)
        heights = {
            layout.size(pad, theme.width)[1]
            for name, pad, _ in pads(theme, "zh")
            if f"-{big}-" in name
        }
        assert heights == {wanted}
        assert wanted <= (0.55 if theme.elder else 0.45) * theme.height


def test_big_is_bigger() -> None:
    """Upright, elder size has larger keys and letters."""
    kit = Kit(theme=PORTRAIT, say=Words(), now=NOW)
    usual, big = keys.sizes(kit, big=False), keys.sizes(kit, big=True)
    assert big.key > usual.key
    assert big.letter > usual.letter
    assert big.bar > usual.bar


def test_every_candidate_is_on_a_leaf() -> None:
    """Turning all leaves shows each candidate once, in order."""
    kit = Kit(theme=PORTRAIT, say=Words(), now=NOW)
    for state in (STATES["composing"], STATES["long"]):
        seen: list[str] = []
        leaf = 1
        while True:
            turned = Composition(letters=state.letters, reading=state.reading, leaf=leaf)
            targets = keyboard.pad(kit, turned).targets()
            seen += [one for one in targets if one.startswith("screen:candidate:")]
            if "screen:leaf:+1" not in targets:
                break
            leaf += 1
        assert seen == [f"screen:candidate:{n}" for n in range(len(state.reading.candidates))]


def test_packing() -> None:
    """Rows are filled in order, and a row is never overfull."""
    assert candidates.pack([1, 1, 2, 3, 1], 3, 2) == [[[0, 1], [2]], [[3], [4]]]
    assert candidates.pack([3, 3, 3], 3, 2) == [[[0], [1]], [[2]]]
    assert candidates.pack([], 3, 2) == [[[]]]


def test_what_does_not_work_cannot_be_touched() -> None:
    """No break before a letter, no space in pinyin before candidates, no way on over letters."""
    kit = Kit(theme=PORTRAIT, say=Words(), now=NOW)
    done = text("input.next")
    empty = keyboard.pad(kit, STATES["empty"], done=done).targets()
    assert "screen:done" in empty
    assert not {"screen:key:'", "screen:space"} & set(empty)
    composing = keyboard.pad(kit, STATES["composing"], done=done).targets()
    assert {"screen:key:'", "screen:space", "screen:leaf:+1"} <= set(composing)
    assert "screen:done" not in composing
    assert "screen:done" not in keyboard.pad(kit, STATES["empty"]).targets()
    absent = keyboard.pad(kit, STATES["latin"], available=False)
    assert "screen:mode:pinyin" not in absent.targets()
    assert any("找人帮忙" in words for words in absent.words())


def test_number_pads_write_what_their_numbers_need() -> None:
    """X of an identity number, the point of money, nothing else."""
    kit = Kit(theme=PORTRAIT, say=Words(), now=NOW)
    digits = {f"text:{digit}" for digit in "0123456789"} | {"erase"}
    more = {"id_number": {"text:X"}, "money": {"text:."}}
    for kind in KINDS:
        assert set(number_pad.pad(kit, kind).targets()) == digits | more.get(kind, set())


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_contrast(theme: Theme) -> None:
    """Words ≥ 4.5 and icons ≥ 3 on what they stand on."""
    for name, pad, kit in pads(theme, "zh"):
        for ground, own in _grounds(page(pad, kit), look.PAPER):
            words = own.node.style.type
            if words is not None and own.lines:
                least = 3.0 if words.face == "icon" else 4.5
                assert contrast(words.colour, ground) >= least, (name, own.node.label)


def _grounds(tree: Placed, ground: str) -> list[tuple[str, Placed]]:
    found = [(ground, tree)]
    for child in tree.children:
        found += _grounds(child, tree.node.style.fill or ground)
    return found


def test_it_can_be_painted(easel: Easel) -> None:
    """A pad is drawn: the marked candidate is green, the keys are white."""
    kit = Kit(theme=PORTRAIT, say=Words(), now=NOW)
    tree = page(keyboard.pad(kit, STATES["composing"]), kit)
    image = easel.picture(tree)
    marked = next(t for t in tree.targets() if t.node.target == "screen:candidate:0")
    key = next(t for t in tree.targets() if t.node.target == "screen:key:q")
    assert _dot(image, marked) == look.JADE
    assert _dot(image, key) == look.CARD


def _dot(image: Image.Image, placed: Placed) -> str:
    """Return the colour of a dot left of the words in a box."""
    red, green, blue = image.getpixel((placed.box.x + 8, placed.box.y + placed.box.h // 2))[:3]  # type: ignore[index]
    return f"#{red:02X}{green:02X}{blue:02X}"
