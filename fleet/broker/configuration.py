"""What mosquitto is told: who may connect, and who may write what.

Only TLS with a certificate of the terminals' authority; the certificate's common name is the name,
and rights put that name into the topic. Anonymous clients, wildcards over others' states and long
messages have no place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.status import topics

LONGEST: Final = 32 * 1024
"""Most bytes of a message: twice a state."""
MOST_WAITING: Final = 100_000
"""Messages that wait for one listener. What is beyond is lost, and only the centre has so many: a
town's terminals that come back at once after a power cut, each with its state and its presence."""
PORT: Final = 8883


@dataclass(frozen=True, kw_only=True, slots=True)
class Broker:
    """Where the broker listens and what it shows.

    Attributes:
        address: it listens at.
        port: of TLS.
        authority: certificate of the terminals' authority (PEM).
        certificate: its own (PEM).
        key: its own private key (PEM).
        data: directory of its files; retained states survive a stop there.
        revoked: list of revoked certificates (PEM), if there is one.
    """

    address: str
    authority: Path
    certificate: Path
    key: Path
    data: Path
    port: int = PORT
    revoked: Path | None = None


def write(broker: Broker) -> Path:
    """Write both files into the broker's directory; returns the configuration."""
    broker.data.mkdir(parents=True, exist_ok=True)
    (broker.data / "rights").write_text(rights(), encoding="utf-8")
    path = broker.data / "mosquitto.conf"
    path.write_text(configuration(broker), encoding="utf-8")
    return path


def configuration(broker: Broker) -> str:
    """Return ``mosquitto.conf`` (mosquitto 2)."""
    lines = [
        f"listener {broker.port} {broker.address}",
        f"cafile {broker.authority}",
        f"certfile {broker.certificate}",
        f"keyfile {broker.key}",
        "require_certificate true",
        "use_identity_as_username true",
        "allow_anonymous false",
        f"acl_file {broker.data / 'rights'}",
        f"message_size_limit {LONGEST}",
        f"max_packet_size {2 * LONGEST}",
        f"max_queued_messages {MOST_WAITING}",
        "max_inflight_messages 1000",
        "persistence true",
        f"persistence_location {broker.data}/",
        "autosave_interval 60",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
    ]
    if broker.revoked is not None:
        lines.append(f"crlfile {broker.revoked}")
    return "\n".join(lines) + "\n"


def rights() -> str:
    """Return mosquitto's list: ``%u`` is the name of the certificate."""
    own = (topics.REPORTED, topics.HERE, topics.DONE, topics.HEAD, topics.PIECE)
    given = (topics.DESIRED, topics.COMMAND, topics.ORDER)
    return "\n".join(
        (
            f"user {topics.CENTRE}",
            *(f"topic readwrite {kind}/+" for kind in (*own, *given)),
            "",
            *(f"pattern write {kind}/%u" for kind in own),
            f"pattern read {topics.COMMAND}/%u",
            *(f"pattern read {kind}/+" for kind in (topics.DESIRED, topics.ORDER)),
            "",
        )
    )
