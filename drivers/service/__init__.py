"""The service layer of the devices: XFS4IoT messages in front, one worker process a device behind.

What may be done in this room: speak the XFS4IoT 2.0+ envelope, queue commands, start and end
worker processes, sign identity readings.  What may not: touch a port.  Only an adapter does that,
and an adapter only ever runs inside a worker process.

=================  ==============================================================================
module             job
=================  ==============================================================================
envelope           one message: header and payload, parsed and built; the three refusals
interfaces/        per interface: names, versions, status words, payload rules
registry           every device service there is
roles              what a connection may do; data
dispatcher         which command runs when; pure
versions           what a connection has pinned by SetVersions; pure
vendor_mode        handing the devices over to maintenance, as one table; pure
front              connections, queue, timers and status: the same for every service
host_services      the services without a device: publisher, vendor mode
service            a service with a device: its worker's life
worker_link        the host's handle of one worker process
worker             the worker process itself: the only one that opens the port
keeper             one device kept open, or tried again: the ladder
grace              commands that are let out past their time; pure
adapter            what a worker asks of an adapter
adapters/          from a command of the interface to calls of a device class
host_file          the host's file, its rules and its JSON Schema
binding, options   its devices: which port belongs to which, and with what options
serving            builds the host, and is the process: watchdog, logging
status             what changed between two statuses
evidence           the host's signature under an identity reading
host, tcp          the web socket endpoints and who may use them
client             the other end, for sessions
address            where a service is, and how a client gets there
discovery          asking the publisher
pictures           frames and pictures beside the messages: the wire, and the session's end
picture_gate       the host's end: who may come in
picture_shelf      the worker's end: what it keeps of a visit
=================  ==============================================================================
"""
