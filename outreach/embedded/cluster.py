"""One PostgreSQL cluster in one folder: made, started, found, stopped. Who may do so when is the keeper's business."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach.embedded import binaries, locks
from outreach.errors import OutreachError

#: libpq and the server refuse socket paths above about 107 bytes; ".s.PGSQL.5432.lock" takes 19 of them.
LONGEST_FOLDER = 80
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
SETTINGS = {
    "listen_addresses": "",  # no TCP
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # What people said and owe stays out of the log: neither statements nor the values that broke a constraint.
    "log_min_error_statement": "fatal",
    "log_error_verbosity": "terse",
    "jit": "off",  # costs tens of ms on short statements
    # The password is 256 random bits: more rounds would only slow down every new connection.
    "scram_iterations": "1",
}


class ClusterFailedError(OutreachError):
    """The embedded PostgreSQL did not start."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The files of a cluster. `home` is made private to the user who runs us."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def password(self) -> str:
        return (self.home / "password").read_text(encoding="ascii")

    @property
    def alive(self) -> Path:
        """Locked by the server and all its children, by inheritance: held = something of it still runs."""
        return self.home / "server.lock"

    def socket_folder(self) -> Path:
        """Where the ready server listens, as it says itself: the folder depends on the TMPDIR of who started it."""
        return Path(self.postmaster()[4])

    def is_ready(self) -> bool:
        if not (self.alive.exists() and locks.is_taken(self.alive)):
            return False
        lines = self.postmaster()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def postmaster(self) -> list[str]:
        """The lines of `postmaster.pid`: 1 its process, 5 the socket's folder, 8 its state. None = not there."""
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def log_tail(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])


def prepare(cluster: Cluster) -> None:
    """Makes the cluster once. Built aside and renamed: a kill halfway leaves nothing that looks finished."""
    if cluster.data.exists():
        return
    building = cluster.home / "data.new"
    shutil.rmtree(building, ignore_errors=True)
    (cluster.home / "password").write_text(secrets.token_hex(32), encoding="ascii")
    (cluster.home / "password").chmod(0o600)
    initdb = [*binaries.way().prefix, binaries.program("initdb"), f"--pgdata={building}", "--username=outreach"]
    initdb += ["--auth=scram-sha-256", f"--pwfile={cluster.home / 'password'}", *LOCALE, "--no-sync"]
    initdb += ["--set=scram_iterations=1"]
    with cluster.log.open("ab") as log:
        made = subprocess.run(initdb, stdout=log, stderr=log, env=_environment(), check=False)  # noqa: S603
    if made.returncode != 0:
        raise ClusterFailedError(f"The embedded PostgreSQL could not be made in {cluster.home}: {cluster.log_tail()}")
    building.rename(cluster.data)


def launch(cluster: Cluster, *, settings: Mapping[str, str]) -> None:
    """Starts the server and returns when it takes connections. Only where nothing of an earlier one runs."""
    sockets = private_folder(cluster)
    # Left by a killed server. The number in them may be another process's by now, or a zombie's, which PostgreSQL
    # would take for a running server; the lock knows better.
    for left in (cluster.data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        left.unlink(missing_ok=True)
    _give_to(cluster.data, owner=binaries.way().owner)
    arguments = [f"-c{name}={value}" for name, value in {**SETTINGS, **settings}.items()]
    command = [*binaries.way().prefix, binaries.program("postgres"), "-D", str(cluster.data), "-p", "5432"]
    alive = locks.open_lock(cluster.alive)
    locks.take(alive)
    try:
        with cluster.log.open("ab") as log:
            server = subprocess.Popen(  # noqa: S603
                [*command, "-k", str(sockets), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                pass_fds=[alive],
                start_new_session=True,
            )
    finally:
        os.close(alive)
    while not cluster.is_ready():
        if server.poll() is not None:
            raise ClusterFailedError(f"The embedded PostgreSQL in {cluster.home} did not start: {cluster.log_tail()}")
        time.sleep(0.01)


def stop(cluster: Cluster) -> None:
    """A fast stop: sessions end, everything committed is on disk, then the socket's folder goes."""
    folder = private_folder(cluster)
    while locks.is_taken(cluster.alive):
        with contextlib.suppress(ProcessLookupError, IndexError):  # already gone, or not yet written
            os.kill(int(cluster.postmaster()[0]), signal.SIGINT)
        time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


def private_folder(cluster: Cluster) -> Path:
    """Ours alone and short; the same after a crash, so that those who were connected find the server again.

    Another one for a cluster that was copied, or removed and made again while its server ran.
    """
    identity = os.fsencode(cluster.home) + cluster.password.encode()
    name = f"outreach-{os.getuid()}-{hashlib.sha256(identity).hexdigest()[:12]}"
    temporary = Path(tempfile.gettempdir())
    if len(os.fsencode(temporary / name)) > LONGEST_FOLDER:
        temporary = Path("/tmp")  # noqa: S108  the folder below it is private
    folder = temporary / name
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise ClusterFailedError(
            f"{folder} belongs to somebody else: remove it, or set TMPDIR to a folder of your own."
        )
    return folder


def _give_to(folder: Path, *, owner: int) -> None:
    """Only when another way (see `binaries`) made the files, say outside the container that runs now."""
    if folder.stat().st_uid == owner:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)


def _environment() -> dict[str, str]:
    """No PG* of the caller's: they would change the port, the data or the client's encoding."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}
