"""Small parcels for tests of the store."""

from __future__ import annotations

from kiosk.outbox import Parcel


def parcel(number: int = 1, *, mark: bytes = b"sealed", fingerprint: str = "f1") -> Parcel:
    """Return a small parcel; ``mark`` can be looked for in files."""
    return Parcel(
        submission_id=f"submission-{number}",
        visit=f"visit-{number}",
        local_no=f"L{number:04}",
        thing="newborn",
        fingerprint=fingerprint,
        pieces=[b"head", memoryview(mark * 3000), bytearray(b"last")],
    )
