"""The machine under the software: disk, memory, heat, sound, graphics card."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kiosk.doctor.finding import Finding, Verdict, attention, broken, ok, unknown
from kiosk.translation.size import size

MEMORY_MIB = 3500
"""A machine sold with 4 GB shows a little less."""
HOT_C = 85
"""Processors of this class slow down from here."""


def disk(state: Path, needed: int) -> Finding:
    """Look at the disk that keeps submissions; ``needed`` bytes are the outbox' reserve."""
    try:
        free = shutil.disk_usage(state).free
        read_only = bool(os.statvfs(state).f_flag & os.ST_RDONLY)
    except OSError as error:
        return broken("disk", "gone", directory=str(state), problem=error.strerror or "")
    if read_only:
        return broken("disk", "read_only", directory=str(state))
    if free < needed:
        return broken("disk", "full", free=size(free), needed=size(needed))
    if free < 2 * needed:
        return attention("disk", "low", free=size(free), needed=size(needed))
    return ok("disk", free=size(free))


def memory(information: Path = Path("/proc/meminfo")) -> Finding:
    """Look at how much memory there is."""
    for line in information.read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == "MemTotal":
            mib = int(rest.split()[0]) // 1024
            return (
                ok("memory", mib=mib)
                if mib >= MEMORY_MIB
                else attention("memory", "small", mib=mib)
            )
    return unknown("memory", "nothing")


def heat(zones: Path = Path("/sys/class/thermal")) -> Finding:
    """Look at the hottest sensor of the kernel; degrees Celsius."""
    degrees = [value for zone in zones.glob("thermal_zone*/temp") if (value := _degrees(zone))]
    if not degrees:
        return unknown("heat", "nothing")
    hottest = max(degrees)
    return (
        ok("heat", degrees=hottest)
        if hottest < HOT_C
        else attention("heat", "hot", degrees=hottest)
    )


def sound(cards: Path = Path("/proc/asound/cards")) -> Finding:
    """Look whether there is anything to speak with."""
    if not cards.exists() or "no soundcards" in cards.read_text():
        return attention("sound", "none")
    return ok("sound")


def graphics(nodes: Path = Path("/dev/dri")) -> Finding:
    """Look whether a card draws; without one the processor does, which our pages are made for."""
    cards = sorted(own.name for own in nodes.glob("card*"))
    if not cards:
        return Finding(check="graphics", case="processor", verdict=Verdict.OK)
    return ok("graphics", card=cards[0])


def _degrees(zone: Path) -> int:
    try:
        return int(zone.read_text()) // 1000
    except (OSError, ValueError):
        return 0
