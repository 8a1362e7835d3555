"""Is everything there that this terminal takes for granted, and what to do where it is not.

What may be done in this room: look, ask, measure. What may not: change anything, or tell a word
about a citizen. Every look ends in findings, never in an exception that hides the others.

=============  ===================================================================
module         job
=============  ===================================================================
finding        what a look may tell, and the words for it
place          where this terminal keeps what is looked at
configuration  settings and catalogue
keys           keys, certificates, whose they are, who may read them
lent           keys that systemd lends instead of leaving them there
network        intake and broker, and the clock against the intake's
machine        disk, memory, heat, sound, graphics card
screen         fonts, display, touch
stores         outbox, audit log, files of maintenance mode
units          services and timers of systemd, their walls, who keeps the time
devices        what ``kiosk-devices doctor`` says
examination    all of them, in the order of what citizens lose
=============  ===================================================================
"""
