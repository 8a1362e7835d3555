"""The terminal's brain: one citizen's visit from the first touch to a true receipt.

What may be done in this package: rules, state and the processes that hold them. It paints
no widget (``screens``) and sends no byte to a device (``drivers``). Its rooms stand on
floors, each importing only floors below it; import-linter holds them to that.
"""
