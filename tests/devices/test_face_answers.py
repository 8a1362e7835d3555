"""What the face process says is read as a stranger's words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.face.answers import (
    LONGEST,
    EngineFacts,
    FaceLook,
    Nonsense,
    ReferenceWord,
    Unsupported,
    look_answer,
    packed,
    read_look,
    read_ready,
    read_reference,
)
from drivers.face.judgement import Judgement, Problem
from drivers.face.landmarks import Pose
from drivers.face.reference import BadReference, BareSize, decode

NUMBERS = st.floats(-1e6, 1e6)
LOOKS = st.builds(
    FaceLook,
    judgement=st.builds(
        Judgement,
        faces=st.integers(0, 50),
        problems=st.lists(st.sampled_from(Problem), unique=True).map(tuple),
        eyes_apart=st.none() | NUMBERS,
        share=st.none() | NUMBERS,
        pose=st.none() | st.builds(Pose, yaw=NUMBERS, pitch=NUMBERS, roll=NUMBERS),
    ),
    box=st.none() | st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    to_reference=st.none() | NUMBERS,
    to_anchor=st.none() | NUMBERS,
    anchored=st.booleans(),
    attack=st.none() | st.booleans(),
)
GOOD = look_answer(
    FaceLook(
        judgement=Judgement(faces=0, problems=()),
        box=None,
        to_reference=None,
        to_anchor=None,
        anchored=False,
        attack=None,
    )
)


@given(LOOKS)
def test_there_and_back(look: FaceLook) -> None:
    """What was said is what is heard."""
    assert read_look(packed(look_answer(look))) == look


@pytest.mark.parametrize(
    "wrong",
    [
        {"faces": True},
        {"faces": -1},
        {"faces": "1"},
        {"problems": ["hungry"]},
        {"pose": [1, 2]},
        {"pose": [1, 2, "3"]},
        {"box": [1, 2, 3, 1e999]},
        {"eyes": float("nan")},
        {"reference": float("inf")},
        {"reference": 10**400},
        {"anchored": None},
        {"attack": 1},
    ],
)
def test_one_thing_wrong(wrong: dict[str, object]) -> None:
    """Anything that does not fit makes the whole answer nonsense."""
    with pytest.raises(Nonsense):
        read_look(json.dumps(GOOD | wrong).encode())


@given(st.binary(max_size=200) | st.recursive(st.none(), st.lists).map(lambda v: repr(v).encode()))
def test_any_bytes(data: bytes) -> None:
    """There is an answer or nonsense, never anything else."""
    for read in (read_look, read_ready, read_reference):
        with pytest.raises(Nonsense):
            read(data)


def test_the_first_packet() -> None:
    """An engine tells what it is, or why there is none; names have an end."""
    facts = {"name": "n" * 500, "threshold": 0.4, "certificate": None}
    assert read_ready(packed(facts)) == EngineFacts(name="n" * 120, threshold=0.4, certificate=None)
    assert read_ready(packed({"unsupported": "missing"})) is Unsupported.MISSING
    assert read_reference(packed({"reference": "ok"})) is ReferenceWord.OK
    with pytest.raises(Nonsense):
        read_ready(b"{" + b" " * LONGEST + b"}")


@given(
    st.binary(max_size=400),
    st.none() | st.builds(BareSize, width=st.integers(-5, 40), height=st.integers(-5, 40)),
)
def test_any_reference(data: bytes, size: BareSize | None) -> None:
    """A picture to compare with, or one error."""
    try:
        picture = decode(data, size)
    except BadReference:
        return
    assert picture.shape[2] == 3


@pytest.mark.parametrize(
    "data",
    [
        # A PNG whose second chunk says it is 187 MB long: it is not believed.
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000028000000320800000000000b0000d84cc6001e49444154"
            "789c636820426082"
        ),
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"\x89PNG\r\n\x1a\n",
        b"",
    ],
)
def test_found_by_fuzzing(data: bytes) -> None:
    """Files that broke a decoder are no pictures, and cost no memory."""
    with pytest.raises(BadReference):
        decode(data)
