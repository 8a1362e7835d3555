"""The MQTT connection of one terminal.

Theory of operation
-------------------
The client has a thread of its own, which connects, comes back after a loss (later and later, with a
start drawn by lot so that a fleet does not come back at once) and hands what it hears to a queue;
nothing is done in that thread. The last will says that the terminal is gone. What is told is
retained: the centre reads the newest state whenever it comes. A state that could not be sent is not
kept; the next one says it better. Nobody waits for the broker.

Certificate and key are read anew before each connection, for they are renewed while we live.
"""

from __future__ import annotations

import queue
import random
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog
from paho.mqtt.client import (
    Client,
    ConnectFlags,
    DisconnectFlags,
    MQTTMessage,
    MQTTMessageInfo,
)
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from kiosk.status import Reported, topics
from kiosk.status.address import Address
from kiosk.status.attachment import Attachment, pieces
from kiosk.status.command import Done

KEEP_ALIVE_S: Final = 30
LONGEST_PAUSE_S: Final = 300
"""Between two tries to connect."""
FIRST_PAUSES_S: Final = (1, 9)
PIECE_S: Final = 10.0
"""Seconds in which the broker takes a piece of a file: 24 kB at 20 kbit/s."""
MOST_HEARD: Final = 100
"""Messages that wait to be read; more are dropped, for a broker may be in foreign hands."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A message of the centre: kind and name of its topic, and its bytes."""

    kind: str
    name: str
    data: bytes


class Line:
    """One terminal's connection; `start` returns at once."""

    def __init__(self, address: Address, terminal: str, groups: frozenset[str]) -> None:
        """Prepare it; `OSError` when certificate, key or authority can't be used."""
        self._terminal = terminal
        self._topics = [
            (topics.command(terminal), 1),
            *((topics.group_command(one), 1) for one in sorted(groups)),
            *((topics.desired(one), 1) for one in sorted(groups)),
        ]
        self.heard: queue.Queue[Heard] = queue.Queue(maxsize=MOST_HEARD)
        self._client = self._made(address)

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._client.is_connected()

    def start(self) -> None:
        """Begin to connect, and to come back after every loss."""
        self._client.loop_start()

    def stop(self) -> None:
        """Say that the terminal goes, and end."""
        if self.connected:
            told = self._client.publish(topics.here(self._terminal), b"0", qos=1, retain=True)
            if told.rc is MQTTErrorCode.MQTT_ERR_SUCCESS:
                told.wait_for_publish(timeout=1.0)
        self._client.disconnect()
        with suppress(AttributeError):  # the library's thread forgets itself when it ends
            self._client.loop_stop()

    def tell(self, state: Reported) -> bool:
        """Send the newest state; says whether it went out."""
        return self._send(topics.reported(self._terminal), state.to_bytes(), retain=True)

    def answer(self, done: Done) -> bool:
        """Say what became of a command; says whether it went out."""
        return self._send(topics.done(self._terminal), done.to_bytes(), retain=False)

    def attach(self, command: str, whole: Attachment) -> bool:
        """Send a file in pieces, each after the broker has the one before; says whether all went.

        Raises:
            AttachmentError: it is empty or too long.
        """
        topic = topics.piece(self._terminal)
        return all(self._sent(topic, one.to_bytes()) for one in pieces(command, whole))

    def _sent(self, topic: str, data: bytes) -> bool:
        """Send one message and wait until the broker has it."""
        if not self.connected:
            return False
        told = self._client.publish(topic, data, qos=1)
        if told.rc is not MQTTErrorCode.MQTT_ERR_SUCCESS:
            return False
        told.wait_for_publish(timeout=PIECE_S)
        return told.is_published()

    def head(self, letter: bytes) -> MQTTMessageInfo | None:
        """Send a signed head of the log; none when there is no line."""
        if not self.connected:
            return None
        told = self._client.publish(topics.head(self._terminal), letter, qos=1, retain=True)
        return told if told.rc is MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def _send(self, topic: str, data: bytes, *, retain: bool) -> bool:
        if not self.connected:
            return False
        told = self._client.publish(topic, data, qos=1, retain=retain)
        return told.rc is MQTTErrorCode.MQTT_ERR_SUCCESS

    def _made(self, address: Address) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"terminal-{self._terminal}",
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        context = address.tls()
        client.tls_set_context(context)
        first = random.uniform(*FIRST_PAUSES_S)  # noqa: S311 - spread, not a secret
        client.reconnect_delay_set(min_delay=round(first), max_delay=LONGEST_PAUSE_S)
        client.max_queued_messages_set(MOST_HEARD)
        client.will_set(topics.here(self._terminal), b"0", qos=1, retain=True)
        client.on_pre_connect = lambda *_: _renew(address, context)
        client.on_connect = self._there
        client.on_disconnect = self._gone
        client.on_message = self._message
        client.connect_async(address.host, address.port, keepalive=KEEP_ALIVE_S)
        return client

    def _there(
        self,
        client: Client,
        userdata: object,
        flags: ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del userdata, flags, properties
        if reason.is_failure:
            log.warning("centre_refused", reason=str(reason.getName()))
            return
        client.subscribe(self._topics)
        client.publish(topics.here(self._terminal), b"1", qos=1, retain=True)

    def _gone(
        self,
        client: Client,
        userdata: object,
        flags: DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del client, userdata, flags, properties
        log.info("centre_lost", reason=str(reason.getName()))

    def _message(self, client: Client, userdata: object, message: MQTTMessage) -> None:
        del client, userdata
        kind, name = topics.parts(message.topic)
        try:
            self.heard.put_nowait(Heard(kind=kind, name=name, data=bytes(message.payload)))
        except queue.Full:
            log.warning("centre_floods")


def _renew(address: Address, context: ssl.SSLContext) -> None:
    try:
        address.renew(context)
    except OSError as error:
        log.warning("credentials_unusable", problem=type(error).__name__)
