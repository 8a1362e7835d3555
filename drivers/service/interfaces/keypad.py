"""The tactile keypad: our extension XKeypad for its keys, Auxiliaries for the headset jack.

The standard's Keyboard interface enters PINs and texts; a pad that moves a focus and starts the
voice has no message there.
"""

from __future__ import annotations

from collections.abc import Sequence

from drivers.panel.keys import Headset, Key
from drivers.service.interfaces import auxiliaries
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import InterfaceSpec
from drivers.service.interfaces.upkeep import UPKEEP
from drivers.service.options import PROFILE, port

KEY_EVENT = "XKeypad.KeyEvent"
"""A key was pressed, repeated or released: ``key``, ``action``."""


def status(
    headset: Headset, stuck: Sequence[Key] = (), keys: Sequence[Key] = ()
) -> dict[str, object]:
    """Return the interface part of the status; ``keys`` are those that the pad has, once known.

    A consumer's headphones at the audio jack are the standard's ``enhancedAudioSensor``.
    """
    known = headset is not Headset.UNKNOWN
    jack = auxiliaries.status({"enhancedAudioSensor": headset} if known else {})
    own: dict[str, object] = {"headset": headset, "stuck": list(stuck)}
    return {**jack, "xKeypad": own | ({"keys": list(keys)} if keys else {})}


KEYPAD = ServiceSpec(
    service="Keypad",
    device="keypad",
    interfaces=(
        auxiliaries.AUXILIARIES,
        InterfaceSpec(name="XKeypad", events={KEY_EVENT: "1.0"}),
        *UPKEEP,
    ),
    unknown=status(Headset.UNKNOWN),
    abilities={"auxiliaries": {"enhancedAudioSensor": {"auto": True}}},
    adapter="drivers.service.adapters.keypad:KeypadAdapter",
    options={"profile": PROFILE, "second": port},
    optional=True,
)
