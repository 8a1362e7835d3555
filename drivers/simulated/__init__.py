"""Simulated devices that speak real bytes over real pseudo-terminals.

Tests, training, the desk and the soak all use these; a driver cannot tell them from hardware.
Codecs of the real drivers may be imported here for their tables and encoders; a device may not,
and no driver may import this room.
"""
