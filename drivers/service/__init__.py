"""The service layer of the devices: XFS4IoT messages in front, one worker process a device behind.

What may be done in this room: speak the XFS4IoT 2.0+ envelope, queue commands, start and end
worker processes, sign identity readings.  What may not: touch a port.  Only an adapter does that,
and an adapter only ever runs inside a worker process.

=================  ==============================================================================
module             job
=================  ==============================================================================
envelope           one message: header and payload, parsed and built; the three refusals
interfaces/        per interface: names, versions, status words, payload rules
dispatcher         which command runs when; pure
service            does what the dispatcher decided, for one device
worker_link        the host's handle of one worker process
worker             the worker process itself: the only one that opens the port
keeper             one device kept open, or tried again
adapter            what a worker asks of an adapter
adapters/          from a command of the interface to calls of a device class
serving            options, secrets, watchdog: the process
binding            which port belongs to which device
status             what changed between two statuses
evidence           the host's signature under an identity reading
host               the web socket endpoints and who may use them
client             the other end, for sessions
pictures           frames and pictures beside the messages: the wire, and the session's end
picture_gate       the host's end: who may come in
picture_shelf      the worker's end: what it keeps of a visit
=================  ==============================================================================
"""
