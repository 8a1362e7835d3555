"""What each service offers: names, versions, status words, payload rules; one module an interface.

What may be done in this room: name things as the standard names them and check payloads.  Pure.
Three answers are never mixed up in a status: ``unknown`` (we cannot tell now), left out (this
device has no such thing), and the bad words.  Names that begin with ``X`` are our extensions,
described in ``docs/devices/extensions.md``.

`spec` has the records of a command and an interface, `common` the interface that every service
has, `offer` the service as a whole; all others are built of these.
"""
