"""One citizen's visit as a table of states, intents and effects.

Pure: no clock, no file, no thread, no device and no widget may be touched in this room, and
nothing here raises but :class:`~kiosk.journey.machine.IllegalIntent` (and, for scripts,
:class:`~kiosk.journey.script.ScriptError`).

Theory of operation.  A :class:`~kiosk.journey.machine.Journey` holds a state (a page) and a frozen
:class:`~kiosk.journey.context.Context`.  Touches, devices, timers and replies arrive as intents;
the one table in :mod:`~kiosk.journey.table` says for each state and kind of intent which page comes
next, how the context changes and which effects are to be carried out.  What is not in the table is
illegal and changes nothing.  Whoever carries out an effect that is answered puts the effect's
*ticket* on the answer; an answer to an effect that no longer matters is illegal, too, so a late
answer can never move a page that went on without it.

Deliberately missing: no history stack (``back`` is an edge of the table like any other), no data
that outlives the visit (the process ends), no text (:mod:`~kiosk.journey.view` carries keys).
"""
