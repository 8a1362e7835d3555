"""The database of the intake: tables, and what is read and written in one transaction."""
