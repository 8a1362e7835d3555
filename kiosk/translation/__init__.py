"""Words for keys: the interface's language, kept in ``assets/translations/<language>.yaml``.

What may be done in this room: look a key up and put values in their places. One file a
language, one section a page; ``zh`` is complete, another language falls back to it.
"""

from kiosk.translation.translator import MissingTextError, Translator, languages

__all__ = ["MissingTextError", "Translator", "languages"]
