"""The code scanner: a module on a serial line, told by command when to look.

`codec` knows commands, replies and where a payload ends; `device` arms the module only while a
screen
asks and drops whatever else it sends.
A payload is bytes from a stranger: nothing here decodes, judges or logs it.
"""
