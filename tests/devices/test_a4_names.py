"""Names of printers: a resolver that hangs costs what it may, and no more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.a4.connection import Target
from drivers.a4.device import DocumentPrinter
from drivers.a4.names import Found, Names
from drivers.errors import TransportLost
from tests.waiting import PATIENCE_S, until

PLACE = ("printer.invalid", 631)
FOUND: Found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]


class Resolver:
    """A resolver that knows one address, and tells it when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.knows = True
        self.answers = threading.Event()
        self._real = socket.getaddrinfo

    def __call__(self, host: str, port: int, **named: Any) -> Found:
        """Answer as `socket.getaddrinfo`."""
        if named.get("flags"):
            return list(self._real(host, port, **named))
        self.asked += 1
        self.answers.wait(PATIENCE_S)
        if not self.knows:
            raise socket.gaierror(-2, "Name or service not known")
        return FOUND


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    """Lend a resolver in the place of the system's."""
    made = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", made)
    yield made
    made.answers.set()


def found(names: Names) -> bool:
    """Say whether the address is known by now."""
    try:
        return names.addresses(PLACE, 0) == FOUND
    except TimeoutError:
        return False


def test_a_resolver_that_hangs_does_not_hang_the_look(resolver: Resolver) -> None:
    """The printer is lost within the time of the look, and no second look-up piles up."""
    printer = DocumentPrinter(Target.parse("ipp://printer.invalid/ipp/print"))
    for _ in range(2):
        with pytest.raises(TransportLost, match="address"):
            printer.look(0.2)
    assert resolver.asked == 1


def test_what_comes_late_is_used_and_kept_until_nobody_is_there(resolver: Resolver) -> None:
    """One look-up serves all exchanges; a printer that moved is found again."""
    names = Names()
    assert not found(names)
    resolver.answers.set()
    until(lambda: found(names))
    assert names.addresses(PLACE, 0) == FOUND
    assert resolver.asked == 1
    names.forget(PLACE)
    assert names.addresses(PLACE, 5) == FOUND
    assert resolver.asked == 2


def test_where_nobody_listens_is_looked_up_anew(resolver: Resolver) -> None:
    """It may have moved."""
    resolver.answers.set()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        FOUND[:] = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", closed.getsockname())]
        printer = DocumentPrinter(Target.parse("ipp://printer.invalid/ipp/print"))
        for _ in range(2):
            with pytest.raises(TransportLost):
                printer.look(2)
    assert resolver.asked == 2


def test_a_name_nobody_knows_is_asked_again(resolver: Resolver) -> None:
    """The network may come up later; a name that can be none is no crash."""
    resolver.knows = False
    resolver.answers.set()
    names = Names()
    with pytest.raises(socket.gaierror):
        names.addresses(PLACE, 5)
    resolver.knows = True
    assert names.addresses(PLACE, 5) == FOUND


def test_addresses_need_no_resolver(resolver: Resolver) -> None:
    """They work while the resolver hangs; a name that no host can have is refused."""
    names = Names()
    assert names.addresses(("127.0.0.1", 631), 0)[0][4] == ("127.0.0.1", 631)
    assert names.addresses(("::1", 631), 0)
    assert resolver.asked == 0


def test_a_name_that_none_can_have_is_no_crash() -> None:
    """The system's resolver takes no label of more than 63 characters."""
    with pytest.raises(OSError, match="name"):
        Names().addresses(("x" * 70 + ".invalid", 631), 5)
