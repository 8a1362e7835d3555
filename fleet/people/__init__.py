"""Who may sign in to the console, and what each may do there.

What may be done in this room: keep persons by work number, judge a password and a code, keep
signed-in browsers. Nothing here knows pages.
"""

from fleet.people.roles import Right, Role, may
from fleet.people.signing_in import Refused, SignedIn, SigningIn

__all__ = ["Refused", "Right", "Role", "SignedIn", "SigningIn", "may"]
