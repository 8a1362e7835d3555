"""What a slot for chip cards can do, and which kind of slot a name means.

==========================  ==================================================================
port                        slot
==========================  ==================================================================
``pcsc:``                   the only reader of PC/SC
``pcsc:NAME``               the reader of PC/SC whose name begins so
a path                      a Unix socket, such as that of the simulated slot
==========================  ==================================================================
"""

from __future__ import annotations

from typing import Protocol


class CardGone(Exception):
    """There is no card in the slot, or it was pulled out. Never leaves this room."""


class CardMute(Exception):
    """There is a card and it does not answer: put in the wrong way round, or broken.

    Never leaves this room.
    """


class CardSlot(Protocol):
    """One slot. Calls block, each with a limit, and come from one thread."""

    @property
    def model(self) -> str:
        """What the slot calls itself; empty if it says nothing."""

    def present(self) -> bool:
        """Say whether there is a card.

        Raises:
            TransportLost, DeviceSilent, DeviceFailed: The slot cannot be asked.
        """

    def power_on(self) -> bytes:
        """Power the card and return its answer to reset.

        Raises:
            CardGone, CardMute: There is none, or it does not answer.
            TransportLost, DeviceSilent, DeviceFailed: The slot went away.
        """

    def transmit(self, command: bytes) -> bytes:
        """Send one command to a powered card; return its answer with its status words.

        Raises:
            CardGone, CardMute: It was pulled out, or stopped answering.
            TransportLost, DeviceSilent, DeviceFailed: The slot went away.
        """

    def power_off(self) -> None:
        """Take the power off the card; never raises."""

    def close(self) -> None:
        """Close the slot; never raises."""


class VendorDriver(Protocol):
    """The seam for a region's closed driver, which reads a whole card in one call.

    Not written: such libraries come under contract.  One is loaded in a process of its own, for it
    may crash; its text goes through `codec.from_vendor`.
    """

    def read_card(self) -> str:
        """Return what `iReadCardBas` writes: eleven fields, each ended by a bar."""


def open_slot(port: str) -> CardSlot:
    """Open the slot of that name.

    Raises:
        TransportLost: It is not there.
        DeviceFailed: What it needs is not installed.
    """
    if port.startswith("pcsc:"):
        from drivers.social_card.pcsc import PcscSlot  # noqa: PLC0415  # an optional extra

        return PcscSlot(port.removeprefix("pcsc:"))
    from drivers.social_card.wire import WireSlot  # noqa: PLC0415  # beside the other kind

    return WireSlot(port)
