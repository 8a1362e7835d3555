"""Values and rules of the service, pure: the same input gives the same output.

What may be done in this room: describe things, items, forms, materials, persons,
applications, envelopes and receipts, and compute with them. No clock, no randomness, no
socket, no widget; moments and random numbers come in as arguments. The only files read are
the catalogue's, by :mod:`kiosk.domain.catalogue_files`. Records are frozen and
keyword-only; values are checked where they enter and trusted inside.
"""
