"""The resident ID card reader: a certified SAM module on a serial line or behind a network box.

The protocol is the common one of all SAM readers (GA/T 467, terminal interface).

=================  ==============================================================================
module             job
=================  ==============================================================================
codec              frames, commands, status codes and how each is handled; pure
card               what a text block says; pure
checks             what is odd about a card; pure
record             a reading as a JSON object; pure
portrait           a decoded photo, and the forms decoders give it in; pure
exchange           one command and its answer: times, line noise, answers that come too late
outcomes           what a read can end with
device             the order of commands; what went wrong in words
probing            open a reader at the speed it answers at
photo_decoder      a decoder from outside in a child process, with its limits
photo_child        what runs in that child; started as a file
=================  ==============================================================================

Nothing here keeps or logs what a card says, and no object shows it in its `repr`.
"""
