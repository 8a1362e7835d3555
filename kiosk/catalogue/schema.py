"""The catalogue's published schemas.

``python -m kiosk.catalogue.schema config/schema`` writes them anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.catalogue.model import FILES
from kiosk.documents.schema import schema_text, write


def texts() -> dict[str, str]:
    """Return each schema file's text by its name."""
    return {name: schema_text(model) for name, model in FILES.items()}


if __name__ == "__main__":
    write(Path(sys.argv[1]), texts())
