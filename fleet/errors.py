"""What goes wrong on the admin's side; each class says who must act."""

from __future__ import annotations


class FleetError(Exception):
    """Something is refused; the message says what to do next."""


class KeyRefused(FleetError):
    """A person's key or passphrase does not fit; that person must act."""


class NotSigned(FleetError):
    """Too few persons have signed; the message names the document and how many are missing."""


class SourceRefused(FleetError):
    """What was to become a release is wrong; its author must act."""


class RepositoryRefused(FleetError):
    """The repository is not in the state that a step needs; the releaser must act."""


class CannotPaint(FleetError):
    """This machine has nothing to paint with; whoever runs it must act, or another machine."""
