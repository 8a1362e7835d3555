"""The social security card, a chip card with contacts.

=================  ==========================================================================
module             job
=================  ==========================================================================
codec              questions to the card and what its answers mean; pure
ports              what a slot can do, and which kind of slot a name means
pcsc               a slot of PC/SC, with a loop of our own
wire               a slot on a socket, such as the simulated one
device             one card read, whatever the slot
=================  ==========================================================================

Regions often ask for their own driver (`SSCardDriver`), a closed library with a security module
behind it.  It is one more kind of slot: see `ports.VendorDriver` and `codec.from_vendor`.
"""
