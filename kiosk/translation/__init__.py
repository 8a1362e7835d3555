"""Words for keys: the interface's language, kept in ``assets/translations/<language>/``.

What may be done in this room: look a key up and put values in their places. One folder a
language, one file a part of the house, one section a page; ``zh`` is complete, another language
falls back to it.
"""

from kiosk.translation.translator import MissingTextError, Translator, languages

__all__ = ["MissingTextError", "Translator", "languages"]
