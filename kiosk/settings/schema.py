"""The published schema of settings; ``python -m kiosk.settings.schema`` writes it anew."""

from __future__ import annotations

from kiosk.documents.schema import schema_text, write
from kiosk.settings.layers import config_root
from kiosk.settings.model import Settings


def texts() -> dict[str, str]:
    """Return the schema file's text by its name."""
    return {"settings": schema_text(Settings, partial=True)}


if __name__ == "__main__":
    write(config_root() / "schema", texts())
