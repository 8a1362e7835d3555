"""Codes of human sexes, GB/T 2261.1."""

from __future__ import annotations

from enum import StrEnum

from standards.errors import CodeError


class Sex(StrEnum):
    """A sex; the value is the one-digit code of the standard."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"

    @property
    def zh(self) -> str:
        """The short name used on cards and forms."""
        return _NAMES[self]

    @classmethod
    def parse(cls, text: str) -> Sex:
        """Return the sex of a code (``"1"``) or of a name (``"男"``).

        Raises:
            CodeError: the text is neither.
        """
        for sex in cls:
            if text in {sex.value, sex.zh}:
                return sex
        raise CodeError("not a sex of GB/T 2261.1")


def spoken_sex(code: str) -> str:
    """Return the name of a code as a card reader has it; 其他 for one that is not in the table."""
    return _NAMES[Sex(code)] if code in set(Sex) else "其他"


_NAMES = {Sex.UNKNOWN: "未知", Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNSTATED: "未说明"}
