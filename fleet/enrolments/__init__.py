"""Letting terminals in: who waits at the desk of enrolment, and what becomes of each.

What may be done in this room: ask the desk's office who waits, approve and refuse in its name, and
write an approved terminal down where the fleet knows it. The office's database is the desk's own;
`fleet.enrolments.office` alone reaches it.
"""

from fleet.enrolments.letting_in import LettingIn, NotLetIn, Placing
from fleet.enrolments.office import DeskOffice, Waiting

__all__ = ["DeskOffice", "LettingIn", "NotLetIn", "Placing", "Waiting"]
