"""A visit that nobody sees: the whole terminal but its screen, under another configuration.

What may be done in this room: start devices that are simulated, the reference intake and an agent
in a directory of their own, be a session there without a window, and say how far it came. Nothing
of the running terminal is touched, and nothing is kept.
"""
