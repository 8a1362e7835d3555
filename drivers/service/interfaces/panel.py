"""The cabinet's I/O board: doors, tamper, presence and switches as Auxiliaries, lamps as Lights."""

from __future__ import annotations

from drivers.service.interfaces import auxiliaries, lights
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.upkeep import TRACED
from drivers.service.options import BAUDRATE, PROFILE, number

PANEL = ServiceSpec(
    service="Panel",
    device="panel",
    interfaces=(auxiliaries.AUXILIARIES, lights.LIGHTS, *TRACED),
    unknown=auxiliaries.status({}),
    adapter="drivers.service.adapters.panel:PanelAdapter",
    options={"baudrate": BAUDRATE, "profile": PROFILE, "unit": number(1, 247)},
    optional=True,
)
