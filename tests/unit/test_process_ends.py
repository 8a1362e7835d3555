"""A process that must end with another one, whatever it does meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

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


@pytest.mark.parametrize(
    "ending", ["drivers.service.process:end_with_parent", "kiosk.channel.process:die_with_parent"]
)
def test_it_ends_when_the_parent_was_faster(ending: str) -> None:
    """A parent that died while its child loaded its code is noticed, too."""
    module, name = ending.split(":")
    program = f"""if True:
        import os
        os.getppid = lambda: 1
        from {module} import {name}
        {name}()
        print("alive")
    """
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert (done.returncode, done.stdout) == (-signal.SIGTERM, b"")


_THREADS = """if True:
    import ctypes, threading
    from kiosk.channel.process import one_arena
    one_arena()
    libc, meet = ctypes.CDLL(None), threading.Barrier(8)

    def hold():
        libc.malloc(3000)
        meet.wait()

    threads = [threading.Thread(target=hold) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    libc.fopen.restype = ctypes.c_void_p
    out = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
    libc.malloc_info(0, out)
    libc.fclose(out)
"""


def test_threads_come_and_go_in_one_arena() -> None:
    """What a connection's thread used is used by the next: an endpoint serves them for months."""
    told = subprocess.run([sys.executable, "-c", _THREADS], check=True, capture_output=True)
    assert told.stdout.count(b"<heap nr=") == 1


def test_what_was_there_is_out_of_the_collectors_sight() -> None:
    """A look at all is a look at what came since."""
    program = """if True:
        import gc
        from kiosk.channel.process import settle
        settle()
        print(len(gc.get_objects()))
    """
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert int(told.stdout) < 100
