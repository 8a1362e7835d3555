"""Sealed bytes: who can open them, and that nobody can change them."""

from __future__ import annotations

import fcntl
import os
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.crypto import PROVIDERS, PublicSealingKey, SealedError, SealingKey, provider
from kiosk.crypto.sealed import (
    MAX_PARTS,
    SealedView,
    Submission,
    is_frozen,
    seal,
    seal_to_memory_file,
)

BODY = '{"application":{"applicant":"李小雨"}}'.encode()
ATTACHMENTS = [b"first attachment" * 20, b"", b"\xff\xd8third"]
SUBMISSION = Submission(
    submission_id="7d1f0e2a-0000-4000-8000-000000000001", body=BODY, attachments=ATTACHMENTS
)
NAMES = sorted(PROVIDERS)


@cache
def keys(name: str) -> tuple[SealingKey, SealingKey, SealingKey]:
    """Return the agent's key, the recovery key, and a stranger's."""
    chosen = provider(name)
    agent, recovery, stranger = (
        chosen.load_sealing_key(chosen.new_sealing_key()) for _ in range(3)
    )
    return agent, recovery, stranger


def recipients(name: str) -> list[PublicSealingKey]:
    """Return the two who may open."""
    agent, recovery, _ = keys(name)
    return [
        PublicSealingKey(holder="agent", key_id=agent.key_id, public=agent.public),
        PublicSealingKey(holder="recovery", key_id=recovery.key_id, public=recovery.public),
    ]


@cache
def sealed(name: str) -> bytes:
    """Return the sample, sealed once."""
    return b"".join(seal(provider(name), SUBMISSION, recipients(name)))


def open_all(data: bytes, key: SealingKey) -> tuple[str, bytes, list[bytes]]:
    """Open everything."""
    view = SealedView(data)
    opened = view.open(key)
    attachments = [opened.attachment(index) for index in range(len(view.sizes) - 1)]
    return view.submission_id, opened.body(), attachments


@pytest.mark.parametrize("name", NAMES)
def test_both_recipients_open(name: str) -> None:
    """The agent's and the recovery key open all parts; a stranger's opens none."""
    agent, recovery, stranger = keys(name)
    for key in (agent, recovery):
        assert open_all(sealed(name), key) == (SUBMISSION.submission_id, BODY, ATTACHMENTS)
    with pytest.raises(SealedError):
        open_all(sealed(name), stranger)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_readable(name: str) -> None:
    """Neither body nor attachments are in the sealed bytes, and no two sealings are alike."""
    assert "李小雨".encode() not in sealed(name)
    assert b"first attachment" not in sealed(name)
    again = b"".join(seal(provider(name), SUBMISSION, recipients(name)))
    assert again != sealed(name)
    assert SealedView(again).fingerprint != SealedView(sealed(name)).fingerprint


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_any_change_is_one_error(name: str, data: st.DataObject) -> None:
    """Whatever byte is changed, opening raises the one error and no other."""
    whole = bytearray(sealed(name))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealedError):
        open_all(bytes(whole), keys(name)[0])


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_any_cut_or_addition_is_one_error(name: str, data: st.DataObject) -> None:
    """Cut anywhere, or with anything put in anywhere, opening raises the one error."""
    whole = sealed(name)
    at = data.draw(st.integers(0, len(whole) - 1))
    added = data.draw(st.binary(max_size=40))
    drop = data.draw(st.integers(0, len(whole) - at))
    changed = whole[:at] + added + whole[at + drop :]
    if changed != whole:
        with pytest.raises(SealedError):
            open_all(changed, keys(name)[0])


@given(st.binary(max_size=300))
def test_foreign_bytes_are_one_error(data: bytes) -> None:
    """Anything that is not sealed bytes is the same error."""
    with pytest.raises(SealedError):
        SealedView(data)


@given(st.binary(max_size=120))
def test_foreign_headers_are_one_error(header: bytes) -> None:
    """A right beginning with a header of any bytes is the same error."""
    with pytest.raises(SealedError):
        SealedView(b"YDSEAL\x00\x01" + len(header).to_bytes(4, "big") + header)


@pytest.mark.parametrize("name", NAMES)
def test_parts_do_not_mix(name: str) -> None:
    """A part of another submission, or two parts of one size swapped, do not open."""
    two = Submission(submission_id="two", body=b"abcd", attachments=[b"efgh", b"ijkl"])
    agent = keys(name)[0]
    head, body, first, second = seal(provider(name), two, recipients(name))
    with pytest.raises(SealedError):
        open_all(head + body + second + first, agent)
    other = seal(provider(name), two, recipients(name))
    with pytest.raises(SealedError):
        open_all(head + body + other[2] + second, agent)
    with pytest.raises(SealedError):
        open_all(other[0] + body + first + second, agent)


@pytest.mark.parametrize("name", NAMES)
def test_memory_file_is_frozen(name: str) -> None:
    """The memory file holds the same format and can't be changed by anybody any more."""
    fd, size = seal_to_memory_file(provider(name), SUBMISSION, recipients(name))
    try:
        assert is_frozen(fd)
        assert os.fstat(fd).st_size == size
        assert open_all(os.pread(fd, size, 0), keys(name)[1])[1] == BODY
        with pytest.raises(PermissionError):
            os.pwrite(fd, b"x", 0)
        with pytest.raises(PermissionError):
            os.ftruncate(fd, 1)
    finally:
        os.close(fd)


def test_other_files_are_not_frozen() -> None:
    """An open memory file, and something that is none, are told apart."""
    fd = os.memfd_create("open", os.MFD_ALLOW_SEALING)
    read, write = os.pipe()
    try:
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
        assert not is_frozen(fd)
        assert not is_frozen(read)
    finally:
        for one in (fd, read, write):
            os.close(one)


@pytest.mark.parametrize("name", NAMES)
def test_limits(name: str) -> None:
    """No recipient, or too many parts, is refused before anything is sealed."""
    with pytest.raises(SealedError):
        seal(provider(name), SUBMISSION, [])
    many = Submission(submission_id="x", body=b"", attachments=[b""] * MAX_PARTS)
    with pytest.raises(SealedError):
        seal(provider(name), many, recipients(name))


def test_view_names_its_parts() -> None:
    """The pieces of a view are the whole, in place, and it names who can open it."""
    whole = sealed("international")
    view = SealedView(whole)
    assert b"".join(view.pieces) == whole
    assert view.sizes == (len(BODY), *(len(one) for one in ATTACHMENTS))
    assert view.key_ids == {key.key_id for key in recipients("international")}
