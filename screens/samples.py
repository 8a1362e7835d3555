"""Every page in every state worth looking at.

Pages before the submission are made by hand, those after it by walking the real journey.  Used by
the gallery, the geometry tests and the pictures of the documentation.  People are of the synthetic
population (unassigned division prefix 40).
"""

from __future__ import annotations

from screens.sample import Sample
from screens.samples_before import signing_in
from screens.samples_besides import besides
from screens.samples_enterprise import enterprise
from screens.samples_form import asking, filling
from screens.samples_home import beginning
from screens.samples_registers import registers
from screens.samples_walk import walked

__all__ = ["Sample", "samples"]


def samples() -> list[Sample]:
    """Return all samples, in the order of a visit."""
    rooms = (beginning, signing_in, enterprise, filling, asking, registers, besides)
    made = [sample for room in rooms for sample in room()]
    names = {sample.name for sample in made}
    return [*made, *(sample for sample in walked() if sample.name not in names)]
