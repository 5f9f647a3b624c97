"""Which rules decided: a content hash of everything that can change an answer."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SUFFIXES = {".py", ".yaml", ".csv", ".txt"}


@cache
def ruleset_version() -> str:
    """Sixteen hex digits over the files of this package, so equal files are equal rules on any machine."""
    digest = hashlib.sha256()
    for path in sorted(HERE.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            digest.update(path.relative_to(HERE).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
