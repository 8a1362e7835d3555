"""Revisions of the fleet's tables, oldest first."""
