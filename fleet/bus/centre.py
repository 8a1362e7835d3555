"""The centre's connection to the broker.

Theory of operation
-------------------
One client hears ``reported/+``, ``here/+``, ``done/+`` and ``piece/+``. The name in the topic is
the name of the certificate, by the broker's rights; a state that calls itself otherwise is refused.
What cannot be parsed is counted and thrown away: a terminal with another version must not stop the
others' news.
The client's thread calls the ears, one message after another; they must be quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from kiosk.status import Reported, StateError, topics
from kiosk.status.address import Address
from kiosk.status.attachment import AttachmentError, Piece
from kiosk.status.command import CommandRefused, Done

KEEP_ALIVE_S: Final = 30
KINDS: Final = (topics.REPORTED, topics.HERE, topics.DONE, topics.HEAD, topics.PIECE)
HEARD: Final = tuple((f"{kind}/+", 1) for kind in KINDS)

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ears:
    """Who is told what, on the client's thread."""

    state: Callable[[Reported], None] = field(default=lambda _state: None)
    here: Callable[[str, bool], None] = field(default=lambda _terminal, _here: None)
    done: Callable[[Done], None] = field(default=lambda _done: None)
    piece: Callable[[str, Piece], None] = field(default=lambda _terminal, _piece: None)
    head: Callable[[str, bytes, bool], None] = field(default=lambda _name, _data, _fresh: None)
    """Told whose letter it is, its bytes, and whether it was sent now."""


class Centre:
    """One connection; ``start`` returns at once and comes back after every loss."""

    def __init__(self, address: Address, ears: Ears, *, name: str = "centre") -> None:
        """Prepare it.

        Args:
            address: of the broker, with the centre's certificate.
            ears: told what comes.
            name: of this connection; two with one name throw each other out.

        Raises:
            OSError: certificate, key or authority can't be used.
        """
        self._ears = ears
        self.refused = 0
        """Messages that were none."""
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.tls_set_context(address.tls())
        self._client.reconnect_delay_set(min_delay=1, max_delay=30)
        self._client.on_connect = self._there
        self._client.on_message = self._message
        self._client.connect_async(address.host, address.port, keepalive=KEEP_ALIVE_S)

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""
        return self._client.is_connected()

    def start(self) -> None:
        """Begin to connect."""
        self._client.loop_start()

    def stop(self) -> None:
        """End."""
        self._client.disconnect()
        self._client.loop_stop()

    def command(self, recipient: str, data: bytes, *, good_for_s: int) -> bool:
        """Give a signed command; the broker forgets it when it is over. Says whether it went out.

        Args:
            recipient: a terminal, or ``@`` and a group.
            data: what `kiosk.status.command.sign` made.
            good_for_s: seconds until it expires.
        """
        group = recipient.startswith("@")
        name = recipient.removeprefix("@")
        topic = topics.group_command(name) if group else topics.command(name)
        expiry = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        expiry.MessageExpiryInterval = good_for_s
        # kept for who is away now: the broker hands the newest one to whoever comes in time
        told = self._client.publish(topic, data, qos=1, retain=True, properties=expiry)
        return told.rc is MQTTErrorCode.MQTT_ERR_SUCCESS

    def nudge(self, group: str, version: str) -> bool:
        """Say which release a group shall have; says whether it went out."""
        told = self._client.publish(topics.desired(group), version.encode(), qos=1, retain=True)
        return told.rc is MQTTErrorCode.MQTT_ERR_SUCCESS

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
            log.warning("broker_refused", reason=str(reason.getName()))
            return
        client.subscribe(list(HEARD))

    def _message(self, client: Client, userdata: object, message: MQTTMessage) -> None:
        del client, userdata
        kind, name = topics.parts(message.topic)
        try:
            if kind == topics.HEAD and message.payload:
                self._ears.head(name, bytes(message.payload), not message.retain)
                return
            self._told(kind, name, bytes(message.payload))
        except (StateError, CommandRefused, AttachmentError) as refused:
            self.refused += 1
            log.warning("message_refused", kind=kind, terminal=name, problem=str(refused))

    def _told(self, kind: str, name: str, data: bytes) -> None:
        match kind:
            case topics.REPORTED if data:
                state = Reported.parse(data)
                if state.terminal != name:
                    raise StateError("terminal: another's name")
                self._ears.state(state)
            case topics.HERE:
                self._ears.here(name, data == b"1")
            case topics.DONE:
                done = Done.parse(data)
                if done.terminal != name:
                    raise StateError("terminal: another's name")
                self._ears.done(done)
            case topics.PIECE if data:
                self._ears.piece(name, Piece.parse(data))
