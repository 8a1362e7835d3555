"""The resident ID card reader: a certified SAM module on a serial line.

`codec` knows frames, `card` knows what a text block holds, `device` knows the order of things
and the time
each may take.
The protocol is the common one of all SAM readers (GA/T 467, terminal interface).
"""
