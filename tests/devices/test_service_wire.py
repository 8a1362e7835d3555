"""Messages as bytes on the web socket: in pieces, as text or binary, too long, or no messages."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, unix_connect

from drivers.service.envelope import MAX_MESSAGE
from tests.devices.service_bench import Bench

STATUS = '{"header":{"name":"Common.Status","type":"command","requestId":1}}'


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """Lend one host to the tests of this file."""
    with Bench() as bench:
        yield bench


def raw(bench: Bench) -> ClientConnection:
    """Return a bare web socket to the ID reader."""
    return unix_connect(
        str(bench.socket("IdReader")),
        "ws://localhost/xfs4iot/v1.0/IdReader/",
        additional_headers={"Authorization": f"Bearer {bench.secret}"},
        compression=None,
        max_size=None,
        legacy=True,
    )


def answer(connection: ClientConnection) -> dict[str, object]:
    """Return the header of the next message that answers something."""
    while True:
        header = json.loads(connection.recv(5))["header"]
        if header["type"] != "unsolicited":
            return dict(header)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("not json", "invalidMessage"),
        ("[]", "invalidMessage"),
        ('{"header":{}}', "invalidMessage"),
        (b"\xff\xfe", "invalidMessage"),
        ('{"header":{"name":"Common.Status","type":"command","requestId":0}}', "invalidRequestID"),
        ('{"header":{"name":"Common.Status","type":"event","requestId":1}}', "invalidMessage"),
        ('"' + "a" * MAX_MESSAGE + '"', "invalidMessage"),
    ],
    ids=["noise", "list", "empty", "bytes", "id", "event", "too long"],
)
def test_garbled_messages_are_refused_by_name(bench: Bench, text: str | bytes, status: str) -> None:
    """The acknowledgement says why, and the connection goes on."""
    with raw(bench) as connection:
        connection.send(text)
        refused = answer(connection)
        assert (refused["type"], refused["status"]) == ("acknowledge", status)
        connection.send('{"header":{"name":"Common.Status","type":"command","requestId":1}}')
        assert answer(connection)["type"] == "acknowledge"
        assert answer(connection)["completionCode"] == "success"


def test_a_flood_ends_the_connection_only(bench: Bench) -> None:
    """More than twice the limit closes the connection with 1009; the service goes on."""
    with raw(bench) as connection:
        connection.send("a" * (2 * MAX_MESSAGE + 1))
        with pytest.raises(ConnectionClosed, match="1009"):
            connection.recv(5)
    assert bench.word("IdReader") == "online"


@pytest.mark.parametrize(
    "message",
    [STATUS, STATUS.encode(), [STATUS[:10], STATUS[10:]], [*map(bytes, zip(STATUS.encode()))]],
    ids=["text", "binary", "two fragments", "a byte a fragment"],
)
def test_a_message_is_taken_however_it_is_sent(
    bench: Bench, message: str | bytes | list[str] | list[bytes]
) -> None:
    """Text or binary, whole or in fragments: one acknowledgement, one completion."""
    with raw(bench) as connection:
        connection.send(message)
        assert answer(connection)["type"] == "acknowledge"
        assert answer(connection)["completionCode"] == "success"


def test_a_request_id_is_free_again_after_its_completion(bench: Bench) -> None:
    """The same id may follow itself, as clients that count from one again do."""
    with raw(bench) as connection:
        for _ in range(2):
            connection.send(STATUS)
            assert answer(connection)["type"] == "acknowledge"
            assert answer(connection)["requestId"] == 1
