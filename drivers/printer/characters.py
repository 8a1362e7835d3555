"""Text bytes sent to a printer as characters: GB 18030 in Chinese mode, else a code page."""

from __future__ import annotations

GETA = "〓"
"""What stands for a character that cannot be read, or was printed as a picture."""

_PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859_7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    33: "cp775",
    34: "cp855",
    36: "cp862",
    37: "cp864",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    49: "cp1255",
    50: "cp1256",
    51: "cp1257",
    52: "cp1258",
}
"""``ESC t n`` (Epson numbering) to a codec."""

_BLANK = "\u3000"
"""The space of a whole cell, A1A1 in GB 2312: printed, though it shows nothing."""

_KATAKANA_PAGE = 1
_KATAKANA_RULE = 0x95
"""In the Katakana page this byte is a light horizontal line."""


class CharacterDecoder:
    """Decodes text bytes that arrive in pieces; keeps at most three of them."""

    def __init__(self, *, chinese: bool) -> None:
        self._chinese_at_start = chinese
        self.chinese = chinese
        """Whether bytes from 81 on are GB 18030."""
        self._page = 0
        self._pending = b""

    def reset(self) -> None:
        """Return to the state at power-up."""
        self.chinese = self._chinese_at_start
        self._page = 0
        self._pending = b""

    def select_page(self, number: int) -> None:
        """Use this code page outside Chinese mode."""
        self._page = number

    def decode(self, data: bytes) -> list[str]:
        """Return the characters that `data` completes."""
        if not self.chinese:
            return [self._single(byte) for byte in data]
        data, self._pending = self._pending + data, b""
        found, at = [], 0
        while at < len(data):
            size = _size(data, at)
            if at + size > len(data):
                self._pending = data[at:]
                break
            found.append(_chinese(data[at : at + size]))
            at += size
        return found

    def flush(self) -> list[str]:
        """Return a stand-in for a character whose second half never came."""
        torn, self._pending = self._pending, b""
        return [GETA] if torn else []

    def narrow(self, character: str) -> bool:
        """Tell whether the printer draws this character in a half-width cell."""
        return not self.chinese or character.isascii()

    def _single(self, byte: int) -> str:
        if byte < 0x7F:
            return chr(byte)
        if self._page == _KATAKANA_PAGE:
            return _katakana(byte)
        text = bytes((byte,)).decode(_PAGES.get(self._page, "cp437"), "replace")
        return text if text.isprintable() else " "


def _katakana(byte: int) -> str:
    if byte == _KATAKANA_RULE:
        return "─"
    return chr(0xFF61 + byte - 0xA1) if 0xA1 <= byte <= 0xDF else "?"


def _size(data: bytes, at: int) -> int:
    """Return how many bytes the character at `at` has, as far as can be known."""
    if not 0x81 <= data[at] <= 0xFE:
        return 1
    if at + 1 >= len(data):
        return 2
    second = data[at + 1]
    if 0x30 <= second <= 0x39:
        return 4
    return 2 if 0x40 <= second <= 0xFE and second != 0x7F else 1


def _chinese(data: bytes) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return GETA
    return text if text.isprintable() or text == _BLANK else GETA
