"""Plays scripted visits on the real screen: real X events, real bytes on the devices.

What may be done here: starting the desk, touching pixels, putting cards and codes on the
simulated devices through their control interface, and reporting what was seen.
What may not: reaching into a process. Where a button is, the session tells (rehearsal only).
"""
