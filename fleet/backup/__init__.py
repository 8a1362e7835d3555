"""The console, whole, in one file; and back, onto an empty place.

Theory of operation. Tables are written row by row as JSON out of one transaction, so that a backup
of SQLite can be restored into PostgreSQL and the other way round. Beside them lie the state (the
command key) and the repository of releases, if it is named. The manifest at the end has every
file's digest: a backup that breaks off has none, and is refused, as is one of which a byte differs.
Whoever has the file can give commands and has the persons' second factors: it is made for its owner
alone (0600), and belongs where keys belong. What terminals sent (diagnostics, pictures) is left
out. The keys of persons were never here.

A repository that is restored is older than what terminals have seen, and they refuse to go back;
publish it again, as often as it was published since, before they follow.
"""

from fleet.backup.making import make
from fleet.backup.restoring import restore

__all__ = ["make", "restore"]
