"""What is plugged in, what it is bound to, what answers, what is wrong, and what to do next.

What may be done in this room: look (``/dev``, ``/sys``, ``/proc``, the host's status), open a port
that nobody has, ask who is there, close it.  What may not: change anything, or say a word about a
citizen; everything told here is about devices.

===========  ====================================================================
module       job
===========  ====================================================================
seen         the records of what was seen; pure
plugged      what the kernel and CUPS show
owners       which process has a port
host_status  what a running host says of its devices
identify     opens one device in a process of its own, and closes it
offers       what could be bound to a device that lacks its own, and how; pure
findings     from all that to what is wrong, worst for the citizens first; pure
===========  ====================================================================
"""
