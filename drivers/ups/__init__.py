"""The uninterruptible power supply: is there mains, and for how long is there battery.

=================  ==========================================================================
module             job
=================  ==========================================================================
power              one reading; three equal ones make a state; pure
lines              bytes become lines of a bounded length; pure
megatec            Q1, F and I of the Megatec protocol; pure
nut                the text protocol of a NUT server; pure
profiles           which of the two, and its figures, from a file
device             the UPS as a device: asks and reads
=================  ==========================================================================

Nothing here switches anything off: the journey is told and says what becomes of a visit; the
terminal's agent decides when to shut down (docs/decisions/0011).
"""
