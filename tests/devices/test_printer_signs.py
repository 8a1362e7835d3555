"""What the status bits of each model mean."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.profiles import CONFIG_DIR, load
from drivers.printer.signs import ESC_POS, PrinterStatus, read_automatic_status, read_status
from drivers.printer.steady import SAMPLES, Steady

HEALTHY = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
WELL = PrinterStatus(
    paper="full", cover="closed", cutter="ok", head="ok", error="none", line="online"
)
NAMES = [file.stem.removeprefix("printer-") for file in sorted(CONFIG_DIR.glob("printer-*.yaml"))]


def status(answers: dict[int, int | None], model: str = "generic-80mm") -> PrinterStatus:
    """Read DLE EOT answers, by their number, with a model's table."""
    given_answers = {
        bytes((0x10, 0x04, kind)): None if value is None else bytes((value,))
        for kind, value in answers.items()
    }
    return read_status(load(model).status, given_answers)


def test_a_healthy_printer() -> None:
    """All four answers 12: full, closed, ok; and no presenter is spoken of."""
    assert status({**HEALTHY}) == WELL
    assert "presenter" not in WELL.words()


@pytest.mark.parametrize(
    ("kind", "value", "field", "word"),
    [
        (1, 0x16, "line", "online"),  # drawer pin high is not our business
        (1, 0x1A, "line", "offline"),
        (2, 0x16, "cover", "open"),
        (2, 0x32, "paper", "out"),
        (2, 0x52, "error", "recoverable"),
        (3, 0x1A, "cutter", "fault"),
        (3, 0x32, "error", "unrecoverable"),
        (3, 0x52, "head", "hot"),
        (3, 0x16, "error", "recoverable"),
        (4, 0x1E, "paper", "low"),
        (4, 0x1A, "paper", "low"),
        (4, 0x72, "paper", "out"),
        (4, 0x7E, "paper", "out"),
        (4, 0x32, "paper", "out"),
    ],
)
def test_each_status_bit(kind: int, value: int, field: str, word: str) -> None:
    """One answer differs from healthy, one word changes."""
    told = status({**HEALTHY, kind: value})
    assert getattr(told, field) == word
    assert replace(told, **{field: getattr(WELL, field)}) == WELL


@pytest.mark.parametrize("missing", [1, 2, 3, 4])
def test_a_missing_answer_is_unknown_and_never_all_is_well(missing: int) -> None:
    """What only that answer could have shown is not known."""
    told = status({**HEALTHY, missing: None})
    unknown = {
        1: {"line"},
        2: {"cover", "paper", "error"},
        3: {"cutter", "head", "error"},
        4: {"paper"},
    }
    assert {name for name, word in told.words().items() if word == "unknown"} == unknown[missing]


def test_trouble_is_seen_in_one_answer_alone() -> None:
    """Bad news does not wait for the other answers."""
    assert status({2: 0x32}).paper == "out"
    assert status({}).answered is False
    assert status({}).trouble is None


@pytest.mark.parametrize(
    ("answers", "trouble"),
    [
        ({}, None),
        ({1: 0x1A, 2: 0x36, 4: 0x72}, "coverOpen"),
        ({1: 0x1A, 2: 0x32, 4: 0x72}, "paperOut"),
        ({1: 0x1A, 2: 0x52, 3: 0x1A}, "cutterError"),
        ({1: 0x1A, 2: 0x52, 3: 0x32}, "printerError"),
        ({1: 0x1A, 2: 0x52, 3: 0x52}, "overheated"),
        ({1: 0x1A, 2: 0x52, 3: 0x16}, "printerError"),
        ({1: 0x1A}, "offline"),
        ({4: 0x1E}, None),
    ],
)
def test_the_first_trouble_is_what_staff_can_see(
    answers: dict[int, int], trouble: str | None
) -> None:
    """An open cover explains missing paper; low paper is no trouble."""
    assert status({**HEALTHY, **answers}).trouble == trouble


