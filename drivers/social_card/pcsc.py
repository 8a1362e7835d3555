"""A slot of PC/SC, with a loop of our own.

pyscard's own monitor ends for good when pcscd restarts or the reader is pulled, and its readers
share one context that then stays dead (LudovicRousseau/pyscard issues 13, 27, 74, 82, 128).  So
only its thin layer is used, which is PC/SC itself, with a context of our own: whatever goes wrong
with the service or the reader drops that context, as `TransportLost`, and who opened us opens again
after a while.

pyscard is an optional extra (``pip install yiduan[pcsc]``; it needs swig and libpcsclite-dev).
"""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any, Final

from drivers.errors import DeviceFailed, TransportLost
from drivers.social_card.ports import CardGone, CardMute

LEAVES_S: Final = 1.5
"""Seconds pcscd may take to see that a card was pulled out; it looks twice a second or so."""

_BETWEEN_S: Final = 0.05
_STATUS_WORDS: Final = 2
_GONE: Final = ("SCARD_E_NO_SMARTCARD", "SCARD_W_REMOVED_CARD", "SCARD_W_RESET_CARD")
_MUTE: Final = (
    "SCARD_W_UNRESPONSIVE_CARD",
    "SCARD_W_UNPOWERED_CARD",
    "SCARD_W_UNSUPPORTED_CARD",
    "SCARD_E_PROTO_MISMATCH",
    "SCARD_E_NOT_TRANSACTED",
)


class PcscSlot:
    """One reader of PC/SC.

    Args:
        name: How the reader's name begins; empty takes the only one there is.
    """

    def __init__(self, name: str) -> None:
        try:
            self._api: Any = import_module("smartcard.scard")
        except ImportError as error:
            raise DeviceFailed(
                "pyscard is not installed; see docs/devices/social-card.md"
            ) from error
        self._card: Any = None
        self._protocol = 0
        result, self._context = self._api.SCardEstablishContext(self._api.SCARD_SCOPE_USER)
        self._check(result, "no pcscd")
        try:
            self._reader = self._find(name)
        except TransportLost:
            self.close()
            raise

    @property
    def model(self) -> str:
        """As `CardSlot.model`."""
        return str(self._reader)

    def present(self) -> bool:
        """As `CardSlot.present`."""
        api = self._api
        asked = [(self._reader, api.SCARD_STATE_UNAWARE)]
        result, states = api.SCardGetStatusChange(self._context, 0, asked)
        self._check(result, "the reader does not tell its state")
        state = states[0][1]
        if state & (api.SCARD_STATE_UNKNOWN | api.SCARD_STATE_UNAVAILABLE):
            raise TransportLost("pcsc: the reader went away")
        return bool(state & api.SCARD_STATE_PRESENT)

    def _leaves(self) -> bool:
        """Say whether the card leaves the slot soon: a card being pulled out first falls silent."""
        deadline = time.monotonic() + LEAVES_S
        while self.present():
            if time.monotonic() >= deadline:
                return False
            time.sleep(_BETWEEN_S)
        return True

    def power_on(self) -> bytes:
        """As `CardSlot.power_on`."""
        api = self._api
        self.power_off()
        either = api.SCARD_PROTOCOL_T0 | api.SCARD_PROTOCOL_T1
        result, card, protocol = api.SCardConnect(
            self._context, self._reader, api.SCARD_SHARE_EXCLUSIVE, either
        )
        self._check(result, "the card cannot be opened")
        self._card, self._protocol = card, protocol
        result, _, _, _, atr = api.SCardStatus(card)
        self._check(result, "the card does not tell its answer to reset")
        return bytes(atr)

    def transmit(self, command: bytes) -> bytes:
        """As `CardSlot.transmit`."""
        if self._card is None:
            raise CardGone
        api = self._api
        kind = api.SCARD_PCI_T1 if self._protocol == api.SCARD_PROTOCOL_T1 else api.SCARD_PCI_T0
        result, answer = api.SCardTransmit(self._card, kind, list(command))
        try:
            self._check(result, "the card was not asked")
            if len(answer) < _STATUS_WORDS:
                raise CardMute
        except CardMute:
            if self._leaves():
                raise CardGone from None
            raise
        return bytes(byte & 0xFF for byte in answer)

    def power_off(self) -> None:
        """As `CardSlot.power_off`."""
        if self._card is not None:
            self._api.SCardDisconnect(self._card, self._api.SCARD_UNPOWER_CARD)
        self._card = None

    def close(self) -> None:
        """As `CardSlot.close`."""
        self.power_off()
        self._api.SCardReleaseContext(self._context)  # a dead one says so, which is no matter

    def _find(self, name: str) -> str:
        result, readers = self._api.SCardListReaders(self._context, [])
        self._check(result, "no reader")
        fitting = [str(one) for one in readers if str(one).startswith(name)]
        if not fitting:
            raise TransportLost("pcsc: there is no such reader")
        return fitting[0]

    def _check(self, result: int, what: str) -> None:
        """Turn a result that is not success into what it means."""
        api = self._api
        if result == api.SCARD_S_SUCCESS:
            return
        if result in [getattr(api, name) for name in _GONE]:
            raise CardGone
        if result in [getattr(api, name) for name in _MUTE]:
            raise CardMute
        raise TransportLost(f"pcsc: {what}: {api.SCardGetErrorMessage(result)}")
