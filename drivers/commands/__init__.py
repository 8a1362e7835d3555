"""The subcommands of ``kiosk-devices``: one module each, listed in `drivers.cli`.

What may be done in this room: read options, open one device here and now, print one answer.
A module has ``HELP`` (one line), ``add(parser)`` and ``run(options) -> exit code``. It imports its
devices inside ``run``, so that no command pays for another's libraries. What a user can mend is
raised as `drivers.trouble.Trouble`.

The commands that open a device do not work beside a running host, which has the ports.
"""
