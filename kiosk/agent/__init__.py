"""The agent: owns the outbox, delivers it, and lends each visit a line to the intake.

What may be done here: taking sealed submissions from sessions, deciding when to try
again, and starting the processes that touch the network. The agent itself never holds a
citizen's data in clear: a forwarder opens one entry and ends, a relay passes one visit's
calls and ends.
"""
