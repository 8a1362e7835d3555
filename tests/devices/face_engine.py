"""A face module as another maker would deliver it, for tests of the place it is put in."""

from __future__ import annotations

from drivers.face.engine import OpenModels
from drivers.face.judgement import Picture
from drivers.face.landmarks import FoundFace


class Suspicious(OpenModels):
    """Takes every face for a screen; has a certificate and a threshold of its own."""

    name = "Test module 1.0"
    threshold = 0.5
    certificate: str | None = "TEST-0001"

    def is_attack(self, picture: Picture, one: FoundFace) -> bool | None:
        """Say yes."""
        del picture, one
        return True


class Crashing(OpenModels):
    """Fails with every picture."""

    def find(self, picture: Picture) -> tuple[FoundFace, ...]:
        """Fail."""
        raise RuntimeError(f"a message that quotes {picture.shape}")
