"""The agent's line to the centre: what the terminal tells of itself, and what it is asked.

What may be done in this room: look at devices, outbox, log and machine; tell the bus; obey signed
commands. The terminal works without all of it: nothing here is waited for by a visit or a delivery.
"""
