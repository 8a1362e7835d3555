"""The fleet's database: tables, revisions, opening. SQLite for one desk, PostgreSQL for a province.

What may be done in this room: say what is kept and which constraints hold for ever. What a row
means and who may change it is for the rooms beside: terminals, people, orders, rollouts.
"""

from fleet.store.model import Base
from fleet.store.opening import open_store, open_used_store

__all__ = ["Base", "open_store", "open_used_store"]
