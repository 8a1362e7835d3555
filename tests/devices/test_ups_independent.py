"""Our UPS codecs against Network UPS Tools: its driver asks our simulator, its server our client.

NUT is a program of its own, of which nothing is used here but what it says; without it the test is
skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from drivers.errors import DeviceSilent, TransportLost
from drivers.simulated.ups import SimulatedUps
from drivers.transport import Transport
from drivers.ups import profiles
from drivers.ups.device import Ups, make
from drivers.ups.power import NOTHING, Power
from kiosk.desk.part import free_port
from tests.devices.cabinet_bench import surroundings
from tests.waiting import until

DRIVER, SERVER = (Path("/lib/nut") / name for name in ("nutdrv_qx", "upsd"))

pytestmark = pytest.mark.skipif(
    not (DRIVER.exists() and SERVER.exists()),
    reason="nut: nutdrv_qx and upsd are not installed (apt: nut-server)",
)


class Tools:
    """NUT's driver on our simulated UPS, and its server."""

    def __init__(self, place: Path) -> None:
        self.simulated = SimulatedUps(surroundings(place / "ups"))
        self.port = free_port()
        (place / "ups.conf").write_text(
            f"pollinterval = 1\n[kiosk]\n  driver = nutdrv_qx\n  port = {place / 'ups'}\n"
            "  protocol = megatec\n  pollfreq = 1\n"
        )
        (place / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {self.port}\n")
        (place / "upsd.users").touch()
        place.chmod(0o700)
        user = ["-u", os.environ.get("USER", "root")]
        self._places = ("NUT_CONFPATH", "NUT_STATEPATH", "NUT_ALTPIDPATH", "NUT_PIDPATH")
        self._place = place
        self.driver = self._start([str(DRIVER), "-a", "kiosk", *user, "-D"])
        self.server = self._start([str(SERVER), *user, "-D"])

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        env = {**os.environ, **dict.fromkeys(self._places, str(self._place))}
        log = (self._place / "log").open("ab")
        return subprocess.Popen(command, env=env, stdout=log, stderr=log)

    def close(self) -> None:
        """End them all."""
        for process in (self.driver, self.server):
            process.kill()
            process.wait()
        self.simulated.close()


@pytest.fixture
def tools() -> Iterator[Tools]:
    """Lend both programs in a short path of their own: NUT's sockets allow no long ones."""
    place = Path("/tmp") / f"yd-nut-{os.getpid()}"  # noqa: S108
    place.mkdir()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, place)
        made = Tools(place)
        stack.callback(made.close)
        yield made


def connected(tools: Tools) -> Transport | None:
    """Return a line to the server once it answers for the UPS."""
    try:
        transport = Transport.open(f"socket://127.0.0.1:{tools.port}")
        if make(transport, profiles.load("nut")).read() is NOTHING:
            transport.close()
            return None
    except TransportLost:
        return None
    return transport


def says(ups: Ups, power: Power) -> bool:
    """Say whether one reading has this power."""
    return ups.read().power is power


def test_nut_understands_our_ups_and_we_understand_nut(tools: Tools) -> None:
    """Who it is, mains lost, back, about to be cut, driver gone: through both protocols."""
    with until(lambda: connected(tools), every=0.2) as transport:
        ups = make(transport, profiles.load("nut"))
        assert ups.identify() == "Yiduan Simulated"
        assert ups.read().load == 34
        steps: list[tuple[dict[str, object], Power]] = [
            ({"power": "lost"}, Power.ON_BATTERY),
            ({"charge": 10}, Power.LOW_BATTERY),
            ({"power": "back", "charge": 90}, Power.ON_LINE),
            ({"shutdown": True}, Power.LOW_BATTERY),
        ]
        for command, power in steps:
            tools.simulated.control(command)
            until(lambda power=power: says(ups, power), every=0.1)  # type: ignore[misc]
        tools.driver.kill()
        with pytest.raises(DeviceSilent):
            until(lambda: says(ups, Power.ON_BATTERY), every=0.1)
