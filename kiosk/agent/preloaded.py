"""What the fork server has loaded, and done once, before it gives birth to anybody.

Importing is not all that a first time costs: the envelope's reader is built (0.1 s), providers
look their algorithms up, TLS and name lookup load what they need. All of that is done here, with
keys made for nothing and thrown away, so that a forwarder begins with its entry at once. No
socket is opened, no thread started, and no file of the terminal is read.

What lies in memory then is frozen: a child's collector that looked at it would copy its pages.
"""

from __future__ import annotations

import encodings.idna  # noqa: F401 - name lookup loads it
import gc
import http.client
import io
import ssl
from contextlib import suppress
from typing import Final

import urllib3

import kiosk.agent.forwarder
import kiosk.agent.relay  # noqa: F401 - is what relays are
from kiosk.crypto import PROVIDERS, PublicSealingKey
from kiosk.crypto.sealed import SealedView, Submission, seal
from kiosk.domain.envelope import Envelope, EnvelopeError

_ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def load() -> None:
    """Do once what every child would do first."""
    with suppress(EnvelopeError):
        Envelope.parse(b"{}")
    for chosen in PROVIDERS.values():
        key = chosen.load_sealing_key(chosen.new_sealing_key())
        to = [PublicSealingKey(holder="nobody", key_id=key.key_id, public=key.public)]
        nothing = Submission(submission_id="nothing", body=b"{}", attachments=[b"x"])
        SealedView(b"".join(seal(chosen, nothing, to))).open(key).attachment(0)
        signing = chosen.load_signing_key(chosen.new_signing_key())
        chosen.verify(signing.public, b"x", signing.sign(b"x"))
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    urllib3.HTTPSConnectionPool("127.0.0.1", timeout=1.0).close()
    http.client.parse_headers(io.BytesIO(_ANSWER.partition(b"\r\n")[2]))


load()
gc.collect()
gc.freeze()
