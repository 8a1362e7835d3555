"""From the commands of an interface to the calls of a device class; runs inside a worker only.

What may be done in this room: open the port a plan names, call the device, turn its closed set of
answers into the standard's words.  No thread, no file, no log: the worker does what is common.
"""
