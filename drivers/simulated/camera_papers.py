"""What is laid under the simulated document camera: drawn sheets and cards, nothing of anybody.

Everything is drawn at run time with the faces of the terminal; names, numbers and hospitals are
invented (account numbers begin with 9156, a range no bank issues).
"""

from __future__ import annotations

import os
import random
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drivers.camera.card_number import luhn_digit
from drivers.simulated.discharge_record import RECORD, DischargeRecord
from standards import data_root

PAGE_SIZE = (1240, 1754)
"""A4 at 150 dots an inch: 210 by 297 mm."""
CARD_SIZE = (1012, 638)
"""ID-1 at 300 dots an inch: 85.60 by 53.98 mm (ISO/IEC 7810)."""

BANK = "新乡市示例银行"

_INK = (38, 38, 44)
_FAINT = (120, 120, 126)
_PAPER = (246, 245, 240)
_SYSTEM = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
_SYSTEM_FACE_SC = 2
_ADVICE = (
    "1. 注意休息，保持伤口清洁干燥，产褥期禁盆浴。",
    "2. 坚持纯母乳喂养，按需哺乳。",
    "3. 产后42天母婴同来门诊复查。",
    "4. 如有发热、出血增多、腹痛，请随时就诊。",
    "5. 新生儿满月到接种门诊接种第二针乙肝疫苗。",
)


def account_number(seed: int) -> str:
    """Return a 19-digit account number of the synthetic range that passes the Luhn check."""
    rng = random.Random(seed)  # noqa: S311  # reproducible, nothing is kept secret
    body = f"9156{rng.randrange(10**14):014d}"
    return body + luhn_digit(body)


def record_page(number: int, record: DischargeRecord = RECORD) -> Image.Image:
    """Return page 1 or 2 of a hospital's discharge record."""
    sheet = Image.new("RGB", PAGE_SIZE, _PAPER)
    pen = _Pen(sheet)
    if number == 1:
        _first_page(pen, record)
    else:
        _second_page(pen, record)
    pen.at(520, 1660, f"第 {number} 页 共 2 页", 24, _FAINT)
    return sheet


def bank_card(number: str, bank: str = BANK) -> Image.Image:
    """Return the face of a bank card: bank, chip, number in groups of four, expiry."""
    card = Image.new("RGB", CARD_SIZE)
    draw = ImageDraw.Draw(card)
    for column in range(CARD_SIZE[0]):
        share = column / CARD_SIZE[0]
        colour = (int(26 + 50 * share), int(74 + 62 * share), int(120 + 46 * share))
        draw.line([(column, 0), (column, CARD_SIZE[1])], fill=colour)
    draw.ellipse((560, -300, 1300, 440), outline=(120, 168, 196), width=3)
    draw.ellipse((640, -220, 1380, 520), outline=(120, 168, 196), width=3)
    pen = _Pen(card)
    pen.at(64, 54, bank, 56, (255, 255, 255), bold=True)
    pen.at(66, 126, "借记卡  DEBIT CARD", 28, (214, 228, 238))
    _chip(draw)
    grouped = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
    pen.at(62, 352, grouped, 66, (250, 250, 244), bold=True)
    pen.at(66, 500, "有效期至 09/34", 32, (214, 228, 238))
    pen.at(770, 540, "样卡 仅供演示", 28, (214, 228, 238))
    return card


def _chip(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((72, 196, 218, 312), 18, fill=(214, 184, 112), outline=(150, 122, 60))
    for row in (234, 274):
        draw.line([(72, row), (218, row)], fill=(150, 122, 60), width=3)
    for column in (120, 170):
        draw.line([(column, 196), (column, 312)], fill=(150, 122, 60), width=3)


def _first_page(pen: _Pen, record: DischargeRecord) -> None:
    pen.centred(96, record.hospital, 52)
    pen.at(500, 176, "出院记录", 60, _INK, bold=True)
    pen.rule(268)
    down = 300
    for place, (label, value) in enumerate(record.head()):
        across = 720 if place % 2 else 110
        pen.at(across, down, f"{label}：{value}", 32, _INK)
        down += 62 * (place % 2)
    pen.rule(down + 6)
    down += 34
    for label, text in record.sections():
        pen.at(110, down, f"{label}：", 32, _INK, bold=True)
        down = pen.paragraph(110, down + 52, text, 32) + 26
    pen.at(700, 1500, "主治医师：张示例", 32, _INK)
    pen.at(700, 1560, record.signed, 32, _INK)


def _second_page(pen: _Pen, record: DischargeRecord) -> None:
    pen.centred(96, record.hospital, 44)
    who = f"出院记录（续）  姓名：{record.mother}  住院号：{record.number}"
    pen.at(110, 180, who, 28, _INK)
    pen.rule(240)
    pen.at(110, 280, "出院医嘱：", 34, _INK, bold=True)
    down = 348
    for line in _ADVICE:
        down = pen.paragraph(110, down, line, 32) + 12
    pen.at(110, down + 40, "住院费用：", 34, _INK, bold=True)
    down += 110
    for label, amount in record.costs():
        pen.at(150, down, label, 32, _INK)
        pen.at(760, down, f"{amount} 元", 32, _INK)
        down += 66
    pen.seal((1000, 1290))
    pen.at(700, 1380, record.hospital, 32, _INK)
    pen.at(700, 1440, record.signed, 32, _INK)


class _Pen:
    """Writes on a sheet; places are in dots of it."""

    def __init__(self, sheet: Image.Image) -> None:
        self._draw = ImageDraw.Draw(sheet)
        self._right = sheet.width - 110

    def at(
        self, left: int, top: int, text: str, size: int, ink: tuple[int, ...], *, bold: bool = False
    ) -> None:
        self._draw.text((left, top), text, fill=ink, font=_face(size, bold=bold))

    def centred(self, top: int, text: str, size: int) -> None:
        """Write a bold line into the middle of the sheet."""
        wide = _face(size, bold=True).getlength(text)
        self.at(int(PAGE_SIZE[0] - wide) // 2, top, text, size, _INK, bold=True)

    def rule(self, top: int) -> None:
        self._draw.line([(110, top), (self._right, top)], fill=_INK, width=3)

    def paragraph(self, left: int, top: int, text: str, size: int) -> int:
        """Write a text over as many lines as it needs; return where the next one goes."""
        face, line = _face(size, bold=False), ""
        for character in text:
            if face.getlength(line + character) > self._right - left:
                self.at(left, top, line, size, _INK)
                top, line = top + size + 20, ""
            line += character
        self.at(left, top, line, size, _INK)
        return top + size + 20

    def seal(self, centre: tuple[int, int]) -> None:
        """Stamp a round seal that names nobody."""
        across, down = centre
        box = (across - 110, down - 110, across + 110, down + 110)
        self._draw.ellipse(box, outline=(196, 60, 52), width=7)
        self.at(across - 64, down - 18, "演示用章", 32, (196, 60, 52))


@lru_cache(maxsize=16)
def _face(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "NotoSansSC-Bold.otf" if bold else "NotoSansSC-Regular.otf"
    for place in _font_directories():
        if (place / name).exists():
            return ImageFont.truetype(str(place / name), size)
    return ImageFont.truetype(str(_SYSTEM), size, index=_SYSTEM_FACE_SC)


def _font_directories() -> tuple[Path, ...]:
    """Return where the faces may lie: named, built beside the assets, installed."""
    named = os.environ.get("YIDUAN_FONTS")
    built = (data_root().parent / "build" / "fonts", Path("/usr/share/yiduan/fonts"))
    return (Path(named), *built) if named else built
