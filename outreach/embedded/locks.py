"""Kernel locks on files. They end with the last process that holds the descriptor, whatever killed it.

A descriptor may be handed to a program that is started; the lock is then the program's as well.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform != "win32":  # imported there too, to say that it does not work
    import fcntl


def open_lock(path: Path) -> int:
    """A descriptor to lock; closing it lets go, unless a started program was handed it."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def share(descriptor: int) -> None:
    """Joins the others; waits while somebody holds the lock alone."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def take(descriptor: int) -> None:
    """Alone; waits for the others to go."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def try_take(descriptor: int) -> bool:
    return _try(descriptor, fcntl.LOCK_EX)


def is_taken(path: Path) -> bool:
    """Whether any process holds this lock alone. Raises FileNotFoundError.

    Asks for a share, so that two who ask never see one another.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        return not _try(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def is_current(descriptor: int, path: Path) -> bool:
    """False when the file was removed, or removed and made again, since it was opened: nobody else sees that lock."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
