"""Keys of releases: whose they are, how they are kept, and how they are replaced.

Root and targets keys belong to persons and are kept off the server, sealed by a passphrase; the
snapshot and timestamp keys lie on the machine that publishes. Who stole the latter can hold
terminals back for a week, and nothing else.
"""
