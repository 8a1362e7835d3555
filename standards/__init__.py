"""National standards as code: pure functions over numbers, codes and characters.

What may be done in this room: parse, check and name values that a standard defines
(GB 11643, GB/T 2260, GB/T 2261.1, GB/T 3304, GB 18030, RFC 8785), and mask them for
display. No device, no network, no clock, no configuration; the only file read is the
vendored division table, lazily. Everything else in the house may import this room.
"""

from standards.assets import data_root

__all__ = ["data_root"]