@pytest.mark.parametrize(
    ("model", "value", "paper", "presenter"),
    [
        ("citizen-ppu-231", 0x12, "full", "holding"),
        ("citizen-ppu-231", 0x52, "full", "empty"),
        ("citizen-ppu-231", 0x72, "out", "empty"),
        ("citizen-ppu-700", 0x52, "full", "holding"),
        ("citizen-ppu-700", 0x12, "full", "empty"),
        ("epson-tm-t82", 0x52, "out", None),
    ],
)
def test_bit_six_of_the_paper_answer(
    model: str, value: int, paper: str, presenter: str | None
) -> None:
    """The same byte is an empty presenter, a full one, or no paper."""
    told = status({**HEALTHY, 4: value}, model)
    assert (told.paper, told.presenter) == (paper, presenter)


@pytest.mark.parametrize(
    ("values", "trouble", "paper", "presenter"),
    [
        ("00000000", None, "full", "empty"),
        ("20000000", None, "full", "holding"),
        ("05000000", "paperOut", "out", "empty"),
        ("04000000", None, "low", "empty"),
        ("00020000", "coverOpen", "full", "empty"),
        ("00010000", "coverOpen", "full", "empty"),
        ("00000100", "overheated", "full", "empty"),
        ("00004000", "paperJammed", "jammed", "empty"),
        ("00000001", "cutterError", "full", "empty"),
        ("00000004", "printerError", "full", "empty"),
    ],
)
def test_the_full_status_of_custom(
    values: str, trouble: str | None, paper: str, presenter: str
) -> None:
    """DLE EOT 20: paper, user, recoverable and unrecoverable in four bytes."""
    answers = {b"\x10\x04\x14": bytes.fromhex(values), b"\x10\x04\x01": b"\x12"}
    told = read_status(load("custom-vkp80").status, answers)
    assert (told.trouble, told.paper, told.presenter) == (trouble, paper, presenter)


def test_the_bare_byte_of_hwasung() -> None:
    """DLE EOT 2 without fixed bits; moving paper (bit 4) is no trouble."""
    told = {value: status({2: value}, "hwasung-hmk-830").trouble for value in (0x10, 1, 2, 4, 0x20)}
    assert told == {
        0x10: None,
        1: "paperOut",
        2: "coverOpen",
        4: "paperJammed",
        0x20: "cutterError",
    }


@pytest.mark.parametrize(
    ("values", "field", "word"),
    [
        ("10000000", "paper", "full"),
        ("14000000", "line", "online"),
        ("18000000", "line", "offline"),
        ("30000000", "cover", "open"),
        ("10080000", "cutter", "fault"),
        ("10400000", "head", "hot"),
        ("10040000", "error", "recoverable"),
        ("10200000", "error", "unrecoverable"),
        ("10000300", "paper", "low"),
        ("10000f00", "paper", "out"),
    ],
)
def test_automatic_status_bytes(values: str, field: str, word: str) -> None:
    """The four-byte form has its bits elsewhere."""
    assert getattr(read_automatic_status(bytes.fromhex(values)), field) == word


@given(st.sampled_from(NAMES), st.lists(st.binary(min_size=1, max_size=1) | st.none(), max_size=8))
def test_any_answers_give_a_status_of_known_words(name: str, answers: list[bytes | None]) -> None:
    """The union is closed whatever the printer says."""
    questions = [q for q in load(name).status if not q.head]
    asked = {q.ask: answer for q, answer in zip(questions, answers, strict=False)}
    told = read_status(questions, asked)
    assert told.paper in {"full", "low", "out", "jammed", "unknown"}
    assert told.presenter in {"empty", "holding", "unknown", None}
    assert told.trouble in {
        None, "coverOpen", "paperOut", "paperJammed", "cutterError", "overheated", "printerError",
        "offline",
    }  # fmt: skip


def test_a_sensor_that_bounces_is_not_news() -> None:
    """Three equal looks make a status; anything in between begins anew."""
    low, out = replace(WELL, paper="low"), replace(WELL, paper="out")
    steady = Steady(WELL)
    for seen in (low, low, out, low, WELL, low, low):
        steady.see(seen)
    assert (steady.status, steady.certain) == (WELL, False)
    steady.see(low)
    assert (steady.status, steady.certain) == (low, True)
    for _ in range(SAMPLES):
        steady.see(out)
    assert steady.status == out


def test_questions_are_those_of_the_manuals() -> None:
    """DLE EOT 1 to 4, three bytes each."""
    assert [question.ask.hex() for question in ESC_POS] == ["100401", "100402", "100403", "100404"]
