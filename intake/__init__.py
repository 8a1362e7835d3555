"""Reference endpoint of the unified intake system (统一受理系统).

A real service with a real database: it receives each application exactly once, answers pre-fill
from a synthetic population, and plays the clerk's side on a small page.
In this room: the terminal API over mutual TLS, the clerk and public pages, the store, the checks of
evidence and signatures, and the generator of the synthetic population.
Not here: anything a terminal runs. It may import standards and the pure values of kiosk.domain,
kiosk.crypto, kiosk.settings and kiosk.audit, and nothing imports it.
"""
