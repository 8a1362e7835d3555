"""Reference endpoint of the unified intake system (统一受理系统).

A real service with a real database: it receives each application exactly once, answers pre-fill
from a synthetic population, and plays the clerk's side on a small page.
Rooms: ``service`` (the applications, their edges and workers), ``receiving`` (from signed bytes to
rows), ``records`` (the tables), ``office`` (the clerk's side), ``people`` (what citizens see),
``registers`` (pre-fill) out of ``population`` (who is nobody), ``enrolment`` (who is a terminal),
``province`` and ``archive``.  At the roof: the command line.
Not here: anything a terminal runs. It may import standards and the pure values of kiosk.domain,
kiosk.crypto, kiosk.settings and kiosk.audit, and nothing imports it.
"""
