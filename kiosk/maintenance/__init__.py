"""Maintenance mode: what staff do at the terminal between two citizens.

What may be done here: rules of who may do what, what is wrong and what to do first, as plain data.
What may not: a widget, a citizen's data, a device.  Files of its own are in `keeping` alone.
"""
