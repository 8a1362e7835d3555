"""What a command says to the person who typed it when it cannot do its work."""

from __future__ import annotations


class Trouble(Exception):
    """Something a person at the command line must mend; ``help`` says how."""

    def __init__(self, error: str, help_text: str) -> None:
        super().__init__(error)
        self.help = help_text
