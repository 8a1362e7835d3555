"""Who owns the display: one active and one standby session process.

Read :mod:`kiosk.shell.policy` first (all decisions), then :mod:`kiosk.shell.succession` (why a
visit goes on when the shell dies).

What may be done here: start, show, watch and end session processes.
What may not: drawing, citizens' data, the network. The shell imports settings,
channel and audit only; sessions are started by command.
"""
