"""What can go wrong between two local processes.

```
ChannelError            the call did not succeed
├── ChannelClosed       the other process is gone or never was there: try later
└── Refused             the other process answered no, with a code of its own
```
"""

from __future__ import annotations


class ChannelError(Exception):
    """A local call failed; nothing is known about its effect."""


class ChannelClosed(ChannelError):
    """No peer, or it went away in the middle of a frame."""


class Refused(ChannelError):
    """The peer understood and said no.

    Attributes:
        code: the peer's word for the reason, e.g. ``disk_full``.
        detail: one English line for staff; never a citizen's value.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
