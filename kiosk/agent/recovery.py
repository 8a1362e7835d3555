"""Filing a sealed copy away from the terminal that made it, with the recovery key.

For the day on which a terminal's mainboard is dead and its disk, or an export of it, is
in an engineer's hand. The copy opens with the recovery key; it is filed over the line and
the signature of a terminal that was provisioned anew under the same id. The envelope's
bytes are the very ones that the dead terminal would have sent, so an intake that has them
already answers with the same number, and one that gets them twice files them once.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kiosk.agent.delivery import Failed, Outcome, Turned
from kiosk.agent.forwarder import Job, Letter, Unfit, hand_in, read_letter, transport_of
from kiosk.agent.lines import Addresses
from kiosk.crypto import PublicKeys, SealedError
from kiosk.crypto.registry import provider
from kiosk.crypto.sealed import SealedView
from kiosk.gateway import IntakeClient

ATTEMPTS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Station:
    """Where copies are opened.

    Attributes:
        keys: directory of the new terminal's keys.
        recovery_key: the private recovery key, PEM.
        addresses: of the intakes' terminal APIs; a copy says in clear which place it is for.
    """

    keys: Path
    recovery_key: Path
    addresses: Addresses


def recover(copy: Path, station: Station) -> Outcome:
    """Open a copy and file it, or find out that it is filed.

    Raises:
        OSError: the copy or the key can't be read.
        CryptoError: the station's keys can't be used.
    """
    try:
        view = SealedView(memoryview(copy.read_bytes()))
    except SealedError as error:
        return Turned(code=f"SEALED_DAMAGED: {error}")
    job = Job(
        submission_id=view.submission_id,
        fingerprint=view.fingerprint,
        terminal=PublicKeys.read(station.keys).terminal,
        attempts=1,
        intake_url=station.addresses.of(view.jurisdiction),
        keys=station.keys,
    )
    try:
        key = provider(view.provider).load_sealing_key(station.recovery_key.read_bytes())
        letter = read_letter(job, view, key)
    except Unfit as error:
        return Turned(code=str(error))
    except SealedError as error:
        return Turned(code=f"SEALED_DAMAGED: {error}")
    try:
        transport = transport_of(job)
    except ValueError:
        return Failed(reason="intake_address")
    with closing(transport):
        return _insist(IntakeClient(transport), letter)


def _insist(intake: IntakeClient, letter: Letter) -> Outcome:
    """Try a few times: no agent comes back to it, and a kept line may just have been closed."""
    for _ in range(ATTEMPTS - 1):
        outcome = hand_in(intake, letter, again=True)
        if not isinstance(outcome, Failed):
            return outcome
    return hand_in(intake, letter, again=True)
