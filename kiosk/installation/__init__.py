"""From a fresh machine to a terminal: a few answers become settings, secrets and keys.

What may be done in this room: ask, check the answers as the terminal will, write files below
``/etc/yiduan`` and the agent's state. Done again it changes what was answered anew and nothing
else: secrets and keys that are there stay.
"""

from kiosk.installation.answers import Question, asked, laid_over, questions
from kiosk.installation.errors import SetupError
from kiosk.installation.identity import as_agent, take_identity
from kiosk.installation.setting_up import Done, set_up

__all__ = [
    "Done",
    "Question",
    "SetupError",
    "as_agent",
    "asked",
    "laid_over",
    "questions",
    "set_up",
    "take_identity",
]
