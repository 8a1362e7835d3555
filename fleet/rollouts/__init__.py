"""Rollouts: a signed release goes to one ring of terminals after the other, or comes back.

=========  ========================================================================================
module     job
=========  ========================================================================================
course     where a rollout stands: one table of steps, frozen values, their JSON
standing   how one terminal fares with a release, and how many of a ring fare how
counts     sums of visits, by which terminals are compared
chance     is a difference chance
gate       may the next ring begin, must the release come back, or is it too soon to tell; pure
facts      what the gate judges by, counted from what terminals reported
ledger     the rows of rollouts, changed one at a time
office     what persons may do, each act with its entry in the journal
carrier    does what follows: opens rings, judges, withdraws, has terminals go back
placing    which terminal is in which ring
assembly   puts the carrier together
commands   ``kiosk-fleet rollout``
=========  ========================================================================================

Persons sign a release for all rings at once, offline (`fleet.release`). What is decided here is
only when a ring's documents are published: whoever takes this side over can hold a release back or
open it early, and sign nothing.
"""
