"""Every service a host can offer. A new device adds its `ServiceSpec` here, and nothing else."""

from __future__ import annotations

from typing import Final

from drivers.service.interfaces import (
    barcode_reader,
    camera,
    camera_scanner,
    card_reader,
    document_printer,
    face_camera,
    id_reader,
    keypad,
    panel,
    printer,
    ups,
)
from drivers.service.interfaces.offer import ServiceSpec

SERVICES: Final[tuple[ServiceSpec, ...]] = (
    id_reader.ID_READER,
    barcode_reader.BARCODE_READER,
    printer.RECEIPT_PRINTER,
    camera.DOCUMENT_CAMERA,
    face_camera.FACE_CAMERA,
    camera_scanner.CAMERA_SCANNER,
    keypad.KEYPAD,
    panel.PANEL,
    ups.UPS,
    card_reader.SOCIAL_CARD,
    document_printer.DOCUMENT_PRINTER,
)
