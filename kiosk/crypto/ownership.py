"""Whose the private files are that root writes into a directory of somebody else.

Theory of operation
-------------------
A command that root types works in directories that the agent's user owns. Whoever holds that user
may put a link there, or swap a file for one between two calls of root, and would be given, or let
overwrite, what is root's. So root does such work as the owner: the kernel then follows a link no
further than the owner may go, every file is the owner's from its first byte, and a power cut at any
point leaves nothing that the owner can't read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def as_owner(directory: Path) -> Iterator[None]:
    """While this lasts, root is the user whose a directory is; anybody else stays who he is.

    It holds for the whole process, all its threads.

    Raises:
        OSError: the directory is not there, or the system does not let us change users.
    """
    owner = directory.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        yield
        return
    group, groups = os.getegid(), os.getgroups()
    try:
        os.setgroups([owner.st_gid])
        os.setegid(owner.st_gid)
        os.seteuid(owner.st_uid)
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)
