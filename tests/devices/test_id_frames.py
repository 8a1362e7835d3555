"""A slice of the campaign of random and mutated frames, and of the fuzz target."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.id_reader.outcomes import CardProblem
from tests.fuzz import fuzz_id_reader
from tests.fuzz.frames_id_reader import campaign

ERRORS = {"accepted", "noise", "error: length", "error: checksum", "error: truncated"}


def test_random_and_mutated_frames_are_accepted_or_the_one_error() -> None:
    """Each way of spoiling a frame is among them, and each documented end."""
    tally = campaign(3000, seed=7)
    assert set(tally.heard) == ERRORS
    assert set(tally.reads) <= {"read", *CardProblem}
    assert tally.reads["read"] > 100
    assert tally.most_kept < 4098
    assert tally.grown_kb < 20_000


def test_the_seeds_of_the_fuzz_target_run() -> None:
    """What a campaign starts from is fine itself."""
    for seed in fuzz_id_reader.SEEDS:
        fuzz_id_reader.one_input(seed)


@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_named_outcome(data: bytes) -> None:
    """The fuzz target, without its fuzzer."""
    fuzz_id_reader.one_input(data)
