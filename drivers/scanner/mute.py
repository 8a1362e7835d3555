"""What a module that takes no commands has to say to them: HID in both its kinds. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.scanner.codec import Request


class MuteCodec:
    """The commands of `drivers.scanner.codec.Codec` for a module that can be told nothing."""

    def identify(self) -> tuple[Request, ...]:
        """Return nothing: it cannot be asked."""
        return ()

    def configure(self, settings: Sequence[str]) -> Request | None:
        """Return nothing: it is set by codes on paper."""
        del settings
        return None

    def check(self, setting: str) -> Request | None:
        """Return nothing: it has no value to tell."""
        del setting
        return None

    def start(self) -> tuple[Request, ...]:
        """Return nothing: it always looks."""
        return ()

    def stop(self) -> Request | None:
        """Return nothing: it always looks."""
        return None

    def fault_of(self, setting: str) -> str | None:
        """Refuse every setting."""
        del setting
        return "cannot be set: a HID module takes no commands"
