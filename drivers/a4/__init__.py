"""The A4 printer: documents laid out as PDF, printed by CUPS or an IPP printer, told truly.

What may be done in this room: lay out a document, talk IPP to one printer or one queue.  Documents
exist in memory only; what the spooler keeps is said in ``docs/devices/a4-printer.md``.

==========  ====================================================================================
module      job
==========  ====================================================================================
document    what a document is, and what of it is refused; pure
lines       where Chinese and Latin text may be broken; pure
faces       the fonts of the terminal, and which of them can draw a character
pages       a document as the bytes of a PDF
ipp         messages of the Internet Printing Protocol as bytes and back; pure
condition   what a printer says of itself, in the standard's words; pure
job         a job's states, what was seen and what is said of it; pure
names       addresses of printers by name, each asked for within a time
connection  one exchange over HTTP, on a socket or an address, within a time
device      the printer: one job from its creation to its end
==========  ====================================================================================

Why IPP and not ``lp`` and ``lpstat``: their answers are sentences for people, their arguments are
in the process table for all to read, and neither says why a job stands still.  CUPS itself speaks
IPP on its socket, so does every driverless printer, and nothing of CUPS is linked or imported.
"""
