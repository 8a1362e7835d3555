"""The code scanner: a module on a serial line or a USB port, told by command when to look.

`codec` says what every family of modules has in common: commands it can be sent, and a receiver
whose events are the same for all. `newland`, `honeywell` and `zebra` are the serial families,
`keyboard` and `pos_report` the two ways a module speaks HID; all of them are pure.
`device` arms a module only while a screen asks and drops whatever else it sends; `profiles` reads
what a model is set to, `opening` makes a port and a profile into a device.

A payload is bytes from a stranger: nothing here decodes, judges or logs it.
"""
