"""Local endpoints: framing, roles, descriptors, and what a stranger gets."""

from __future__ import annotations

import mmap
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.channel import (
    Caller,
    ChannelClosed,
    ChannelError,
    Client,
    Refused,
    Request,
    Secrets,
    Server,
    frame,
)
from tests.waiting import PATIENCE_S, until

SECRETS = Secrets.generate(["session", "shell"])


def _echo(request: Request) -> dict[str, object]:
    return {"text": request.text("text")}


def _size(request: Request) -> dict[str, object]:
    with mmap.mmap(request.fds[0], 0, prot=mmap.PROT_READ) as memory:
        return {"size": len(memory), "first": memory[0]}


def _fail(request: Request) -> None:
    raise KeyError("a defect")


LEFT: list[Caller] = []


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Server]:
    """A running endpoint with three operations for a session and none for a shell."""
    server = Server(
        tmp_path / "e.sock",
        SECRETS,
        {("session", "echo"): _echo, ("session", "size"): _size, ("session", "fail"): _fail},
        on_leave=LEFT.append,
    )
    server.start()
    yield server
    server.close()


def _client(server: Server, role: str = "session", secret: str | None = None) -> Client:
    return Client(server.path, role, secret or SECRETS.roles[role], timeout=PATIENCE_S)


def test_a_call_is_answered(endpoint: Server) -> None:
    """Chinese text comes back as it went."""
    with _client(endpoint) as client:
        assert client.call("echo", text="新乡市 𠮷")["text"] == "新乡市 𠮷"


def test_a_memory_file_crosses(endpoint: Server) -> None:
    """A descriptor arrives with the frame that names it."""
    fd = os.memfd_create("sealed")
    os.write(fd, b"\x07" * 3_000_000)
    with _client(endpoint) as client:
        assert client.call("size", fds=[fd]) == {"ok": True, "size": 3_000_000, "first": 7}
    os.close(fd)


def test_no_descriptor_is_left_open(endpoint: Server) -> None:
    """The serving process closes what it was handed, also when a call is refused."""
    fd = os.memfd_create("sealed")
    os.write(fd, b"x")
    with _client(endpoint) as client:
        client.call("size", fds=[fd])
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(20):
            client.call("size", fds=[fd])
            with pytest.raises(Refused):
                client.call("nothing", fds=[fd])
        assert len(os.listdir("/proc/self/fd")) == before
    os.close(fd)


@pytest.mark.parametrize(("role", "secret"), [("session", "0" * 64), ("admin", "0" * 64)])
def test_a_stranger_is_refused(endpoint: Server, role: str, secret: str) -> None:
    """A wrong secret and an unknown role get the same word."""
    with pytest.raises(Refused, match="stranger"):
        _client(endpoint, role, secret)


def test_another_user_is_refused(tmp_path: Path) -> None:
    """The right secret from a uid that is not allowed is still a stranger."""
    server = Server(tmp_path / "o.sock", SECRETS, {}, allowed_uids=[os.getuid() + 1])
    server.start()
    with pytest.raises(Refused, match="stranger"):
        _client(server)
    server.close()


def test_a_role_has_only_its_operations(endpoint: Server) -> None:
    """What a session may ask, a shell may not."""
    with _client(endpoint, "shell") as client, pytest.raises(Refused, match="unknown_operation"):
        client.call("echo", text="x")


def test_a_defect_answers_internal_and_serving_goes_on(endpoint: Server) -> None:
    """A handler's bug is told by type, and the next call works."""
    with _client(endpoint) as client:
        with pytest.raises(Refused, match="internal"):
            client.call("fail")
        assert client.call("echo", text="on")["text"] == "on"


def test_a_wrong_field_is_refused(endpoint: Server) -> None:
    """A number where text belongs is named."""
    with _client(endpoint) as client, pytest.raises(Refused, match="bad_request"):
        client.call("echo", text=7)


def test_leaving_is_told_once(endpoint: Server) -> None:
    """The serving room learns that a connection ended."""
    LEFT.clear()
    _client(endpoint).close()
    until(lambda: len(LEFT) == 1)


def test_closed_server_ends_a_client(endpoint: Server) -> None:
    """A call to an endpoint that went away says so."""
    client = _client(endpoint)
    endpoint.close()
    with pytest.raises(ChannelClosed):
        client.call("echo", text="x")


def test_an_answer_of_a_peer_that_left_at_once_is_heard(tmp_path: Path) -> None:
    """A refusal is heard although the other side closed right after it, every time."""
    server = Server(tmp_path / "q.sock", SECRETS, {})
    server.start()
    for _ in range(200):
        with pytest.raises(Refused, match="stranger"):
            Client(server.path, "session", "wrong", timeout=PATIENCE_S)
    server.close()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_the_one_error(data: bytes) -> None:
    """Whatever arrives: a message or a ChannelError, never more."""
    left, right = socket.socketpair()
    with left, right:
        left.sendall(data)
        left.shutdown(socket.SHUT_WR)
        try:
            message, _ = frame.receive(right)
        except ChannelError:
            return
        assert isinstance(message, dict)


def test_a_huge_frame_is_refused_before_it_is_read() -> None:
    """A length over the limit costs no memory."""
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"\x7f\xff\xff\xff")
        with pytest.raises(ChannelError, match="larger"):
            frame.receive(right)
