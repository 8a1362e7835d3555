"""A fleet to try out: ``make fleet``. Nothing of it is used where citizens are served.

Everything is the real thing but the machines: mosquitto, the desk of enrolment, the console, a
repository of releases with throw-away keys. Ten terminals run the agent's own reporting, obey
signed commands and follow releases; only their devices and visitors are made up. One more waits to
be let in by whoever tries it.

=========  ========================================================================================
module     job
=========  ========================================================================================
places     where files lie, and which ports are taken
day        how many people come in which hour, and what they do
machine    one terminal: its devices, its state, what it does when it is asked
machines   the process of all of them: enrols each, reports, follows releases
centre     the desk's files, mandate, accounts, repository and first releases
rollout    carries the second release from ring to ring
officer    approves the ten by the codes that they show
run        starts everything, tells where it is, ends everything
=========  ========================================================================================
"""
