"""The services the host carries out itself: the publisher, and the vendor mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from drivers.service.dispatcher import Command
from drivers.service.envelope import CompletionCode, Outcome
from drivers.service.front import ServiceFront
from drivers.service.interfaces import vendor_mode as words
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.service_publisher import PUBLISHER, SERVICE_DETAIL, services
from drivers.service.interfaces.vendor_mode import VENDOR_MODE, Mode
from drivers.service.vendor_mode import Told, VendorMode

OnHandOver = Callable[[bool], None]
"""Is told when the devices are handed over (true) or given back (false)."""


class Publisher(ServiceFront):
    """Tells which services there are, and where."""

    def __init__(self) -> None:
        super().__init__(PUBLISHER, "publisher", DeviceWord.ONLINE)
        self._uris: list[str] = []
        self._complete = False

    def publish(self, uris: Iterable[str]) -> None:
        """Add services that can be reached now; who is asking is told at once."""
        fresh = list(uris)
        self._uris += fresh
        if fresh and self.dispatcher.running is not None:
            self._tell(self.dispatcher.running, fresh)

    def complete_list(self) -> None:
        """Say that no more services will come."""
        self._complete = True
        if self.dispatcher.running is not None:
            self._finish(self.dispatcher.running)

    def run(self, command: Command) -> None:
        """Tell what is there; the end waits until all are."""
        if self._complete:
            self._finish(command)
        elif self._uris:
            self._tell(command, self._uris)

    def ask_to_stop(self, command: Command) -> None:
        """End a command that waits for slow starters."""
        self.do(self.dispatcher.finished(command.key, Outcome(code=CompletionCode.CANCELED)))

    def _tell(self, command: Command, uris: list[str]) -> None:
        version = self.offer.event_version(SERVICE_DETAIL)
        self.do(self.dispatcher.event(command.key, SERVICE_DETAIL, version, services(uris)))

    def _finish(self, command: Command) -> None:
        outcome = Outcome(payload=services(self._uris))
        self.do(self.dispatcher.finished(command.key, outcome))


class VendorModeService(ServiceFront):
    """Hands the devices over to maintenance and back."""

    def __init__(self, on_hand_over: OnHandOver) -> None:
        super().__init__(VENDOR_MODE, "vendor-mode", DeviceWord.ONLINE)
        self._mode = VendorMode()
        self._on_hand_over = on_hand_over
        self._handed = False

    def answer(self, command: Command) -> None:
        """Carry out one request; its events follow its completion."""
        told = self._told(command)
        if told is None:
            mode = self._mode.mode
            outcome = Outcome(
                code=CompletionCode.SEQUENCE_ERROR, description=f"vendor mode is {mode}"
            )
            self.complete(command, outcome)
            return
        super().answer(command)
        self._tell(told)

    def disconnected(self, connection: int) -> None:
        """Forget a connection; nobody waits for it any more."""
        super().disconnected(connection)
        self._tell(self._mode.left(connection))

    def _told(self, command: Command) -> list[Told] | None:
        connection = command.connection
        match command.name:
            case words.REGISTER:
                self._mode.register(connection, str(command.payload["appName"]))
            case words.ENTER_REQUEST:
                return self._mode.enter(connection)
            case words.EXIT_REQUEST:
                return self._mode.exit()
            case words.ENTER_ACKNOWLEDGE:
                return self._mode.acknowledge(connection, Mode.ENTER_PENDING)
            case words.EXIT_ACKNOWLEDGE:
                return self._mode.acknowledge(connection, Mode.EXIT_PENDING)
        return []

    def _tell(self, told: list[Told]) -> None:
        """Hand over first, then tell: who hears of it can use the devices."""
        if self._mode.handed_over is not self._handed:
            self._handed = self._mode.handed_over
            self.log.info("vendor_mode", mode=self._mode.mode)
            self._on_hand_over(self._handed)
        self.set_status({**self.status, **words.status(self._mode.mode)})
        for one in told:
            self.broadcast(one.event, one.payload, to=one.to)
