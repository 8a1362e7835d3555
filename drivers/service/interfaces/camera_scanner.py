"""A camera that reads codes: the standard's BarcodeReader, with its choice of symbologies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drivers.service.envelope import Payload
from drivers.service.interfaces.barcode_reader import READ, Scanner, status
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec
from drivers.service.interfaces.upkeep import UPKEEP
from drivers.service.options import number

RESET: Final = "BarcodeReader.Reset"

SYMBOLOGIES: Final = (
    "qrCode",
    "dataMatrix",
    "aztec",
    "pdf417",
    "code128",
    "ean128",
    "code39",
    "code93",
    "ean13",
    "ean8",
)
"""What is read; a test holds them equal to the decoder's, which a host does not load."""

_STOP_S = 1.0  # a frame that is being decoded is given up within a twentieth of this


def wanted(payload: Payload) -> frozenset[str]:
    """Return the symbologies a command asks for, of those that are read; all when it names none."""
    named = payload.get("symbologies")
    if not isinstance(named, Mapping):
        return frozenset(SYMBOLOGIES)
    return frozenset(name for name in SYMBOLOGIES if named.get(name) is True)


def _check_read(payload: Payload) -> str | None:
    named = payload.get("symbologies")
    if named is None:
        return None
    if not isinstance(named, Mapping) or not all(isinstance(one, bool) for one in named.values()):
        return "symbologies is not an object of true and false"
    return None if wanted(payload) else "symbologies asks for nothing that is read here"


CAMERA_SCANNER = ServiceSpec(
    service="CameraScanner",
    device="camera-scanner",
    interfaces=(
        InterfaceSpec(
            name="BarcodeReader",
            commands=(
                CommandSpec(name=READ, check=_check_read, stop_grace_s=_STOP_S),
                CommandSpec(name=RESET, answer_version="2.0"),
            ),
        ),
        *UPKEEP,
    ),
    unknown=status(Scanner.UNKNOWN),
    abilities={
        "barcodeReader": {
            "canFilterSymbologies": True,
            "symbologies": dict.fromkeys(SYMBOLOGIES, True),
        }
    },
    adapter="drivers.service.adapters.camera_scanner:CameraScannerAdapter",
    options={"width": number(640, 4096), "height": number(480, 4096)},
    optional=True,
)
