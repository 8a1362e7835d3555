"""Values and rules of the service, pure: the same input gives the same output.

What may be done in this room: describe things, items, forms, materials, persons,
applications, envelopes and receipts, and compute with them. No clock, no randomness, no
socket, no file, no widget; moments and random numbers come in as arguments. Records are frozen and
keyword-only; values are checked where they enter and trusted inside.
"""
