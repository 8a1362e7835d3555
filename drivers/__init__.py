"""Devices: everything between a wire and the words the rest of the terminal uses.

Three layers, one direction.
A *codec* is pure: bytes in, events out; commands to bytes; it may import `standards` and nothing
else.
A *device* owns one port, runs one exchange at a time and answers with a small closed set of
outcomes.
A *service* offers a device to other processes as an XFS4IoT endpoint.

Rules of this room:

- Only `standards` and `drivers` are imported here, never the terminal's brain or its screens.
- What a device can be expected to answer is a return value; a broken port or a broken device raises
  one of `drivers.errors`.
- Nothing here logs, stores or prints what a citizen's card or code says.
- `drivers.simulated` speaks the same bytes over real pseudo-terminals; it is never imported by a
  device.
"""
