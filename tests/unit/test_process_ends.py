"""A process that must end with another one, whatever it does meanwhile."""

from __future__ import annotations

import os
import signal

import pytest

from kiosk.channel.process import die_with_pipe


@pytest.mark.parametrize("hangs", [False, True], ids=["waiting", "stopped"])
def test_it_ends_with_the_last_writer(hangs: bool) -> None:
    """The kernel ends it, also when it does nothing any more."""
    life, writer = os.pipe()
    said, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        die_with_pipe(life)
        os.write(say, b"1")
        if hangs:
            os.kill(os.getpid(), signal.SIGSTOP)
        signal.pause()
        os._exit(1)
    os.close(life)
    assert os.read(said, 1) == b"1"
    os.close(writer)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def test_it_ends_when_the_writer_was_faster() -> None:
    """Who was gone before the kernel was told is noticed."""
    life, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        os.read(life, 1)
        die_with_pipe(life)
        os._exit(1)
    os.close(writer)
    os.close(life)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
