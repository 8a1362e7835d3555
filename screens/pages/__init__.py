"""One module a page: from a view model to the semantic tree.

A page decides how things look and where they stand; what is offered, and in which words, was
decided by :mod:`kiosk.journey`.  :func:`build` is the only way in.
"""

from screens.pages.book import build

__all__ = ["build"]
